"""What all benchmarks share: a command measured with all its processes, facts about the machine, and their results.

Invariant: no result names a host, a user or a path of the machine that it was measured on.
"""

from __future__ import annotations

import json
import os
import platform
import shlex
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from surefoot.evals.session import commit

HERE = Path(__file__).parent
LOAD_BEFORE = os.getloadavg()[1] if hasattr(os, "getloadavg") else 0.0  # of the five minutes before the benchmark
SAMPLE_SECONDS = 0.05
# Reading how much memory a process has takes time that grows with it, in which the process may have to wait; so at
# most this part of the time is spent on it.
SAMPLING_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """One command: wall time, CPU seconds of it and its processes, the most memory that they had together."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str


class MemoryMeter:
    """Samples the memory of a process and all that it starts, on a thread of its own, until stopped.

    The sum of PSS where the system has it: a page that several processes share is counted once. Else of USS or RSS.
    """

    def __init__(self, pid: int) -> None:
        self.peak_bytes = 0
        self._pid = pid
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory-meter", daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """The most that was seen."""
        self._stop.set()
        self._thread.join()
        return self.peak_bytes

    def _run(self) -> None:
        while True:
            begin = time.perf_counter()
            self.peak_bytes = max(self.peak_bytes, memory_of(self._pid))
            spent = time.perf_counter() - begin
            if self._stop.wait(max(SAMPLE_SECONDS, spent / SAMPLING_SHARE)):
                return


def memory_of(pid: int) -> int:
    """Bytes of a process and its descendants at this moment."""
    return sum(map(_memory, _family(pid)))


def _family(pid: int) -> list[psutil.Process]:
    """The kernel's lists of children where it has them: asking for every process of the machine takes longer."""
    found, waiting = [], [pid]
    while waiting:
        with suppress(psutil.Error, OSError):
            process = psutil.Process(waiting.pop())
            found.append(process)
            tasks = list(Path(f"/proc/{process.pid}/task").iterdir()) if sys.platform == "linux" else []
            if not tasks:
                return [*found, *process.children(recursive=True)]
            for task in tasks:
                with suppress(OSError):
                    waiting += map(int, (task / "children").read_text().split())
    return found


def _memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
    except psutil.Error:
        try:
            return int(process.memory_info().rss)
        except psutil.Error:
            return 0
    return int(getattr(full, "pss", 0) or full.uss)


def cpu_seconds_of(pid: int) -> float:
    """What a process, its living descendants and those that it waited for have used."""
    total = 0.0
    for process in _family(pid):
        with suppress(psutil.Error):
            times = process.cpu_times()
            total += times.user + times.system + getattr(times, "children_user", 0.0)
            total += getattr(times, "children_system", 0.0)
    return total


def run(command: Sequence[str | Path], *, accepted: Iterable[int] = (0,), **options: Any) -> Measured:
    """Run a command to its end. Ends the benchmark with what it said where it fails."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begin = time.perf_counter()
        process = subprocess.Popen([str(part) for part in command], stdout=out, stderr=err, **options)
        meter = MemoryMeter(process.pid)
        # Of all processes that were waited for: each one that we or the command start is.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = meter.stop()
        out.seek(0)
        err.seek(0)
        if process.returncode not in accepted:
            sys.exit(f"{shlex.join(map(str, command))} failed:\n{err.read().decode(errors='replace')[-2000:]}")
        return Measured(seconds, usage.ru_utime + usage.ru_stime, peak, out.read().decode(errors="replace"))


def bytes_below(folder: Path) -> int:
    """The size of everything in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


# --- figures -----------------------------------------------------------------------------------------------------


def spread(values: Sequence[float]) -> dict[str, float]:
    """Best, median, p95, worst and number of some times."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    middle = statistics.median(ordered)
    found = {"best": ordered[0], "median": middle, "p95": p95, "max": ordered[-1], "n": float(len(ordered))}
    return {name: round(value, 4) for name, value in found.items()}


def since(begin: float) -> float:
    """Milliseconds since a moment of `time.perf_counter`."""
    return (time.perf_counter() - begin) * 1000


def print_table(rows: Sequence[Mapping[str, object]]) -> None:
    """Rows of the same columns, for people."""
    if not rows:
        return
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns, *([_cell(row.get(name, "")) for name in columns] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: object) -> str:
    return f"{value:,.3f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


# --- results -----------------------------------------------------------------------------------------------------


def write(path: Path | None, what: str, parts: Mapping[str, object]) -> None:
    """Write a result where a path is given: what was measured, on what, at which commit."""
    if path is None:
        return
    facts = {
        "what": what,
        "command": _command(),
        "commit": commit(HERE),
        "date": time.strftime("%Y-%m-%d"),
        "machine": machine(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**facts, **parts}, indent=1, sort_keys=False) + "\n", encoding="utf-8")
    print(f"written: {path.name}")


def machine() -> dict[str, object]:
    """What the figures depend on, and nothing that says whose machine it is."""
    return {
        "cpu": _cpu_model(),
        "cores": len(psutil.Process().cpu_affinity()) if sys.platform == "linux" else psutil.cpu_count() or 1,
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "system": platform.system(),
        "kernel": platform.release().split("-")[0],
        "python": platform.python_version(),
        "load_before": round(LOAD_BEFORE, 2),
    }


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _command() -> str:
    """The command as somebody else would type it: paths that are not below the project are left out."""
    return f"python {shlex.join([f'evals/bench/{Path(sys.argv[0]).name}', *map(_without_folders, sys.argv[1:])])}"


def _without_folders(word: str) -> str:
    if Path(word).is_absolute():
        return f"…/{Path(word).name}"
    option, equals, value = word.partition("=")
    return f"{option}={_without_folders(value)}" if equals else word
