"""Writes evals/BENCHMARKS.md from evals/results/bench-*.json: `python evals/bench/page.py`.

Invariant: every figure on the page stands in one of these files or is a ratio of two in the same file; what was not
measured is said to be so.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from systems import RIPGREP, SUREFOOT

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results"
PAGE = HERE.parent / "BENCHMARKS.md"
LARGE = 20_000  # files of a tree that the claims about large ones are tried on
SAVES = 200
STORM_SECONDS = 120
SWITCHED = 500  # files
VECTORS = 1_000_000
COMMITS = 20_000
TICKETS = 10_000
Result = Mapping[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """One line of the list of what has to hold. `met` is None where nothing was measured that could tell."""

    what: str
    wanted: str
    found: str
    met: bool | None


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--out", type=Path, default=PAGE)
    options = parser.parse_args()
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(options.results.glob("bench-*.json"))]
    options.out.write_text("\n".join(page(results)) + "\n", encoding="utf-8")
    print(f"written: {options.out.name}, from {len(results)} results")


def page(results: Sequence[Result]) -> Iterator[str]:
    """Its lines."""
    yield from ("# Benchmarks", "")
    yield "Written by `python evals/bench/page.py` from `results/bench-*.json`; `make bench` measures everything anew."
    yield "Ratios are of figures of one run, in which the systems took turns on the same machine."
    yield from ("", "## What has to hold", "")
    rows = [(claim.what, claim.wanted, claim.found, _met(claim.met)) for claim in claims(results)]
    yield from table(("claim", "wanted", "measured", "met"), rows)
    for what, section in SECTIONS.items():
        for result in _of(results, what):
            yield from section(result)
    yield from ("", "## How it was measured", "")
    yield from table(
        ("command", "commit", "date", "CPU", "cores", "memory", "kernel", "Python", "load before"),
        [_measured_on(result) for result in results],
    )


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A table; numbers to the right."""
    kept = [list(map(_shown, row)) for row in rows]
    right = [bool(kept) and all(row[n][:1].isdigit() or not row[n] for row in kept) for n in range(len(head))]
    yield f"| {' | '.join(head)} |"
    yield f"|{'|'.join('---:' if is_right else '---' for is_right in right)}|"
    for row in kept:
        yield f"| {' | '.join(row)} |"


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _met(met: bool | None) -> str:  # noqa: FBT001 - it is what is shown
    return "not measured" if met is None else "yes" if met else "**no**"


def _of(results: Sequence[Result], what: str) -> list[Result]:
    return [result for result in results if result["what"] == what]


def _measured_on(result: Result) -> list[object]:
    machine = result["machine"]
    facts = [machine["cpu"], str(machine["cores"]), f"{machine['memory_gib']} GiB"]
    facts += [f"{machine['system']} {machine['kernel']}", machine["python"], str(machine["load_before"])]
    return [f"`{result['command']}`", f"`{result['commit']}`", result["date"], *facts]


# --- the claims --------------------------------------------------------------------------------------------------


def claims(results: Sequence[Result]) -> Iterator[Claim]:
    """What has to hold, one after the other."""
    yield from _claims_about_saves(_of(results, "saves"))
    yield from _claims_about_switches(_of(results, "changes"))
    trees = [tree for result in _of(results, "index") for tree in result["trees"]]
    yield from _claims_about_indexing(trees)
    sizes = [size for result in _of(results, "query") for size in result["sizes"]]
    yield _query_claim(sizes, 100_000, 50)
    yield _query_claim(sizes, 1_000_000, 150)
    yield from _claims_about_recall(_of(results, "vectors"))
    yield from _claims_about_the_embedder(_of(results, "embedder"))
    yield from _claims_about_history(_of(results, "history"))
    yield from _claims_about_tickets(_of(results, "tickets"))
    yield _fault_claim(_of(results, "faults"))
    yield from _claims_about_storms(_of(results, "storm"))


def _claims_about_saves(results: Sequence[Result]) -> Iterator[Claim]:
    what, wanted = f"save to searchable over LSP, {SAVES} saves, {LARGE:,} files and more: p95", "under 150 ms"
    fitting = [result for result in results if result["files"] >= LARGE]
    rows = [row for result in fitting for row in _starting(result["rows"], "save to found") if row["n"] >= SAVES]
    for row in rows:
        yield Claim(what, wanted, f"{row['p95']:.0f} ms", row["p95"] < 150)
    if not rows:
        yield Claim(what, wanted, "", None)


