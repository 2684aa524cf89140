"""Ask the questions in cases.jsonl through the command line, and check what is shown with code of our own.

    python evals/acceptance/run.py --split dev [--model none] [--projects FOLDER] [--suite search|ask|all] [--out FILE]

Corpora are downloaded by the package clients that the machine has (pip, npm, apt-get), checked against the sha256 in
projects.toml and unpacked under FOLDER (default evals/.cache). Nothing of Surefoot is imported here: the checks of
shown places are independent of its own verification.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SUREFOOT = [sys.executable, "-m", "surefoot"]
PIP = [sys.executable, "-m", "pip"]
Case = dict[str, Any]
COLUMNS = (
    "project",
    "questions",
    "right file in top 5",
    "right place in top 5",
    "unanswerable: abstained or listed as missing",
    "right source cited",
    "claims",
    "withheld",
    "citations valid",
    "false refusals",
    "bad places or names",
)


def main() -> None:
    """Run one split and print its tables."""
    options = _options()
    cases = [json.loads(line) for line in (HERE / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    chosen = [case for case in cases if case["split"] == options.split and re.search(options.only, case["id"])]
    projects = tomllib.loads((HERE / "projects.toml").read_text(encoding="utf-8"))["project"]
    rows: list[dict[str, Any]] = []
    for project in (project for project in projects if project["split"] == options.split):
        root = corpus(project, options.projects)
        asked = [case for case in chosen if case["project"] == project["name"]]
        report = json.loads(run("index", "--root", str(root), "--json"))
        counted = f"{report['files']} files, {report['chunks']} chunks, {report['seconds']} s"
        print(f"{project['name']}: {counted}", flush=True)
        found = search(root, asked) if options.suite in {"search", "all"} else {}
        for case in asked:
            row = {"project": project["name"], **case, **found.get(case["id"], {})}
            if options.suite in {"ask", "all"}:
                row |= ask(root, case, options.model)
            rows.append(row)
            print(_line(row), flush=True)
    summary(rows, options.suite)
    if options.out:
        options.out.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--split", choices=("dev", "test"), default="dev")
    parser.add_argument("--suite", choices=("search", "ask", "all"), default="all")
    parser.add_argument("--model", default="none")
    parser.add_argument("--projects", type=Path, default=HERE.parent / ".cache")
    parser.add_argument("--only", default="", help="a regular expression on the ids of the cases")
    parser.add_argument("--out", type=Path)
    return parser.parse_args()


def run(*arguments: str, stdin: str = "") -> str:
    """What the command prints; a failure ends the run with its sentence."""
    done = subprocess.run([*SUREFOOT, *arguments], input=stdin, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"surefoot {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def search(root: Path, cases: list[Case]) -> dict[str, dict[str, Any]]:
    """Rank of the first right file and of the first right place (1-based, 0 for none of ten), by case."""
    lines = "".join(json.dumps({"id": case["id"], "query": case["question"], "k": 10}) + "\n" for case in cases)
    replies = map(json.loads, run("search", "--jsonl", "--root", str(root), stdin=lines).splitlines())
    return {reply["id"]: _ranks(root, reply, case) for reply, case in zip(replies, cases, strict=True)}


def _ranks(root: Path, reply: dict[str, Any], case: Case) -> dict[str, Any]:
    right = [place for place in case["places"] if place["grade"] == 2]
    files = list(dict.fromkeys(hit["path"] for hit in reply["hits"]))
    wanted = {place["path"] for place in right}
    at_file = next((rank for rank, path in enumerate(files, 1) if path in wanted), 0)
    at_place = next((rank for rank, hit in enumerate(reply["hits"], 1) if any(_overlap(hit, p) for p in right)), 0)
    bad = [problem for hit in reply["hits"] if (problem := check_place(root, hit))]
    return {"file_rank": at_file, "place_rank": at_place, "no_match": reply["no_match"], "ms": reply["ms"], "bad": bad}


def _overlap(hit: dict[str, Any], place: dict[str, Any]) -> bool:
    same = hit["path"] == place["path"]
    return same and hit["start_line"] <= place["end_line"] and place["start_line"] <= hit["end_line"]


def ask(root: Path, case: Case, model: str) -> dict[str, Any]:
    """The answer's figures, and every problem with a place or a name that it shows."""
    reply = json.loads(run("ask", "--root", str(root), "--model", model, "--json", "--", case["question"]))
    right = case["places"]
    bad = [problem for citation in reply["citations"] if (problem := check_place(root, citation))]
    known = {citation["id"] for citation in reply["citations"]}
    for claim in reply["claims"]:
        bad += [f"cites [{number}], which is not listed" for number in claim["citations"] if number not in known]
        cited = [c for c in reply["citations"] if c["id"] in claim["citations"]]
        bad += check_names(root, claim["text"], cited)
    return {
        "abstained": reply["abstained"],
        "mode": reply["mode"],
        "claims": [claim["text"] for claim in reply["claims"]],
        "withheld": reply["withheld"],
        "missing": reply["missing"],
        "verdicts": [citation["verdict"] for citation in reply["citations"]],
        "right_source": any(_overlap(citation, place) for citation in reply["citations"] for place in right),
        "bad_shown": bad,
        "stages": reply["stages"],
    }


