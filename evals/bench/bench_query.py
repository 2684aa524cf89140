"""Measures questions of varied kinds at several sizes: `python evals/bench/bench_query.py [--sizes 10k 100k 700k 1M]`.

The workspaces are shares of the trees in trees.toml; that of a million chunks is the whole of the large tree and
45 % of it once more under other identifiers. They and their indexes are kept in `--work`. Each size is asked in a
fresh process: the time to open, the first question after that, then questions of six kinds that are drawn from the
workspace's own files, each asked once, as `Engine.search` takes them and stage by stage.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measured import memory_of, print_table, since, spread, write
from trees import add_options, files_of, place_of, subset, trees

from surefoot.config import Settings
from surefoot.domain import Query
from surefoot.engine import Engine

SEED = 7  # the same questions on every run
EACH = 16  # questions of each kind
WARM_UP = 5
LOOKED_INTO = 400  # files that questions are drawn from
NAME = re.compile(r"\b[a-z]+(?:_[a-z0-9]+){1,3}\b|\b[a-z]+(?:[A-Z][a-z]+){1,3}\b|\b[A-Z][a-z]+(?:[A-Z][a-z]+){1,3}\b")
COMMENT = re.compile(r"(?m)^[ \t]*(?:#|//|\*)[ \t]*((?:[A-Za-z][a-z]{1,14}[ ,]+){5,9})")
MESSAGE = re.compile(r"\"((?:[A-Za-z]{2,14} ){3,8}[a-z]{2,14})[^\"\n]{0,20}\"")
SHAPES = (
    "how does {} decide about {}",
    "where is the {} of a {} set up",
    "what happens when {} fails while {} is running",
    "why would {} wait for {}",
)


@dataclass(frozen=True, slots=True)
class Size:
    """A workspace: a share of a tree, and a share that it has once more under other names."""

    tree: str
    share: float
    again: float = 0.0


SIZES = {
    "10k": Size("django", 0.27),
    "100k": Size("linux-drivers", 0.15),
    "700k": Size("linux-drivers", 1.0),
    "1M": Size("linux-drivers", 1.0, again=0.45),
}


def main() -> None:
    """Ask at each size, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES))
    parser.add_argument("--folders", nargs="*", type=Path, default=[], help="other workspaces to ask")
    parser.add_argument("--work", type=Path, help="where workspaces and indexes are kept; else they are made anew")
    parser.add_argument("--json", type=Path, help="where the result is written")
    parser.add_argument("--step", choices=("index", "ask"), help=argparse.SUPPRESS)  # what a process of its own does
    add_options(parser)
    options = parser.parse_args()
    if options.step:
        (folder,) = options.folders
        print(json.dumps(_indexed(folder, options.work) if options.step == "index" else _asked(folder, options.work)))
        return
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as temporary:
        work = (options.work or Path(temporary)).absolute()
        folders = {folder.name: folder for folder in options.folders}
        if not folders:
            folders = {size: _workspace(size, work, options) for size in options.sizes}
        sizes = [_measured(name, folder, work) for name, folder in folders.items()]
    write(options.json, "query", {"sizes": sizes})


def _measured(name: str, folder: Path, work: Path) -> dict[str, Any]:
    indexed = _step("index", folder, work)
    asked = _step("ask", folder, work)
    print(
        f"\n{name}: {indexed['chunks']:,} chunks of {indexed['files']:,} files, {asked['process_mb']:,.0f} MB in memory"
    )
    print_table(asked["rows"])
    return {"size": name, **indexed, **asked}


def _step(step: str, folder: Path, work: Path) -> dict[str, Any]:
    """One step in a fresh process."""
    command = [sys.executable, __file__, "--step", step, "--work", str(work), "--folders", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"The step {step} failed:\n{done.stderr[-3000:]}")
    return dict(json.loads(done.stdout))


# --- workspaces --------------------------------------------------------------------------------------------------


def _workspace(name: str, work: Path, options: argparse.Namespace) -> Path:
    size = SIZES[name]
    (tree,) = trees([size.tree], options)
    folder = work / "workspaces" / f"query-{name}"
    made = folder.with_name(f"{folder.name}.made")  # a workspace that was interrupted is made further
    if not made.exists():
        if not folder.exists():
            subset(tree.folder, size.share, folder)
        if size.again:
            _once_more(tree.folder, size.again, folder / "once_more")
        made.write_text(f"{tree.origin}\n", encoding="utf-8")
    return folder


