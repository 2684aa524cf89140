"""The benchmarks' own instruments: what they measure, and that they notice what they are there to notice."""

from __future__ import annotations

import json
import platform
import random
import re
import sys
import time
from collections import Counter
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "evals" / "bench"
MB = 1024 * 1024


@pytest.fixture(autouse=True)
def _bench_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCH))


def script(name: str) -> ModuleType:
    return import_module(name)


# --- measured.py -----------------------------------------------------------------------------------------------------


def test_a_command_is_measured_with_the_processes_that_it_starts() -> None:
    child = f"x = bytearray({60 * MB}); x[::4096] = b'1' * len(x[::4096]); import time; end = time.process_time() + 0.6"
    child += "\nwhile time.process_time() < end: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}], check=True); print('done')"
    found = script("measured").run([sys.executable, "-c", parent])
    assert found.output == "done\n"
    assert found.cpu_seconds >= 0.6
    assert found.peak_bytes >= 60 * MB


def test_a_command_that_fails_ends_the_benchmark_with_what_it_said() -> None:
    with pytest.raises(SystemExit, match="no such luck"):
        script("measured").run([sys.executable, "-c", "import sys; sys.exit('no such luck')"])


def test_a_result_names_no_path_and_no_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measured = script("measured")
    words = [str(tmp_path / "tree"), "--rounds", "2", f"--json={tmp_path}/y=z/x.json", "--only=switch"]
    monkeypatch.setattr(sys, "argv", [str(BENCH / "bench_x.py"), *words])
    measured.write(tmp_path / "bench-x.json", "x", {})
    written = (tmp_path / "bench-x.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in written
    assert str(Path.home()) not in written
    assert platform.node() not in re.findall(r"[\w.-]+", written)
    command = json.loads(written)["command"]
    assert command == "python evals/bench/bench_x.py '…/tree' --rounds 2 '--json=…/x.json' --only=switch"


# --- edits.py --------------------------------------------------------------------------------------------------------


def test_names_that_are_written_into_files_have_nothing_in_common() -> None:
    names = [script("edits").unlike_name("other", number) for number in range(1000)]
    assert len(set(names)) == len(names)
    assert not any(re.search(r"\d", name) for name in names)
    most = max(sum(map(str.__eq__, one, other)) for one, other in pairwise(names))
    assert most <= len("egret_") + 6


# --- bench_index.py --------------------------------------------------------------------------------------------------


class Noting:
    """A system that notes what its tree looks like whenever it is to index it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: list[dict[str, str]] = []

    def index(self, tree: Path, _cache: Path) -> None:
        self.seen.append({path.name: path.read_text() for path in tree.iterdir()})

    def changed(self) -> list[set[str]]:
        """The files that differ between each pair of calls."""
        pairs = zip(self.seen[::2], self.seen[1::2], strict=True)
        return [{name for name in before if before[name] != after[name]} for before, after in pairs]


def test_one_file_is_changed_which_is_the_same_for_all_systems_and_not_an_empty_one(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    for number in range(20):
        (tree / f"f{number}.py").write_text("" if number % 4 else f"x = {number}\n")
    systems = [Noting("one"), Noting("two"), Noting("three")]
    bench = script("bench_index")._Bench(tree, tmp_path, systems)
    for number in range(6):
        for place in range(len(systems)):
            bench.changed(systems[(place + number) % len(systems)])
    assert all(len(names) == 1 for names in systems[0].changed())
    assert systems[0].changed() == systems[1].changed() == systems[2].changed()
    assert len(set().union(*systems[0].changed())) == 5
    assert all(int(name.strip("f.py")) % 4 == 0 for names in systems[0].changed() for name in names)


# --- bench_faults.py -------------------------------------------------------------------------------------------------


def test_of_a_part_of_the_fault_suite_no_result_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    faults = script("bench_faults")
    part = "tests/faults/test_read_only_cache.py::test_a_ready_index_in_the_folder_is_used"
    status, found = faults.counted(["-q", part])
    assert (status, found["full"]) == (0, False), capfd.readouterr().out
    monkeypatch.setattr(faults, "counted", lambda _tests: (status, found))
    monkeypatch.setattr(sys, "argv", ["bench_faults.py", "--json", str(tmp_path / "bench-faults.json")])
    with pytest.raises(SystemExit, match="nothing is written"):
        faults.main()
    assert list(tmp_path.iterdir()) == []


# --- trees.py --------------------------------------------------------------------------------------------------------


def test_a_larger_part_of_a_tree_has_all_files_of_a_smaller_one(tmp_path: Path) -> None:
    trees = script("trees")
    tree = tmp_path / "tree"
    for number in range(200):
        (tree / f"d{number % 7}").mkdir(parents=True, exist_ok=True)
        (tree / f"d{number % 7}" / f"f{number}.py").write_text(str(number))
    parts = [set(trees.files_of(trees.subset(tree, share, tmp_path / str(share)))) for share in (0.125, 0.5, 1.0)]
    assert parts[0] < parts[1] < parts[2] == set(trees.files_of(tree))
    assert 10 <= len(parts[0]) <= 45


# --- storm_files.py --------------------------------------------------------------------------------------------------


@pytest.fixture
def history(tmp_path: Path) -> Any:
    (tmp_path / "storm").mkdir()
    return script("storm_files").History(tmp_path, random.Random(1))


def shown(text: str, first: int = 1, path: str = "storm/a.py") -> dict[str, Any]:
    last = first + text.rstrip("\n").count("\n")
    return {"path": path, "start_line": first, "end_line": last, "text": text}


def test_a_text_is_right_where_it_stood_at_some_moment_of_the_call(history: Any) -> None:
    before = history.write("storm/a.py", "saves", atomic=False)
    begin = time.monotonic()
    after = history.write("storm/a.py", "saves", atomic=True)
    end = time.monotonic()
    assert history.complaint(shown(before), begin, end) == ""
    assert history.complaint(shown(after), begin, end) == ""


def test_a_text_that_was_overwritten_before_the_call_is_stale(history: Any) -> None:
    before = history.write("storm/a.py", "saves", atomic=False)
    history.write("storm/a.py", "saves", atomic=False)
    begin = time.monotonic() + 0.001
    assert "before the call" in history.complaint(shown(before), begin, begin + 1)


def test_a_text_at_other_lines_than_its_own_is_stale(history: Any) -> None:
    text = history.write("storm/a.py", "saves", atomic=False)
    now = time.monotonic()
    assert "at other lines" in history.complaint(shown(text, first=2), now, now)


def test_a_text_of_a_deleted_or_renamed_file_is_stale(history: Any) -> None:
    text = history.write("storm/a.py", "saves", atomic=False)
    history.rename("storm/a.py", "storm/b.py")
    begin = time.monotonic() + 0.001
    assert "before the call" in history.complaint(shown(text), begin, begin + 1)
    assert history.complaint(shown(text, path="storm/b.py"), begin, begin + 1) == ""
    history.delete("storm/b.py")
    begin = time.monotonic() + 0.001
    assert "before the call" in history.complaint(shown(text, path="storm/b.py"), begin, begin + 1)


def test_a_path_that_never_was_is_stale(history: Any) -> None:
    assert "never been there" in history.complaint(shown("x", path="storm/none.py"), 0.0, 1.0)


def test_what_is_present_and_what_is_gone_follow_the_last_content(history: Any) -> None:
    history.write("storm/a.py", "saves", atomic=False)
    history.write("storm/b.py", "saves", atomic=False)
    (first, second) = history.present().values()
    history.rename("storm/a.py", "storm/b.py")
    assert history.present() == {"storm/b.py": first}
    assert history.gone_words() == {second}


# --- storm.py --------------------------------------------------------------------------------------------------------


def test_a_lock_error_a_traceback_and_a_refusal_are_counted_apart(tmp_path: Path) -> None:
    storm = script("storm").Storm(tmp_path, tmp_path, 1)
    storm._logged("one", ["database is locked", "Traceback (most recent call last):", "all is well", "unlocked"])
    storm._wrong("two", "The question cannot be answered.", "refused")
    counts = {kind: len(found) for kind, found in storm.violations.items() if found}
    assert counts == {"lock": 1, "traceback": 1, "refused": 1}
    assert not storm.report()["passed"]


def test_questions_of_the_check_after_the_storm_are_not_those_of_the_storm(tmp_path: Path) -> None:
    storm = script("storm").Storm(tmp_path, tmp_path, 1)
    storm.asked = Counter(first=5, second=3)
    storm.asked_before = Counter(first=2, second=3)
    report = storm.report()
    assert (report["questions"], report["questions_after"]) == ({"first": 2, "second": 3}, {"first": 3})


# --- page.py ---------------------------------------------------------------------------------------------------------


def result(what: str, **parts: Any) -> dict[str, Any]:
    machine = dict.fromkeys(("cpu", "cores", "memory_gib", "system", "kernel", "python", "load_before"), "1")
    return {"what": what, "command": "c", "commit": "a", "date": "d", "machine": machine, **parts}


def saves(p95: float, files: int = 25_000, count: int = 200) -> dict[str, Any]:
    rows = [{"what": "save to found, ms", "best": 1.0, "median": 2.0, "p95": p95, "max": p95, "n": count}]
    return result("saves", origin="o", files=files, chunks=1, server_mb=1.0, rows=rows)


@pytest.mark.parametrize(
    ("given", "met"),
    [([saves(149.0)], True), ([saves(151.0)], False), ([saves(1.0, files=100)], None), ([saves(1.0, count=20)], None)],
)
def test_a_claim_is_met_or_not_or_not_measured_by_what_would_prove_it(given: list[Any], met: bool | None) -> None:
    claim = next(claim for claim in script("page").claims(given) if "save to searchable" in claim.what)
    assert claim.met is met


def switches(files: int = 500, missing: int = 0, slowest: float = 2000.0) -> dict[str, Any]:
    row = {"what": "switch, 500 files, nothing reported, there for the first time, ms", "files": files}
    found = {"what": "symbols not found after it, nothing reported", "files": files, "searched": 480}
    rows = [{**row, "best": 1.0, "median": 2.0, "p95": 3.0, "max": slowest, "n": 3.0}, {**found, "missing": missing}]
    return result("changes", trees=[{"name": "t", "origin": "o", "files": 25_000, "switch": rows}])


@pytest.mark.parametrize(
    ("given", "in_time", "all_found"),
    [
        (switches(), True, True),
        (switches(slowest=3001.0, missing=1), False, False),
        (switches(files=499), None, None),
    ],
)
def test_a_claim_about_switches_is_about_as_many_files_as_it_says(
    given: dict[str, Any], in_time: bool | None, all_found: bool | None
) -> None:
    claims = {claim.what: claim for claim in script("page").claims([given])}
    switch = claims[
        "switch between branches 500 files apart, 20,000 files and more, nothing reported, for the first time: slowest"
    ]
    symbols = claims["symbols found after a switch, 500 files apart, all trees"]
    assert (switch.met, symbols.met) == (in_time, all_found)
    if in_time:
        assert (switch.found, symbols.found) == ("2.00 s of 3", "480 of 480")


def timed(what: str, most: float) -> dict[str, Any]:
    return {"what": what, "best": 1.0, "median": most / 2, "p95": most, "max": most, "n": 1.0}


@pytest.mark.parametrize(
    ("commits", "most", "met"), [(20_000, 59_000.0, True), (20_000, 61_000.0, False), (19_999, 1.0, None)]
)
def test_a_claim_about_commits_is_about_as_many_as_it_says(commits: int, most: float, met: bool | None) -> None:
    facts = {"commits_per_second": 500.0, "cpu_seconds": 30.0, "bytes_per_commit": 900, "peak_mb": 200.0}
    rows = [
        timed(f"first reading of {commits:,} commits, ms", most),
        timed("search for code, ms", 10.0),
        timed("the same while commits are read, ms", 15.0),
    ]
    given = result("history", commits=commits, long=100_000, rows=rows, **facts)
    claim = next(claim for claim in script("page").claims([given]) if "commits" in claim.what)
    assert claim.met is met
    assert "search for code: 1.50 times as long while commits are read" in "\n".join(script("page").page([given]))


@pytest.mark.parametrize(
    ("tickets", "most", "met"), [(10_000, 19_000.0, True), (10_000, 21_000.0, False), (9, 1.0, None)]
)
def test_a_claim_about_tickets_is_about_as_many_as_it_says(tickets: int, most: float, met: bool | None) -> None:
    forms = [{"name": name, "mb": 3.0, "chunks": 9, "rows": [timed("cold, ms", most)]} for name in ("one", "each")]
    given = result("tickets", tickets=tickets, forms=forms)
    claims = [claim for claim in script("page").claims([given]) if "tickets" in claim.what]
    assert {claim.met for claim in claims} == {met}
    assert len(claims) == (1 if met is None else 2)
    assert "## Tickets: each" in "\n".join(script("page").page([given]))


@pytest.mark.parametrize(
    ("row", "met"),
    [
        ({}, True),
        ({"recall_at_50": 0.96}, False),
        ({"vectors": 999_999}, None),
        ({"chosen": False}, None),
        ({"questions": 0}, None),
    ],
)
def test_recall_counts_only_where_it_is_hard(row: dict[str, Any], met: bool | None) -> None:
    usual = {"vectors": 1_000_000, "chosen": True, "questions": 60, "recall_at_50": 0.98}
    claims = script("page").claims([result("vectors", rows=[usual | row])])
    claim = next(claim for claim in claims if "recall" in claim.what)
    assert claim.met is met
    assert met is None or claim.found.endswith(" of 60")


@pytest.mark.parametrize(
    ("wrong", "missed"),
    [
        ({}, ""),
        ({"bytes": 10_000_001}, "size"),
        ({"load_ms": timed("", 202.0)}, "load"),
        ({"question_ms": timed("", 2.0)}, "a question"),
        ({"chunks_per_second": timed("", 9_998.0)}, "chunks"),
    ],
)
def test_each_limit_of_the_embedder_is_held_against_surefoots_own_row(wrong: dict[str, Any], missed: str) -> None:
    rates = {"question_ms": timed("", 0.2), "chunks_per_second": timed("", 30_000.0)}
    times = {name: timed("", 40.0) for name in ("import_ms", "load_ms", "start_ms")}
    own = {"system": "surefoot", "bytes": 8_000_000, "chunks": 4000, "peak_mb": 45.0, **times, **rates}
    slow = {name: timed("", 1e6) for name in (*times, "question_ms")}
    other = {**own, **slow, "system": "model2vec, int8", "alike": {"questions": 0.96, "chunks": 0.85}}
    facts = {"corpora": ["httpx"], "questions": 300, "rounds": 7, "versions": {"model2vec": "1"}}
    given = result("embedder", embedder={"name": "e", "dimension": 256}, rows=[other, own | wrong], **facts)
    claims = [claim for claim in script("page").claims([given]) if claim.what.startswith("the embedder")]
    assert [claim.what for claim in claims if not claim.met] == [
        claim.what for claim in claims if missed and claim.what.startswith(f"the embedder: {missed}")
    ]
    assert "| model2vec, int8 | 8.00 |" in "\n".join(script("page").page([given]))


@pytest.mark.parametrize(
    ("counts", "met"), [({}, True), ({"violations": 1}, False), ({"full": False}, None), ({"skipped": 2}, True)]
)
def test_faults_count_only_where_the_suite_ran_in_full(counts: dict[str, Any], met: bool | None) -> None:
    usual = {"full": True, "tests": 90, "skipped": 0, "violations": 0, "kills": 7}
    given = result("faults", **(usual | counts), faults={"a": 8, "b": 1}, operations={"c": 20})
    claim = next(claim for claim in script("page").claims([given]) if "fault" in claim.what)
    assert claim.met is met
    if met is not None:
        assert claim.found.startswith("9 faults, of which 7 are kills, 20 operations, ")
        assert ("skipped" in claim.found) == ("skipped" in counts)
    assert "| faults: a | 8 |" in "\n".join(script("page").page([given]))


def test_with_no_results_nothing_is_claimed() -> None:
    assert {claim.met for claim in script("page").claims([])} == {None}


def test_the_page_says_what_is_not_met() -> None:
    lines = "\n".join(script("page").page([saves(400.0)]))
    assert "| under 150 ms | 400 ms | **no** |" in lines
