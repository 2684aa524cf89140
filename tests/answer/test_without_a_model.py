"""What an answer without a model tells of a project."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from conftest import write_tree
from surefoot.answer.extractive import is_of_another
from surefoot.domain import Chunk, ContextItem, Mention, MentionKind, Query, Resolved, Root, Source, Span
from surefoot.engine import Engine

Open = Callable[..., Engine]

SECTION = """
    # Part {number} of the retry limit

    {filler}

    The retry limit of part {number} is {number} seconds.
"""
FILLER = "\n\n    ".join(f"Here is told at some length what else one may want to know, {n}." for n in range(14))


def told(engine: Engine, question: str) -> list[str]:
    return [claim.text for claim in engine.ask(Query(question), model="none").claims]


def test_every_place_is_told_by_its_lines_and_not_by_its_heading(tmp_path: Path, open_engine: Open) -> None:
    sections = {f"docs/part{n}.md": SECTION.format(number=n, filler=FILLER) for n in range(4)}
    write_tree(tmp_path / "project", sections)
    engine = open_engine(tmp_path / "project")
    engine.refresh()
    claims = told(engine, "what is the retry limit in seconds?")
    assert len(claims) == len(sections)
    assert all("The retry limit of part" in claim for claim in claims)


def test_a_short_question_about_a_name_that_is_nowhere_is_not_answered_by_its_common_word() -> None:
    item = ContextItem(1, Root(Path("/shop"), "shop"), Span("a.py", 1, 1), "", "handler", _chunk("handler"))
    weights = {"kafka": 9.0, "handler": 1.0}
    kafka = (Mention("Kafka", MentionKind.UNRESOLVED),)
    absent = Resolved(Query("the Kafka handler"), kafka, tuple(weights), {"kafka": 0, "handler": 7}, weights)
    assert is_of_another(absent, [item])
    alike = replace(absent, weights={"kafka": 9.0, "handlers": 9.0}, frequencies={"kafka": 0, "handlers": 0})
    assert is_of_another(alike, [item])  # "handler" has the stem of a word that is nowhere
    assert not is_of_another(replace(alike, frequencies={"kafka": 0, "handlers": 1}), [item])
    word = replace(absent, mentions=())
    assert not is_of_another(word, [item])
    long = replace(absent, weights=weights | dict.fromkeys(("one", "two", "three"), 0.1))
    assert not is_of_another(long, [item])


def _chunk(text: str) -> Chunk:
    return Chunk(Span("a.py", 1, 1), Source.CODE, "python", text)
