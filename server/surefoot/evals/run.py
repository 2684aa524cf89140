"""Asks the questions of a golden set, and writes down what came of each.

Invariant: a case is asked as a user would ask it, of an index of the whole project; only a `drift` case is asked of a
copy, which is indexed and then edited.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from surefoot.answer.budget import estimate_tokens
from surefoot.config import Settings
from surefoot.domain import Answer, Hit, Query, SearchResult, Verdict
from surefoot.engine import Engine
from surefoot.errors import UsageError
from surefoot.evals.corpora import working_copy
from surefoot.evals.edits import apply_edit
from surefoot.evals.half import judged
from surefoot.evals.lost import where_links_lost, where_lost
from surefoot.evals.metrics import DEPTH, Shown, citation_figures, ranking_figures
from surefoot.evals.placed import placed
from surefoot.evals.recheck import is_invented, name_problems, place_problem
from surefoot.evals.written import sentences, times, unchecked
from surefoot.golden import Case
from surefoot.results import LINKED
from surefoot.retrieve.experiment import Experiment
from surefoot.trace import Trace

Row = dict[str, Any]
SUITES = ("retrieval", "answers")


@dataclass(frozen=True, slots=True)
class Run:
    """What to ask, of which folders, and how. `folders` maps the names of corpora to their sources."""

    cases: Sequence[Case]
    folders: Mapping[str, Path]
    settings: Settings
    suites: tuple[str, ...] = SUITES
    model: str = "none"
    ablated: frozenset[str] = frozenset()
    jobs: int = 1  # processes that share the corpora; how long a question takes is told by one alone
    advance: Callable[[str], None] = field(default=lambda _: None)


def run(plan: Run) -> list[Row]:
    """One row per case, in the order of the cases."""
    plan = replace(plan, cases=[placed(case, plan.folders) for case in plan.cases])
    rows = {case.id: row for case, row in _rows(plan)}
    if "retrieval" in plan.suites:
        shown = {case_id: [Shown(**hit) for hit in row["hits"]] for case_id, row in rows.items()}
        for case_id, figures in ranking_figures(plan.cases, shown).items():
            rows[case_id]["figures"] = figures
    return [rows[case.id] for case in plan.cases]


def _rows(plan: Run) -> Iterator[tuple[Case, Row]]:
    by_corpus: dict[str, list[Case]] = {}
    for case in plan.cases:
        by_corpus.setdefault(case.corpus, []).append(case)
    parts = [replace(plan, cases=cases) for cases in by_corpus.values()]
    if plan.jobs <= 1 or len(parts) <= 1:
        for part in parts:
            yield from _of_corpus(part)
        return
    parts = sorted((replace(part, advance=_unseen) for part in parts), key=lambda part: -len(part.cases))
    with ProcessPoolExecutor(min(plan.jobs, len(parts)), get_context("spawn")) as pool:
        for done in as_completed([pool.submit(_all_of_corpus, part) for part in parts]):
            for case, row in done.result():
                plan.advance(case.id)
                yield case, row


def _unseen(_: str) -> None: ...


def _all_of_corpus(plan: Run) -> list[tuple[Case, Row]]:
    return list(_of_corpus(plan))


def _of_corpus(plan: Run) -> Iterator[tuple[Case, Row]]:
    """The cases of one corpus, those without edits first: they share an index."""
    still = [case for case in plan.cases if not case.edits]
    if still:
        with _opened(plan, _folders(still[0], plan.folders)) as engine:
            for case in still:
                yield case, _asked(case, plan, engine)
    for case in plan.cases:
        if case.edits:
            yield case, _asked_after_edits(case, plan)


@contextmanager
def _opened(plan: Run, folders: Sequence[Path]) -> Iterator[Engine]:
    engine = Engine.open(folders, plan.settings, experiment=Experiment(plan.ablated, observed=True), client="evals")
    try:
        engine.refresh()
        yield engine
    finally:
        engine.close()


def _folders(case: Case, folders: Mapping[str, Path]) -> list[Path]:
    missing = next((name for name in case.roots if name not in folders), None)
    if missing is not None:
        raise UsageError(f"The case {case.id} is about the corpus '{missing}', which is not in the corpora file.")
    return [folders[name] for name in case.roots]


def _asked_after_edits(case: Case, plan: Run) -> Row:
    """Of a copy of its own: index it, edit it behind the engine's back, ask; then again as every front end does.

    The first time nobody has told the engine, and all that is asked of it is to show nothing that is not there. The
    second time it was told to look, as the command line does before each question and an editor after each change.
    """
    (source,) = _folders(case, plan.folders)
    with tempfile.TemporaryDirectory() as scratch:
        copy = working_copy(source, Path(scratch) / source.name)
        settings = plan.settings.model_copy(update={"cache_dir": Path(scratch) / "cache"})
        with _opened(replace(plan, settings=settings), [copy]) as engine:
            engine.search(Query("warm up"))  # vectors and names are in memory when the edit comes, as in an editor
            for edit in case.edits:
                apply_edit(copy, edit)
            untold = _asked(case, replace(plan, advance=lambda _: None), engine)
            engine.refresh()
            told = _asked(case, plan, engine)
    for row, before in ((told, untold), (told.get("answer", {}), untold.get("answer", {}))):
        if "bad" in row:
            row["bad"] = [*before["bad"], *row["bad"]]
    return told


def _asked(case: Case, plan: Run, engine: Engine) -> Row:
    roots = {root.name: root.path for root in engine.roots}
    row: Row = {"id": case.id, "corpus": case.corpus, "bucket": case.bucket, "answerable": case.answerable}
    query = Query(case.question, k=DEPTH, open_file=_open_file(case, plan.folders))
    if "retrieval" in plan.suites:
        begin = time.perf_counter()
        found = engine.search(query)
        row["ms"] = round((time.perf_counter() - begin) * 1000, 3)
        row |= _of_search(case, found, engine, roots)
    if "answers" in plan.suites:
        answer = engine.ask(query, model=plan.model)
        row["answer"] = _of_answer(case, answer, roots)
        if plan.model != "none" and answer.trace_id:
            row["answer"] |= _of_model(case, engine.trace(answer.trace_id), roots)
        if case.absent:
            row["half"] = _half(case, row.get("hits", ()), row["answer"])
    if len(roots) > 1:
        row["right_product"] = _is_right_product(case, row)
    plan.advance(case.id)
    return row


def _half(case: Case, hits: Sequence[Row], answer: Row) -> dict[str, bool]:
    return judged(
        case,
        [Shown(**each) for each in hits],
        [Shown(**each) for each in answer["citations"]],
        answer["missing"],
    )


def _is_right_product(case: Case, row: Row) -> bool:
    """Whether the first hit and all that is cited lie in a root that has a labelled place."""
    right = {place.root for place in case.places}
    shown = [*row.get("hits", ())[:1], *row.get("answer", {}).get("citations", ())]
    return all(each["root"] in right for each in shown)


def _open_file(case: Case, folders: Mapping[str, Path]) -> Path | None:
    root, _, path = case.open.partition("/")
    return folders[root] / path if case.open else None


def _of_search(case: Case, found: SearchResult, engine: Engine, roots: Mapping[str, Path]) -> Row:
    shown = [_shown(hit) for hit in found.hits]
    problems = [place_problem(roots, each, hit.chunk.symbol) for each, hit in zip(shown, found.hits, strict=True)]
    trace = engine.trace(found.trace_id) if found.trace_id else None
    return {
        "no_match": found.no_match,
        "hits": [asdict(each) for each in shown],
        "symbols": [hit.chunk.symbol for hit in found.hits],
        "stages": dict(found.stages),
        "trace_id": found.trace_id,
        "lost_in": where_lost(case, shown, trace) if trace else "",
        "links_lost": where_links_lost(case, shown, trace) if trace and case.bucket in LINKED else {},
        "bad": [problem for problem in problems if problem],
    }


def _shown(hit: Hit) -> Shown:
    span = hit.chunk.span
    return Shown(hit.root.name, span.path, span.start, span.end, estimate_tokens([hit.chunk.text])[0])


def _of_answer(case: Case, answer: Answer, roots: Mapping[str, Path]) -> Row:
    cited = {c.id: (Shown(c.root.name, c.span.path, c.span.start, c.span.end), c.symbol) for c in answer.citations}
    bad = [problem for each, symbol in cited.values() if (problem := place_problem(roots, each, symbol))]
    by_claim = [(claim.text, [cited[number] for number in claim.citations]) for claim in answer.claims]
    for text, own in by_claim:
        bad += name_problems(roots, text, own)
    return {
        "mode": answer.mode.value,
        "abstained": answer.abstained,
        "claims": [claim.text for claim in answer.claims],
        "partly": sum(bool(claim.struck) for claim in answer.claims),
        "withheld": len(answer.withheld),
        "missing": list(answer.missing),
        "citations": [asdict(each) for each, _ in cited.values()],
        "valid": sum(c.verdict in (Verdict.VALID, Verdict.MOVED) for c in answer.citations),
        **citation_figures(case, [each for each, _ in cited.values()]),
        "bad": bad,
        "invented": sum(is_invented(roots, text, own) for text, own in by_claim),
        "stages": dict(answer.stages),
        "trace_id": answer.trace_id,
    }


def _of_model(case: Case, trace: Trace, roots: Mapping[str, Path]) -> Row:
    """Of an answer that a model was asked for: what it would have been unchecked, and when its parts came."""
    written = sentences(trace, {str(path): name for name, path in roots.items()})
    return {"unchecked": unchecked(case, written, roots), "times": times(trace, written)}
