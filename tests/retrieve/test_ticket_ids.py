"""Tickets that a question names: each way of writing one, and what must not be taken for one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from surefoot.domain import Hit, MentionKind, Query, Resolved, Scope
from surefoot.engine import Engine
from surefoot.retrieve.resolve import resolve
from surefoot.retrieve.symbol import symbol

Open = Callable[..., Engine]


def write(root: Path) -> Path:
    folder = root / ".surefoot/tickets"
    folder.mkdir(parents=True)
    issues = [
        {"number": number, "title": f"Basket {number}", "body": "text", "state": "OPEN", "updatedAt": "2024-03-01"}
        for number in (12, 123, 404, 654321)
    ]
    (folder / "gh.json").write_text(json.dumps(issues))
    (folder / "jira.csv").write_text("Summary,Issue key,Status\nPayment,PROJ-214,Open\nTop,TOP-10,Open\n")
    merge = {"iid": 45, "title": "Keep", "description": "x", "state": "merged", "source_branch": "b"}
    (folder / "gitlab.json").write_text(json.dumps([merge]))
    (root / "code.py").write_text("def retry_404():\n    return 404\n\n\ndef project_214x():\n    pass\n")
    return root


@pytest.fixture
def tracked(tmp_path: Path, open_engine: Open) -> Engine:
    engine = open_engine(write(tmp_path / "shop"))
    engine.refresh()
    return engine


def resolved(engine: Engine, question: str) -> Resolved:
    return resolve(Query(question), list(engine._current().values()))


def found(engine: Engine, question: str) -> dict[str, tuple[str, ...] | None]:
    """What is named as it is written, with its targets; None for what is not there."""
    mentions = resolved(engine, question).mentions
    return {m.text: None if m.kind is MentionKind.UNRESOLVED else m.targets for m in mentions if m.is_code}


@pytest.mark.parametrize(
    ("question", "written", "target"),
    [
        ("what does #123 touch?", "#123", "#123"),
        ("why GH-123?", "GH-123", "#123"),
        ("see gh-123", "gh-123", "#123"),
        ("Is issue 123 done?", "issue 123", "#123"),
        ("and ticket no. 123?", "ticket no. 123", "#123"),
        ("what of acme/shop#123 here", "acme/shop#123", "#123"),
        ("PR 12 please", "PR 12", "#12"),
        ("what is in merge request 45", "merge request 45", "!45"),
        ("what is in !45?", "!45", "!45"),
        ("what is PROJ-214 about", "PROJ-214", "PROJ-214"),
        ("proj-214 again", "proj-214", "PROJ-214"),
        ("where is proj 214 fixed?", "proj 214", "PROJ-214"),
        ("see https://github.com/acme/shop/issues/123.", "https://github.com/acme/shop/issues/123", "#123"),
        ("https://acme.atlassian.net/browse/PROJ-214 why", "https://acme.atlassian.net/browse/PROJ-214", "PROJ-214"),
        ("https://g.example/a/b/-/merge_requests/45", "https://g.example/a/b/-/merge_requests/45", "!45"),
        ("#654321", "#654321", "#654321"),
        ("123", "123", "#123"),
    ],
)
def test_each_way_of_writing_a_ticket_finds_it(tracked: Engine, question: str, written: str, target: str) -> None:
    """And it is found as a name that is certainly meant."""
    assert found(tracked, question)[written] == (target,)


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("what does #999 touch?", "#999"),
        ("ticket 999", "ticket 999"),
        ("GH-999 is what", "GH-999"),
        ("PROJ-2140 was closed", "PROJ-2140"),
        ("was proj-215 closed", "proj-215"),
        ("ABC-1 is what", "ABC-1"),
    ],
)
def test_a_ticket_that_is_not_indexed_is_missing_and_never_misspelt(
    tracked: Engine, question: str, written: str
) -> None:
    """With another number it is another ticket, however alike."""
    assert found(tracked, question)[written] is None


@pytest.mark.parametrize(
    "question",
    ["why return 404 items", "error 404 is shown", "SHA-256 or utf-8", "abc-12 is what", "wait 123 seconds", "v1.123"],
)
def test_numbers_and_standards_are_no_tickets(tracked: Engine, question: str) -> None:
    """Though the index folds "#404" to the number alone."""
    mentions = resolved(tracked, question).mentions
    assert not [m for m in mentions if any(target.startswith(("#", "!", "PROJ", "TOP")) for target in m.targets)]
    assert not [m for m in mentions if m.kind is MentionKind.UNRESOLVED and m.text not in {"SHA-256", "1.123"}]


def test_a_pasted_list_of_tickets_is_looked_up_within_bounds(tracked: Engine) -> None:
    """Ten thousand of them take no noticeable time and make few mentions."""
    mentions = resolved(tracked, " ".join(f"#{number}" for number in range(1, 10_000))).mentions
    assert len(mentions) < 200


def test_of_several_exports_the_latest_state_of_a_ticket_is_ranked_first(tmp_path: Path, open_engine: Open) -> None:
    """A ticket that stands in the exports of several days is found in each, as it was last first."""
    root = write(tmp_path / "shop")
    older, folder = {"number": 77, "title": "Basket", "body": "It is lost."}, root / ".surefoot/tickets"
    for name, state, day in (("a", "OPEN", "2024-01-01"), ("b", "CLOSED", "2024-05-01"), ("c", "OPEN", "2024-03-01")):
        (folder / f"{name}.json").write_text(json.dumps([older | {"state": state, "updatedAt": day}]))
    engine = open_engine(root)
    engine.refresh()
    (index,) = engine._current().values()
    ranking = symbol(index, resolved(engine, "what is #77 about"), Scope(), 10)
    chunks = index.store.chunks([key.chunk_id for key, _ in ranking.entries])
    assert [chunks[key.chunk_id].span.path for key, _ in ranking.entries] == [
        f".surefoot/tickets/{name}.json" for name in "bca"
    ]
    assert {path_of(hit) for hit in engine.search(Query("#77", k=3)).hits} == {"a.json", "b.json", "c.json"}


def test_a_number_of_two_products_is_a_ticket_of_each(tmp_path: Path, open_engine: Open) -> None:
    """Both are found; the product that the question names is the one that is meant."""
    shop, store = write(tmp_path / "shopfront"), write(tmp_path / "warehouse")
    engine = open_engine(shop, store)
    engine.refresh()
    hits = engine.search(Query("#123", k=4)).hits
    assert {hit.root.name for hit in hits if "#123:" in hit.chunk.text} == {"shopfront", "warehouse"}
    named = engine.search(Query("what is #123 in warehouse?", k=4)).hits
    assert {hit.root.name for hit in named} == {"warehouse"}


def path_of(hit: Hit) -> str:
    return hit.chunk.span.path.rpartition("/")[2]
