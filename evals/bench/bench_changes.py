"""Measures what follows a change: `python evals/bench/bench_changes.py TREE [--rounds N]`.

    refresh   `Engine.refresh` of 1 and of 500 edited files, in a process that stays open
    switch    `git switch` between branches that are 500 files apart, under a language server over real stdio: from the
              moment in which git has ended to everything being indexed as it is on disk and one search for a new symbol
              answered; once with an editor that reports the changes, once with one that reports nothing

TREE is copied, and the copy made a git repository. Of the 500 files most are edited, some are renamed, deleted or new.
After the last switch each symbol that should be there is searched for, and the server's own count of drift has to be 0.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from clients import CHANGED, Editor, editing
from edits import SUFFIXES, function, unlike_name
from measured import print_table, since, spread, write
from trees import Tree, add_options, files_of, trees, working_copy

from surefoot.config import Settings
from surefoot.domain import Query, Root, content_hash
from surefoot.engine import Engine
from surefoot.sources import left_out

SEED = 7  # the same files on every run
MANY = 500
MOVED = 20  # of them as many are renamed, deleted, and new
POLL_SECONDS = 0.01
GIVE_UP_SECONDS = 90.0  # a switch that is not noticed by then is a result, not a reason to wait on
Row = dict[str, Any]


class NeverSeenError(Exception):
    """A switch that the server has not noticed until nobody waits any more."""


def main() -> None:
    """Measure both and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="TREE")
    parser.add_argument("--rounds", type=int, default=3, help="of 500 files, and of switching there and back")
    parser.add_argument("--singles", type=int, default=20, help="single files that are edited")
    parser.add_argument("--only", choices=("refresh", "switch"))
    parser.add_argument("--json", type=Path, help="where the result is written")
    add_options(parser)
    options = parser.parse_args()
    found = [_measured(tree, options) for tree in trees(options.names, options)]
    write(options.json, "changes", {"trees": found})


def _measured(tree: Tree, options: argparse.Namespace) -> Row:
    print(f"\n{tree.name}: {tree.origin}")
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as temporary:
        cache = Path(temporary) / "cache"
        repository = Repository(tree.folder, Path(temporary) / tree.name)
        found: Row = {"name": tree.name, "origin": tree.origin, "files": len(files_of(repository.folder))}
        if options.only != "switch":
            found["refresh"] = _refreshes(repository, cache, options)
        if options.only != "refresh":
            repository.make_branches()
            found["switch"] = asyncio.run(_switches(repository, cache, options.rounds))
    print_table([*found.get("refresh", []), *found.get("switch", [])])
    return found


# --- the engine --------------------------------------------------------------------------------------------------


def _refreshes(repository: Repository, cache: Path, options: argparse.Namespace) -> list[Row]:
    engine = Engine.open([repository.folder], Settings(cache_dir=cache, model="none"), client="cli")
    with closing(engine):
        engine.refresh()
        engine.search(Query("where is it opened"))
        singles = [_refreshed(engine, repository, [path], f"one{n}") for n, path in enumerate(
            repository.spread[: options.singles]
        )]  # fmt: skip
        many = [
            _refreshed(engine, repository, repository.spread[:MANY], f"many{number}")
            for number in range(options.rounds)
        ]
        unchanged = []
        for _ in range(options.rounds):
            begin = time.perf_counter()
            engine.refresh()
            unchanged.append(since(begin))
    return [
        {"what": "refresh of 1 edited file, ms", **spread(singles)},
        {"what": f"refresh of {min(MANY, len(repository.spread))} edited files, ms", **spread(many)},
        {"what": "refresh of everything, nothing changed, ms", **spread(unchanged)},
    ]


def _refreshed(engine: Engine, repository: Repository, paths: Sequence[Path], word: str) -> float:
    names = [repository.edit(path, unlike_name(word, number)) for number, path in enumerate(paths)]
    begin = time.perf_counter()
    engine.refresh([repository.folder / path for path in paths])
    took = since(begin)
    for name in {names[0], names[-1]}:
        if not any(name in hit.chunk.text for hit in engine.search(Query(name)).hits):
            raise SystemExit(f"{name} was refreshed and is not found")
    return took


