"""Where the places lie that cases name: a ticket in an export, a text in a drawing, a commit by its subject.

Invariant: a name that nothing has, or that two things have, is a UsageError, and never a case that cannot be won.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from surefoot.errors import UsageError
from surefoot.evals import histories
from surefoot.golden import COMMIT, Case, Place
from surefoot.readings import Reading, has_reading, reading_of

EVERY_LINE = (1, 1_000_000)  # a commit is one thing, however long its message is


def placed(case: Case, folders: Mapping[str, Path]) -> Case:
    """The case with lines for each of its named places. Raises UsageError."""
    if not any(place.is_named for place in case.places):
        return case
    return case.model_copy(update={"places": tuple(_placed(case, place, folders) for place in case.places)})


def _placed(case: Case, place: Place, folders: Mapping[str, Path]) -> Place:
    root = folders.get(place.root or case.roots[0])
    if not place.is_named or root is None:
        return place
    if place.path.startswith(COMMIT):
        commit = _commits(root).get(place.path.removeprefix(COMMIT))
        if commit is None:
            raise UsageError(f"The case {case.id} names a commit that the history does not have: {place.path}.")
        return _at(place, f"{COMMIT}{commit}", *EVERY_LINE)
    return _at(place, place.path, *_lines(case, place, root))


def _at(place: Place, path: str, first: int, last: int) -> Place:
    return place.model_copy(update={"path": path, "start_line": first, "end_line": last})


def _lines(case: Case, place: Place, root: Path) -> tuple[int, int]:
    """Of the record with that name; else from the first to the last line of the reading that holds the text."""
    reading = _reading(root, place.path)
    if reading is None:
        raise UsageError(f"The case {case.id} names a record of {place.path}, which is not read as records.")
    found = [record for record in reading.records if record.name == place.record]
    if len(found) == 1:
        return found[0].first, found[0].last
    holding = [number for number, line in enumerate(reading.text.split("\n"), 1) if place.record in line]
    if not holding or found:
        raise UsageError(f"The case {case.id} names '{place.record}', which {place.path} has {len(found)} times.")
    return holding[0], holding[-1]


@lru_cache(maxsize=64)
def _commits(root: Path) -> dict[str, str]:
    return histories.subjects(root)


@lru_cache(maxsize=64)
def _reading(root: Path, path: str) -> Reading | None:
    try:
        return reading_of(path, (root / path).read_bytes(), is_export=not has_reading(path))
    except OSError:
        return None
