"""Edits, renames, git and questions in any order: no hit is of yesterday, and at rest the index is like a fresh one.

A stateful test of hypothesis over a real folder with a real repository, judged by code that shares nothing with
Surefoot's: the list of files is git's, texts are read from disk.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from faults import tally
from faults.scene import commit_text, contents, git, location_of, problems_of, settings_for
from surefoot.domain import Query, Status, is_commit
from surefoot.engine import Engine
from surefoot.index import indexer
from surefoot.workspace.documents import Documents

EXAMPLES = tally.scaled(10, 100)
STEPS = tally.scaled(30, 50)

FOLDERS = ("", "core/", "core/deep/", "Web/")
NAMES = tuple(f"{folder}{name}" for folder in FOLDERS for name in ("alpha.py", "beta.py", "notes.md", "view.ts"))
PATTERNS = ("beta.py\n", "core/\n", "*.md\n!notes.md\n", "/Web/*.ts\n", "deep\n", "# nothing\n")
WORDS = ("walnut", "hazel", "almond", "pecan", "cashew")

names = st.sampled_from(NAMES)
folders = st.sampled_from(FOLDERS[1:])
words = st.sampled_from(WORDS)
numbers = st.integers(0, 99)
branches = st.sampled_from(("main", "left", "right"))


def text_of(name: str, word: str, number: int) -> str:
    """Texts of one name and word have the same length, whatever the number."""
    if name.endswith(".md"):
        return f"# About {word} {number:02}\n\nThe {word} is kept in jar {number:02}.\n\n# More\n\nNothing.\n"
    if name.endswith(".ts"):
        return f"export function {word}Of{number:02}(x: number) {{\n  return x;\n}}\n"
    return (
        f"def {word}_{number:02}(x):\n    return x + {number:02}\n\n\n"
        f"class {word.title()}{number:02}:\n    def crack(self):\n        return {number:02}\n"
    )


class WorkingTreeMachine(RuleBasedStateMachine):
    """One developer, one editor, one index."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="surefoot-any-order-"))
        self.root = self.folder / "tree"
        self.root.mkdir()
        self.documents = Documents()
        self.buffers: dict[str, str] = {}
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(indexer, "SWITCHED", 1)  # whatever changes is kept, and taken back when it comes back

    @initialize(chosen=st.lists(st.tuples(names, words, numbers), min_size=2, max_size=6))
    def begin(self, chosen: list[tuple[str, str, int]]) -> None:
        git(self.root, "init")
        for name, word, number in chosen:
            self.put(name, text_of(name, word, number))
        git(self.root, "add", "-A")
        git(self.root, "commit", "-m", "first")
        for branch in ("left", "right"):
            git(self.root, "branch", branch)
        self.engine = Engine.open(
            [self.root], settings_for(self.folder / "cache", index_workers=1), documents=self.documents
        )
        self.engine.refresh()

    def teardown(self) -> None:
        try:
            if hasattr(self, "engine"):
                self.rest()
                self.engine.close()
                assert problems_of(location_of(self.folder / "cache", self.root), self.texts()) == []
        finally:
            self.patch.undo()
            shutil.rmtree(self.folder, ignore_errors=True)

    # --- the working tree ---

    def put(self, name: str, text: str) -> bool:
        """Write a file, where nothing else stands in its way."""
        path = self.root / name
        if any(above.is_file() or above.is_symlink() for above in path.parents if above != self.root) or path.is_dir():
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            path.unlink()
        path.write_text(text)
        return True

    def reported(self, path: Path, is_reported: bool) -> None:
        if is_reported:
            self.engine.refresh([path])

    @rule(name=names, word=words, number=numbers, is_reported=st.booleans())
    def write(self, name: str, word: str, number: int, is_reported: bool) -> None:
        tally.operation("any order: write a file")
        if self.put(name, text_of(name, word, number)):
            self.reported(self.root / name, is_reported)

    @rule(name=names, word=words, number=numbers)
    def save_atomically(self, name: str, word: str, number: int) -> None:
        tally.operation("any order: save by renaming")
        path = self.root / name
        if path.parent.is_dir() and not path.is_dir() and not path.parent.is_symlink():
            beside = self.folder / "beside"
            beside.write_text(text_of(name, word, number))
            beside.replace(path)
            self.engine.refresh([path])

    @rule(name=names, number=numbers, is_reported=st.booleans())
    def edit_without_a_trace(self, name: str, number: int, is_reported: bool) -> None:
        """The same size, and the time put back."""
        tally.operation("any order: same size, same time, other text")
        path = self.root / name
        if not self.is_file(name):
            return
        status, before = path.stat(), path.read_text()
        word = next((word for word in WORDS if word in before), None)
        if word is None:
            return
        path.write_text(text_of(name, word, number))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        self.reported(path, is_reported)

    @rule(old=names, new=names, is_reported=st.booleans())
    def rename(self, old: str, new: str, is_reported: bool) -> None:
        tally.operation("any order: rename a file")
        if self.is_file(old) and not (self.root / new).exists() and (self.root / new).parent.is_dir():
            (self.root / old).rename(self.root / new)
            if is_reported:
                self.engine.refresh([self.root / old, self.root / new])

    @rule(old=folders, new=st.sampled_from(("moved", "core", "Web")), is_reported=st.booleans())
    def rename_folder(self, old: str, new: str, is_reported: bool) -> None:
        tally.operation("any order: rename a folder")
        source, target = self.root / old.rstrip("/"), self.root / new
        if source.is_dir() and not source.is_symlink() and not target.exists() and not target.is_relative_to(source):
            source.rename(target)
            if is_reported:
                self.engine.refresh([source, target])

    @rule(name=names, is_reported=st.booleans())
    def change_case(self, name: str, is_reported: bool) -> None:
        tally.operation("any order: case-only rename")
        old, new = self.root / name, (self.root / name).with_name(Path(name).name.swapcase())
        new = new.with_suffix(old.suffix)
        if self.is_file(name) and not new.exists():
            old.rename(new)
            if is_reported:
                self.engine.refresh([old, new])

    @rule(name=names, is_reported=st.booleans())
    def delete(self, name: str, is_reported: bool) -> None:
        tally.operation("any order: delete a file")
        if self.is_file(name):
            (self.root / name).unlink()
            self.reported(self.root / name, is_reported)

    @rule(name=names, word=words, number=numbers, is_reported=st.booleans())
    def file_becomes_folder(self, name: str, word: str, number: int, is_reported: bool) -> None:
        tally.operation("any order: folder in the place of a file")
        if self.is_file(name):
            (self.root / name).unlink()
            self.put(f"{name}/inner.py", text_of("inner.py", word, number))
            self.reported(self.root / name, is_reported)

    @rule(folder=folders, word=words, number=numbers, is_reported=st.booleans())
    def folder_becomes_file(self, folder: str, word: str, number: int, is_reported: bool) -> None:
        tally.operation("any order: file in the place of a folder")
        path = self.root / folder.rstrip("/")
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
            path.write_text(text_of("x.py", word, number))
            self.reported(path, is_reported)

    @rule(name=names, to=st.sampled_from((*NAMES[:4], "core", "..", "nowhere")))
    def link(self, name: str, to: str) -> None:
        tally.operation("any order: symbolic link")
        path = self.root / name
        if path.parent.is_dir() and not path.is_dir():
            path.unlink(missing_ok=True)
            path.symlink_to(self.root / to)

    @rule(name=names, mode=st.sampled_from((0o644, 0o755, 0o600)))
    def change_mode(self, name: str, mode: int) -> None:
        tally.operation("any order: chmod")
        if self.is_file(name):
            (self.root / name).chmod(mode)

    @rule(name=names, seconds=st.sampled_from((0.0, 1.0, 1e9, 4e9)))
    def touch(self, name: str, seconds: float) -> None:
        tally.operation("any order: touch")
        if self.is_file(name):
            os.utime(self.root / name, (seconds, seconds))

    @rule(folder=st.sampled_from(FOLDERS), pattern=st.sampled_from(PATTERNS), is_reported=st.booleans())
    def ignore(self, folder: str, pattern: str, is_reported: bool) -> None:
        tally.operation("any order: .gitignore")
        if self.put(f"{folder}.gitignore", pattern):
            self.reported(self.root / folder / ".gitignore", is_reported)

    # --- git ---

    @rule()
    def commit(self) -> None:
        tally.operation("any order: git commit")
        git(self.root, "add", "-A", may_fail=True)
        git(self.root, "commit", "-m", "more", may_fail=True)

    @rule(name=names)
    def add(self, name: str) -> None:
        tally.operation("any order: git add")
        git(self.root, "add", "--", name, may_fail=True)

    @rule(branch=branches)
    def switch(self, branch: str) -> None:
        tally.operation("any order: git switch")
        git(self.root, "switch", branch, may_fail=True)

    @rule(is_pop=st.booleans())
    def stash(self, is_pop: bool) -> None:
        tally.operation("any order: git stash")
        git(self.root, "stash", *(["pop"] if is_pop else ["push", "--include-untracked"]), may_fail=True)

    @rule(to=st.sampled_from(("HEAD", "HEAD~1", "left")))
    def reset(self, to: str) -> None:
        tally.operation("any order: git reset")
        git(self.root, "reset", "--hard", to, may_fail=True)

    @rule(old=names, new=names)
    def move(self, old: str, new: str) -> None:
        tally.operation("any order: git mv")
        git(self.root, "mv", old, new, may_fail=True)

    # --- the editor ---

    @rule(name=names, word=words, number=numbers)
    def edit_buffer(self, name: str, word: str, number: int) -> None:
        tally.operation("any order: edit a buffer")
        if self.is_file(name):
            text = f"\n\n{text_of(name, word, number)}" if number % 2 else text_of(name, word, number)
            self.documents.change(self.root / name, text)
            self.buffers[str((self.root / name).resolve())] = text

    @rule(name=names)
    def edit_in_front(self, name: str) -> None:
        """Everything moves down a few lines."""
        tally.operation("any order: edit a buffer")
        if self.is_file(name):
            text = "# in front\n\n" + (self.root / name).read_text()
            self.documents.change(self.root / name, text)
            self.buffers[str((self.root / name).resolve())] = text

    @rule()
    def close_buffers(self) -> None:
        tally.operation("any order: close buffers")
        for path in self.buffers:
            self.documents.close(Path(path))
        self.buffers.clear()

    # --- questions ---

    @rule(word=words, number=numbers)
    def ask(self, word: str, number: int) -> None:
        tally.operation("any order: search")
        for question in (f"{word}_{number:02}", f"{word}", f"where is the {word} kept"):
            for hit in self.engine.search(Query(question), traced=False).hits:
                path, span = self.root / hit.chunk.span.path, hit.chunk.span
                if is_commit(span.path):
                    lines = commit_text(self.root, span.path).split("\n")
                    assert "\n".join(lines[span.start - 1 : span.end]) == hit.chunk.text
                    continue
                assert path.is_file(), f"{span} is not there"
                assert path.resolve() == path, f"{span} lies behind a link"
                lines = (self.buffers.get(str(path)) or path.read_text()).split("\n")
                assert "\n".join(lines[span.start - 1 : span.end]) == hit.chunk.text, f"{span} is not what stands there"

    @rule()
    def refresh(self) -> None:
        tally.operation("any order: refresh everything")
        self.engine.refresh()

    @rule(chosen=st.lists(names, min_size=1, max_size=4))
    def refresh_some(self, chosen: list[str]) -> None:
        tally.operation("any order: refresh some paths")
        self.engine.refresh([self.root / name for name in chosen])

    @rule()
    def count_drift(self) -> None:
        """What status counts is what git and the texts say."""
        tally.operation("any order: status")
        status: Status = self.engine.status()
        (root,) = status.roots
        (index,) = self.engine._current().values()
        indexed = index.store.files()
        on_disk = self.files_on_disk()
        drifted = sorted(path for path, file in indexed.items() if on_disk.get(path) != file.content_hash)
        assert sorted(root.drifted_files) == drifted
        assert root.drifted_chunks == sum(len(index.store.chunk_ids(path)) for path in drifted)
        assert root.unindexed_files == len(on_disk.keys() - indexed.keys())

    @rule()
    def rest(self) -> None:
        """At rest the index is like one that is made of the same tree elsewhere."""
        tally.operation("any order: compare with a fresh index")
        self.engine.refresh()
        elsewhere = Path(tempfile.mkdtemp(dir=self.folder))
        fresh = Engine.open([self.root], settings_for(elsewhere, index_workers=1), documents=self.documents)
        try:
            fresh.refresh()
            assert contents(self.engine).difference(contents(fresh)) == ""
            (index,) = self.engine._current().values()
            assert {path: file.content_hash for path, file in index.store.files().items()} == self.files_on_disk()
            for question in (*WORDS, "where is the hazel kept"):
                assert self.found(self.engine, question) == self.found(fresh, question)
        finally:
            fresh.close()
            shutil.rmtree(elsewhere)

    # --- what is so, by other means ---

    def is_file(self, name: str) -> bool:
        path = self.root / name
        return path.is_file() and path.resolve() == path

    def files_on_disk(self) -> dict[str, str]:
        """The hash of every file that git would track, or does, and that holds something."""
        listed = git(self.root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        wanted = {name for name in listed if name and self.is_file(name)}
        texts = {name: (self.root / name).read_text() for name in wanted}
        return {
            name: hashlib.blake2b(text.encode(), digest_size=16).hexdigest() for name, text in texts.items() if text
        }

    def texts(self) -> dict[str, set[str]]:
        return {
            path.relative_to(self.root).as_posix(): {path.read_text()}
            for path in self.root.rglob("*")
            if path.is_file() and ".git" not in path.parts
        }

    def found(self, engine: Engine, question: str) -> set[tuple[str, int, int, str]]:
        hits = engine.search(Query(question, k=50), traced=False).hits
        return {(hit.chunk.span.path, hit.chunk.span.start, hit.chunk.span.end, hit.chunk.text) for hit in hits}


TestAnyOrder = WorkingTreeMachine.TestCase
TestAnyOrder.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    derandomize=not tally.FULL,  # the same in every run of the tests; `make faults` draws anew
    database=None,
    report_multiple_bugs=False,
    phases=(Phase.explicit, Phase.generate) if os.environ.get("FAULTS_UNSHRUNK") else tuple(Phase),
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)
TestAnyOrder.pytestmark = [pytest.mark.skipif(shutil.which("git") is None, reason="needs git")]