def _claims_about_switches(results: Sequence[Result]) -> Iterator[Claim]:
    large = [tree for result in results for tree in result["trees"] if tree["files"] >= LARGE and "switch" in tree]
    switches = [row for tree in large for row in tree["switch"] if row.get("files", 0) >= SWITCHED]
    for how in ("changes reported", "nothing reported"):
        for moment, limit in (("for the first time", 3000), ("back", 1000)):
            what = f"switch between branches {SWITCHED} files apart, {LARGE:,} files and more, {how}, {moment}: slowest"
            wanted = f"under {limit / 1000:.0f} s"
            rows = [row for row in switches if how in row["what"]]
            found = [row for row in rows if row["what"].endswith(f"{moment}, ms")]
            failed = [row["failed"] for row in rows if "failed" in row]
            if failed:
                yield Claim(what, wanted, failed[0], met=False)
            elif found:
                slowest, count = max(row["max"] for row in found), sum(int(row["n"]) for row in found)
                yield Claim(what, wanted, f"{slowest / 1000:.2f} s of {count}", slowest < limit)
            else:
                yield Claim(what, wanted, "", None)
    every = [row for result in results for tree in result["trees"] for row in tree.get("switch", ())]
    searched = [row for row in every if "missing" in row and row.get("files", 0) >= SWITCHED]
    count, missing = (sum(row[key] for row in searched) for key in ("searched", "missing"))
    what = f"symbols found after a switch, {SWITCHED} files apart, all trees"
    found_of_all = f"{count - missing:,} of {count:,}"
    yield Claim(what, "all", found_of_all, missing == 0) if count else Claim(what, "all", "", None)


def _claims_about_indexing(trees: Sequence[Row]) -> Iterator[Claim]:
    large = [tree for tree in trees if tree["files"] >= LARGE]
    django = [tree for tree in trees if tree["name"] == "django"]
    for name, found, limit in (("Django", django, 0.5), (f"{LARGE:,} files and more", large, 3.0)):
        wanted = ("at least 1.0 times", "under 1.5 GB", f"under {limit:g} s")
        whats = ("cold index, files/s beside the faster semble", "cold index, peak memory", "no-op start, median")
        if not found:
            yield from (Claim(f"{what}: {name}", want, "", None) for what, want in zip(whats, wanted, strict=True))
            continue
        cold, no_op = _named(found[0]["cold"]), _named(found[0]["no_op"])
        ratio = _beside_semble(found[0]["cold"])
        shown = "" if ratio is None else f"{ratio:.2f} times"
        yield Claim(f"{whats[0]}: {name}", wanted[0], shown, None if ratio is None else ratio >= 1.0)
        peak, start = cold[SUREFOOT]["peak_mb"], no_op[SUREFOOT]["median"]
        yield Claim(f"{whats[1]}: {name}", wanted[1], f"{peak / 1000:.2f} GB", peak < 1500)
        yield Claim(f"{whats[2]}: {name}", wanted[2], f"{start:.2f} s", start < limit)


def _query_claim(sizes: Sequence[Row], chunks: int, limit: int) -> Claim:
    what, wanted = f"a question at {chunks:,} chunks and more: p95", f"under {limit} ms"
    fitting = sorted((size for size in sizes if size["chunks"] >= chunks), key=lambda size: int(size["chunks"]))
    if not fitting:
        return Claim(what, wanted, "", None)
    (row,) = [row for row in fitting[0]["rows"] if row["what"] == "a question, ms"]
    return Claim(what, wanted, f"{row['p95']:.0f} ms at {fitting[0]['chunks']:,}", row["p95"] < limit)


def _claims_about_recall(results: Sequence[Result]) -> Iterator[Claim]:
    """`recall_at_50` of the rows that are marked `chosen`, at so many vectors that it is hard."""
    what, wanted = f"recall@50 of the vector stage against exact, at {VECTORS:,} vectors and more", "at least 0.97"
    chosen = [row for result in results for row in result["rows"] if row.get("chosen")]
    rows = [row for row in chosen if row["vectors"] >= VECTORS and row.get("questions")]
    for row in rows:
        yield Claim(what, wanted, f"{row['recall_at_50']:.3f} of {row['questions']}", row["recall_at_50"] >= 0.97)
    if not rows:
        yield Claim(what, wanted, "", None)


