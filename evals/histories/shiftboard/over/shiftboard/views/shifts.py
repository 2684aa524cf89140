"""Assigning people to shifts."""

from flask import Blueprint, abort, jsonify, request

from shiftboard import permissions, repository, rules

shifts = Blueprint("shifts", __name__)


@shifts.route("/shifts/<int:shift_id>/assignments", methods=["POST"])
def assign(shift_id: int):
    """Put somebody on a shift, unless a rule is against it."""
    person = request.json["person"]
    if not permissions.may_plan(request.headers["X-User"], repository.ward_of_shift(shift_id)):
        abort(403)
    broken = rules.broken_by(person, shift_id)
    if broken:
        return jsonify(rule=broken), 409
    return jsonify(id=repository.add_assignment(shift_id, person)), 201


@shifts.route("/shifts/<int:shift_id>/assignments/<int:assignment_id>", methods=["DELETE"])
def unassign(shift_id: int, assignment_id: int):
    """Take somebody off a shift."""
    if not permissions.may_plan(request.headers["X-User"], repository.ward_of_shift(shift_id)):
        abort(403)
    repository.remove_assignment(assignment_id)
    return "", 204
