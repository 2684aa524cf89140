"""Compares what a model is shown of the same hits: whole chunks or the most telling lines (`python bench_context.py`).

Of every dev case with an answer the hits are found once, then fitted into several budgets both ways. Measured is how
much of the answer is in the context: the lines of the places of grade 2, those of them that share a word with the
case's note which the question lacks (the note says why they answer, and nothing that chooses lines has seen it), and
the places of which any line is shown; each as a mean over the cases, and for each 1,000 tokens of context.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from measured import print_table, write

from surefoot.answer import answerer
from surefoot.answer.budget import estimate_tokens, fit
from surefoot.answer.dense import fit_dense
from surefoot.answer.findings import Findings
from surefoot.config import Settings
from surefoot.domain import Context, Query
from surefoot.engine import Engine
from surefoot.evals.corpora import fetch, load_corpora
from surefoot.evals.placed import placed
from surefoot.golden import ANSWERS, Case, load_cases
from surefoot.models.open import open_generator
from surefoot.words import content_terms, stem, stems_of

EVALS = Path(__file__).parent.parent
BUDGETS = (300, 600, 900, 1000, 2000)

CountTokens = Callable[[Sequence[str]], list[int]]
Line = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was found for a case, and the lines that answer it: all, those that the note tells of, and by place."""

    found: Findings
    lines: frozenset[Line]
    told: frozenset[Line]
    places: tuple[frozenset[Line], ...]


def main() -> None:
    """Ask, fit, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", nargs="*", default=[], help="names of dev corpora; all that have cases by default")
    parser.add_argument("--budgets", nargs="+", type=int, default=BUDGETS)
    parser.add_argument("--model", default="none", help="whose tokens are counted; estimated without one")
    parser.add_argument("--into", type=Path, default=EVALS / ".cache" / "corpora", help="where the projects are kept")
    parser.add_argument("--json", type=Path, help="where the result is written")
    options = parser.parse_args()
    generator = open_generator(Settings(), model=options.model)
    count = remembering(generator.count_tokens if generator else estimate_tokens)
    asked = [case for name in options.corpora or dev_corpora() for case in asked_of(name, options.into)]
    rows = [measured(asked, way, budget, count) for budget in options.budgets for way in WAYS]
    print(f"{len(asked)} dev cases, tokens of {generator.name if generator else 'no model, estimated'}")
    print_table(rows)
    write(options.json, "context", {"cases": len(asked), "model": options.model, "rows": rows})
    if generator:
        generator.close()


def whole(found: Findings, budget: int, count: CountTokens) -> Context:
    """As answers without a model are drawn from."""
    return fit(found.hits, tuple(found.resolved.weights), budget, count)


def dense(found: Findings, budget: int, count: CountTokens) -> Context:
    """As a model is shown."""
    return fit_dense(found.hits, found.resolved.weights, budget, count)


WAYS: dict[str, Callable[[Findings, int, CountTokens], Context]] = {"whole chunks": whole, "dense": dense}


def measured(asked: Sequence[Asked], way: str, budget: int, count: CountTokens) -> dict[str, object]:
    """One row of the table."""
    lines, told, places, tokens, items = [], [], [], 0, 0
    for case in asked:
        context = WAYS[way](case.found, budget, count)
        shown = shown_lines(context)
        lines.append(len(shown & case.lines) / len(case.lines))
        places.append(sum(not shown.isdisjoint(place) for place in case.places) / len(case.places))
        if case.told:
            told.append(len(shown & case.told) / len(case.told))
        tokens, items = tokens + context.tokens, items + len(context.items)
    used = tokens / len(asked)
    recalls = {"lines": mean(lines), "told": mean(told), "places": mean(places)}
    per_thousand = {f"{name}/1k": round(value / used * 1000, 3) for name, value in recalls.items()}
    return {
        "budget": budget,
        "shown": way,
        **recalls,
        **per_thousand,
        "tokens": round(used),
        "items": round(items / len(asked), 1),
    }


def mean(values: Sequence[float]) -> float:
    """Of at least one value."""
    return round(sum(values) / len(values), 3)


def shown_lines(context: Context) -> set[Line]:
    """The lines of the context as a model sees them."""
    spans = (span for item in context.items for span in item.pieces or (item.span,))
    return {(span.path, line) for span in spans for line in range(span.start, span.end + 1)}


def remembering(count: CountTokens) -> CountTokens:
    """Count each text once; the same hits are fitted many times."""
    known: dict[str, int] = {}

    def counted(texts: Sequence[str]) -> list[int]:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, count(new) if new else [], strict=True))
        return [known[text] for text in texts]

    return counted


# --- the cases ---------------------------------------------------------------------------------------------------


def dev_corpora() -> list[str]:
    """The projects that may be tuned on and that have cases of their own."""
    corpora = load_corpora(EVALS / "corpora.toml").values()
    return [each.name for each in corpora if each.split == "dev" and (EVALS / "cases" / f"{each.name}.jsonl").is_file()]


def asked_of(name: str, kept: Path) -> list[Asked]:
    """The cases of one project that have lines to be found, asked of its index."""
    corpus = load_corpora(EVALS / "corpora.toml")[name]
    if corpus.split != "dev":
        raise SystemExit(f"{name} is no dev corpus; nothing is tuned on others.")
    folder = fetch(corpus, kept)
    cases = [case for case in load_cases([EVALS / "cases" / f"{name}.jsonl"]) if is_plain(case, name)]
    with tempfile.TemporaryDirectory() as cache_dir:
        settings = Settings(cache_dir=Path(cache_dir), trace=False)
        with closing(Engine.open([folder], settings)) as engine:
            engine.refresh()
            found = [answering(placed(case, {name: folder}), folder, engine) for case in cases]
    return [case for case in found if case.lines]


def is_plain(case: Case, name: str) -> bool:
    """Whether it is asked of one project as it was indexed, and has an answer."""
    return case.answerable and case.corpus == name and not case.edits


def answering(case: Case, folder: Path, engine: Engine) -> Asked:
    """What the first half of the read walk finds for it, taken where the second half begins."""
    seen: list[Findings] = []
    kept = answerer.answer
    answerer.answer = lambda findings, *rest: (seen.append(findings), kept(findings, *rest))[1]
    try:
        engine.ask(Query(case.question), model="none")
    finally:
        answerer.answer = kept
    places = tuple(filter(None, (frozenset(lines_of(case, number, folder)) for number in range(len(case.places)))))
    lines = frozenset[Line]().union(*places)
    why = {stem(term) for term in content_terms(case.note)} - {stem(term) for term in content_terms(case.question)}
    told = frozenset((path, line) for path, line in lines if why & stems_of(text_of(folder / path)[line - 1]))
    return Asked(seen[0], lines, told, places)


def lines_of(case: Case, number: int, folder: Path) -> Iterator[Line]:
    """The lines with a word in them of a place that answers; none of records, which have no lines of a file."""
    place = case.places[number]
    if place.grade != ANSWERS or place.is_named:
        return
    text = text_of(folder / place.path)
    for line in range(place.start_line, min(place.end_line, len(text)) + 1):
        if any(map(str.isalnum, text[line - 1])):
            yield place.path, line


@cache
def text_of(path: Path) -> tuple[str, ...]:
    """The lines of a file."""
    return tuple(path.read_text(encoding="utf-8", errors="replace").split("\n"))


if __name__ == "__main__":
    main()
