"""What "this branch" means: the ticket that the name of the checked-out branch has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from live.live_session import git, repository
from surefoot.domain import Mention, MentionKind, Query
from surefoot.engine import Engine
from surefoot.retrieve.resolve import resolve

Open = Callable[..., Engine]
TICKET = "---\nkey: {}\nstate: open\n---\n# The basket is empty\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tickets = {f".surefoot/tickets/{key}.md": TICKET.format(key) for key in ("402", "PROJ-214", "3")}
    root = repository(tmp_path / "shop", {"basket.py": "def keep_basket():\n    return 1\n", **tickets})
    (root / ".surefoot.toml").write_text('[ticket_patterns]\n"#{number}" = "b{number}"\n')
    return root


def named(engine: Engine, question: str) -> list[Mention]:
    mentions = resolve(Query(question), list(engine._current().values())).mentions
    return [mention for mention in mentions if "branch" in mention.text.lower()]


@pytest.mark.parametrize(
    ("branch", "targets"),
    [
        ("fix/402-basket", ["#402"]),
        ("402-basket-is-empty", ["#402"]),
        ("402_basket", ["#402"]),
        ("someone/402-basket", ["#402"]),
        ("PROJ-214", ["PROJ-214"]),
        ("proj-214-basket", ["PROJ-214"]),
        ("feature/PROJ-214_basket", ["PROJ-214"]),
        ("hotfix/b402", ["#402"]),
        ("alice/proj-214/basket", ["PROJ-214"]),
        ("alice/402/basket", ["#402"]),
        ("fix/#402-basket", ["#402"]),
        ("issue-3-columns", ["#3"]),
        ("issue/3-columns", ["#3"]),
        ("bug_3", ["#3"]),
        ("alice/3", ["#3"]),
        ("hotfix/402-basket", ["#402"]),
        ("release/2.0/PROJ-214", ["PROJ-214"]),
        ("feature/3-column-layout", []),
        ("3_columns", []),
        ("release/402", []),
        ("release/402-spring", []),
        ("hotfix/402", []),
        ("release/proj-214", []),
        ("402-06-01", []),
        ("402.1-basket", []),
        ("main", []),
        ("release/3.0", []),
        ("fix/999-unknown", []),
        ("utf-8", []),
    ],
)
def test_this_branch_is_the_ticket_in_its_name(root: Path, open_engine: Open, branch: str, targets: list[str]) -> None:
    if branch != "main":
        git(root, "switch", "-qc", branch)
    engine = open_engine(root)
    engine.refresh()
    found = [target for each in named(engine, "What is this branch about?") for target in each.targets if each.is_code]
    assert found == targets


def test_the_ticket_is_found_without_its_number(root: Path, open_engine: Open) -> None:
    git(root, "switch", "-qc", "fix/402-basket")
    engine = open_engine(root)
    engine.refresh()
    answer = engine.ask(Query("What is the current branch about?"), model="none")
    assert answer.citations[0].span.path == ".surefoot/tickets/402.md"
    assert answer.missing == ()


@pytest.mark.parametrize(
    "question",
    [
        "Which branch of the condition returns?",
        "how are branches deleted",
        "when is this branch of the condition taken?",
        "Is this branch in keep_basket needed?",
        "what does this branch  statement do",
        "Is this branch\nif it is empty ever reached?",
        "when is this branch taken?",
    ],
)
def test_other_branches_name_nothing(root: Path, open_engine: Open, question: str) -> None:
    git(root, "switch", "-qc", "fix/402-basket")
    engine = open_engine(root)
    engine.refresh()
    assert [mention for mention in named(engine, question) if mention.is_code] == []


@pytest.mark.parametrize("branch", ["main", "faster-checkout"])
def test_a_branch_that_names_no_ticket_is_told_and_nothing_else(root: Path, open_engine: Open, branch: str) -> None:
    git(root, "switch", "-qC", branch)
    engine = open_engine(root)
    engine.refresh()
    answer = engine.ask(Query("What is this branch about?"), model="none")
    assert answer.abstained
    assert answer.missing == (f"this branch: its name, {branch}, names no indexed ticket",)
    assert not any("branch" in near for near in answer.near_misses)
    besides = engine.ask(Query("Is keep_basket changed on this branch?"), model="none")
    assert besides.citations[0].span.path == "basket.py"


def test_a_detached_head_has_no_branch(root: Path, open_engine: Open) -> None:
    git(root, "switch", "-qc", "fix/402-basket")
    git(root, "checkout", "-q", "--detach")
    engine = open_engine(root)
    engine.refresh()
    assert all(mention.kind is not MentionKind.SYMBOL for mention in named(engine, "What is this branch about?"))


def test_where_no_branch_is_checked_out_the_commit_is_told(root: Path, open_engine: Open) -> None:
    git(root, "switch", "-q", "--detach")
    engine = open_engine(root)
    engine.refresh()
    answer = engine.ask(Query("What is this branch about?"), model="none")
    commit = git(root, "rev-parse", "HEAD").strip()[:10]
    assert (answer.abstained, answer.missing) == (
        True,
        (f"this branch: no branch is checked out, but commit {commit}",),
    )
