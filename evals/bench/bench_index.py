"""Measures indexing beside semble and ripgrep: `python evals/bench/bench_index.py TREE... [--rounds N]`.

    cold      an empty cache folder
    no-op     the index is there and nothing has changed
    changed   the index is there and one file has changed
    growth    a cold index of an eighth, a quarter and half of the tree

A TREE is a name in trees.toml or a folder. Every measure is of a whole command in a fresh process, all its processes
counted; the systems take turns, so that whatever else the machine does hits all alike. The page cache is warm: ripgrep
has read the tree once before. Peak memory is that of all processes together, shared pages counted once.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from edits import COMMENTS
from measured import print_table, spread, write
from systems import RIPGREP, Indexed, System, ripgrep_version, semble_version, systems
from trees import Tree, add_options, files_of, subset, trees, working_copy

EDITED = (".py", ".c")
STEP = 37  # from one edited file to the next, so that they are from all over the tree
PARTS = (0.125, 0.25, 0.5)  # of the files; each part has all files of the smaller ones
Row = dict[str, Any]


def main() -> None:
    """Measure every tree and print its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="TREE")
    parser.add_argument("--rounds", type=int, default=3, help="of cold indexing")
    parser.add_argument("--noop-rounds", type=int, default=7, help="of no-op starts and of one changed file")
    parser.add_argument("--growth-rounds", type=int, default=1)
    parser.add_argument("--semble", default="", metavar="PYTHON", help='one that has semble; "none" leaves it out')
    parser.add_argument("--workers", type=int, nargs="*", default=[0, 2], help="semble's worker processes")
    parser.add_argument("--json", type=Path, help="where the result is written")
    add_options(parser)
    options = parser.parse_args()
    measured = systems(options.semble, options.workers)
    versions = {"ripgrep": ripgrep_version()}
    if options.semble != "none":
        versions["semble"] = semble_version(options.semble)
    found = [_measured(tree, measured, options) for tree in trees(options.names, options)]
    write(options.json, "index", {"versions": versions, "trees": found})


def _measured(tree: Tree, measured: Sequence[System], options: argparse.Namespace) -> Row:
    with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as temporary:
        scratch = Path(temporary)
        copy = working_copy(tree.folder, scratch / "tree" / tree.name)
        for system in measured:
            if system.name == RIPGREP:
                system.index(copy, scratch)
        print(f"\n{tree.name}: {tree.origin}")
        bench = _Bench(copy, scratch, measured)
        indexing = [system for system in measured if system.name != RIPGREP]
        found: Row = {"name": tree.name, "origin": tree.origin, "files": len(files_of(copy))}
        found["cold"] = _told("cold", bench.rounds(measured, options.rounds, bench.cold))
        found["no_op"] = _told("no-op", bench.rounds(indexing, options.noop_rounds, bench.again))
        found["changed"] = _told("changed", bench.rounds(indexing, options.noop_rounds, bench.changed))
        found["growth"] = _growth(copy, scratch, indexing, options, found["cold"])
    return found


class _Bench:
    """One tree: a cache folder for each system, which keeps the index of its last cold round."""

    def __init__(self, tree: Path, scratch: Path, measured: Sequence[System]) -> None:
        self.tree = tree
        self.caches = {system.name: scratch / f"cache-{place}" for place, system in enumerate(measured)}
        self.edits: Counter[str] = Counter()  # of each system
        self.edited = [path for path in files_of(tree) if path.suffix in EDITED and (tree / path).stat().st_size]

    def rounds(self, measured: Sequence[System], rounds: int, call: Callable[[System], Indexed]) -> list[Row]:
        """The systems in turn, and again."""
        calls: dict[str, list[Indexed]] = defaultdict(list)
        for number in range(rounds):
            for place in range(len(measured)):  # another one begins each time
                system = measured[(place + number) % len(measured)]
                calls[system.name].append(call(system))
        return [_row(system.name, calls[system.name]) for system in measured if calls[system.name]]

    def cold(self, system: System) -> Indexed:
        """With nothing that an earlier round has left."""
        shutil.rmtree(self.caches[system.name], ignore_errors=True)
        self.caches[system.name].mkdir()
        return system.index(self.tree, self.caches[system.name])

    def again(self, system: System) -> Indexed:
        """With the index that is there."""
        return system.index(self.tree, self.caches[system.name])

    def changed(self, system: System) -> Indexed:
        """After one file was changed, in each round another one, and the same one for all systems."""
        self.again(system)  # whatever others had changed before
        path = self.tree / self.edited[self.edits[system.name] * STEP % len(self.edited)]
        self.edits[system.name] += 1
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{COMMENTS[path.suffix]} edit {self.edits[system.name]} for {system.name}\n")
        return self.again(system)


def _row(name: str, calls: Sequence[Indexed]) -> Row:
    seconds = spread([call.measured.seconds for call in calls])
    last = calls[-1]
    row: Row = {"system": name, "best": seconds["best"], "median": seconds["median"], "n": len(calls)}
    row |= {"files": last.files, "chunks": last.chunks}
    row["files_per_second"] = round(last.files / seconds["best"], 1)
    row["chunks_per_second"] = round(last.chunks / seconds["best"], 1)
    row["cpu_seconds"] = round(statistics.median(call.measured.cpu_seconds for call in calls), 3)
    row["peak_mb"] = round(max(call.measured.peak_bytes for call in calls) / 1e6, 1)
    row["index_mb"] = round(last.index_bytes / 1e6, 1)
    row["bytes_per_chunk"] = round(last.index_bytes / last.chunks) if last.chunks else 0
    return row


def _growth(
    tree: Path, scratch: Path, indexing: Sequence[System], options: argparse.Namespace, whole: Sequence[Row]
) -> list[Row]:
    """Every part is one root of its own, so that nothing is known of it before."""
    rows = []
    for part in PARTS if options.growth_rounds else ():
        folder = subset(tree, part, scratch / f"part-{part}" / tree.name)
        bench = _Bench(folder, scratch / f"part-{part}", indexing)
        rows += [{"share": part, **row} for row in bench.rounds(indexing, options.growth_rounds, bench.cold)]
        shutil.rmtree(scratch / f"part-{part}")
    rows += [{"share": 1.0, **row} for row in whole if row["system"] != RIPGREP]
    return _told("growth", rows)


def _told(what: str, rows: list[Row]) -> list[Row]:
    print(f"\n{what}")
    print_table(rows)
    return rows


if __name__ == "__main__":
    main()
