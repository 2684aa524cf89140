"""The golden set: questions with the places that answer them, one JSON object a line.

Invariant: a line that cannot be used is one sentence with the file and the number of the line.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from surefoot.errors import UsageError
from surefoot.trace import Trace

if TYPE_CHECKING:
    from surefoot.engine import Engine

TEAM_FILE = Path(".surefoot") / "cases.jsonl"  # where a team keeps its own, in its own repository; never indexed
BUCKETS = (
    "symbol", "conceptual", "flow", "docs", "unanswerable", "half", "both", "wrong_product", "drift", "ticket",
    "design",
)  # fmt: skip
ANSWERS, HELPS = 2, 1  # grades of a place
COMMIT = "commit:"  # what the paths of commits begin with


_APPENDING = threading.Lock()  # two reports of one answer at once become one case


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(_Line):
    """Lines of a file, 1-based and inclusive. `root` names one of several roots; alone it may be left out.

    What has no lines that people count is named: `record` is the id of a ticket in an export, or a text in a drawing;
    the path `commit:Subject` is the commit with that subject.
    """

    path: str
    start_line: int = Field(default=0, ge=0)
    end_line: int = Field(default=0, ge=0)
    grade: Literal[1, 2] = 2
    symbol: str = ""
    root: str = ""
    record: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> Place:
        if self.end_line < self.start_line:
            raise ValueError("end_line comes before start_line")
        if not self.start_line and not self.is_named:
            raise ValueError("a place needs start_line and end_line, or a record")
        return self

    @property
    def is_named(self) -> bool:
        """Whether it is found by its name rather than by lines."""
        return bool(self.record) or self.path.startswith(COMMIT)


class Edit(_Line):
    """What happens to the working tree after it was indexed, in a `drift` case. Paths are relative to the root."""

    action: Literal["write", "replace", "rename", "delete"]
    path: str
    to: str = ""  # the new path of a rename
    old: str = ""  # the text that `replace` looks for, once
    text: str = ""  # the whole file of `write`, or what `replace` puts in place of `old`


class Case(_Line):
    """One question. `corpus` is the project it is about, or several joined by `+`, each a root of one workspace."""

    id: str
    bucket: Literal[BUCKETS]  # type: ignore[valid-type]
    question: str
    answerable: bool = True
    places: tuple[Place, ...] = ()
    note: str = ""
    corpus: str = ""
    open: str = ""  # the file that is open while it is asked, its root in front
    named: bool = False  # the question names the product, in a `wrong_product` case
    edits: tuple[Edit, ...] = ()
    absent: str = ""  # in a `half` case: the words of the question that ask for what is not there

    @model_validator(mode="after")
    def _is_half(self) -> Case:
        if bool(self.absent) != (self.bucket == "half"):
            raise ValueError("a half case names its absent half, and no other case does")
        if self.absent not in self.question or self.absent == self.question:
            raise ValueError("the absent half is a part of the question, letter by letter")
        return self

    @model_validator(mode="after")
    def _has_answers(self) -> Case:
        if self.answerable != any(place.grade == ANSWERS for place in self.places):
            raise ValueError("an answerable case needs a place of grade 2, and an unanswerable one has none")
        return self

    @property
    def roots(self) -> tuple[str, ...]:
        """The names of its workspace's roots; one empty name for a team's own."""
        return tuple(self.corpus.split("+"))


def load_cases(paths: Iterable[Path]) -> tuple[Case, ...]:
    """All cases of these files, and of the `*.jsonl` in these folders, in order. Raises UsageError."""
    cases: dict[str, Case] = {}
    for path in _files(paths):
        for number, line in enumerate(_text(path).splitlines(), 1):
            if not line.strip():
                continue
            try:
                case = Case.model_validate_json(line)
            except ValidationError as error:
                problem = error.errors()[0]
                where = ".".join(str(part) for part in problem["loc"])
                raise UsageError(f"{path}:{number}: {where or 'the line'}: {problem['msg']}.") from error
            if case.id in cases:
                raise UsageError(f"{path}:{number}: the id '{case.id}' is used twice; give one of them another.")
            cases[case.id] = case
    return tuple(cases.values())


def append_case(path: Path, case: Case) -> None:
    """Add a case to a file, which is made if need be. Raises UsageError where it has one of that id."""
    with _APPENDING:
        if path.is_file() and any(known.id == case.id for known in load_cases([path])):
            raise UsageError(f"{path} already has the case {case.id}; edit it there.")
        _append(path, case)


def _append(path: Path, case: Case) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    newline = "\n" if before and not before.endswith("\n") else ""
    line = case.model_dump_json(exclude_defaults=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{newline}{line}\n")


def report(engine: Engine, trace_id: str, places: Sequence[tuple[Path, int, int]], note: str) -> tuple[Case, Path]:
    """Write a question that was answered wrongly into the golden set of the root that answers it.

    `places` are where the answer is, each an absolute path with its first and last line; none where nothing answers it.
    Returns the case and its file. Raises RootError, TraceNotFoundError or UsageError.
    """
    located = [engine.locate(path) for path, _, _ in places]
    is_one = len(engine.roots) == 1
    found = [
        _reported(path, "" if is_one else root.name, start, end)
        for (root, path), (_, start, end) in zip(located, places, strict=True)
    ]
    root = located[0][0] if located else engine.roots[0]
    case, file = case_of(engine.trace(trace_id), found, note), root.path / TEAM_FILE
    if file.resolve() != file:  # the root is resolved, and what others have put into it may lead anywhere
        raise UsageError(f"{file} lies behind a symbolic link, which is not followed; make it a file of its own.")
    append_case(file, case)
    return case, file


def _reported(path: str, root: str, start: int, end: int) -> Place:
    if end < start:
        raise UsageError(f"{path}:{start}-{end} ends before it begins; give its first line first.")
    return Place(path=path, start_line=start, end_line=end, root=root)


def case_of(trace: Trace, places: Sequence[Place], note: str = "") -> Case:
    """A case out of a question that was really asked; without places, one that has no answer."""
    bucket = "conceptual" if places else "unanswerable"
    if places and any(mention["kind"] == "symbol" for mention in _mentions(trace)):
        bucket = "symbol"
    return Case(
        id=f"trace-{trace.trace_id}",
        bucket=bucket,
        question=_understood(trace) or trace.question,
        answerable=bool(places),
        places=tuple(places),
        note=note,
    )


def _understood(trace: Trace) -> str:
    """A question that referred back, with the names that make it stand on its own; empty for others."""
    return next((str(stage.details["understood"]) for stage in trace.stages if "understood" in stage.details), "")


def _mentions(trace: Trace) -> list[dict[str, Any]]:
    return [mention for stage in trace.stages for mention in stage.details.get("mentions", ())]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.jsonl"))
        elif path.is_file():
            yield path
        else:
            raise UsageError(f"There are no cases at {path}; name a .jsonl file or a folder of them.")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The cases in {path} cannot be read ({error}).") from error
