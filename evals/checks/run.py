"""Checks citations of which half are broken, and counts what is found, what is put right and what is a false alarm.

    python evals/checks/run.py [--seed 7] [--each 50] [--more] [--details]

Each project of evals/corpora.toml is copied, indexed, cited, and only then edited, so that the check meets a tree that
has moved on since the answer was written. The policy was written with the dev projects; the test ones are reported.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from citations import Made, Project, made

from surefoot.config import Settings
from surefoot.domain import CheckedMention, Symbol
from surefoot.engine import Engine

CORPORA = Path(__file__).parent.parent / ".cache" / "corpora"
DEV = ("httpx", "fastify")  # Python, JavaScript
TEST = ("cobra", "mockito")  # Go, Java
MORE = ("urllib3", "ripgrep", "sidekiq", "jansson")  # Python, Rust, Ruby, C: beyond the two hundred


@dataclass(frozen=True, slots=True)
class Outcome:
    """One citation, and what was said of it."""

    citation: Made
    alarms: tuple[CheckedMention, ...]

    @property
    def is_right(self) -> bool:
        """Whether one of the corrections is the string that should have been written."""
        return any(alarm.correction in self.citation.right for alarm in self.alarms)


def main() -> None:
    """Run over the projects and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--each", type=int, default=50, help="citations of each project")
    parser.add_argument("--more", action="store_true", help="also projects in Rust, Ruby and C")
    parser.add_argument("--details", action="store_true", help="print what went wrong")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    groups = {"dev": DEV, "test": TEST, **({"more": MORE} if arguments.more else {})}
    report = {}
    for group, projects in groups.items():
        outcomes = {name: checked_project(name, arguments.seed, arguments.each) for name in projects}
        for name, found in outcomes.items():
            report[f"{group}: {name}"] = figures(found)
            if arguments.details:
                _tell(name, found)
        report[f"{group}: all"] = figures([each for found in outcomes.values() for each in found])
    print(json.dumps(report, indent=2) if arguments.json else _table(report))


def checked_project(name: str, seed: int, count: int) -> list[Outcome]:
    """Copy a project, cite it, edit it, and have the citations checked."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / name
        shutil.copytree(CORPORA / name, root, symlinks=True)
        as_repository(root, name)
        with_cache = Settings(cache_dir=Path(folder) / "cache", model="none")
        engine = Engine.open([root], with_cache)
        try:
            return checked(engine, Project(root, name, symbols_of(engine), random.Random(seed)), count)
        finally:
            engine.close()


def symbols_of(engine: Engine) -> dict[str, list[Symbol]]:
    """The definitions of every indexed file."""
    engine.refresh()
    (root,) = engine.roots
    return {entry.path: engine.symbols_in(root, entry.path) for _, walked in engine.preview() for entry in walked.files}


def checked(engine: Engine, project: Project, count: int) -> list[Outcome]:
    """Write the citations into one answer, edit the project, check the answer."""
    citations = made(project, count)
    for edit in project.edits:
        edit()
    text, offsets = "", []
    for citation in citations:
        offsets.append((len(text), len(text) + len(citation.sentence)))
        text += citation.sentence + "\n\n"
    wrong = engine.check_text(text).wrong
    return [
        Outcome(citation, tuple(alarm for alarm in wrong if begin <= alarm.start < end))
        for citation, (begin, end) in zip(citations, offsets, strict=True)
    ]


def as_repository(root: Path, name: str) -> None:
    """Links to a host are those of this repository only if it has such a remote."""
    for command in (["init", "-q"], ["remote", "add", "origin", f"https://github.com/someone/{name}.git"]):
        subprocess.run(["git", "-C", str(root), *command], check=True)


def figures(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Recall of the broken ones, share of exact corrections, alarms on the good ones."""
    good = [each for each in outcomes if each.citation.is_good]
    bad = [each for each in outcomes if not each.citation.is_good]
    correctable = [each for each in bad if each.citation.right]
    return {
        "good": len(good),
        "bad": len(bad),
        "recall": round(sum(bool(each.alarms) for each in bad) / len(bad), 3) if bad else None,
        "correctable": len(correctable),
        "corrections": round(sum(each.is_right for each in correctable) / len(correctable), 3) if correctable else None,
        "false alarms": sum(bool(each.alarms) for each in good),
        "missed": _kinds(each for each in bad if not each.alarms),
        "not put right": _kinds(each for each in correctable if not each.is_right),
    }


def _kinds(outcomes: Iterable[Outcome]) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in outcomes:
        found[each.citation.kind] = found.get(each.citation.kind, 0) + 1
    return found


def _tell(name: str, outcomes: Sequence[Outcome]) -> None:
    for each in outcomes:
        is_fine = (
            not each.alarms
            if each.citation.is_good
            else bool(each.alarms) and (each.is_right or not each.citation.right)
        )
        if not is_fine:
            said = "; ".join(f"{a.verdict.value} {a.text!r} -> {a.correction!r}" for a in each.alarms) or "nothing"
            print(
                f"{name}: {each.citation.kind}: {each.citation.sentence}\n    said {said}; right {each.citation.right}"
            )


def _table(report: dict[str, dict[str, object]]) -> str:
    heads = ("good", "bad", "recall", "corrections", "false alarms")
    rows = [("project", *heads), *((name, *(str(row[head]) for head in heads)) for name, row in report.items())]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


if __name__ == "__main__":
    main()
