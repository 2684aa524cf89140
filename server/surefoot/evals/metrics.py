"""How good one ranking or one answer is, against the labelled places of its case.

At file level a ranking is the first hit of each file; at span level it is the hits, each standing for the best place
that it overlaps and that no earlier hit stood for. NDCG, reciprocal rank and success are those of `ir_measures`.

Invariant: functions from values to values; nothing here asks a question or reads a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from surefoot.golden import ANSWERS, Case, Place
from surefoot.readings import has_reading
from surefoot.results import LINKED

DEPTH = 10  # hits that are looked at
CONTEXTS = (500, 1000, 2000)  # tokens
RESAMPLES = 2000  # of the bootstrap and of the paired test: their error is a tenth of what they estimate
SEED = 20_261_124  # reports repeat
ROUNDING = 1e-9  # sums in another order differ in their last bits
Key = tuple[str, str]  # root and path
EXPORTS = (".json", ".jsonl", ".csv")  # files with many tickets


@dataclass(frozen=True, slots=True)
class Shown:
    """One hit as an evaluation sees it: where it is, and how many tokens its text takes."""

    root: str
    path: str
    start: int
    end: int
    tokens: int = 0

    def overlaps(self, place: Place) -> bool:
        """Whether it shows a line of the place."""
        return self.lies_in(place) and self.start <= place.end_line and place.start_line <= self.end

    def lies_in(self, place: Place) -> bool:
        """Whether it is in the file of the place."""
        return self.path == place.path and place.root in ("", self.root)


def ranking_figures(cases: Sequence[Case], rankings: Mapping[str, Sequence[Shown]]) -> dict[str, dict[str, float]]:
    """Of each answerable case by its id: NDCG@10, MRR and hit@k at both levels, and recall within token budgets."""
    answerable = [case for case in cases if case.answerable]
    figures: dict[str, dict[str, float]] = {case.id: {} for case in answerable}
    for level, documents in (("file", _files), ("span", _spans)):
        graded = {case.id: documents(case, rankings[case.id]) for case in answerable}
        for case_id, name, value in _standard(graded):
            figures[case_id][f"{level}_{name}"] = value
    for case in answerable:
        for budget in CONTEXTS:
            figures[case.id][f"recall_{budget}"] = _recall_within(case, rankings[case.id], budget)
        if case.bucket in LINKED:
            shown = [link_shown(places, rankings[case.id]) for places in chain_links(case).values()]
            figures[case.id] |= {"chain": float(all(shown)), "chain_share": sum(shown) / len(shown)}
    return figures


def chain_links(case: Case) -> dict[Key, list[Place]]:
    """The links of the chain that answers a case, each with its places, by root and path.

    A file is a link, and so is a commit. An export is one file with all tickets, so there each ticket is a link, and
    has its id after the path.
    """
    links: dict[Key, list[Place]] = {}
    for place in case.places:
        if place.grade == ANSWERS:
            name = f"{place.path} {place.record}" if _is_ticket(place) else place.path
            links.setdefault((place.root, name), []).append(place)
    return links


def link_shown(places: Sequence[Place], hits: Sequence[Shown]) -> bool:
    """Whether a link of a chain is among the first hits: any lines of its file, or those of its ticket."""
    return any(
        hit.overlaps(place) if _is_ticket(place) else hit.lies_in(place) for hit in hits[:DEPTH] for place in places
    )


def _is_ticket(place: Place) -> bool:
    return bool(place.record) and place.path.endswith(EXPORTS) and not has_reading(place.path)


@dataclass(frozen=True, slots=True)
class _Graded:
    """The grades of all documents of a case, and the ids of the documents that were shown, best first."""

    grades: Mapping[str, int]
    shown: Sequence[str]


def _files(case: Case, hits: Sequence[Shown]) -> _Graded:
    grades: dict[str, int] = {}
    for place in case.places:
        key = f"{place.root}:{place.path}"
        grades[key] = max(place.grade, grades.get(key, 0))
    keys = [
        next((key for key in (f"{hit.root}:{hit.path}", f":{hit.path}") if key in grades), hit.path) for hit in hits
    ]
    return _Graded(grades, list(dict.fromkeys(keys))[:DEPTH])


def _spans(case: Case, hits: Sequence[Shown]) -> _Graded:
    left = dict(enumerate(case.places))
    shown = []
    for position, hit in enumerate(hits[:DEPTH]):
        found = [number for number, place in left.items() if hit.overlaps(place)]
        best = max(found, key=lambda number: left[number].grade, default=None)
        shown.append(f"beside {position}" if best is None else str(best))
        if best is not None:
            del left[best]
    return _Graded({str(number): place.grade for number, place in enumerate(case.places)}, shown)


def _standard(graded: Mapping[str, _Graded]) -> Iterable[tuple[str, str, float]]:
    import ir_measures  # noqa: PLC0415 - in the extra `evals`
    from ir_measures import RR, Success, nDCG  # noqa: PLC0415

    names = {
        nDCG @ DEPTH: "ndcg",
        RR(rel=ANSWERS) @ DEPTH: "mrr",
        **{Success(rel=ANSWERS) @ k: f"hit{k}" for k in (1, 5, 10)},
    }
    qrels = {case_id: dict(each.grades) for case_id, each in graded.items()}
    # The library orders by score: the rank from the end is one.
    run = {
        case_id: {document: float(len(each.shown) - rank) for rank, document in enumerate(each.shown)}
        or {"nothing": 0.0}
        for case_id, each in graded.items()
    }
    for metric in ir_measures.iter_calc(list(names), qrels, run):
        yield metric.query_id, names[metric.measure], float(metric.value)


def _recall_within(case: Case, hits: Sequence[Shown], budget: int) -> float:
    """The share of the places that answer which the hits within a budget of tokens show a line of."""
    inside: list[Shown] = []
    for hit in hits:
        budget -= hit.tokens
        if budget < 0:
            break
        inside.append(hit)
    wanted = [place for place in case.places if place.grade == ANSWERS]
    return sum(any(hit.overlaps(place) for hit in inside) for place in wanted) / len(wanted)


def citation_figures(case: Case, cited: Sequence[Shown]) -> dict[str, Any]:
    """What the citations of one answer are worth: whether one is right, how many are, and how many places they have.

    A citation is right where it shows a line of a labelled place; only the places that answer are to be found.
    """
    wanted = [place for place in case.places if place.grade == ANSWERS]
    right = [each for each in cited if any(map(each.overlaps, case.places))]
    found = sum(any(each.overlaps(place) for each in cited) for place in wanted)
    return {
        "right_source": bool(right),
        **({"precision": round(len(right) / len(cited), 4)} if cited else {}),
        **({"recall": round(found / len(wanted), 4)} if wanted else {}),
    }


# --- how sure one can be -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean, and the interval that holds it in 95 of 100 resamples of the cases (percentile bootstrap)."""

    mean: float
    low: float
    high: float
    cases: int


