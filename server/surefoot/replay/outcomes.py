"""What one stage made otherwise in one run than in another, stage by stage.

Invariant: only what a stage decided is looked at; how long it took, and in how many pieces a text came, is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from surefoot.domain import Change, ChangeKind
from surefoot.replay.rankings import (
    Entry,
    entries_of,
    key_of,
    lines_changed,
    matched,
    moves,
    ranking_changes,
    told,
)
from surefoot.retrieve.rerank import similar_to_the_question

# An edit anywhere makes each word of the index a little rarer or more common. What is less than this moves nothing by
# itself, and naming it would hide what does; it is named where a later stage differs and nothing else explains it.
NOTABLE_WEIGHT = 0.05  # of the weight of a word
NOTABLE_FACTOR = 0.03  # of a rule's factor, which lies around 1
NOTABLE_COVERAGE = 0.01  # of which a rule makes one and a half times as much
SUPPORTED = "supported"


@dataclass(frozen=True, slots=True)
class Found:
    """What differs in one stage: notably, or so little that it only counts where it had an effect."""

    changes: tuple[Change, ...] = ()
    shifts: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """The last run of a stage: its details and counts. Of stages that run once per claim, all of them are in `each`."""

    details: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)
    each: tuple[Mapping[str, Any], ...] = ()


def differences(stage: str, before: Run | None, after: Run | None) -> Found:
    """What the stage made otherwise."""
    if before is None or after is None:
        if before is after:
            return Found()
        ran = ("did not run", "ran") if before is None else ("ran", "did not run")
        return Found((_value("stage", *ran),))
    found = STAGES[stage](before, after) if stage in STAGES else Found()
    return Found((*_values(before, after, ("error",)), *found.changes), found.shifts)


def _resolve(before: Run, after: Run) -> Found:
    changes = [
        *_values(before, after, ("understood", "asked_again", "asked_in_turn", "products", "places_named")),
        *_mapped("mention", _mentions(before), _mentions(after)),
    ]
    old, new = _numbers(before.details.get("terms")), _numbers(after.details.get("terms"))
    changes += [_value(f"word {term}", f"weight {old[term]:g}", "not asked for") for term in old if term not in new]
    changes += [_value(f"word {term}", "not asked for", f"weight {new[term]:g}") for term in new if term not in old]
    weights = [
        (abs(old[term] - new[term]) > NOTABLE_WEIGHT * abs(old[term]),
         _value(f"word {term}", f"weight {old[term]:g}", f"weight {new[term]:g}"))
        for term in old if term in new and old[term] != new[term]
    ]  # fmt: skip
    return Found(
        (*changes, *(change for notable, change in weights if notable)),
        tuple(change for notable, change in weights if not notable),
    )


def _mentions(run: Run) -> dict[str, str]:
    """What the words of each mention were taken for."""
    taken = {}
    for mention in run.details.get("mentions") or ():
        targets = ", ".join(map(str, mention.get("targets", ())[:3]))
        meant = f" as {mention['meant_as']}" if "meant_as" in mention else ""
        similarity = mention.get("similarity", 1)
        alike = f" ({similarity:g} alike)" if similarity != 1 else ""
        taken[str(mention.get("text"))] = f"{mention.get('kind')}{meant} {targets}{alike}".strip()
    return taken


def _retriever(before: Run, after: Run) -> Found:
    found = ranking_changes(before.details.get("ranking"), after.details.get("ranking"))
    best = _best_score(before), _best_score(after)
    shifts = [_value("best score", f"{best[0]:g}", f"{best[1]:g}")] if best[0] != best[1] else []
    return Found(found, (*shifts, *_counted(before, after, ("found",))))


def _best_score(run: Run) -> float:
    entries = entries_of(run.details.get("ranking"))
    score = entries[0].get("score") if entries else 0.0
    return float(score) if isinstance(score, int | float) else 0.0


def _fuse(before: Run, after: Run) -> Found:
    old, new = entries_of(before.details.get("ranking")), entries_of(after.details.get("ranking"))
    otherwise = [
        _value(f"score of {told(other)}", f"{_number(one, 'score'):g}", f"{_number(other, 'score'):g}")
        for _, one, _, other in matched(old, new).both
        if one.get("retrievers") == other.get("retrievers") and _number(one, "score") != _number(other, "score")
    ]
    return Found((*ranking_changes(old, new), *otherwise), _counted(before, after, ("fused",)))


def _rerank(before: Run, after: Run) -> Found:
    old, new = entries_of(before.details.get("ranking")), entries_of(after.details.get("ranking"))
    both = [(one, other) for _, one, _, other in matched(old, new).both]
    rules = [rule for one, other in both for rule in rule_changes(one, other)]
    measured = [
        _value(f"{name} of {told(other)}", f"{_number(one, name):g}", f"{_number(other, name):g}")
        for one, other in both
        for name in ("coverage", "similarity")
        if abs(_number(one, name) - _number(other, name)) > NOTABLE_COVERAGE
    ]
    notable = [change for is_notable, change in rules if is_notable]
    slight = [change for is_notable, change in rules if not is_notable]
    return Found((*notable, *ranking_changes(old, new)), (*measured, *slight))


def rule_changes(one: Entry, other: Entry) -> Iterable[tuple[bool, Change]]:
    """Each rule that had another effect on a place, and whether it is more than a shift."""
    old, new = _numbers(one.get("rules")), _numbers(other.get("rules"))
    for rule in dict.fromkeys((*old, *new)):
        factors = old.get(rule, 1.0), new.get(rule, 1.0)
        if factors[0] != factors[1]:
            change = Change(ChangeKind.RULE, f"{rule} on {told(other)}", *(f"times {factor:g}" for factor in factors))
            # How alike a text is follows from the text, and is told as such.
            is_other_text = rule == similar_to_the_question.__name__ and one.get("similarity") != other.get(
                "similarity"
            )
            yield abs(factors[0] - factors[1]) > NOTABLE_FACTOR and not is_other_text, change


def _floor(before: Run, after: Run) -> Found:
    return Found(_values(before, after, ("passed", "reason")), _counted(before, after, ("coverage", "similarity")))


def _freshen(before: Run, after: Run) -> Found:
    """Which files are others than they were; that some are looked at or not follows from the stages before."""
    old, new = _texts(before.details.get("files")), _texts(after.details.get("files"))
    changes = [
        Change(ChangeKind.TEXT, path, old[path], new[path]) for path in old if path in new and old[path] != new[path]
    ]
    return Found(tuple(changes))


def _focus(before: Run, after: Run) -> Found:
    old, new = entries_of(before.details.get("hits")), entries_of(after.details.get("hits"))
    texts = [
        Change(ChangeKind.TEXT, told(other), str(one["hash"]), str(other["hash"]))
        for _, one, _, other in matched(old, new).both
        if "hash" in one and "hash" in other and one["hash"] != other["hash"]
    ]
    near = _values(before, after, ("near_misses",))
    return Found((*ranking_changes(old, new), *texts, *near), _counted(before, after, ("hits",)))


def _budget(before: Run, after: Run) -> Found:
    match = matched(_sources(before), _sources(after))
    texts = [
        Change(ChangeKind.TEXT, told(other), _lines(one), _lines(other))
        for _, one, _, other in match.both
        if one.get("text") != other.get("text")
    ]
    sources = (
        *(Change(ChangeKind.GONE, told(entry), f"source {rank}") for rank, entry in match.gone),
        *(Change(ChangeKind.NEW, told(entry), "", f"source {rank}") for rank, entry in match.new),
        *moves(match),
        *lines_changed(match),
    )
    dropped = _mapped("dropped", _dropped(before), _dropped(after))
    tokens = [_value("tokens", change.before, change.after) for change in _counted(before, after, ("budget",))]
    return Found((*tokens, *sources, *texts, *dropped, *_values(before, after, ("missing",))))


def _sources(run: Run) -> list[Entry]:
    """The sources; their root is a whole path, of which people need the name, and that only where there are several."""
    items = entries_of(run.details.get("items"))
    several = len({item.get("root") for item in items}) > 1
    return [{**item, "root": str(item.get("root", "")).rpartition("/")[2] if several else ""} for item in items]


def _told_source(entry: Entry) -> str:
    return told({**entry, "root": ""})


def _lines(entry: Entry) -> str:
    count = str(entry.get("text", "")).count("\n") + 1
    return f"{count:,} line{'' if count == 1 else 's'}"


def _dropped(run: Run) -> dict[str, str]:
    return {key_of(drop)[1]: str(drop.get("reason", "")) for drop in entries_of(run.details.get("dropped"))}


def _prompt(before: Run, after: Run) -> Found:
    changed = [name for name in ("system", "user") if before.details.get(name) != after.details.get(name)]
    sizes = [(len(str(before.details.get(name, ""))), len(str(after.details.get(name, "")))) for name in changed]
    texts = [
        Change(ChangeKind.TEXT, f"{name} part", f"{old:,} characters", f"{new:,} characters")
        for name, (old, new) in zip(changed, sizes, strict=True)
    ]
    return Found((*texts, *_values(before, after, ("grammar",))))


def _draft(before: Run, after: Run) -> Found:
    drafts = (str(run.details.get("draft", "")).strip() for run in (before, after))
    old, new = drafts
    text = (Change(ChangeKind.TEXT, "draft", old, new),) if old != new else ()
    return Found((*_values(before, after, ("model", "max_tokens")), *text))


def _cite(before: Run, after: Run) -> Found:
    old, new = _verdicts(before), _verdicts(after)
    both = [place for place in old if place in new and old[place] != new[place]]
    return Found(tuple(_value(place, old[place], new[place]) for place in both))


def _verdicts(run: Run) -> dict[str, str]:
    cited = (citation for details in run.each for citation in entries_of(details.get("citations")))
    return {_told_source(citation): str(citation.get("verdict", "")) for citation in cited}


def _verify(before: Run, after: Run) -> Found:
    return Found(tuple(_mapped("claim", _claims(before), _claims(after))))


def _claims(run: Run) -> dict[str, str]:
    claims = {}
    for details in run.each:
        places = ", ".join(_told_source(citation) for citation in entries_of(details.get("citations")))
        verdict = str(details.get("verdict", ""))
        extent = "supported in part" if details.get("struck") else "supported"
        claims[str(details.get("claim", ""))] = (
            f"{extent} by {places}" if verdict == SUPPORTED else f"withheld: {verdict}"
        )
    return claims


STAGES: Mapping[str, Callable[[Run, Run], Found]] = MappingProxyType(
    {
        "resolve": _resolve,
        "lexical": _retriever,
        "vector": _retriever,
        "symbol": _retriever,
        "place": _retriever,
        "link": _retriever,
        "fuse": _fuse,
        "rerank": _rerank,
        "floor": _floor,
        "freshen": _freshen,
        "focus": _focus,
        "budget": _budget,
        "prompt": _prompt,
        "generate": _draft,
        "extract": _draft,
        "cite": _cite,
        "verify": _verify,
    }
)


def _value(subject: str, before: str, after: str) -> Change:
    return Change(ChangeKind.VALUE, subject, before, after)


def _values(before: Run, after: Run, names: Iterable[str]) -> tuple[Change, ...]:
    pairs = ((name, before.details.get(name), after.details.get(name)) for name in names)
    return tuple(_value(name, _said(old), _said(new)) for name, old, new in pairs if old != new)


def _counted(before: Run, after: Run, names: Iterable[str]) -> tuple[Change, ...]:
    pairs = ((name, before.counts.get(name), after.counts.get(name)) for name in names)
    return tuple(_value(name, _said(old), _said(new)) for name, old, new in pairs if old != new)


def _mapped(what: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    """What is under each name: gone, new, or otherwise."""
    return [
        *(Change(ChangeKind.GONE, f"{what} {name}", old[name]) for name in old if name not in new),
        *(Change(ChangeKind.NEW, f"{what} {name}", "", new[name]) for name in new if name not in old),
        *(_value(f"{what} {name}", old[name], new[name]) for name in old if name in new and old[name] != new[name]),
    ]


def _said(value: Any) -> str:
    if value is None or value in ([], ""):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _numbers(values: Any) -> dict[str, float]:
    pairs = values.items() if isinstance(values, Mapping) else ()
    return {str(name): float(value) for name, value in pairs if isinstance(value, int | float)}


def _texts(values: Any) -> dict[str, str]:
    return {str(name): str(value) for name, value in values.items()} if isinstance(values, Mapping) else {}


def _number(entry: Entry, name: str) -> float:
    number = entry.get(name)
    return float(number) if isinstance(number, int | float) else 0.0
