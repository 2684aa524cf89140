"""What the law and the contract say about shifts."""

from datetime import timedelta

from shiftboard import repository

REST = timedelta(hours=10)
NIGHTS_IN_A_ROW = 5


def broken_by(person: int, shift_id: int) -> str:
    """The rule that is broken if this person works this shift; empty where none is."""
    shift = repository.shift(shift_id)
    before, after = repository.neighbours(person, shift)
    if before and shift.begins - before.ends < REST:
        return "rest"
    if after and after.begins - shift.ends < REST:
        return "rest"
    if shift.is_night and repository.nights_before(person, shift) >= NIGHTS_IN_A_ROW:
        return "nights"
    return ""
