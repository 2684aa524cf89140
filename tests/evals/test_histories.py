"""Histories that are made of releases: the same hashes everywhere, and nothing that is left out unnoticed."""

import subprocess
from pathlib import Path

import pytest

from surefoot.errors import UsageError
from surefoot.evals import histories
from surefoot.evals.corpora import HISTORIES, Corpus, fetch, load_corpora
from surefoot.golden import COMMIT, load_cases

EVALS = Path(__file__).parents[2] / "evals"
FIRST = '[[commit]]\nrelease = "1.0"\ndate = "2020-01-01T10:00:00Z"\nsubject = "First"\n'
SPLIT = (
    '[[commit]]\nrelease = "1.1"\ndate = "2020-02-01T10:00:00Z"\nsubject = "Faster"\npaths = ["demo/a.py"]\n'
    '[[commit]]\nrelease = "1.1"\ndate = "2020-02-01T11:00:00Z"\nsubject = "The rest"\nbody = "See #7."\n'
)
LAID = (
    '[[commit]]\ndate = "2020-03-01T10:00:00Z"\nsubject = "Decisions"\nover = ["docs"]\n'
    'edits = [{action = "replace", path = "demo/a.py", old = "2", text = "3"}]\n'
)


@pytest.fixture
def releases(tmp_path: Path) -> dict[str, Path]:
    """1.1 changes a file, drops one that was alone in its folder, and adds an executable."""
    trees = {
        "1.0": {"demo/a.py": "a = 1\n", "demo/old/b.py": "b = 1\n", "PKG-INFO": "1.0", "demo.egg-info/x": "x"},
        "1.1": {"demo/a.py": "a = 2\n", "run.sh": "true\r\n", "PKG-INFO": "1.1", ".gitignore": "run.sh\n"},
    }
    for version, files in trees.items():
        for path, text in files.items():
            file = tmp_path / "releases" / version / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
    (tmp_path / "releases" / "1.1" / "run.sh").chmod(0o755)
    return {version: tmp_path / "releases" / version for version in trees}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "histories" / "demo"
    (folder / "over" / "docs").mkdir(parents=True)
    (folder / "over" / "docs" / "0001.md").write_text("# Why\n")
    (folder / "beside" / ".surefoot" / "tickets").mkdir(parents=True)
    (folder / "beside" / ".surefoot" / "tickets" / "7.md").write_text("---\nid: 7\n---\n")
    (folder / "commits.toml").write_text(FIRST + SPLIT + LAID)
    return folder


def made(folder: Path, releases: dict[str, Path], target: Path) -> str:
    target.mkdir()
    return histories.make(folder, releases, {}, target)


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True).stdout


