"""Whether an answer to a question of which one half is answerable has that half, and names the other as missing.

Invariant: looks at what is shown alone, with words as they are; nothing of how `missing` was computed is used.
"""

from __future__ import annotations

from collections.abc import Sequence

from surefoot.evals.metrics import DEPTH, Shown
from surefoot.golden import ANSWERS, Case
from surefoot.words import content_terms, stem


def judged(case: Case, hits: Sequence[Shown], cited: Sequence[Shown], missing: Sequence[str]) -> dict[str, bool]:
    """`found`: a place that answers is shown. `named`: the absent half is. `spared`: nothing of the other half is."""
    absent = _stems(case.absent)
    answered = _stems(case.question.replace(case.absent, " ")) - absent
    named = [_stems(part.partition(": ")[0]) for part in missing]
    places = [place for place in case.places if place.grade == ANSWERS]
    return {
        "found": any(shown.overlaps(place) for shown in (*hits[:DEPTH], *cited) for place in places),
        "named": any(part & absent for part in named),
        "spared": not any(part & answered for part in named),
    }


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, content_terms(text)))
