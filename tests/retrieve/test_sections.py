"""Sections that a question means: what opens the README, and what stands under a version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import write_tree
from live.live_session import git, repository
from surefoot.domain import Query
from surefoot.engine import Engine
from surefoot.links.versions import has_version, is_version, only_longer, versions_asked
from surefoot.retrieve.sections import asks_about_the_whole

Open = Callable[..., Engine]
README = """
    [![Build](https://ci.example/badge.svg)](https://ci.example)

    # Lendwell

    Lendwell lends tools to neighbours. It keeps a ledger of who has what.

    ## Usage

    Run the daemon and open the page.
"""
CHANGES = """
    # Changelog

    ## Version 2.2.0

    Ladders may be reserved ahead.

    ## Version 2.1.2

    A crash with empty ledgers is gone, and what is new in the version is told.

    ## Version 12.2.0

    Nothing much.
"""
FILES = {
    "README.md": README,
    "docs/README.md": "# Notes\n\nThe notes of the team.\n",
    "CHANGES.md": CHANGES,
    "lendwell/ledger.py": "def lend(tool):\n    return tool\n",
}


@pytest.fixture
def engine(tmp_path: Path, open_engine: Open) -> Engine:
    write_tree(tmp_path / "lendwell", FILES)
    engine = open_engine(tmp_path / "lendwell")
    engine.refresh()
    return engine


@pytest.mark.parametrize(
    "question",
    [
        "what does this project do?",
        "Summarize this project.",
        "What is this repository about?",
        "can you explain the codebase, please?",
        "give me a short overview of this repo",
        "what's the purpose of this library?",
    ],
)
def test_a_question_about_the_whole_is_answered_by_what_opens_the_readme(engine: Engine, question: str) -> None:
    answer = engine.ask(Query(question), model="none")
    assert [claim.text for claim in answer.claims[:2]] == [
        "`Lendwell`: Lendwell lends tools to neighbours.",
        "`Lendwell`: It keeps a ledger of who has what.",
    ]
    assert {citation.span.path for citation in answer.citations} == {"README.md"}
    assert answer.missing == ()


@pytest.mark.parametrize(
    "question",
    [
        "what does this project do about circuit breakers?",
        "what does this function do?",
        "summarize this project and its tests",
        "which database does this project use?",
        "what is this?",
    ],
)
def test_who_asks_for_more_does_not_ask_about_the_whole(question: str) -> None:
    assert not asks_about_the_whole(question)


def test_without_a_readme_a_question_about_the_whole_is_refused(tmp_path: Path, open_engine: Open) -> None:
    write_tree(tmp_path / "bare", {"lendwell/ledger.py": FILES["lendwell/ledger.py"]})
    engine = open_engine(tmp_path / "bare")
    engine.refresh()
    assert engine.ask(Query("what does this project do?"), model="none").abstained


def test_the_section_of_the_version_comes_first(engine: Engine) -> None:
    answer = engine.ask(Query("what is new in version 2.2.0?"), model="none")
    assert answer.claims[0].text == "`Changelog.Version 2.2.0`: Ladders may be reserved ahead."
    assert answer.missing == ()


LISTED = """
Version 2.2.0
-------------

Released 2024-04-16

-   Ladders may be reserved ahead. Ask the ledger.
-   A version of the ledger is told with
    what changed in it.
-   Saws are new.
-   Rakes are new.
-   Hoses are new.

Version 2.1.1
-------------

-   A release with a note on the release.

Version 2.1.0
-------------

-   Brooms are gone.
"""


@pytest.fixture
def listed(tmp_path: Path, open_engine: Open) -> Engine:
    code = 'def new_version(release):\n    """What is new in the version of a release."""\n    return release\n'
    write_tree(tmp_path / "lendwell-2.2.0", {"CHANGES.rst": LISTED, "lendwell/releases.py": code})
    engine = open_engine(tmp_path / "lendwell-2.2.0")
    engine.refresh()
    return engine


@pytest.mark.parametrize(
    "question",
    [
        "what is new in version 2.2.0?",
        "what changed in v2.2.0",
        "what is new in 2.2?",
        "release notes for lendwell 2.2.0",
    ],
)
def test_who_asks_only_about_a_version_gets_all_its_entries_and_nothing_else(listed: Engine, question: str) -> None:
    answer = listed.ask(Query(question), model="none")
    assert [claim.text.removeprefix("`Version 2.2.0`: ") for claim in answer.claims] == [
        "Released 2024-04-16",
        "Ladders may be reserved ahead. Ask the ledger.",
        "A version of the ledger is told with what changed in it.",
        "Saws are new.",
        "Rakes are new.",
        "Hoses are new.",
    ]
    assert {citation.span.path for citation in answer.citations} == {"CHANGES.rst"}
    assert answer.missing == ()


def test_who_asks_for_more_than_a_version_is_told_more(listed: Engine) -> None:
    answer = listed.ask(Query("what is new in version 2.2.0, and what does `new_version` return?"), model="none")
    assert any(citation.span.path == "lendwell/releases.py" for citation in answer.citations)


def test_the_last_of_short_sections_is_told_without_those_before(listed: Engine) -> None:
    answer = listed.ask(Query("what is new in version 2.1.0?"), model="none")
    assert [claim.text for claim in answer.claims] == ["`Version 2.1.0`: Brooms are gone."]
    assert [str(citation.span) for citation in answer.citations] == ["CHANGES.rst:18-21"]


def test_a_short_version_that_several_begin_with_is_none_of_them(listed: Engine) -> None:
    answer = listed.ask(Query("what is new in 2.1?"), model="none")
    assert answer.abstained
    assert answer.missing == ("2.1: no heading, ticket or tag has this version",)


def test_the_only_version_that_a_shorter_one_begins() -> None:
    assert only_longer("2.2", ["Version 2.2.0", "2.2.0 and 12.2.1", "3.2.2.1", "2.20.1"]) == "2.2.0"
    assert only_longer("2.2", ["2.2.0rc1", "v2.2.0"]) == "2.2.0"
    assert only_longer("2.2", ["2.2.0rc1"]) == "2.2.0rc1"
    assert only_longer("2.2", ["2.2.0", "2.2.1"]) is None
    assert only_longer("2.2.0", ["2.2"]) is None


def test_a_version_that_nothing_has_is_told_and_not_answered_with_another(engine: Engine) -> None:
    answer = engine.ask(Query("what is new in version 2.2.1?"), model="none")
    assert answer.abstained
    assert answer.missing == ("2.2.1: no heading, ticket or tag has this version",)


def test_a_version_that_a_tag_has_is_not_said_to_be_missing(tmp_path: Path, open_engine: Open) -> None:
    root = repository(tmp_path / "lendwell", {"ledger.py": "def lend(tool):\n    return tool\n"})
    git(root, "tag", "v3.0.1")
    engine = open_engine(root)
    engine.refresh()
    told = [engine.ask(Query(f"what is new in version {each}?"), model="none").missing for each in ("3.0.1", "0.1.7")]
    assert not any("tag has this version" in phrase for phrase in told[0])
    assert told[1] == ("0.1.7: no heading, ticket or tag has this version",)


@pytest.mark.parametrize(
    ("question", "versions"),
    [
        ("what is new in version 2.2.0?", ["2.2.0"]),
        ("what changed in 2.2", ["2.2"]),
        ("what is in v1.0.0rc1?", ["1.0.0rc1"]),
        ("release notes for lendwell 1.4.0", ["1.4.0"]),
        ("does it run with Python version 3.11?", []),
        ("what changed for Python 3.12?", []),
        ("who listens on 127.0.0.1?", []),
        ("is HTTP/1.1 or TLS 1.2 spoken", []),
    ],
)
def test_versions_of_the_project_and_of_other_things(question: str, versions: list[str]) -> None:
    assert versions_asked(question, {"lendwell"}) == versions


def test_a_version_is_an_exact_thing() -> None:
    assert has_version("[2.2.0] - 2024-07-10", "2.2.0")
    assert has_version("Changelog.v2.2.0.Fixed", "2.2.0")
    assert not any(has_version(text, "2.2.0") for text in ("12.2.0", "2.2.0.1", "1.2.2.0", "2.2.0rc1", "2.2.0-rc1"))
    assert is_version("2.2.0")
    assert not is_version("Version 2.2.0")
