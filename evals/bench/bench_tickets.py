"""Indexing ten thousand tickets: of one export, and as a Markdown file each, as `surefoot tickets sync` writes them.

    python evals/bench/bench_tickets.py --tickets 10000

Times are those of `Engine.refresh` in this process and its parsers: cold, with nothing to do, and after ten tickets
were changed. Then a search for a ticket by its number and one by its words, twenty times each.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measured import bytes_below, print_table, since, spread, write

from surefoot.config import Settings
from surefoot.domain import Query
from surefoot.engine import Engine

CHANGED = 10
SEARCHES = 20
COMMENTS = 2
SENTENCES = 24  # of a ticket with its comments, in all about 3 KB
VERBS = "fails crashes hangs retries times out returns drops ignores loses repeats rejects overwrites".split()
PARTS = "basket checkout invoice session token cache queue upload report login search export webhook refund".split()
PLACES = "Safari staging production the nightly job a slow network the second attempt an empty list leap days".split()
STATES = "open closed empty expired renewed cached locked stale restored signed paid cancelled merged".split()
ENDINGS = "Client Store Handler Parser Queue Job View Form Mapper Guard".split()


def main() -> None:
    """Make the tickets, index them in both forms and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=10_000)
    parser.add_argument("--json", type=Path, help="where the result is written")
    options = parser.parse_args()
    forms = []
    for name, put in (("one export", _write_export), ("a Markdown file each", _write_files)):
        with tempfile.TemporaryDirectory(prefix="surefoot-bench-") as folder:
            forms.append(_measured(name, put, Path(folder), options.tickets))
        print(f"{name}: {options.tickets:,} tickets, {forms[-1]['mb']} MB, {forms[-1]['chunks']:,} chunks")
        print_table(forms[-1]["rows"])
    write(options.json, "tickets", {"tickets": options.tickets, "forms": forms})


def _measured(
    name: str, put: Callable[[Path, list[dict[str, object]]], None], folder: Path, count: int
) -> dict[str, Any]:
    root, tickets = folder / "project", [_ticket(number) for number in range(1, count + 1)]
    put(root, tickets)
    size = bytes_below(root)
    engine = Engine.open([root], Settings(cache_dir=folder / "cache", model="none", trace=False))
    try:
        rows = [{"what": "cold, ms", **spread([_timed(engine.refresh)])}]
        chunks = engine.state().chunks
        rows.append({"what": "nothing to do, ms", **spread([_timed(engine.refresh)])})
        for ticket in tickets[:: max(1, count // CHANGED)][:CHANGED]:
            ticket["body"] = f"{ticket['body']}\n\nChanged: the limit is read from the settings now."
        put(root, tickets)
        rows.append({"what": f"{CHANGED} changed, ms", **spread([_timed(engine.refresh)])})
        engine.expect_work()  # as whoever stays does when it starts
        for kind, question in (("by number", "what does #{} touch?"), ("by words", "why does the {} lose its state?")):
            rows.append({"what": f"search {kind}, ms", **spread(_searches(engine, question, count))})
    finally:
        engine.close()
    return {"name": name, "mb": round(size / 1e6, 1), "chunks": chunks, "rows": rows}


def _searches(engine: Engine, question: str, count: int) -> list[float]:
    places = ((turn * count // SEARCHES + 1, PARTS[turn % len(PARTS)]) for turn in range(SEARCHES))
    asked = [Query(question.format(number if "#" in question else part)) for number, part in places]
    return [_timed(lambda each=each: engine.search(each)) for each in asked]


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return since(begin)


def _ticket(number: int) -> dict[str, object]:
    """A ticket in the shape of `gh issue list --json`; always the same of the same number."""
    draw = random.Random(number)
    texts = [" ".join(_sentence(draw) for _ in range(SENTENCES // (COMMENTS + 1))) for _ in range(COMMENTS + 1)]
    day = f"2024-{1 + number % 12:02}-{1 + number % 28:02}T10:00:00Z"
    return {
        "number": number,
        "title": _sentence(draw).rstrip("."),
        "body": texts[0].replace(". ", ".\n\n", 2),
        "state": draw.choice(("OPEN", "CLOSED")),
        "createdAt": day,
        "updatedAt": day,
        "closedAt": None,
        "labels": [{"name": draw.choice(PARTS)}, {"name": "bug"}],
        "comments": [{"author": {"login": "somebody"}, "body": text, "createdAt": day} for text in texts[1:]],
        "url": f"https://tracker.example/shop/issues/{number}",
    }


def _sentence(draw: random.Random) -> str:
    """A sentence of a report; every fourth names code, every sixth another ticket."""
    part, other = draw.choice(PARTS), draw.choice(PARTS)
    said = (
        f"The {part} {draw.choice(VERBS)} on {draw.choice(PLACES)} after {draw.randint(2, 999)} seconds "
        f"although the {other} was {draw.choice(STATES)} and nothing in the {draw.choice(PARTS)} {draw.choice(VERBS)}"
    )
    if draw.random() < 1 / 4:
        name = f"{part.title()}{draw.choice(ENDINGS)}.{draw.choice(VERBS)}_{other}"
        said += f", see `{name}` in src/{part}/{other}.py"
    return f"{said}, as in #{draw.randint(1, 9999)}." if draw.random() < 1 / 6 else f"{said}."


def _write_export(root: Path, tickets: list[dict[str, object]]) -> None:
    file = root / ".surefoot" / "tickets" / "issues.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(tickets, indent=2), encoding="utf-8")


def _write_files(root: Path, tickets: list[dict[str, object]]) -> None:
    folder = root / ".surefoot" / "tickets" / "github" / "shop"
    folder.mkdir(parents=True, exist_ok=True)
    for ticket in tickets:
        file, text = folder / f"{ticket['number']}.md", _markdown(ticket)
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


def _markdown(ticket: dict[str, object]) -> str:
    front = {
        "tracker": "github",
        "key": f"#{ticket['number']}",
        "title": ticket["title"],
        "state": str(ticket["state"]).lower(),
        "created": ticket["createdAt"],
        "updated": ticket["updatedAt"],
        "labels": ["bug"],
        "url": ticket["url"],
    }
    lines = ["---", *(f"{key}: {json.dumps(value)}" for key, value in front.items()), "---", "", str(ticket["body"])]
    comments = ticket["comments"]
    for comment in comments if isinstance(comments, list) else ():
        lines += ["", f"## Comment, {str(comment['createdAt'])[:10]}", "", comment["body"]]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