def _claims_about_the_embedder(results: Sequence[Result]) -> Iterator[Claim]:
    """Of the last result; loading is that of the weights, once the libraries are imported."""
    whats = ("size", "load, median", "a question, median", "chunks a second on one core, median")
    wanted = ("at most 10 MB", "under 100 ms", "under 1 ms", "at least 5,000")
    if not results:
        yield from (Claim(f"the embedder: {what}", want, "", None) for what, want in zip(whats, wanted, strict=True))
        return
    row = _named(results[-1]["rows"])[SUREFOOT]
    load, question, rate = (row[key]["median"] for key in ("load_ms", "question_ms", "chunks_per_second"))
    found = (f"{row['bytes'] / 1e6:.2f} MB", f"{load:.0f} ms", f"{question:.2f} ms", f"{rate:,.0f}")
    met = (row["bytes"] <= 10_000_000, load < 100, question < 1, rate >= 5_000)
    for what, *rest in zip(whats, wanted, found, met, strict=True):
        yield Claim(f"the embedder: {what}", *rest)


def _claims_about_history(results: Sequence[Result]) -> Iterator[Claim]:
    what, wanted = f"first reading of {COMMITS:,} commits and more", "under 60 s"
    large = [result for result in results if result["commits"] >= COMMITS]
    for row in (row for result in large for row in _starting(result["rows"], "first reading")):
        yield Claim(what, wanted, f"{row['max'] / 1000:.1f} s", row["max"] < 60_000)
    if not large:
        yield Claim(what, wanted, "", None)


def _claims_about_tickets(results: Sequence[Result]) -> Iterator[Claim]:
    forms = [form for result in results if result["tickets"] >= TICKETS for form in result["forms"]]
    for form in forms:
        (row,) = _starting(form["rows"], "cold")
        what = f"indexing of {TICKETS:,} tickets and more, {form['name']}"
        yield Claim(what, "under 20 s", f"{row['max'] / 1000:.1f} s", row["max"] < 20_000)
    if not forms:
        yield Claim(f"indexing of {TICKETS:,} tickets and more", "under 20 s", "", None)


def _fault_claim(results: Sequence[Result]) -> Claim:
    """`faults` and `operations` are counts by kind; those of a part of the suite prove nothing."""
    what, wanted = "fault-injection suite and stateful test, in full", "no violation"
    whole = [result for result in results if result["full"]]
    if not whole:
        return Claim(what, wanted, "", None)
    injected, done = (sum(whole[-1][key].values()) for key in ("faults", "operations"))
    wrong, skipped = whole[-1]["violations"], whole[-1]["skipped"]
    found = f"{injected:,} faults, of which {whole[-1]['kills']:,} are kills, {done:,} operations, {wrong:,} violations"
    return Claim(what, wanted, f"{found}, {skipped} tests skipped" if skipped else found, wrong == 0)


def _claims_about_storms(results: Sequence[Result]) -> Iterator[Claim]:
    what = f"two editors, an assistant and the command line under {STORM_SECONDS} s of saves"
    wanted = "no lock error, no lost update"
    fitting = [result for result in results if result["seconds"] >= STORM_SECONDS]
    for result in fitting:
        counts = ", ".join(f"{kind} {count}" for kind, count in result["violations"].items())
        yield Claim(what, wanted, counts, result["passed"])
    if not fitting:
        yield Claim(what, wanted, "", None)


def _starting(rows: Sequence[Row], begin: str) -> list[Row]:
    return [row for row in rows if row["what"].startswith(begin)]


def _named(rows: Sequence[Row]) -> dict[str, Row]:
    return {row["system"]: row for row in rows}


def _beside_semble(rows: Sequence[Row]) -> float | None:
    others = [row["files_per_second"] for row in rows if row["system"] not in {SUREFOOT, RIPGREP}]
    own = _named(rows)[SUREFOOT]["files_per_second"]
    return own / max(others) if others else None


# --- the tables --------------------------------------------------------------------------------------------------