def estimate(values: Sequence[float]) -> Estimate | None:
    """The mean of some cases' figures; None where there are none."""
    if not values:
        return None
    seen = np.asarray(values)
    drawn = np.random.default_rng(SEED).integers(len(seen), size=(RESAMPLES, len(seen)))
    low, high = np.quantile(seen[drawn].mean(axis=1), (0.025, 0.975))
    return Estimate(float(seen.mean()), float(low), float(high), len(seen))


def drop_probability(before: Sequence[float], after: Sequence[float]) -> float:
    """How likely chance alone lowers paired figures this much: a one-sided sign-flip permutation test."""
    differences = np.asarray(after) - np.asarray(before)
    signs = np.random.default_rng(SEED).choice((-1.0, 1.0), size=(RESAMPLES, len(differences)))
    as_low = np.count_nonzero(signs @ differences <= differences.sum() + ROUNDING)
    return float((as_low + 1) / (RESAMPLES + 1))


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed; 0 where there are none."""
    return _quantile(sorted(values), share) if values else 0.0


def grouped(ids: Iterable[str], key: Callable[[str], str]) -> dict[str, list[str]]:
    """The ids by what `key` says of them, in the order of first sight."""
    groups: dict[str, list[str]] = {}
    for each in ids:
        groups.setdefault(key(each), []).append(each)
    return groups
