"""Measures how commits are indexed: `python evals/bench/bench_history.py [--commits 20000] [--long 100000]`.

Two repositories are made with `git fast-import`, or taken with `--work`, where they are kept: files of many functions,
and commits that change some of them, with messages, tickets and merges. Of the first, all commits are indexed as by a
first pass, then after one more commit, and with nothing to do. In the second, code is searched for and files are saved
while its commits are read behind it, as in an editor, beside the same when nothing else goes on.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from measured import print_table, since, spread, write

from surefoot.config import Settings
from surefoot.domain import Query, Scope, Source
from surefoot.engine import Engine
from surefoot.index.manners import lower_thread_priority
from surefoot.trace import CancelToken

SEED = 11  # the same history on every run
FILES = 1500
FUNCTIONS = 14  # of each file
MERGE_SHARE = 20  # one commit in so many is a merge
WATCHED_SECONDS = 45.0  # of a long reading
PAUSE = 0.15  # between two questions
WORDS = (
    "retry limit client order invoice session parser cache token stream queue worker payment refund address customer "
    "report filter index schema migration timeout buffer handler router scheduler lock thread metric export import "
    "validate encode decode render layout theme upload download archive restore balance ledger tax currency locale"
).split()
CODE = Scope(sources=(Source.CODE,))


def main() -> None:
    """Make, index, search, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--commits", type=int, default=20_000)
    parser.add_argument("--long", type=int, default=100_000)
    parser.add_argument("--work", type=Path, help="where the repositories are kept")
    parser.add_argument("--json", type=Path, help="where the result is written")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as temporary:
        work = options.work or Path(temporary)
        whole = repository(work / f"history-{options.commits}", options.commits)
        facts, first = _whole(whole, Path(temporary) / "first")
        print_table(first)
        second = _behind(repository(work / f"history-{options.long}", options.long), Path(temporary) / "second")
        print_table(second)
        rows = {"rows": [*first, *second]}
        write(options.json, "history", {"commits": options.commits, "long": options.long, **facts, **rows})


# --- the repositories ---


def repository(folder: Path, commits: int) -> Path:
    """A repository with so many commits, made unless it is there."""
    if not (folder / ".git" / "made").exists():
        folder.mkdir(parents=True)
        _git(folder, "init", "-q", "-b", "main")
        begin = time.perf_counter()
        process = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE)
        assert process.stdin is not None
        for part in _stream(commits):
            process.stdin.write(part)
        process.stdin.close()
        assert process.wait() == 0
        _git(folder, "reset", "-q", "--hard", "main")
        (folder / ".git" / "made").touch()
        print(f"{commits:,} commits made in {since(begin) / 1000:.0f} s")
    return folder


def _stream(commits: int) -> Iterator[bytes]:
    chance = random.Random(SEED)
    texts = [[chance.randrange(1000) for _ in range(FUNCTIONS)] for _ in range(FILES)]
    yield _commit(chance, 0, 0, [_file(number, text) for number, text in enumerate(texts)])
    for number in range(1, commits):
        changed = []
        for file in {chance.randrange(FILES) for _ in range(min(1 + int(chance.expovariate(0.7)), 8))}:
            for _ in range(1 + chance.randrange(2)):
                texts[file][chance.randrange(FUNCTIONS)] = chance.randrange(1000)
            changed.append(_file(file, texts[file]))
        second = number - 2 if number > 2 and number % MERGE_SHARE == 0 else 0
        yield _commit(chance, number, second, changed)


def _file(number: int, values: list[int]) -> bytes:
    name = f"{WORDS[number % 7]}/{WORDS[number % len(WORDS)]}_{number}.py"
    text = "".join(_function(number, place, value) for place, value in enumerate(values)).encode()
    return f"M 100644 inline src/{name}\ndata {len(text)}\n".encode() + text + b"\n"


def _function(file: int, place: int, value: int) -> str:
    noun, verb = WORDS[(file * 7 + place) % len(WORDS)], WORDS[(file + place * 3) % len(WORDS)]
    return (
        f"def {verb}_{noun}_{file}_{place}({noun}, {verb}):\n"
        f'    """{verb.title()} the {noun} of one {WORDS[(file + place) % len(WORDS)]}."""\n'
        f"    if {noun} is None:\n        return {verb}\n"
        f"    return {noun} + {value}\n\n\n"
    )


def _commit(chance: random.Random, number: int, second: int, files: list[bytes]) -> bytes:
    message = f"{_words(chance, 4, 9).capitalize()}{f' (#{number})' if number % 4 == 0 else ''}"
    if number % 3:
        message += "\n\n" + "\n".join(_words(chance, 8, 12).capitalize() + "." for _ in range(1 + chance.randrange(6)))
    if second:
        message = f"Merge pull request #{number} from team/{_words(chance, 1, 1)}\n\n{message}"
    when = 1_400_000_000 + number * 600
    head = f"commit refs/heads/main\nmark :{number + 1}\ncommitter A <a@example.org> {when} +0000\n"
    text = message.encode()
    merge = f"merge :{second + 1}\n" if second else ""
    return f"{head}data {len(text)}\n".encode() + text + f"\n{merge}".encode() + b"".join(files) + b"\n"