# --- git ---------------------------------------------------------------------------------------------------------


class Repository:
    """A copy of a tree under git, with two branches that each differ from the first in 500 files."""

    def __init__(self, tree: Path, folder: Path) -> None:
        self.folder = working_copy(tree, folder)
        usable = [path for path in files_of(folder) if path.suffix in SUFFIXES and _is_usable(folder, path)]
        self.spread = random.Random(SEED).sample(usable, min(2 * MANY, len(usable)))
        self.expected: dict[str, dict[str, str]] = {}  # branch -> name of a symbol -> path
        self.touched: dict[str, set[Path]] = {}  # branch -> what differs from main

    def edit(self, path: Path, name: str) -> str:
        """Put a function of that name at the end of a file."""
        with (self.folder / path).open("a", encoding="utf-8") as file:
            file.write(f"\n\n{function(path, name)}")
        return name

    def make_branches(self) -> None:
        """Commit what is there as `main`, then `other` and `third`, which differ from it in files of their own."""
        self.git("init", "--quiet", "--initial-branch=main")
        self._commit("first")
        half = len(self.spread) // 2
        for branch, files in (("other", self.spread[:half]), ("third", self.spread[half:])):
            self.git("switch", "--quiet", "--create", branch, "main")
            self._differ(branch, files)
            self._commit(branch)
        self.git("switch", "--quiet", "main")

    def _differ(self, branch: str, files: Sequence[Path]) -> None:
        moved = min(MOVED, len(files) // 10)
        deleted, renamed, edited = files[:moved], files[moved : 2 * moved], files[2 * moved :]
        named: dict[str, str] = {}
        for path in deleted:
            (self.folder / path).unlink()
        targets = [path.with_name(f"{branch}_{path.name}") for path in renamed]
        for path, target in zip(renamed, targets, strict=True):
            (self.folder / path).rename(self.folder / target)
        new = [path.with_name(f"{branch}_new_{path.name}") for path in edited[:moved]]
        for number, path in enumerate([*edited[moved:], *new, *targets]):
            named[self.edit(path, unlike_name(branch, number))] = path.as_posix()
        self.expected[branch] = named
        self.touched[branch] = {*files, *targets, *new} - set(edited[:moved])

    def _commit(self, message: str) -> None:
        self.git("add", "--all", "--force")
        self.git("-c", "user.name=bench", "-c", "user.email=bench@localhost", "commit", "--quiet", "-m", message)

    def git(self, *arguments: str) -> str:
        """Run git with no configuration but the repository's."""
        command = ["git", "-C", str(self.folder), "-c", "core.fsmonitor=false", "-c", "gc.auto=0", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _is_usable(folder: Path, path: Path) -> bool:
    """Of middling size, plain, and worth indexing: nothing vendored or generated."""
    if not 200 < (folder / path).stat().st_size < 200_000:
        return False
    content = (folder / path).read_bytes()
    is_plain = content.isascii() and b"\r" not in content and b"\0" not in content
    return is_plain and left_out(Root(folder, folder.name), path.as_posix(), Settings()) is None


# --- the language server -----------------------------------------------------------------------------------------


async def _switches(repository: Repository, cache: Path, rounds: int) -> list[Row]:
    rows: list[Row] = []
    for branch, tells in (("other", True), ("third", False)):
        try:
            rows += await _session(repository, cache, rounds, branch, tells=tells)
        except NeverSeenError as error:
            print(error)
            repository.git("switch", "--quiet", "main")
            files = len(repository.touched[branch])
            rows.append({"what": f"switch, {_how(tells=tells)}, ms", "files": files, "failed": str(error)})
    return rows


def _how(*, tells: bool) -> str:
    return "changes reported" if tells else "nothing reported"


async def _session(repository: Repository, cache: Path, rounds: int, branch: str, *, tells: bool) -> list[Row]:
    async with editing("editor", repository.folder, cache, tells=tells) as editor:
        await editor.settled()
        await editor.search("where is it opened")
        first = [await _switch(repository, editor, cache, branch)]
        back, again = [], []
        for number in range(rounds):
            back.append(await _switch(repository, editor, cache, "main", before=branch))
            if number < rounds - 1:
                again.append(await _switch(repository, editor, cache, branch))
        last = await _switch(repository, editor, cache, branch)
        missing = await _check(repository, editor, branch)
        await _switch(repository, editor, cache, "main", before=branch)
    how, count = _how(tells=tells), len(repository.touched[branch])
    times = [("there for the first time", first), ("back", back), ("there again", [*again, last])]
    rows = [
        {"what": f"switch, {count} files, {how}, {what}, ms", "files": count, **spread(took)} for what, took in times
    ]
    found = {"missing": missing, "searched": len(repository.expected[branch])}
    return [*rows, {"what": f"symbols not found after it, {how}", "files": count, **found}]


async def _switch(repository: Repository, editor: Editor, cache: Path, branch: str, before: str = "") -> float:
    """Milliseconds from git's end until the index is as the disk and a search is answered."""
    touched = sorted(repository.touched[before or branch])
    await asyncio.to_thread(repository.git, "switch", "--quiet", branch)
    begin = time.perf_counter()
    editor.changed_on_disk(_events(repository.folder, touched))
    # The hashes are counted while the server works; that is milliseconds, and part of the figure.
    with closing(_Comparison(repository.folder, touched, cache)) as comparison:
        while not comparison.is_equal():
            if since(begin) > GIVE_UP_SECONDS * 1000:
                raise NeverSeenError(f"The index is not as branch {branch} after {GIVE_UP_SECONDS:.0f} s.")
            await asyncio.sleep(POLL_SECONDS)
    if branch != "main":
        name = next(iter(repository.expected[branch]))
        reply = await editor.search(name)
        if not any(name in hit["text"] for hit in reply["hits"]):
            raise SystemExit(f"{name} of branch {branch} is indexed and not found")
    else:
        await editor.search("where is it opened")
    took = since(begin)
    await editor.settled()
    return took


def _events(folder: Path, paths: Sequence[Path]) -> list[tuple[Path, Any]]:
    """As an editor tells them; of a file that is there it is not known here whether it was, so it is "changed"."""
    return [(folder / path, CHANGED.Changed if (folder / path).exists() else CHANGED.Deleted) for path in paths]


class _Comparison:
    """Whether the index has these files exactly as they are on disk, read from the database itself.

    What was equal once is not looked at again: looking is to take nothing away from what is measured.
    """

    def __init__(self, folder: Path, paths: Sequence[Path], cache: Path) -> None:
        (database,) = (cache / "index").glob(f"{folder.name}-*.db")
        self._connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True, timeout=30)
        self._waiting = {path.as_posix(): _hash_of(folder / path) for path in paths}

    def is_equal(self) -> bool:
        """Whether all files that were not equal before are so now."""
        for path, wanted in list(self._waiting.items()):
            found = self._connection.execute("SELECT content_hash FROM files WHERE path = ?", (path,)).fetchone()
            if (found[0] if found else None) != wanted:
                return False
            del self._waiting[path]
        return True

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()


def _hash_of(file: Path) -> str | None:
    return content_hash(file.read_text(encoding="utf-8")) if file.exists() else None


async def _check(repository: Repository, editor: Editor, branch: str) -> int:
    """How many of the branch's symbols a search does not find where they stand; drift ends the benchmark."""
    missing = 0
    for name, path in repository.expected[branch].items():
        reply = await editor.search(name)
        missing += not any(name in hit["text"] and hit["path"] == path for hit in reply["hits"])
    status = await editor.settled()
    if status["drifted_chunks"] or status["unindexed_files"]:
        raise SystemExit(f"After the switch {status['drifted_chunks']} chunks have drifted.")
    return missing


if __name__ == "__main__":
    main()
