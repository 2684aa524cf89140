"""Our verdicts on labelled claims: what of the unsupported ones is withheld, and what of the supported ones is lost.

    python evals/checks/claims.py [--half set|reported] [--model default] [--joined] [--details] [--json]
    python evals/checks/claims.py --drafts DRAFTS

`claims.jsonl` has a claim a line, with the lines that it cites and the label; labels were given from reading the lines
alone. These claims were written by hand, most of them as lies that are hard to see. `claims_of_model.jsonl` has the
same of what the default model wrote about 73 questions of dev (`drafts.py`): as it lies when nobody asks it to.
Projects are in one half or the other: constants of `answer/verify.py` are set on `set`, and `reported` is what is
told. The same with another PYTHONPATH tells what another version of the checking does.

With `--model`, that model is also asked about each sentence that the rules let pass, as about those that it writes
itself; three minutes or more for all of them, and what it took is told.

Of a sentence that is withheld as a whole, a beginning may be left (`answer/partly.py`): the columns "partly" say of how
many, and `left` in a line of the file is what was judged of that beginning, from reading the lines. There are few such
sentences, so `--joined` makes more: two claims about the same lines become one sentence, and what is left of it is
judged by the label of the first. Most claims of the file are lies, so are most beginnings.

With `--drafts`, the lines of `drafts.py` are judged instead: how many of what a model wrote name a path or an
identifier that stands nowhere in what they cite, and how many of those would be shown.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from surefoot.answer.entail import DOUBTED, entailment
from surefoot.answer.generate import parse_line
from surefoot.answer.supported import supported
from surefoot.config import Settings
from surefoot.domain import Chunk, ContextItem, Query, Resolved, Root, Source, Span, SymbolKind
from surefoot.models.open import open_generator
from surefoot.models.protocols import Generator
from surefoot.trace import CancelToken

CLAIMS = {"by hand": "claims.jsonl", "by the model": "claims_of_model.jsonl"}
NOTHING_ASKED = Resolved(Query(""), (), ())
Row = dict[str, Any]


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=("set", "reported"))
    parser.add_argument("--model", default="none", help="also ask this language model")
    parser.add_argument("--joined", action="store_true", help="judge sentences that are two claims each")
    parser.add_argument("--details", action="store_true", help="print the claims that were judged wrongly, or in part")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--drafts", type=Path, help="lines of drafts.py")
    arguments = parser.parse_args()
    if arguments.drafts:
        print(json.dumps(invented_in_drafts(_read(arguments.drafts)), indent=2))
        return
    claims = {author: _read(Path(__file__).parent / name) for author, name in CLAIMS.items()}
    report, model = {}, open_generator(Settings(), model=arguments.model)
    for half, author in product([arguments.half] if arguments.half else ["set", "reported"], claims):
        labelled = [row for row in claims[author] if row["half"] == half]
        rows = [judged(row) for row in (joined(labelled) if arguments.joined else labelled)]
        if model is not None:
            _doubt(rows, model)
        report[f"{half}, {author}"] = (figures_of_joined if arguments.joined else figures)(rows)
        if arguments.details:
            _tell(rows)
    print(json.dumps(report, indent=2) if arguments.json else _table(report))


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def judged(row: Row) -> Row:
    """The row with why it is withheld, with what is shown of it all the same, and with the places that bear that."""
    items = {number: item_of(cited) for number, cited in enumerate(row["cited"])}
    found = supported(row["claim"], items, NOTHING_ASKED)
    part = found.text if found.struck else ""
    return row | {"why": found.against, "part": part, "bearing": [items[number] for number in found.bearing]}


def joined(rows: Sequence[Row]) -> list[Row]:
    """Sentences of two claims about the same lines each, in the ways in which they can be joined."""
    return [
        first
        | {"claim": sentence, "label": "unsupported"}
        | {"left": {**first.get("left", {}), first["claim"]: first["label"]}}
        for first in rows
        for second in rows
        if first is not second and first["cited"] == second["cited"]
        for sentence in _joined(first["claim"].removesuffix("."), second["claim"])
        if judged(first | {"claim": sentence})["why"]
    ]


def _joined(first: str, second: str) -> Iterator[str]:
    small = second if second.startswith("`") else second[0].lower() + second[1:]
    yield from (f"{first}. {second}", f"{first}; {small}", f"{first}, and {small}")
    subject = re.match(r"`[^`]+` ", first)
    if subject and second.startswith(subject[0]):
        yield f"{first} and {second.removeprefix(subject[0])}"


def judgement(row: Row) -> str:
    """What was judged of what is left of a sentence: "supported", "unsupported", "not read"."""
    return str(row.get("left", {}).get(row["part"], "not read"))


def _doubt(rows: Sequence[Row], model: Generator) -> None:
    """Withhold what the model does not believe, of what the rules let pass of a sentence, whole or in part."""
    passed, started = [row for row in rows if not row["why"] or row["part"]], time.perf_counter()
    for row in passed:
        found = entailment(model, row["part"] or row["claim"], row["bearing"], CancelToken())
        if found is None:
            raise SystemExit(f"The model {model.name} cannot be asked about sentences.")
        if found.is_doubted:
            row.update(why=row["why"] or DOUBTED, part="")
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
    parted = [row for row in caught if row["part"]]
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_kind[f"{row['label']}, {row['kind']}{'' if row['by'] == 'hand' else ' (model)'}"].append(row)
    return {
        "claims": len(rows),
        "unsupported": len(lies),
        "recall": _share(len(caught), len(lies)),
        "precision": _share(len(caught), len(withheld)),
        "supported lost": _share(len(withheld) - len(caught), len(honest)),
        "of the supported withheld, partly shown": sum(bool(row["part"]) for row in withheld) - len(parted),
        "of the unsupported withheld, partly shown": len(parted),
        "what is left": _counted(judgement(row) for row in withheld if row["part"]),
        "kinds": {
            kind: f"{sum(bool(r['why']) for r in each)} of {len(each)}" for kind, each in sorted(by_kind.items())
        },
    }


def figures_of_joined(rows: Sequence[Row]) -> Row:
    """Of how many sentences something is left, and what was judged of that; each beginning counts once in the end."""
    parted = [row for row in rows if row["part"]]
    return {
        "withheld as a whole": len(rows),
        "partly shown": len(parted),
        "beginnings": len({(row["id"], row["part"]) for row in parted}),
        "what is left": _counted(each for _, _, each in {(r["id"], r["part"], judgement(r)) for r in parted}),
    }


def _counted(judgements: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(judgements).items()))


def _share(part: int, whole: int) -> float:
    return round(part / whole, 3) if whole else 1.0


def _table(report: Row) -> str:
    lines = []
    for half, found in report.items():
        kinds = found.pop("kinds", {})
        lines += [f"{half}: " + ", ".join(f"{name} {figure}" for name, figure in found.items())]
        lines += [f"  withheld {figure:>9}  {kind}" for kind, figure in kinds.items()]
    return "\n".join(lines)


def _tell(rows: Iterable[Row]) -> None:
    for row in rows:
        if row["part"]:
            sys.stderr.write(f"{row['id']} {row['claim']}\n    left ({judgement(row)}): {row['part']}\n")
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
    sentences = shown = without = with_checks = parts = invented_in_parts = 0
    for row in drafts:
        for claim in (claim for line in row["draft"].split("\n") for claim in parse_line(line)):
            cited = [each for each in row["sources"] if each["number"] in claim.sources]
            is_invented = bool(invented(claim.text, cited)) or not cited
            found = judged({"claim": claim.text, "cited": cited})
            passes = bool(cited) and not found["why"]
            part = found["part"] if cited else ""
            sentences += 1
            shown += passes
            parts += bool(part)
            invented_in_parts += bool(part and invented(part, cited))
            without += is_invented
            with_checks += is_invented and passes
    return {
        "sentences": sentences,
        "with an invented path or identifier, shown without verification": without,
        "shown with verification": shown,
        "of these with an invented path or identifier": with_checks,
        "partly shown": parts,
        "with an invented path or identifier in what is left": invented_in_parts,
    }


if __name__ == "__main__":
    main()
