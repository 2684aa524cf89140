"""The gate: floors per group and metric, and no significant drop against the committed result.

Invariant: whatever holds a change back is one sentence that names group, metric, floor and value.
"""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from surefoot.errors import UsageError
from surefoot.evals.metrics import drop_probability
from surefoot.results import Row, read_result, values_by_group

COMPARED = ("file_ndcg", "span_ndcg", "refused", "found", "right_source", "abstained", "answered", "chain", "half")
COMPARED_GROUPS = (".ranked", ".chained", ".docs", ".unanswerable", ".half", ".both", ".wrong_product", ".drift")


@dataclass(frozen=True, slots=True)
class Gate:
    """`floors` maps groups to the least value of metrics. `alpha` is the chance of a false alarm per comparison."""

    floors: Mapping[str, Mapping[str, float]]
    compare: Path | None
    alpha: float


def load_gate(path: Path) -> Gate:
    """The gate in a `thresholds.toml`. Raises UsageError."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        compare = values.pop("compare", "")
        alpha = float(values.pop("alpha", 0.01))
        floors = {group: {name: float(least) for name, least in found.items()} for group, found in values.items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError, TypeError, ValueError) as error:
        raise UsageError(f"The thresholds in {path} cannot be read ({error}).") from error
    return Gate(floors, path.parent / compare if compare else None, alpha)


def failures(gate: Gate, rows: Sequence[Row]) -> list[str]:
    """What holds the change back; nothing where it may pass."""
    values = values_by_group(rows)
    before = values_by_group(read_result(gate.compare)["rows"]) if gate.compare else {}
    return [*_below_floors(gate, values), *_dropped(gate, before, values)]


Values = Mapping[tuple[str, str], Mapping[str, float]]


def _below_floors(gate: Gate, values: Values) -> Iterator[str]:
    for group, floors in gate.floors.items():
        for name, least in floors.items():
            found = values.get((group, name))
            if found is None:
                yield f"{group} {name}: no case says anything of it, and the floor is {least:.3f}."
            elif (mean := statistics.fmean(found.values())) < least:
                yield f"{group} {name}: {mean:.3f} is below the floor of {least:.3f} ({len(found)} cases)."


def _dropped(gate: Gate, before: Values, after: Values) -> Iterator[str]:
    for (group, name), old in before.items():
        new = after.get((group, name), {})
        common = sorted(old.keys() & new.keys())
        if name not in COMPARED or not group.endswith(COMPARED_GROUPS) or not common:
            continue
        was, now = [old[each] for each in common], [new[each] for each in common]
        if statistics.fmean(now) < statistics.fmean(was) and (chance := drop_probability(was, now)) < gate.alpha:
            yield (
                f"{group} {name}: {statistics.fmean(now):.3f} after {statistics.fmean(was):.3f} in the committed "
                f"result, a drop that chance brings about with probability {chance:.3f} ({len(common)} cases)."
            )