def _index_section(result: Result) -> Iterator[str]:
    versions = ", ".join(f"{name} {version}" for name, version in sorted(result["versions"].items()))
    for tree in result["trees"]:
        yield from ("", f"## Indexing {tree['name']}", "")
        yield f"{tree['origin']}: {tree['files']:,} files; {versions}."
        yield "Each row is a whole command in a fresh process, all its processes counted; the page cache is warm."
        yield "semble reads code, documents and configuration, with a static model of 60,000 tokens by 256 components."
        yield "Ratios are to Surefoot: files per second for cold indexing, else time."
        for what, name in (("cold", "Cold"), ("no_op", "Nothing changed"), ("changed", "One file changed")):
            yield from ("", f"### {name}", "")
            yield from _systems(tree[what], by_files=what == "cold")
        yield from (
            "",
            "### Growth",
            "",
            "Cold, of a part of the files; each part has all files of the smaller ones.",
            "",
        )
        yield from _growth(tree["growth"])


def _systems(rows: Sequence[Row], *, by_files: bool) -> Iterator[str]:
    head = ["system", "best s", "median s", "n", "files", "chunks", "files/s", "chunks/s", "CPU s", "peak MB"]
    own = _named(rows)[SUREFOOT]

    def cells(row: Row) -> list[object]:
        ratio = row["files_per_second"] / own["files_per_second"] if by_files else row["best"] / own["best"]
        figures = [row[key] for key in ("system", "best", "median", "n", "files", "chunks")]
        rates = [row["files_per_second"], row["chunks_per_second"]] if by_files else []
        ends = [row["cpu_seconds"], row["peak_mb"], row["index_mb"], row["bytes_per_chunk"], ratio]
        return ["" if value == 0 else value for value in [*figures, *rates, *ends]]

    kept = head if by_files else [name for name in head if name not in {"files/s", "chunks/s"}]
    yield from table([*kept, "index MB", "bytes/chunk", "ratio"], map(cells, rows))


def _growth(rows: Sequence[Row]) -> Iterator[str]:
    cells = [
        [row["system"], f"{row['share']:.3g}", row["files"], row["chunks"], row["best"],
         row["best"] / max(1, row["chunks"]) * 1000, row["peak_mb"], row["index_mb"]]
        for row in sorted(rows, key=lambda row: (row["system"], row["share"]))
    ]  # fmt: skip
    head = ("system", "share", "files", "chunks", "best s", "ms/chunk", "peak MB", "index MB")
    yield from table(head, cells)


def _saves_section(result: Result) -> Iterator[str]:
    yield from ("", "## Saves", "")
    yield f"{result['origin']}: {result['files']:,} files, {result['chunks']:,} chunks, over LSP."
    yield f"The server has {result['server_mb']:,.0f} MB in memory at the end."
    yield from ("", *_spreads(result["rows"]))


def _changes_section(result: Result) -> Iterator[str]:
    for tree in result["trees"]:
        yield from ("", f"## Changes in {tree['name']}", "", f"{tree['origin']}: {tree['files']:,} files.", "")
        rows = [*tree.get("refresh", []), *tree.get("switch", [])]
        yield from _spreads([row for row in rows if "best" in row])
        for row in rows:
            if "missing" in row:
                yield from ("", f"{row['what']}: {row['missing']} of {row['searched']}.")
            if "failed" in row:
                yield from ("", f"{row['what'].removesuffix(', ms')}: {row['failed']}")


def _query_section(result: Result) -> Iterator[str]:
    for size in result["sizes"]:
        yield from ("", f"## Questions at {size['chunks']:,} chunks", "")
        yield f"{size['files']:,} files; {size['questions']} questions, of which {size['without_hits']} have no hit."
        yield f"The process has {size['process_mb']:,.0f} MB in memory at the end."
        yield from ("", *_spreads(size["rows"]))


def _history_section(result: Result) -> Iterator[str]:
    yield from ("", "## Commits", "")
    yield f"Made repositories with {result['commits']:,} and {result['long']:,} commits."
    speed = f"{result['commits_per_second']:,.0f} a second, with {result['cpu_seconds']:,.1f} s of CPU"
    yield f"Of the first all are read, {speed};"
    yield f"each takes {result['bytes_per_commit']:,} bytes, and the process had {result['peak_mb']:,.0f} MB at most."
    yield "In the second, code is searched for and files are saved with and without commits being read behind it."
    yield from ("", *_spreads(result["rows"]))
    busy = [(before, after) for before, after in pairwise(result["rows"]) if after["what"].startswith("the same while")]
    for before, after in busy:
        ratio = after["median"] / before["median"]
        yield from (
            "",
            f"{before['what'].removesuffix(', ms')}: {ratio:.2f} times as long while commits are read, by the medians.",
        )


