"""What changed a definition last, as hover shows it: from the index alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from live.live_session import commit, git, repository, write
from surefoot.domain import LastCommit, SymbolInfo
from surefoot.engine import Engine
from surefoot.lsp.features.hover import MARKDOWN, PLAIN, paragraphs
from surefoot.workspace import git as plain_git
from surefoot.workspace import git_stream

CLIENT = '''class Client:
    """Asks again."""

    limit = 5

    def ask(self):
        return self.retry(1)

    def retry(self, wait):
        return wait + 1


def backoff(attempt):
    return 2 ** attempt
'''
ASK, RETRY, BACKOFF = (6, 9), (9, 9), (13, 5)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = repository(tmp_path / "root", {"client.py": CLIENT, "other.py": "def retry(wait):\n    return wait\n"})
    for number, message in enumerate(
        ("Wait longer, fixes #214", "Wait even longer\n\nAs PROJ-7 and #215 ask."), start=2
    ):
        write(root, {"client.py": CLIENT.replace("wait + 1", f"wait + {number}")})
        commit(root, message)
    write(root, {"other.py": "def retry(wait):\n    return wait - 1\n"})
    commit(root, "Another retry (#1)")
    return root


def hover(engine: Engine, root: Path, place: tuple[int, int]) -> SymbolInfo:
    info = engine.hover(root / "client.py", *place)
    assert info is not None
    return info


def shown(commits: tuple[LastCommit, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.subject, each.tickets) for each in commits]


def test_the_last_commits_of_a_function_and_their_tickets(
    root: Path, open_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(root)
    engine.refresh()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("git was run")

    monkeypatch.setattr(git_stream.subprocess, "Popen", refuse)
    monkeypatch.setattr(plain_git.subprocess, "run", refuse)
    info = hover(engine, root, RETRY)
    assert info.commits_name_symbol
    assert shown(info.commits) == [
        ("Wait even longer", ("#215", "PROJ-7")),
        ("Wait longer, fixes #214", ("#214",)),
    ]
    digits = git_free_digits(root)
    assert [each.digits for each in info.commits] == digits[1:3]


def git_free_digits(root: Path) -> list[str]:
    """The first ten digits of the commits of the log, the latest first."""
    log = (root / ".git/logs/HEAD").read_text().splitlines()
    return [line.split(" ")[1][:10] for line in reversed(log)]


def test_where_no_commit_names_the_function_those_of_its_file_are_told(
    root: Path, open_engine: Callable[..., Engine]
) -> None:
    engine = open_engine(root)
    engine.refresh()
    info = hover(engine, root, ASK)
    assert not info.commits_name_symbol
    assert [subject for subject, _ in shown(info.commits)] == ["Wait even longer", "Wait longer, fixes #214", "first"]


def test_a_merge_is_no_change_of_its_own(root: Path, open_engine: Callable[..., Engine]) -> None:
    git(root, "switch", "-qc", "side")
    write(root, {"client.py": CLIENT.replace("2 **", "3 **")})
    commit(root, "On the side")
    git(root, "switch", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "-m", "Merge branch 'side'", "side")
    engine = open_engine(root)
    engine.refresh()
    assert [subject for subject, _ in shown(hover(engine, root, BACKOFF).commits)] == ["On the side", "first"]


def test_nothing_is_claimed_when_head_has_moved_since(root: Path, open_engine: Callable[..., Engine]) -> None:
    engine = open_engine(root)
    engine.refresh()
    git(root, "reset", "-q", "--soft", "HEAD~3")
    assert hover(engine, root, RETRY).commits == ()


def test_without_a_history_there_are_no_commits(tmp_path: Path, open_engine: Callable[..., Engine]) -> None:
    write(tmp_path / "plain", {"client.py": CLIENT})
    engine = open_engine(tmp_path / "plain")
    engine.refresh()
    assert hover(engine, tmp_path / "plain", RETRY).commits == ()


def test_hover_shows_them_as_text(root: Path, open_engine: Callable[..., Engine]) -> None:
    write(root, {"client.py": CLIENT.replace("wait + 1", "wait * 9")})
    commit(root, "Evil [link](http://x) `code`\n\nSee #99.")
    engine = open_engine(root)
    engine.refresh()
    info = hover(engine, root, RETRY)
    plain = list(paragraphs(info, PLAIN))[-1].split("\n")
    assert plain[0] == "Last changed by:"
    assert plain[1].endswith(" Evil [link](http://x) `code` (#99)")
    assert len(plain) == 4
    markdown = list(paragraphs(info, MARKDOWN))[-1]
    assert "[link](" not in markdown
    of_file = list(paragraphs(hover(engine, root, ASK), PLAIN))[-1]
    assert of_file.startswith("Its file was last changed by:")