def _words(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(chance.randint(least, most)))


def _git(folder: Path, *arguments: str) -> str:
    name = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    done = subprocess.run(["git", *name, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


# --- what is measured ---


def _whole(root: Path, cache: Path) -> tuple[dict[str, float], list[dict[str, Any]]]:
    """All commits at once, one more, nothing, and what a hover takes with them."""
    settings = Settings(cache_dir=cache, model="none", history_commits=10**7)
    engine = Engine.open([root], settings)
    files = _timed(lambda: engine.refresh(history=False))
    engine.close()
    size = _size(cache)
    engine = Engine.open([root], settings)
    begin = _cpu()
    reading = _timed(engine.refresh_history)
    cpu = _cpu() - begin
    commits = engine.state().sources[Source.COMMITS]
    one = []
    for number in range(5):
        _git(root, "commit", "-q", "--allow-empty", "-m", f"One more {number}")
        one.append(_timed(engine.refresh_history))
    nothing = [_timed(engine.refresh_history) for _ in range(100)]
    path = root / _git(root, "log", "-1", "--format=", "--name-only", "--", "src").split()[0]
    Engine.expect_work()  # as a server does when it starts, so that no hover waits for modules
    hovers = [_timed(lambda line=line: engine.hover(path, line, 6)) for line in range(1, 7 * FUNCTIONS, 7)]
    shown = engine.hover(path, 1, 6)
    assert shown is not None
    assert shown.commits
    engine.close()
    grown = _size(cache) - size
    facts = {
        "commits_per_second": round(commits / reading * 1000, 1),
        "cpu_seconds": round(cpu, 2),
        "bytes_per_commit": round(grown / commits),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }
    print(f"{commits:,} commits, {facts['commits_per_second']:,.0f} a second, {cpu:,.1f} s of CPU,", end=" ")
    print(f"{facts['bytes_per_commit']:,} bytes each, {facts['peak_mb']:,.0f} MB at most")
    _git(root, "reset", "-q", "--hard", "HEAD~5")
    return facts, [
        {"what": "files, ms", **spread([files])},
        {"what": f"first reading of {commits:,} commits, ms", **spread([reading])},
        {"what": "after one more commit, ms", **spread(one)},
        {"what": "nothing new, ms", **spread(nothing)},
        {"what": "hover, ms", **spread(hovers)},
    ]


def _behind(root: Path, cache: Path) -> list[dict[str, Any]]:
    """Code searched for, and files saved, while commits are read."""
    settings = Settings(cache_dir=cache, model="none", history_commits=10**7)
    engine = Engine.open([root], settings)
    engine.expect_work()
    files = _timed(lambda: engine.refresh(history=False))
    idle = _questions(engine, root, lambda left: left > 0, 15.0)
    stop, ended = CancelToken(), threading.Event()
    reading = threading.Thread(target=_read, args=(engine, stop, ended))
    reading.start()
    busy = _questions(engine, root, lambda left: left > 0 and not ended.is_set(), WATCHED_SECONDS)
    so_far = engine.state().sources.get(Source.COMMITS, 0)
    stop.cancel()
    reading.join()
    engine.close()
    print(f"{so_far:,} commits were read meanwhile")
    return [
        {"what": "files of the long history, ms", **spread([files])},
        {"what": "search for code, ms", **spread(idle[0])},
        {"what": "the same while commits are read, ms", **spread(busy[0])},
        {"what": "save, ms", **spread(idle[1])},
        {"what": "the same while commits are read, ms", **spread(busy[1])},
    ]


def _read(engine: Engine, stop: CancelToken, ended: threading.Event) -> None:
    lower_thread_priority()
    try:
        engine.refresh_history(cancel=stop)
    except BaseException as error:  # noqa: BLE001 - the end that was asked for, or a fault that is told
        print(f"reading ended: {type(error).__name__}", file=sys.stderr)
    finally:
        ended.set()


def _questions(
    engine: Engine, root: Path, goes_on: Callable[[float], bool], seconds: float
) -> tuple[list[float], list[float]]:
    chance, end = random.Random(SEED), time.perf_counter() + seconds
    searches, saves = [], []
    saved = sorted((root / "src").rglob("*.py"))[:20]
    while goes_on(end - time.perf_counter()):
        question = Query(f"how is the {chance.choice(WORDS)} of a {chance.choice(WORDS)} made?", CODE)
        searches.append(_timed(lambda question=question: engine.search(question, traced=False)))
        path = chance.choice(saved)
        path.write_text(path.read_text() + f"# {chance.random()}\n")
        saves.append(_timed(lambda path=path: engine.refresh([path])))
        time.sleep(PAUSE)
    _git(root, "checkout", "-q", "--", ".")
    assert statistics.median(searches) > 0
    return searches, saves


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return since(begin)


def _cpu() -> float:
    """Seconds of this process and of the processes of git that have ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
