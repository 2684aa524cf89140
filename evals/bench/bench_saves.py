"""Measures how soon a saved file is found: `python evals/bench/bench_saves.py TREE [--saves N]`.

An editor over a real stdio session opens a copy of TREE and saves files spread over it, one in five of them new. Each
save brings a symbol that was never there; the clock runs from the notification to the reply of a search that has it.
After the reply the editor also reports the file as changed on disk, as editors do. Beside it stands the same search
once more, when nothing has changed.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from pathlib import Path

from clients import CHANGED, Editor, editing
from edits import SUFFIXES, function
from measured import memory_of, print_table, since, spread, write
from trees import Tree, add_options, files_of, trees, working_copy

SEED = 7  # the same files on every run
NEW_SHARE = 5  # one in so many saves is of a new file


def main() -> None:
    """Save, search, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", metavar="TREE")
    parser.add_argument("--saves", type=int, default=200)
    parser.add_argument("--pause", type=float, default=0.3, help="seconds between two saves, for the editor's report")
    parser.add_argument("--cache", type=Path, help="a cache folder that is kept; with --workspace its index is used")
    parser.add_argument("--workspace", type=Path, help="a copy of the tree that is kept and saved to")
    parser.add_argument("--json", type=Path, help="where the result is written")
    add_options(parser)
    options = parser.parse_args()
    (tree,) = trees([options.name], options)
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as temporary:
        folder = options.workspace or Path(temporary) / tree.name
        if not folder.exists():
            working_copy(tree.folder, folder)
        asyncio.run(_session(tree, folder, options.cache or Path(temporary) / "cache", options))


async def _session(tree: Tree, folder: Path, cache: Path, options: argparse.Namespace) -> None:
    async with editing("editor", folder, cache, tells=True) as editor:
        begin = time.perf_counter()
        status = await editor.settled()
        print(f"{status['files']:,} files, {status['chunks']:,} chunks, ready after {since(begin) / 1000:.1f} s")
        begin = time.perf_counter()
        await editor.search("where is it opened")
        first = since(begin)
        saved, bare = await saves(editor, _files(folder, options.saves), options.pause)
        rows = [
            {"what": "save to found, ms", **spread(saved)},
            {"what": "the same search again, ms", **spread(bare)},
            {"what": "first search of all, ms", **spread([first])},
        ]
        print_table(rows)
        memory = round(memory_of(editor.pid) / 1e6, 1)
        print(f"memory of the server: {memory:.0f} MB")
        facts = {"tree": tree.name, "origin": tree.origin, "files": status["files"], "chunks": status["chunks"]}
        write(options.json, "saves", {**facts, "server_mb": memory, "rows": rows})


async def saves(editor: Editor, files: list[Path], pause: float) -> tuple[list[float], list[float]]:
    """Save each file once; milliseconds until it was found, and of the same search again. Ends where one is not."""
    found, again = [], []
    run = f"{time.time_ns():x}"[-8:]  # a kept workspace has the symbols of earlier runs
    for number, path in enumerate(files):
        name = f"zebra{run}_crossing{number}"
        is_new = not path.exists()
        text = "" if is_new else path.read_text(encoding="utf-8", errors="replace")
        editor.open(path, text)
        text = f"{text.rstrip()}\n\n{function(path, name)}".lstrip()
        editor.change(path, text)
        path.write_text(text, encoding="utf-8")
        begin = time.perf_counter()
        editor.saved(path)
        reply = await editor.search(name)
        found.append(since(begin))
        if not any(name in hit["text"] for hit in reply["hits"]):
            raise SystemExit(f"{name} was saved in {path.name} and not found: {reply['notices']}")
        editor.changed_on_disk([(path, CHANGED.Created if is_new else CHANGED.Changed)])
        await asyncio.sleep(pause)
        begin = time.perf_counter()
        await editor.search(name)
        again.append(since(begin))
        editor.close_document(path)
        await asyncio.sleep(pause)
    return found, again


def _files(folder: Path, count: int) -> list[Path]:
    """Files of known languages and middling size from all over the tree, some of them not there yet."""
    known = [path for path in files_of(folder) if path.suffix in SUFFIXES and "zebra" not in path.name]
    usable = [path for path in known if 200 < (folder / path).stat().st_size < 200_000]
    chosen = random.Random(SEED).sample(usable, min(count, len(usable)))
    run = f"{time.time_ns():x}"[-8:]
    return [
        (folder / path).with_name(f"zebra_{run}_{number}{path.suffix}") if number % NEW_SHARE == 0 else folder / path
        for number, path in enumerate(chosen)
    ]


if __name__ == "__main__":
    main()
