"""The benchmarks' own instruments: what they measure, and that they notice what they are there to notice."""

from __future__ import annotations

import json
import random
import sys
import time
from importlib import import_module
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
    monkeypatch.setattr(sys, "argv", [str(BENCH / "bench_x.py"), str(tmp_path / "tree"), "--rounds", "2"])
    measured.write(tmp_path / "bench-x.json", "x", {})
    written = (tmp_path / "bench-x.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in written
    assert str(Path.home()) not in written
    assert json.loads(written)["command"].startswith("python evals/bench/bench_x.py ")


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


def test_with_no_results_nothing_is_claimed() -> None:
    assert {claim.met for claim in script("page").claims([])} == {None}


def test_the_page_says_what_is_not_met() -> None:
    lines = "\n".join(script("page").page([saves(400.0)]))
    assert "| under 150 ms | 400 ms | **no** |" in lines
