"""Messages to people, over the notification service (proto/notify.proto)."""

from shiftboard import channel
from shiftboard.notify_pb2 import Message
from shiftboard.notify_pb2_grpc import NotifierStub


def _send(person: int, kind: str, subject: int) -> None:
    NotifierStub(channel.open()).Send(Message(person=person, kind=kind, subject=subject), timeout=3)


def shift_ahead(assignment) -> None:
    _send(assignment.person, "shift_ahead", assignment.shift)


def swap_requested(swap_id: int) -> None:
    _send(0, "swap_requested", swap_id)


def swap_approved(swap_id: int) -> None:
    _send(0, "swap_approved", swap_id)