def test_a_history_has_the_same_hashes_whatever_git_is_configured_to_do(
    folder: Path, releases: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = made(folder, releases, tmp_path / "one")
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n\tname = Somebody\n[core]\n\tautocrlf = true\n[commit]\n\tgpgSign = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    monkeypatch.setenv("GIT_AUTHOR_DATE", "1999-01-01T00:00:00Z")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert made(folder, releases, tmp_path / "two") == before


def test_each_commit_has_what_it_names_and_the_last_of_a_release_the_rest(
    folder: Path, releases: dict[str, Path], tmp_path: Path
) -> None:
    made(folder, releases, tmp_path / "one")
    log = git(tmp_path / "one", "log", "--reverse", "--format=%s|%as", "--name-status", "--no-renames")
    assert [line for line in log.splitlines() if line] == [
        "First|2020-01-01",
        "A\tdemo/a.py",
        "A\tdemo/old/b.py",
        "Faster|2020-02-01",
        "M\tdemo/a.py",
        "The rest|2020-02-01",
        "A\t.gitignore",
        "D\tdemo/old/b.py",
        "A\trun.sh",
        "Decisions|2020-03-01",
        "M\tdemo/a.py",
        "A\tdocs/0001.md",
    ]


def test_the_working_tree_is_the_last_commit_and_what_lies_beside(
    folder: Path, releases: dict[str, Path], tmp_path: Path
) -> None:
    made(folder, releases, tmp_path / "one")
    root = tmp_path / "one"
    assert (root / "demo" / "a.py").read_text() == "a = 3\n"
    assert (root / "run.sh").read_bytes() == b"true\r\n"
    assert not (root / "demo" / "old").exists()
    assert git(root, "status", "--porcelain", "--untracked-files=all").split() == ["??", ".surefoot/tickets/7.md"]


def test_subjects_lead_to_commits_and_a_folder_in_somebody_elses_repository_has_none(
    folder: Path, releases: dict[str, Path], tmp_path: Path
) -> None:
    head = made(folder, releases, tmp_path / "one")
    assert histories.subjects(tmp_path / "one")["Decisions"] == head
    assert histories.subjects(tmp_path / "one" / "demo") == {}


@pytest.mark.parametrize(
    ("commits", "why"),
    [
        (FIRST + SPLIT.partition('[[commit]]\nrelease = "1.1"\ndate = "2020-02-01T11')[0], r"what is left of 1\.1"),
        (FIRST + FIRST, "two commits are called 'First'"),
        (FIRST + SPLIT.replace("demo/a.py", "demo/nowhere.py"), "'Faster' cannot be made"),
        (FIRST.replace("1.0", "9.9"), r"release 9\.9, which is not pinned"),
        (FIRST + LAID.replace('"docs"', '"nothing"'), "nothing is not there"),
        (FIRST + LAID.replace('"2"', '"no such text"'), "0 times, not once"),
        ('[[commit]]\ndate = "2020-01-01T10:00:00Z"\nsubject = "Nothing"\n', "needs a release"),
        ('[[commit]]\nrelease = "1.0"\ndate = "2020-01-01T10:00:00"\nsubject = "No zone"\n', "timezone"),
        ("[[commit", "cannot be read"),
    ],
)
def test_a_history_that_cannot_be_made_is_one_sentence(
    folder: Path, releases: dict[str, Path], tmp_path: Path, commits: str, why: str
) -> None:
    (folder / "commits.toml").write_text(commits)
    with pytest.raises(UsageError, match=why):
        made(folder, releases, tmp_path / "one")


def pinned(folder: Path, head: str) -> Corpus:
    return Corpus("demo", "python", "dev", "history", head=head, laid_over=folder)


def test_a_history_is_made_once_and_anew_when_what_it_is_made_of_changes(folder: Path, tmp_path: Path) -> None:
    (folder / "commits.toml").write_text(LAID.partition("edits")[0])
    head = made(folder, {}, tmp_path / "one")
    target = fetch(pinned(folder, head), tmp_path / "cache")
    (target / "mine.txt").write_text("stays while nothing changes")
    assert (fetch(pinned(folder, head), tmp_path / "cache") / "mine.txt").exists()
    (folder / "beside" / "new.csv").write_text("Issue key\n")  # uncommitted: the same hashes, another tree
    assert (fetch(pinned(folder, head), tmp_path / "cache") / "new.csv").exists()
    assert not (target / "mine.txt").exists()


def test_other_hashes_than_the_pinned_are_refused_and_nothing_is_left(folder: Path, tmp_path: Path) -> None:
    (folder / "commits.toml").write_text(LAID.partition("edits")[0])
    with pytest.raises(UsageError, match=f"ends in the commit [0-9a-f]{{40}}, and {'0' * 40} is pinned"):
        fetch(pinned(folder, "0" * 40), tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())


# --- the golden set's own ----------------------------------------------------------------------------------------


def test_every_commit_that_a_case_names_is_in_its_history() -> None:
    named = {
        (place.root or case.roots[0], place.path.removeprefix(COMMIT))
        for case in load_cases([EVALS / "cases"])
        for place in case.places
        if place.path.startswith(COMMIT)
    }
    corpora = load_corpora(EVALS / "corpora.toml")
    known = {
        (name, commit.subject)
        for name in {root for root, _ in named}
        for commit in histories.load_commits(corpora[name].laid_over)
    }
    assert named
    assert named <= known


def test_every_history_has_its_folder_and_its_pins_are_those_that_it_uses() -> None:
    corpora = [corpus for corpus in load_corpora(EVALS / "corpora.toml").values() if corpus.kind == "history"]
    assert sorted(corpus.name for corpus in corpora) == sorted(path.name for path in (EVALS / HISTORIES).iterdir())
    for corpus in corpora:
        used = {commit.release for commit in histories.load_commits(corpus.laid_over)} - {""}
        assert used == set(corpus.releases), corpus.name
        assert len(corpus.head) == 40