def check_place(root: Path, place: dict[str, Any]) -> str:
    """Open the file and look: the path exists, the lines exist, and the symbol's name stands near them."""
    path = (root / place["path"]).resolve()
    where = f"{place['path']}:{place['start_line']}-{place['end_line']}"
    if not path.is_relative_to(root.resolve()) or not path.is_file():
        return f"{where}: no such file"
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    if not 1 <= place["start_line"] <= place["end_line"] <= len(lines):
        return f"{where}: the file has {len(lines)} lines"
    # The end of a symbol's path: a name, or the title of a section without its markup. It need not stand in the cited
    # lines themselves: they may be the decorators above a definition, or a later part of it.
    name = re.split(r"::|\.", place.get("symbol") or "")[-1]
    if re.sub(r"\W+", "", name) not in re.sub(r"\W+", "", "\n".join(lines)):
        return f"{where}: {name} does not stand in the file"
    return ""


def check_names(root: Path, text: str, cited: list[dict[str, Any]]) -> list[str]:
    """Every identifier in backticks, and every word that is written as one, stands in a cited file or path."""
    ground = "\n".join(
        f"{place['path']}\n{place['symbol']}\n" + (root / place["path"]).read_text(encoding="utf-8", errors="replace")
        for place in cited
    )
    words = set(re.findall(r"\w+", ground.lower()))
    named = [word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", code)]
    named += re.findall(r"\b\w*[a-z][A-Z]\w*\b|\b\w+_\w+\b", text)
    return [f"names {name}, which no cited file contains" for name in named if name.lower() not in words]


def corpus(project: dict[str, Any], folder: Path) -> Path:
    """The unpacked source of a project, downloaded on first use."""
    target = folder / project["name"]
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        _download(project, scratch)
        archive = next((path for path in Path(scratch).iterdir() if _sha256(path) == project["sha256"]), None)
        if archive is None:
            sys.exit(f"{project['package']} {project['version']}: no downloaded file has the sha256 of projects.toml")
        with tarfile.open(archive) as tar:
            tar.extractall(f"{scratch}/unpacked", filter="data")
        (top,) = Path(f"{scratch}/unpacked").iterdir()
        top.rename(target)
    return target


def _download(project: dict[str, Any], scratch: str) -> None:
    pinned = f"{project['package']}=={project['version']}"
    commands = {
        "sdist": [*PIP, "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", ".", pinned],
        "npm": ["npm", "pack", "--silent", f"{project['package']}@{project['version']}"],
        "debian": ["apt-get", "source", "--download-only", "-qq", project["package"]],
    }
    subprocess.run(commands[project["kind"]], cwd=scratch, check=True, stdout=subprocess.DEVNULL)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _line(row: dict[str, Any]) -> str:
    parts = [f"  {row['id']:<16} {row['bucket']:<12}"]
    if "file_rank" in row:
        parts.append(f"file@{row['file_rank'] or '-'} place@{row['place_rank'] or '-'} {row['ms']:.0f} ms")
    if "mode" in row:
        verdicts = ",".join(sorted(set(row["verdicts"]))) or "-"
        parts.append(
            f"{row['mode']} claims {len(row['claims'])} withheld {len(row['withheld'])} {verdicts}"
            f"{' abstained' if row['abstained'] else ''} missing: {'; '.join(row['missing']) or '-'}"
        )
    bad = [*row.get("bad", ()), *row.get("bad_shown", ())]
    return "  ".join([*parts, *(f"BAD {problem}" for problem in bad)])


def summary(rows: list[dict[str, Any]], suite: str) -> None:
    """One table row per project, and one for all."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["project"]].append(row)
        groups["all"].append(row)
    print("\n| " + " | ".join(COLUMNS) + " |")
    print("|---" * len(COLUMNS) + "|")
    for name, group in groups.items():
        print("| " + " | ".join([name, *_figures(group, suite)]) + " |")


def _figures(group: list[dict[str, Any]], suite: str) -> list[str]:
    yes = [row for row in group if row["answerable"]]
    no = [row for row in group if not row["answerable"]]
    searched, answered = suite in {"search", "all"}, suite in {"ask", "all"}
    verdicts = [verdict for row in group for verdict in row.get("verdicts", ())]
    bad = sum(len(row.get("bad", ())) + len(row.get("bad_shown", ())) for row in group)
    refused = (row["abstained"] or row["missing"] for row in no) if answered else (row["no_match"] for row in no)
    return [
        str(len(group)),
        f"{sum(0 < row['file_rank'] <= 5 for row in yes)}/{len(yes)}" if searched else "-",
        f"{sum(0 < row['place_rank'] <= 5 for row in yes)}/{len(yes)}" if searched else "-",
        f"{sum(map(bool, refused))}/{len(no)}",
        f"{sum(row['right_source'] for row in yes)}/{len(yes)}" if answered else "-",
        str(sum(len(row["claims"]) for row in group)) if answered else "-",
        str(sum(len(row["withheld"]) for row in group)) if answered else "-",
        f"{verdicts.count('valid')}/{len(verdicts)}" if answered else "-",
        f"{sum(row['abstained'] for row in yes)}/{len(yes)}" if answered else "-",
        str(bad),
    ]


if __name__ == "__main__":
    main()
