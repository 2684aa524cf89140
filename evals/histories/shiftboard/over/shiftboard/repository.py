"""All SQL of the service."""

from shiftboard.database import connection


def shift(shift_id: int):
    return connection().execute("SELECT * FROM shift WHERE id = %s", (shift_id,)).one()


def ward_of_shift(shift_id: int) -> str:
    return shift(shift_id).ward


def shifts_of_week(ward: str, monday):
    """The board: one row for each shift with the people on it."""
    return connection().execute(
        "SELECT shift.*, array_agg(assignment.person) AS people FROM shift"
        " LEFT JOIN assignment ON assignment.shift_id = shift.id"
        " WHERE ward = %s AND begins >= %s AND begins < %s + interval '7 days' GROUP BY shift.id",
        (ward, monday, monday),
    ).all()


def add_assignment(shift_id: int, person: int) -> int:
    return connection().execute(
        "INSERT INTO assignment (shift_id, person) VALUES (%s, %s) RETURNING id", (shift_id, person)
    ).scalar()


def remove_assignment(assignment_id: int) -> None:
    connection().execute("DELETE FROM assignment WHERE id = %s", (assignment_id,))


def neighbours(person: int, around):
    """The shifts of a person right before and right after another one."""
    before = connection().execute(
        "SELECT shift.* FROM shift JOIN assignment ON shift_id = shift.id"
        " WHERE person = %s AND ends <= %s ORDER BY ends DESC LIMIT 1", (person, around.begins)
    ).first()
    after = connection().execute(
        "SELECT shift.* FROM shift JOIN assignment ON shift_id = shift.id"
        " WHERE person = %s AND begins >= %s ORDER BY begins LIMIT 1", (person, around.ends)
    ).first()
    return before, after


def nights_before(person: int, around) -> int:
    return connection().execute("SELECT nights_before(%s, %s)", (person, around.begins)).scalar()


def add_swap(mine: int, theirs: int) -> int:
    return connection().execute(
        "INSERT INTO swap (from_assignment, to_assignment, state) VALUES (%s, %s, 'asked') RETURNING id",
        (mine, theirs),
    ).scalar()


def swap(swap_id: int):
    return connection().execute("SELECT * FROM swap_with_people WHERE id = %s", (swap_id,)).one()


def set_swap_state(swap_id: int, state: str) -> None:
    connection().execute("UPDATE swap SET state = %s WHERE id = %s", (state, swap_id))


def exchange(swap) -> None:
    """Both assignments change hands within one transaction."""
    connection().execute("SELECT exchange(%s)", (swap.id,))


def unreminded(hours: int):
    return connection().execute(
        "SELECT assignment.* FROM assignment JOIN shift ON shift.id = shift_id"
        " WHERE reminded_at IS NULL AND begins < now() + %s * interval '1 hour'", (hours,)
    ).all()


def mark_reminded(assignment_id: int) -> None:
    connection().execute("UPDATE assignment SET reminded_at = now() WHERE id = %s", (assignment_id,))