def _tickets_section(result: Result) -> Iterator[str]:
    for form in result["forms"]:
        yield from ("", f"## Tickets: {form['name']}", "")
        yield f"{result['tickets']:,} made tickets, {form['mb']} MB, {form['chunks']:,} chunks."
        yield from ("", *_spreads(form["rows"]))


def _storm_section(result: Result) -> Iterator[str]:
    yield from ("", "## Save storm", "", f"{result['origin']}, {result['seconds']:.0f} s.", "")
    counts = [*result["changes"].items(), *((f"questions of {who}", n) for who, n in result["questions"].items())]
    counts += [(f"questions of {who} after it", n) for who, n in result.get("questions_after", {}).items()]
    counts += [(f"places shown to {who} and checked", count) for who, count in result["places_checked"].items()]
    counts += [(f"violations: {kind}", count) for kind, count in result["violations"].items()]
    found, tried = result["found_at_once"]
    yield from table(("what", "count"), [*counts, ("found by the search right after a save", f"{found} of {tried}")])


def _spreads(rows: Sequence[Row]) -> Iterator[str]:
    names = ("best", "median", "p95", "max")
    cells = [[row["what"].strip(), *(float(row[name]) for name in names), int(row["n"])] for row in rows]
    yield from table(("what", *names, "n"), cells)


def _faults_section(result: Result) -> Iterator[str]:
    tests = f"{result['tests']} tests, {result['skipped']} of them skipped, {result['violations']} violations."
    yield from ("", "## Faults", "", tests if result["full"] else f"{tests} Not the whole suite.", "")
    counts = [(f"{name}: {kind}", count) for name in ("faults", "operations") for kind, count in result[name].items()]
    yield from table(("what", "count"), counts)


def _vectors_section(result: Result) -> Iterator[str]:
    """Whatever columns the benchmark has."""
    yield from ("", "## Vector search", "")
    columns = list(dict.fromkeys(name for row in result["rows"] for name in row))
    yield from table(columns, [[row.get(name, "") for name in columns] for row in result["rows"]])


def _embedder_section(result: Result) -> Iterator[str]:
    yield from ("", "## The embedder", "")
    yield from embedder_tables(result)


def embedder_tables(result: Result) -> Iterator[str]:
    """As the benchmark itself prints them, too."""
    name, dimension = result["embedder"]["name"], result["embedder"]["dimension"]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(result["versions"].items()))
    yield f"{name}, {dimension} components, beside the same weights in model2vec and a transformer; {versions}."
    yield f"{result['questions']} questions, chunks of {', '.join(result['corpora'])}, {result['rounds']} rounds."
    yield "A round is a fresh process of each, with one thread; milliseconds are medians, chunks are by processor time."
    yield "model2vec averages a text's token vectors; it does not split identifiers such as `maxRetries`."
    yield "It counts a repeated token each time, where Surefoot takes the square root of that: its vectors are others."
    yield "MiniLM reads at most 256 tokens of a text, and one text at a time, which was faster than batches."
    yield ""
    head = ("system", "MB shipped", "import ms", "load ms", "start to first vector ms", "ms/question", "p95", "chunks",
            "chunks/s on one core", "peak MB", "cosine to Surefoot's: questions", "chunks'")  # fmt: skip
    yield from table(head, map(_embedder_cells, result["rows"]))


def _embedder_cells(row: Row) -> list[object]:
    times = [row[key]["median"] for key in ("import_ms", "load_ms", "start_ms", "question_ms")]
    rate, alike = row["chunks_per_second"]["median"], row.get("alike", {})
    figures = [*times, row["question_ms"]["p95"], row["chunks"], rate, row["peak_mb"]]
    return [row["system"], row["bytes"] / 1e6, *figures, *(alike.get(of, "") for of in ("questions", "chunks"))]


SECTIONS: Mapping[str, Callable[[Result], Iterator[str]]] = {
    "index": _index_section,
    "changes": _changes_section,
    "saves": _saves_section,
    "query": _query_section,
    "vectors": _vectors_section,
    "embedder": _embedder_section,
    "history": _history_section,
    "tickets": _tickets_section,
    "storm": _storm_section,
    "faults": _faults_section,
}

if __name__ == "__main__":
    main()
