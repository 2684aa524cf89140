"""Our verdicts on labelled claims: what of the unsupported ones is withheld, and what of the supported ones is lost.

    python evals/checks/claims.py [--half set|reported] [--model default] [--details] [--json]
    python evals/checks/claims.py --drafts DRAFTS

`claims.jsonl` has a claim a line, with the lines that it cites, the label and who wrote it; labels were given from
reading the lines alone. Projects are in one half or the other: constants of `answer/verify.py` are set on `set`, and
`reported` is what is told. The same with another PYTHONPATH tells what another version of the checking does.

With `--model`, that model is also asked about each sentence that the rules let pass, as about those that it writes
itself; three minutes or more for all of them, and what it took is told.

With `--drafts`, the lines of `drafts.py` are judged instead: how many of what a model wrote name a path or an
identifier that stands nowhere in what they cite, and how many of those would be shown.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from surefoot.answer.entail import DOUBTED, entailment
from surefoot.answer.generate import parse_line
from surefoot.answer.verify import problem
from surefoot.config import Settings
from surefoot.domain import Chunk, ContextItem, Query, Resolved, Root, Source, Span, SymbolKind
from surefoot.models.open import open_generator
from surefoot.models.protocols import Generator
from surefoot.trace import CancelToken

CLAIMS = Path(__file__).parent / "claims.jsonl"
NOTHING_ASKED = Resolved(Query(""), (), ())
Row = dict[str, Any]


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("set", "reported"))
    parser.add_argument("--model", default="none", help="also ask this language model")
    parser.add_argument("--details", action="store_true", help="print the claims that were judged wrongly")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--drafts", type=Path, help="lines of drafts.py")
    arguments = parser.parse_args()
    if arguments.drafts:
        print(json.dumps(invented_in_drafts(_read(arguments.drafts)), indent=2))
        return
    report, model = {}, open_generator(Settings(), model=arguments.model)
    for half in [arguments.half] if arguments.half else ["set", "reported"]:
        rows = [row | {"why": verdict(row)} for row in _read(CLAIMS) if row["half"] == half]
        if model is not None:
            _doubt(rows, model)
        report[half] = figures(rows)
        if arguments.details:
            _tell(rows)
    print(json.dumps(report, indent=2) if arguments.json else _table(report))


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def verdict(row: Row) -> str:
    """Why a claim is withheld, empty where it is shown; one place that bears it alone is enough, as in an answer."""
    items = [item_of(cited) for cited in row["cited"]]
    reasons = [problem(row["claim"], [item], NOTHING_ASKED) for item in items]
    return "" if not all(reasons) else problem(row["claim"], items, NOTHING_ASKED)


def _doubt(rows: Sequence[Row], model: Generator) -> None:
    """Withhold what the model does not believe, of what the rules let pass."""
    passed, started = [row for row in rows if not row["why"]], time.perf_counter()
    for row in passed:
        items = [item_of(cited) for cited in row["cited"]]
        bearing = [item for item in items if not problem(row["claim"], [item], NOTHING_ASKED)] or items
        found = entailment(model, row["claim"], bearing, CancelToken())
        if found is None:
            raise SystemExit(f"The model {model.name} cannot be asked about sentences.")
        row["why"] = DOUBTED if found.is_doubted else ""
    each = (time.perf_counter() - started) / max(len(passed), 1)
    sys.stderr.write(f"{len(passed)} sentences asked about, {each:.2f} s each\n")


def item_of(cited: Row) -> ContextItem:
    """A cited place as the verification gets it."""
    span = Span(cited["path"], cited["start"], cited["end"])
    chunk = Chunk(
        span, Source(cited["source"]), cited["language"], cited["text"], cited["symbol"], SymbolKind(cited["kind"]),
        signature=cited["label"],
    )  # fmt: skip
    return ContextItem(1, Root(Path("/"), "p"), span, cited["symbol"], cited["text"], chunk)


def figures(rows: Sequence[Row]) -> Row:
    """Precision and recall of "unsupported", the share of the supported that is lost, and the same by kind."""
    withheld = [row for row in rows if row["why"]]
    lies = [row for row in rows if row["label"] != "supported"]
    honest = [row for row in rows if row["label"] == "supported"]
    caught = [row for row in lies if row["why"]]
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_kind[f"{row['label']}, {row['kind']}{'' if row['by'] == 'hand' else ' (model)'}"].append(row)
    return {
        "claims": len(rows),
        "unsupported": len(lies),
        "recall": _share(len(caught), len(lies)),
        "precision": _share(len(caught), len(withheld)),
        "supported lost": _share(len(withheld) - len(caught), len(honest)),
        "kinds": {
            kind: f"{sum(bool(r['why']) for r in each)} of {len(each)}" for kind, each in sorted(by_kind.items())
        },
    }


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 1.0


def _table(report: Row) -> str:
    lines = []
    for half, found in report.items():
        kinds = found.pop("kinds")
        lines += [f"{half}: " + ", ".join(f"{name} {figure}" for name, figure in found.items())]
        lines += [f"  withheld {figure:>9}  {kind}" for kind, figure in kinds.items()]
    return "\n".join(lines)


def _tell(rows: Iterable[Row]) -> None:
    for row in rows:
        if bool(row["why"]) != (row["label"] != "supported"):
            sys.stderr.write(
                f"{row['id']} {row['label']} ({row['kind']}): {row['claim']}\n    {row['why'] or 'shown'}\n"
            )


# --- what a model invents, by a check of its own that knows nothing of the verification -------------------------------

_WORD = re.compile(r"\w+")
_NAME = re.compile(r"`([^`]+)`|\b(\w+(?:(?:\.|::|->)\w+)+|\w*[a-z]\w*[A-Z]\w*|\w+_\w+)\b(?:\(\))?")
_PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)+|\b[\w-]+\.(?:py|js|ts|c|h|cc|go|rs|java|rb|php|kt|md|rst|toml|json|ya?ml)\b")


def invented(claim: str, cited: Sequence[Row]) -> list[str]:
    """The paths and the parts of identifiers in a sentence that stand nowhere in the places that it cites."""
    text = "\n".join(f"{each['path']}\n{each['symbol']}\n{each['label']}\n{each['text']}" for each in cited)
    words = {word.casefold() for word in _WORD.findall(text)}
    paths = [path for path in _PATH.findall(claim) if path.casefold() not in text.casefold()]
    names = [name for groups in _NAME.findall(_PATH.sub(" ", claim)) for name in groups if name]
    parts = [part for name in names for part in _WORD.findall(name)]
    return [*paths, *(part for part in parts if part.casefold() not in words)]


def invented_in_drafts(drafts: Sequence[Row]) -> Row:
    """How many sentences of the drafts name what is not there, and how many of those are shown all the same."""
    sentences = shown = without = with_checks = 0
    for row in drafts:
        for claim in (claim for line in row["draft"].split("\n") for claim in parse_line(line)):
            cited = [each for each in row["sources"] if each["number"] in claim.sources]
            is_invented = bool(invented(claim.text, cited)) or not cited
            passes = bool(cited) and not verdict({"claim": claim.text, "cited": cited})
            sentences += 1
            shown += passes
            without += is_invented
            with_checks += is_invented and passes
    return {
        "sentences": sentences,
        "with an invented path or identifier, shown without verification": without,
        "shown with verification": shown,
        "of these with an invented path or identifier": with_checks,
    }


if __name__ == "__main__":
    main()