def _once_more(tree: Path, share: float, target: Path) -> None:
    """Files with every compound identifier under another name, so that neither texts nor names are the same."""
    for path in files_of(tree):
        if place_of(path) < share and not (target / path).exists():
            content = (tree / path).read_bytes()
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(re.sub(rb"\b([A-Za-z]+_\w+)\b", rb"\1_ii", content))


# --- what runs in a process of its own ---------------------------------------------------------------------------


def _engine(folder: Path, work: Path) -> Engine:
    return Engine.open([folder], Settings(cache_dir=work / "cache", model="none"))


def _indexed(folder: Path, work: Path) -> dict[str, Any]:
    begin = time.perf_counter()
    with closing(_engine(folder, work)) as engine:
        report = engine.refresh()
    return {
        "files": report.files,
        "chunks": report.chunks,
        "symbols": report.symbols,
        "indexed": report.indexed,
        "index_seconds": round(time.perf_counter() - begin, 2),
    }


def _asked(folder: Path, work: Path) -> dict[str, Any]:
    kinds = questions(folder)
    warm_up, *_ = [list(each[EACH:]) for each in kinds.values()]
    begin = time.perf_counter()
    with closing(_engine(folder, work)) as engine:
        opened = since(begin)
        begin = time.perf_counter()
        engine.search(Query("where is it opened"))
        first = since(begin)
        for text in warm_up:
            engine.search(Query(text))
        times: dict[str, list[float]] = defaultdict(list)
        stages: dict[str, list[float]] = defaultdict(list)
        nothing = 0
        mixed = [(kind, text) for kind, texts in kinds.items() for text in texts[:EACH]]
        random.Random(SEED).shuffle(mixed)
        for kind, text in mixed:
            begin = time.perf_counter()
            result = engine.search(Query(text))
            times[kind].append(since(begin))
            nothing += result.no_match
            for stage, milliseconds in result.stages.items():
                stages[stage].append(milliseconds)
        memory = memory_of(os.getpid())
    every = [took for each in times.values() for took in each]
    rows = [{"what": "opening, ms", **spread([opened])}, {"what": "first question after that, ms", **spread([first])}]
    rows += [{"what": "a question, ms", **spread(every)}]
    rows += [{"what": f"  {kind}", **spread(took)} for kind, took in times.items()]
    rows += [{"what": f"  stage {stage}", **spread(took)} for stage, took in stages.items()]
    return {"process_mb": round(memory / 1e6, 1), "questions": len(every), "without_hits": nothing, "rows": rows}


# --- questions ---------------------------------------------------------------------------------------------------


def questions(folder: Path) -> dict[str, list[str]]:
    """For each kind as many questions as are asked, and some to warm up with, always the same for one workspace."""
    dice = random.Random(SEED)
    files = [path for path in files_of(folder) if path.suffix in {".py", ".c", ".h", ".js", ".go", ".rs"}]
    chosen = dice.sample(files, min(LOOKED_INTO, len(files)))
    texts = [(folder / path).read_text(encoding="utf-8", errors="replace")[:60_000] for path in chosen]
    names = _drawn(dice, texts, NAME)
    draws: dict[str, Callable[[], str]] = {
        "a name": lambda: next(names),
        "a misspelt name": lambda: _misspelt(dice, next(names)),
        "parts of a name": lambda: " ".join(_parts(next(names))),
        "in other words": lambda: dice.choice(SHAPES).format(_parts(next(names))[0], " ".join(_parts(next(names)))),
        "words of a comment": lambda: next(comments),
        "an error message": lambda: next(messages),
    }
    comments, messages = _drawn(dice, texts, COMMENT), _drawn(dice, texts, MESSAGE)
    return {kind: [draw() for _ in range(EACH + WARM_UP)] for kind, draw in draws.items()}


def _drawn(dice: random.Random, texts: list[str], pattern: re.Pattern[str]) -> Iterator[str]:
    """Matches from all over, without end: from a text at random, one of its matches at random."""
    found = {place: matches for place, text in enumerate(texts) if (matches := pattern.findall(text))}
    places = sorted(found)
    while places:
        yield dice.choice(found[dice.choice(places)]).strip()


def _misspelt(dice: random.Random, name: str) -> str:
    place = dice.randrange(1, len(name) - 1)
    return dice.choice(
        [name[:place] + name[place + 1 :], name[:place] + name[place + 1] + name[place] + name[place + 2 :]]
    )


def _parts(name: str) -> list[str]:
    return [part.lower() for part in re.findall(r"[A-Z]?[a-z0-9]+", name)]


if __name__ == "__main__":
    main()
