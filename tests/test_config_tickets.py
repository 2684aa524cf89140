"""`tickets` in a project's file: what may be named there, and what is said about the rest."""

from pathlib import Path

import pytest

from surefoot.config import PROJECT_FILE, load_settings, ticket_folders


def messages(root: Path, text: str) -> tuple[str, ...]:
    (root / PROJECT_FILE).write_text(text)
    return load_settings(environ={}, config_dir=root / "none", roots=(root,))[1]


def test_folders_of_the_project_are_taken_in_their_shortest_form(tmp_path: Path) -> None:
    """One or several, each once, without a word to the user."""
    (tmp_path / "exports/jira").mkdir(parents=True)
    assert messages(tmp_path, 'tickets = ["exports/jira/", "./exports", "exports/./jira"]') == ()
    assert ticket_folders(tmp_path) == ("exports/jira", "exports")
    assert messages(tmp_path, 'tickets = "exports"') == ()
    assert ticket_folders(tmp_path) == ("exports",)


@pytest.mark.parametrize(
    "folder", ["../x", "a/../../x", "/etc", "~/x", "C:/x", r"\\\\server", "", ".", "/", "a//b", r"a\u0000b"]
)
@pytest.mark.parametrize("before", ["", ".surefoot/"])
def test_what_is_no_folder_inside_the_project_is_refused(tmp_path: Path, before: str, folder: str) -> None:
    """With one sentence that names it; nothing outside of the root is ever read for tickets."""
    (found,) = messages(tmp_path, f'tickets = ["{before}{folder}"]')
    assert found.startswith(f"{PROJECT_FILE}: tickets: '")
    assert found.endswith("; it is ignored.")
    assert ticket_folders(tmp_path) == ()


@pytest.mark.parametrize("value", ["3", "true", '{a = "b"}', "[1]", "[[]]"])
def test_what_is_no_text_is_refused(tmp_path: Path, value: str) -> None:
    """Whatever else TOML can say."""
    (found,) = messages(tmp_path, f"tickets = {value}")
    assert found.endswith("it is ignored.")
    assert ticket_folders(tmp_path) == ()


def test_a_folder_that_is_not_there_is_named_and_waited_for(tmp_path: Path) -> None:
    """An export may be made later than the setting."""
    assert messages(tmp_path, 'tickets = ["later"]') == (
        f"{PROJECT_FILE}: tickets: 'later' is no folder here, so there are no tickets of it.",
    )
    assert ticket_folders(tmp_path) == ("later",)


def test_a_folder_behind_a_link_is_refused(tmp_path: Path) -> None:
    """It may lead out of the root."""
    (tmp_path / "root").mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "root/link").symlink_to(tmp_path / "outside")
    (found,) = messages(tmp_path / "root", 'tickets = ["link"]')
    assert "symbolic link" in found
    assert ticket_folders(tmp_path / "root") == ()


def test_tickets_are_no_setting_of_a_user(tmp_path: Path) -> None:
    """They belong to a project: in the user's own file the name is told to be unknown."""
    (tmp_path / "surefoot.toml").write_text('tickets = ["x"]\n')
    found = load_settings(environ={}, config_dir=tmp_path)[1]
    assert len(found) == 1
    assert "no setting 'tickets'" in found[0]


@pytest.mark.parametrize("text", ["tickets = [", "\xff", "tickets = " + "[" * 5000])
def test_of_a_broken_file_it_is_not_known_what_it_names(tmp_path: Path, text: str) -> None:
    """That is something else than no folders, and raises nothing."""
    (tmp_path / PROJECT_FILE).write_text(text, encoding="latin-1")
    assert ticket_folders(tmp_path) is None
    (tmp_path / PROJECT_FILE).write_text("")
    assert ticket_folders(tmp_path) == ()
