"""Two editors, an AI assistant and the command line on one workspace under a storm of saves.

    python evals/bench/storm.py TREE [--seconds 120] [--silent]

One editor reports changes on disk, the other does not; with `--silent`, neither does. Both save, to files of their own
and to the same ones, while another program writes, renames and deletes; the assistant (MCP over stdio) and the command
line (search, ask, index) ask all the while. A violation is:

    lock        a reply or a log that speaks of something locked or busy
    traceback   one in a reply or a log
    refused     a question that was answered with an error
    stale       a shown text that stood at those lines at no moment of the call
    lost        after a rest, the last content of a file that one of the four does not find
    ghost       after a rest, a content that was overwritten or deleted and that one of the four still shows

Prints the counts and PASS or FAIL; the exit status is 1 on any violation.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from clients import CHANGED, LARGEST_LINE, Assistant, Editor, ReplyError, assisting, editing, environment
from measured import write
from storm_files import FOLDER, History
from trees import add_options, trees, working_copy

KINDS = ("lock", "traceback", "refused", "stale", "lost", "ghost")
LOCK = re.compile(r"\b(locked|busy)\b", re.IGNORECASE)
EACH = 8  # files of each group
COMMAND_LINES = 2  # loops of search, ask and index at the same time
AT_ONCE = 4  # searches of one editor that may wait for their replies
BURST = 20  # saves of one file in a row
BURSTS = 0.05  # of all rounds are that
REST_SECONDS = 5.0
REPORT_SECONDS = 0.1  # how often an editor tells what happened on disk
MOST_GHOSTS = 200  # of the words that are gone, the latest so many are searched for
SHOWN = 12  # violations of each kind that are printed
QUESTIONS = ("what holds the value", "where is a value returned", "which step comes first", "class that holds results")
EVENTS = {"created": CHANGED.Created, "changed": CHANGED.Changed, "deleted": CHANGED.Deleted}
Search = Callable[[str], Awaitable[dict[str, Any] | None]]


def main() -> None:
    """Run the storm."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", metavar="TREE")
    parser.add_argument("--seconds", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--silent", action="store_true", help="no editor reports what happens on disk")
    parser.add_argument("--log", type=Path, help="where everything that was logged is written")
    parser.add_argument("--json", type=Path, help="where the result is written")
    add_options(parser)
    options = parser.parse_args()
    (tree,) = trees([options.name], options)
    with tempfile.TemporaryDirectory(prefix="surefoot-storm-") as temporary:
        folder = working_copy(tree.folder, Path(temporary) / tree.name)
        storm = Storm(folder, Path(temporary) / "cache", options.seed)
        asyncio.run(storm.run(options.seconds, tells=not options.silent))
    if options.log:
        options.log.write_text("\n".join(storm.log) + "\n", encoding="utf-8")
    found = storm.report()
    write(options.json, "storm", {"tree": tree.name, "origin": tree.origin, "seconds": options.seconds, **found})
    sys.exit(0 if found["passed"] else 1)


class Storm:
    """Who takes part, what they did, and what was wrong."""

    def __init__(self, folder: Path, cache: Path, seed: int) -> None:
        self.folder, self.cache = folder, cache
        self.random = random.Random(seed)
        self.history = History(folder, self.random)
        self.asked: Counter[str] = Counter()
        self.asked_before: Counter[str] = Counter()  # in the storm, and not in the check after it
        self.shown: Counter[str] = Counter()
        self.violations: dict[str, list[str]] = {kind: [] for kind in KINDS}
        self.found_at_once: Counter[bool] = Counter()
        self.log: list[str] = []
        self.searched_for: dict[str, int] = {}
        self.end = 0.0

    async def run(self, seconds: float, *, tells: bool) -> None:
        """From the first file to the last check."""
        groups = ("shared", "first", "second", "outside", "moving", "dying")
        files = {name: [f"{FOLDER}/{name}/file_{number}.py" for number in range(EACH)] for name in groups}
        for path in (path for group in files.values() for path in group):
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            self.history.write(path, "files at the beginning", atomic=False)
        self.history.changed.clear()
        async with (
            editing("first", self.folder, self.cache, tells=tells) as first,
            editing("second", self.folder, self.cache, tells=False) as second,
            assisting("assistant", self.folder, self.cache) as assistant,
        ):
            await asyncio.gather(first.settled(), second.settled())
            print(f"{len(self.history.present())} files of the storm in place; {seconds:.0f} s of it begin")
            self.end = time.monotonic() + seconds
            await asyncio.gather(
                self._edit(first, files["first"], files["shared"]),
                self._edit(second, files["second"], files["shared"]),
                self._outside(files),
                self._tell(first),
                self._assist(assistant),
                *(self._command_line() for _ in range(COMMAND_LINES)),
            )
            first.changed_on_disk(self._events())
            await asyncio.gather(first.settled(), second.settled())
            await asyncio.sleep(REST_SECONDS)
            self.asked_before = self.asked.copy()
            await self._check(first, second, assistant)
        for client in (first, second, assistant):
            self._logged(client.name, client.log)

    @property
    def over(self) -> bool:
        """Whether the storm is."""
        return time.monotonic() >= self.end

    # --- who writes ----------------------------------------------------------------------------------------------

    async def _edit(self, editor: Editor, own: list[str], shared: list[str]) -> None:
        """Save, now and then many times in a row, and often search for what was just saved without waiting for it."""
        for path in own:
            editor.open(self.folder / path, (self.folder / path).read_text(encoding="utf-8"))
        searches: set[asyncio.Task[None]] = set()
        while not self.over:
            path = self.random.choice([*own, *own, *shared])
            for _ in range(BURST if self.random.random() < BURSTS else 1):
                self._save(editor, path, is_open=path in own)
            if len(searches) < AT_ONCE and self.random.random() < 0.6:
                searches.add(task := asyncio.ensure_future(self._search(editor, path)))
                task.add_done_callback(searches.discard)
            await asyncio.sleep(self.random.uniform(0.02, 0.25))
        await asyncio.gather(*searches)

    def _save(self, editor: Editor, path: str, *, is_open: bool) -> None:
        """Everything up to the save goes out at once, so that no buffer is behind the disk while another writes."""
        target = self.folder / path
        text = self.history.write(path, f"saves in the {editor.name} editor", atomic=self.random.random() < 0.5)
        if is_open:
            editor.change(target, text)
        else:
            editor.open(target, text)
        editor.saved(target)
        if not is_open:
            editor.close_document(target)

    async def _search(self, editor: Editor, path: str) -> None:
        if self.random.random() < 0.4:
            await self._question(editor.name, editor.search(self._words()))
            return
        word = self.history.versions[path][-1].word
        reply = await self._question(editor.name, editor.search(word))
        if reply and self.history.present().get(path) == word:
            self.found_at_once[_shows(reply, word, path)] += 1

    async def _outside(self, files: dict[str, list[str]]) -> None:
        """Another program: it writes, renames and deletes, and tells nobody."""
        moving = list(files["moving"])
        while not self.over:
            dice = self.random.random()
            if dice < 0.6:
                path = self.random.choice([*files["outside"], *files["outside"], *files["shared"]])
                self.history.write(path, "writes from outside", atomic=self.random.random() < 0.5)
            elif dice < 0.75:
                place = self.random.randrange(len(moving))
                target = f"{FOLDER}/moving/moved_{self.random.randrange(10_000)}.py"
                self.history.rename(moving[place], target)
                moving[place] = target
            else:
                path = self.random.choice(files["dying"])
                if (self.folder / path).exists():
                    self.history.delete(path)
                else:
                    self.history.write(path, "writes from outside", atomic=False)
            await asyncio.sleep(self.random.uniform(0.03, 0.15))

    async def _tell(self, editor: Editor) -> None:
        """An editor that watches the disk reports what happened, its own saves too."""
        while not self.over:
            editor.changed_on_disk(self._events())
            await asyncio.sleep(REPORT_SECONDS)

    def _events(self) -> list[tuple[Path, Any]]:
        changed, self.history.changed = self.history.changed, []
        return [(path, EVENTS[kind]) for path, kind in changed]

    # --- who only asks -------------------------------------------------------------------------------------------

    async def _assist(self, assistant: Assistant) -> None:
        calls: tuple[Callable[[], Awaitable[dict[str, Any]]], ...] = (
            lambda: assistant.call("search_code", query=self._words(), detail="full"),
            lambda: assistant.call("ask_codebase", question=self._words(), generate=False, detail="full"),
            lambda: assistant.call("search_code", query=self._words(), detail="full", k=20),
            lambda: assistant.call("index_status"),
        )
        while not self.over:
            await self._question(assistant.name, self.random.choice(calls)())
            await asyncio.sleep(self.random.uniform(0.0, 0.2))

    async def _command_line(self) -> None:
        while not self.over:
            await self._question("command line", self._run("search", self._words()))
            await self._question("command line", self._run("ask", "--model", "none", self._words()))
            await self._question("command line", self._run("index"))

    async def _run(self, *arguments: str) -> dict[str, Any]:
        command, *rest = arguments
        return dict(json.loads(await self._output([command, "--json", "--root", str(self.folder), *rest])))

    async def _output(self, arguments: list[str], given: str = "") -> str:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "surefoot", *arguments,
            stdin=pipe, stdout=pipe, stderr=pipe, env=environment(self.cache), limit=LARGEST_LINE,
        )  # fmt: skip
        out, err = await process.communicate(given.encode())
        said = err.decode(errors="replace").splitlines()
        self._logged("command line", said)
        if process.returncode:
            raise ReplyError(f"surefoot {arguments[0]} ended with {process.returncode}: {' '.join(said)[-300:]}")
        return out.decode()

    def _words(self) -> str:
        """What is there, what was there, or a question in words."""
        dice = self.random.random()
        if dice < 0.55:
            return self.random.choice(list(self.history.present().values()))
        gone = sorted(self.history.gone_words())
        return self.random.choice(gone) if gone and dice < 0.75 else self.random.choice(QUESTIONS)

    async def _question(self, who: str, call: Awaitable[dict[str, Any]]) -> dict[str, Any] | None:
        """The reply, checked; None where it was an error."""
        begin = time.monotonic()
        self.asked[who] += 1
        try:
            reply = await call
        except ReplyError as error:
            self._wrong(who, str(error), "refused")
            return None
        end = time.monotonic()
        self._logged(who, map(str, reply.get("notices", ())))
        for place in [*reply.get("hits", ()), *reply.get("citations", ())]:
            self.shown[who] += 1
            if complaint := self.history.complaint(place, begin, end):
                self.violations["stale"].append(f"{who}, a call of {end - begin:.3f} s: {complaint}")
        return reply

    # --- what was wrong ------------------------------------------------------------------------------------------

    def _logged(self, who: str, lines: Any) -> None:
        for line in lines:
            self.log.append(f"{who}: {line}")
            if LOCK.search(line) or "Traceback" in line:
                self._wrong(who, line, "")

    def _wrong(self, who: str, said: str, kind: str) -> None:
        found = "traceback" if "Traceback" in said else "lock" if LOCK.search(said) else kind
        self.violations[found].append(f"{who}: {said}")

    async def _check(self, first: Editor, second: Editor, assistant: Assistant) -> None:
        """Each of the four finds what is there and nothing that is not."""
        present = self.history.present()
        latest = [known[-1] for known in self.history.versions.values()]
        older = [version for known in self.history.versions.values() for version in known[:-1]]
        gone = self.history.gone_words()
        ordered = [version.word for version in sorted([*older, *latest], key=lambda each: -each.begin) if version.word]
        ghosts = list(dict.fromkeys(word for word in ordered if word in gone))[:MOST_GHOSTS]
        by_line = await self._by_command_line([*present.values(), *ghosts])
        searches: dict[str, Search] = {
            first.name: lambda word: self._question(first.name, first.search(word)),
            second.name: lambda word: self._question(second.name, second.search(word)),
            assistant.name: lambda word: self._question(
                assistant.name, assistant.call("search_code", query=word, detail="full")
            ),
            "command line": by_line,
        }
        for who, search in searches.items():
            lost = [path for path, word in present.items() if not _shows(await search(word), word, path)]
            self.violations["lost"] += [f"{who} does not find the last content of {path}" for path in lost]
            shown = [word for word in ghosts if _shows(await search(word), word)]
            self.violations["ghost"] += [f"{who} shows {word}, which is gone" for word in shown]
        self.searched_for = {"present": len(present), "gone": len(ghosts)}

    async def _by_command_line(self, words: list[str]) -> Search:
        """All of them by one process."""
        lines = "".join(json.dumps({"id": word, "query": word}) + "\n" for word in words)
        begin = time.monotonic()
        out = await self._output(["search", "--jsonl", "--root", str(self.folder)], lines)
        replies = {reply["id"]: reply for reply in map(json.loads, out.splitlines())}
        for reply in replies.values():
            for place in reply.get("hits", ()):
                if complaint := self.history.complaint(place, begin, time.monotonic()):
                    self.violations["stale"].append(f"command line, after the storm: {complaint}")

        async def search(word: str) -> dict[str, Any] | None:
            self.asked["command line"] += 1
            return replies.get(word)

        return search

    def report(self) -> dict[str, Any]:
        """Print the counts; what the result has of them."""
        counts = {kind: len(found) for kind, found in self.violations.items()}
        print("\n".join(f"{name}: {count:,}" for name, count in self.history.counts.items()))
        after = self.asked - self.asked_before
        for when, asked in (("in the storm", self.asked_before), ("after it", after)):
            print(f"questions {when}: {asked.total():,} ({_listed(asked)})")
        print(f"places shown and checked: {sum(self.shown.values()):,} ({_listed(self.shown)})")
        print(f"found by the search right after a save: {self.found_at_once[True]} of {self.found_at_once.total()}")
        print(f"searched for after the storm, by each of the four: {_listed(Counter(self.searched_for))}")
        for kind, found in self.violations.items():
            print(f"{kind}: {len(found)}")
            print("".join(f"    {line}\n" for line in found[:SHOWN]), end="")
        passed = not any(counts.values())
        print("PASS" if passed else "FAIL")
        return {
            "passed": passed,
            "violations": counts,
            "changes": self.history.counts,
            "questions": dict(self.asked_before),
            "questions_after": dict(after),
            "places_checked": dict(self.shown),
            "found_at_once": [self.found_at_once[True], self.found_at_once.total()],
            "searched_after": self.searched_for,
        }


def _shows(reply: dict[str, Any] | None, word: str, path: str = "") -> bool:
    hits = reply.get("hits", ()) if reply else ()
    return any(word in hit["text"] and path in {"", hit["path"]} for hit in hits)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


if __name__ == "__main__":
    main()
