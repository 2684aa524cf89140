"""`ticket_patterns` in a project's file: what may be said there, and what is said about the rest."""

from pathlib import Path

import pytest

from surefoot.config import MOST_TICKET_PATTERNS, PROJECT_FILE, load_settings, ticket_folders, ticket_patterns
from surefoot.domain import TicketPattern


def read(root: Path, text: str) -> tuple[tuple[TicketPattern, ...], tuple[str, ...]]:
    (root / PROJECT_FILE).write_text(text, encoding="utf-8")
    return ticket_patterns(root), load_settings(environ={}, config_dir=root / "none", roots=(root,))[1]


def test_a_list_is_of_tickets_with_numbers(tmp_path: Path) -> None:
    found, messages = read(
        tmp_path, 'ticket_patterns = ["Bug {number}", "rt.example.com/?id={number}", "Bug {number}"]'
    )
    assert found == (TicketPattern("Bug {number}", "#{number}"), TicketPattern("rt.example.com/?id={number}"))
    assert messages == ()


def test_a_table_says_what_is_meant(tmp_path: Path) -> None:
    """One tracker after the other, each with one pattern or several."""
    found, messages = read(
        tmp_path,
        '[ticket_patterns]\n"#{number}" = "Bug {number}"\n"PROJ-{number}" = ["proj_{number}", "P {number}"]\n'
        '"!{number}" = "change {number}"\n',
    )
    assert [(each.template, each.name) for each in found] == [
        ("Bug {number}", "#{number}"),
        ("proj_{number}", "PROJ-{number}"),
        ("P {number}", "PROJ-{number}"),
        ("change {number}", "!{number}"),
    ]
    assert messages == ()


def test_one_pattern_needs_no_list_and_blanks_are_blanks(tmp_path: Path) -> None:
    found, messages = read(tmp_path, r'ticket_patterns = " Bug \t {number} "')
    assert (found, messages) == ((TicketPattern("Bug {number}"),), ())


def test_without_the_setting_or_the_file_there_are_none(tmp_path: Path) -> None:
    assert ticket_patterns(tmp_path) == ()
    assert read(tmp_path, "max_file_bytes = 9") == ((), ())
    assert read(tmp_path, "ticket_patterns = []\n") == ((), ())


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"'BUG(\d+)'", "{number} once"),
        ("'Bug'", "{number} once"),
        ("'{number} of {number}'", "{number} once"),
        ("'Bug {id}'", "has {id} in it; only {number} stands for something"),
        ("'{} {number}'", "has {} in it"),
        ("'{number}'", "every number"),
        ("'  {number} '", "every number"),
        (r'"Bug\u0000{number}"', "can be seen"),
        (f"'{'x' * 300}{{number}}'", "at most 200 characters"),
        ("3", "has to be a text"),
        ("[1]", "has to be a text"),
        ("{a = 1}", "has to be a text"),
    ],
)
def test_what_is_no_pattern_is_named_with_the_way_out(tmp_path: Path, pattern: str, why: str) -> None:
    """In one sentence; the other patterns and settings are taken."""
    found, messages = read(
        tmp_path, f"ticket_patterns = [{pattern}, 'Bug {{number}}']\ntickets = ['.surefoot/tickets']"
    )
    (*rest, said) = messages
    assert found == (TicketPattern("Bug {number}"),)
    assert said.startswith(f"{PROJECT_FILE}: ticket_patterns: '")
    assert why in said
    assert said.endswith("; it is ignored.")
    assert said.isprintable()
    assert len(said) < 260
    assert len(rest) == 1  # that the folder of tickets is not there
    assert ticket_folders(tmp_path) == (".surefoot/tickets",)


@pytest.mark.parametrize("name", ["{number}", "#", "PROJ", "PROJ {number}", "#{number} ", "A-B-{number}", "1-{number}"])
def test_what_is_no_name_of_tickets_is_named(tmp_path: Path, name: str) -> None:
    found, (said,) = read(
        tmp_path, f'[ticket_patterns]\n"{name}" = "Bug {{number}}"\n"#{{number}}" = "Fault {{number}}"'
    )
    assert found == (TicketPattern("Fault {number}"),)
    assert f"'{name}' is no name of tickets" in said
    assert said.endswith("; it is ignored.")


@pytest.mark.parametrize("value", ["3", "true", "1979-05-27"])
def test_what_is_neither_text_list_nor_table_is_refused(tmp_path: Path, value: str) -> None:
    found, (said,) = read(tmp_path, f"ticket_patterns = {value}")
    assert found == ()
    assert said.endswith("; it is ignored.")


def test_too_many_patterns_are_not_read(tmp_path: Path) -> None:
    """Each costs a look at every text."""
    found, messages = read(
        tmp_path, f"ticket_patterns = {[f'x{n}y {{number}}' for n in range(MOST_TICKET_PATTERNS + 2)]}"
    )
    assert len(found) == MOST_TICKET_PATTERNS
    assert [said.split("'")[1] for said in messages] == ["x50y {number}", "x51y {number}"]


def test_of_a_file_that_is_no_toml_the_patterns_are_not_known(tmp_path: Path) -> None:
    """What it said before stays, and the sentence about it says so."""
    found, (said,) = read(tmp_path, 'ticket_patterns = ["Bug {number}"')
    assert found is None
    assert "could not be read" in said
    assert said.endswith("its settings are ignored, and what it said of tickets stays.")
