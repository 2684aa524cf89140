"""Places of other sources as an assistant reads them."""

from typing import Any

import pytest

from surefoot.mcp.text import called, excerpt, first_line_of

COMMIT = "commit:3f2a91c0de" + "0" * 30


def entry(**over: Any) -> dict[str, Any]:
    plain = {"path": "a.py", "start_line": 4, "end_line": 5, "symbol": "f", "source": "code", "label": "", "url": ""}
    return {**plain, "text": "def f():\n    pass", **over}


TICKET = entry(
    path=".surefoot/tickets/x.json", start_line=120, end_line=120, symbol="#123", source="tickets",
    label="#123: Too low (closed)", text="#123: Too low\nState: closed",
)  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (entry(), "a.py:4-5 f"),
        (entry(symbol=""), "a.py:4-5"),
        (TICKET, ".surefoot/tickets/x.json:120 #123: Too low (closed)"),
        (entry(path=COMMIT, source="commits", label="commit 3f2a91c0de, 2024-03-01: Lower it"),
         "commit 3f2a91c0de, 2024-03-01: Lower it"),
        (entry(label="a\u202eb\nc", source="tickets"), "a.py:4-5 a\\u202eb\\nc"),
    ],
)  # fmt: skip
def test_a_place_is_called_as_people_call_it(given: dict[str, Any], words: str) -> None:
    assert called(given, "") == words


def test_several_folders_stand_before_paths_and_not_before_commits() -> None:
    assert called(entry(), "/projects/").startswith("/projects/a.py:4-5")
    assert called(entry(source="commits", label="commit 3f2a91c0de"), "/projects/") == "commit 3f2a91c0de"


def test_only_lines_of_the_file_have_numbers() -> None:
    assert excerpt(entry()["text"], first_line_of(entry()), 5, 80) == "4: def f():\n5:     pass"
    assert excerpt(TICKET["text"], first_line_of(TICKET), 5, 80) == "#123: Too low\nState: closed"
    commit = entry(path=COMMIT, source="commits", start_line=1, end_line=2)
    assert first_line_of(commit) == 0
    one = entry(text="# Title", start_line=7, end_line=7, source="docs")
    assert first_line_of(one) == 7
