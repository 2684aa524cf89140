"""`surefoot tickets`: a sync that needs no arguments the second time, and what a person is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from surefoot.cli.run import run
from sync.tracker_server import TrackerServer, as_json, github_issue, gitlab_issue


@pytest.fixture
def server() -> Iterator[TrackerServer]:
    with TrackerServer().running() as running:
        running.tickets = {
            "acme/shop/issues": [github_issue(1, 50), github_issue(2, 40)],
            "acme%2Fshop/issues": [gitlab_issue(1, 50)],
            "acme%2Fshop/merge_requests": [],
        }
        yield running


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUREFOOT_CACHE_DIR", str(tmp_path / "cache"))
    for variable in ("GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GITLAB_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


Told = pytest.CaptureFixture[str]


def test_the_second_sync_needs_no_arguments(server: TrackerServer, root: Path, capsys: Told) -> None:
    assert run(["tickets", "sync", "github:acme/shop", "--url", server.url]) == 0
    assert run(["tickets", "sync", "gitlab:acme/shop", "--url", server.url]) == 0
    capsys.readouterr()
    server.tickets["acme/shop/issues"].append(github_issue(3, 0))
    assert run(["tickets", "sync"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "github:acme/shop: 1 tickets written, 3 in all, in .surefoot/tickets/github/acme/shop.",
        "gitlab:acme/shop: 0 tickets written, 1 in all, in .surefoot/tickets/gitlab/acme/shop.",
    ]
    assert (root / ".surefoot/tickets/github/acme/shop/3.md").is_file()
    assert run(["tickets", "sync", "github:acme/shop"]) == 0  # and a name is enough


def test_one_that_fails_does_not_keep_the_others(server: TrackerServer, root: Path, capsys: Told) -> None:
    run(["tickets", "sync", "github:acme/shop", "--url", server.url])
    run(["tickets", "sync", "gitlab:acme/shop", "--url", server.url])
    capsys.readouterr()
    server.faults = [as_json({}, 401)]
    assert run(["tickets", "sync"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("gitlab:acme/shop: ")
    assert "set GH_ENTERPRISE_TOKEN to a token" in told.err
    assert told.err.endswith("1 of 2 targets could not be synced: github:acme/shop.\n")


def test_a_list_without_end_is_told_after_what_was_kept(server: TrackerServer, root: Path, capsys: Told) -> None:
    circle = f'<{server.url}/api/v3/repos/acme/shop/issues?page=2>; rel="next"'
    server.faults = [as_json([github_issue(1, 50)], 200, {"Link": circle})] * 3
    assert run(["tickets", "sync", "github:acme/shop", "--url", server.url]) == 1
    told = capsys.readouterr()
    assert told.out == "github:acme/shop: 1 tickets written, 1 in all, in .surefoot/tickets/github/acme/shop.\n"
    assert (
        "GitHub's list of issues leads back to a page that was read already, and was left there; what came" in told.err
    )
    assert run(["tickets", "sync"]) == 0
    assert (root / ".surefoot/tickets/github/acme/shop/2.md").is_file()


def test_a_first_sync_that_stops_in_the_middle_is_remembered_and_a_misspelt_name_is_not(
    server: TrackerServer, root: Path, capsys: Told
) -> None:
    server.per_page = 1
    server.faults = [None, as_json({}, 429, {"Retry-After": "9999"})]
    assert run(["tickets", "sync", "github:acme/shop", "--url", server.url]) == 1
    assert run(["tickets", "sync", "github:acme/sohp", "--url", server.url]) == 1
    capsys.readouterr()
    assert run(["tickets", "list"]) == 0
    assert capsys.readouterr().out == f"github:acme/shop {server.url}\n"


def test_targets_are_forgotten_and_their_files_stay(server: TrackerServer, root: Path, capsys: Told) -> None:
    run(["tickets", "sync", "github:acme/shop", "--url", server.url])
    assert run(["tickets", "forget", "GitHub:acme/shop"]) == 0
    assert run(["tickets", "forget", "github:acme/shop"]) == 2
    capsys.readouterr()
    assert run(["tickets", "sync"]) == 2
    assert "No tickets were synced here yet" in capsys.readouterr().err
    assert (root / ".surefoot/tickets/github/acme/shop/1.md").is_file()


def test_what_a_project_says_of_itself_chooses_no_server(server: TrackerServer, root: Path, capsys: Told) -> None:
    """Who clones a project and syncs must not send a token to whom the project's author likes."""
    run(["tickets", "sync", "github:acme/shop", "--url", server.url])
    copy = root.parent / "copy"
    root.rename(copy)
    server.asked.clear()
    assert run(["tickets", "sync", "--root", str(copy)]) == 2
    assert not server.asked


def test_tickets_that_are_gone_are_told_and_stay(server: TrackerServer, root: Path, capsys: Told) -> None:
    run(["tickets", "sync", "github:acme/shop", "--url", server.url])
    del server.tickets["acme/shop/issues"][0]
    assert run(["tickets", "sync", "--all"]) == 0
    assert "no longer lists 1 tickets that have a file in .surefoot/tickets/github/acme/shop (1); delete" in (
        capsys.readouterr().err
    )
    assert (root / ".surefoot/tickets/github/acme/shop/1.md").is_file()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "names no tracker"),
        (["jira:PROJ"], "--url https://"),
        (["--url", "https://example.org"], "name the project too"),
        (["github:acme/shop", "--root", "nowhere"], "does not exist"),
    ],
)
def test_mistakes_are_one_sentence(root: Path, capsys: Told, arguments: list[str], says: str) -> None:
    if arguments[0] == "--url":
        (root.parent / "cache").mkdir()
        rows = f'{{"{root}": [{{"name": "github:a/b", "url": "https://github.com"}}]}}'
        (root.parent / "cache/tickets.json").write_text(rows)
    assert run(["tickets", "sync", *arguments]) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert told.err.count("\n") == 1
