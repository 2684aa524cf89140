"""Two people swap shifts: one asks, the other accepts, a planner approves."""

from flask import Blueprint, abort, jsonify, request

from shiftboard import notify, permissions, repository, rules

swaps = Blueprint("swaps", __name__)


@swaps.post("/swaps")
def request_swap():
    """Ask a colleague."""
    swap_id = repository.add_swap(request.json["mine"], request.json["theirs"])
    notify.swap_requested(swap_id)
    return jsonify(id=swap_id), 201


@swaps.post("/swaps/<int:swap_id>/accept")
def accept_swap(swap_id: int):
    """The colleague agrees; the rules are looked at for both."""
    swap = repository.swap(swap_id)
    for person, shift in ((swap.from_person, swap.to_shift), (swap.to_person, swap.from_shift)):
        if broken := rules.broken_by(person, shift):
            return jsonify(rule=broken, person=person), 409
    repository.set_swap_state(swap_id, "accepted")
    return "", 204


@swaps.post("/swaps/<int:swap_id>/approve")
def approve_swap(swap_id: int):
    """A planner has the last word."""
    swap = repository.swap(swap_id)
    if not permissions.may_plan(request.headers["X-User"], repository.ward_of_shift(swap.from_shift)):
        abort(403)
    repository.exchange(swap)
    notify.swap_approved(swap_id)
    return "", 204
