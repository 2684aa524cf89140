"""Two traces of one question side by side: which stages differ, which of them is the cause, and what follows from it.

Invariant: a stage is a cause where what it works with is the same, or where it differs in what no earlier stage
explains; every other difference names the stages that it follows from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from surefoot.domain import Change, ChangeKind, StageDifference
from surefoot.replay.conditions import conditions, has_changed_index
from surefoot.replay.outcomes import Found, Run, differences
from surefoot.replay.rankings import entries_of, told
from surefoot.trace import WALK, Replay, Stage, Trace

RETRIEVERS = ("lexical", "vector", "symbol", "place", "link")
FRESHEN = "freshen"

# What each stage works with: the stages whose outcome reaches it.
INPUTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "resolve": (),
        **dict.fromkeys(RETRIEVERS, ("resolve",)),
        "link": ("resolve", "lexical", "vector", "symbol"),
        "fuse": RETRIEVERS,
        "rerank": ("resolve", "vector", "symbol", "link", "fuse"),
        "floor": ("resolve", *RETRIEVERS, "fuse", "rerank"),
        FRESHEN: ("rerank",),
        "focus": ("resolve", "rerank", "floor", FRESHEN),
        "budget": ("resolve", "floor", "focus"),
        "prompt": ("resolve", "budget"),
        "generate": ("prompt",),
        "extract": ("resolve", "budget", "generate"),
        "cite": ("budget", "generate", "extract"),
        "verify": ("resolve", "budget", "generate", "extract", "cite"),
    }
)
# What reads the index or the disk itself, and may differ because that does.
READS_INDEX = frozenset({"resolve", *RETRIEVERS, "floor", "focus"})
# What the rules know of the question, by the beginnings of what can differ in resolve. A rule that is not listed looks
# at other candidates too, or is new: where anything before it differs, that may be why.
RULE_INPUTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "definition_of_mentioned_symbol": frozenset({"mention", "understood", "stage"}),
        "query_words_in_symbol_name": frozenset({"word", "understood", "stage"}),
        "query_words_in_file_name": frozenset({"word", "understood", "stage"}),
        "covers_the_question": frozenset({"coverage", "understood", "stage"}),
        "side_code": frozenset({"mention", "understood", "stage"}),
        "prose": frozenset({"understood", "stage"}),
        "record": frozenset({"mention", "understood", "stage"}),
        "outdated": frozenset({"mention", "understood", "stage"}),
    }
)
# What an override may change besides the stage that it is named after.
CONCERNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "search": (*RETRIEVERS, "fuse", "rerank", FRESHEN, "focus"),
        "resolve": ("resolve", *RETRIEVERS),
        "product": ("resolve", *RETRIEVERS),
        "parts": ("resolve", *RETRIEVERS),
        "generate": ("budget", "prompt", "generate", "extract"),
    }
)
# Of the retrievers' ranks only the first are listed, but each candidate carries its own, however deep.
DEEP = ("fuse", "rerank")


@dataclass(frozen=True, slots=True)
class Walked:
    """One trace: its last run of each stage, and the last one before anything was re-indexed for it."""

    last: Mapping[str, Run]
    first_round: Mapping[str, Run]
    stale: tuple[str, ...]  # files that had changed on disk


def compared(before: Trace, after: Trace) -> Replay:
    """What differs in the second trace."""
    one, other = walked(before), walked(after)
    found = {stage: _with_deep_ranks(stage, one.last, other.last) for stage in WALK}
    found[FRESHEN] = _with_stale(found[FRESHEN], one, other)
    is_renewed = bool(found[FRESHEN].changes) and bool(other.stale) and not _differ_at_first(one, other)
    judged = _Judge(found, before, after, is_renewed).differences()
    return Replay(before, after, conditions(before, after), judged)


def walked(trace: Trace) -> Walked:
    """The runs that count: a question is asked again where its files had changed, and then the last time counts."""
    ends = [position for position, stage in enumerate(trace.stages) if stage.name == FRESHEN]
    first = trace.stages[: ends[0] + 1] if ends else trace.stages
    last = trace.stages[ends[-2] + 1 :] if len(ends) > 1 else trace.stages
    stale = [str(path) for position in ends for path in trace.stages[position].details.get("stale", ())]
    return Walked(_runs(last), _runs(first), tuple(dict.fromkeys(stale)))


def _runs(stages: Sequence[Stage]) -> dict[str, Run]:
    each: dict[str, list[Stage]] = {}
    for stage in stages:
        each.setdefault(stage.name, []).append(stage)
    return {name: _counting_run(name, same) for name, same in each.items()}


def _counting_run(name: str, same: Sequence[Stage]) -> Run:
    """The last run of a stage. Of two budgets the first one is what the model was shown, and the last has `missing`."""
    first, last = same[0], same[-1]
    every = tuple(stage.details for stage in same)
    if name != "budget" or first is last:
        return Run(last.details, last.counts, every)
    return Run(first.details | {"missing": last.details.get("missing", [])}, first.counts, every)


def _with_deep_ranks(stage: str, before: Mapping[str, Run], after: Mapping[str, Run]) -> Found:
    """What differs in the stage; of a retriever also the ranks that its places have further down."""
    found = differences(stage, before.get(stage), after.get(stage))
    if stage not in RETRIEVERS or found.changes:
        return found
    old, new = _deep_ranks(stage, before), _deep_ranks(stage, after)
    deep = [
        Change(ChangeKind.MOVED, place, _told_rank(old[place]), _told_rank(new[place]))
        for place in old
        if place in new and old[place] != new[place]
    ]
    return Found(tuple(deep), found.shifts)


def _deep_ranks(retriever: str, runs: Mapping[str, Run]) -> dict[str, int | None]:
    entries = [entry for name in DEEP if name in runs for entry in entries_of(runs[name].details.get("ranking"))]
    return {
        told(entry): entry["retrievers"].get(retriever)
        for entry in entries
        if isinstance(entry.get("retrievers"), Mapping)
    }


def _told_rank(rank: int | None) -> str:
    return "not found" if rank is None else f"rank {rank}"


def _with_stale(found: Found, before: Walked, after: Walked) -> Found:
    """The files that are gone since: their hits were there, and are not any more."""
    old = before.last[FRESHEN].details.get("files") if FRESHEN in before.last else None
    new = after.last[FRESHEN].details.get("files") if FRESHEN in after.last else None
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return found
    gone = [
        Change(ChangeKind.GONE, path, str(old[path]), "changed or gone from disk")
        for path in old
        if path not in new and any(path == stale or path.endswith(f"/{stale}") for stale in after.stale)
    ]
    return Found((*found.changes, *gone), found.shifts)


def _differ_at_first(before: Walked, after: Walked) -> bool:
    """Whether anything was otherwise even before the replay found changed files."""
    until = WALK[: WALK.index(FRESHEN)]
    return any(differences(stage, before.last.get(stage), after.first_round.get(stage)).changes for stage in until)


class _Judge:
    """Tells causes from what follows from them."""

    def __init__(self, found: Mapping[str, Found], before: Trace, after: Trace, is_renewed: bool) -> None:  # noqa: FBT001
        self.found = found
        self.after = after
        self.has_changed_index = has_changed_index(before, after)
        self.is_renewed = is_renewed
        # Where the replay itself found files changed and indexed them, all that the index tells follows from that.
        self.order = (FRESHEN, *(stage for stage in WALK if stage != FRESHEN)) if is_renewed else WALK

    def differences(self) -> tuple[StageDifference, ...]:
        """In the order of the walk."""
        differing = {stage for stage in self.order if self.found[stage].changes}
        # What has shifted a little is told where it is the only thing that a later difference can come from.
        for stage in self.order:
            if stage in differing and not self._own(stage) and not differing.intersection(self._inputs(stage)):
                differing |= {name for name in self._inputs(stage) if self.found[name].shifts}
        return tuple(self._difference(stage, differing) for stage in self.order if stage in differing)

    def _difference(self, stage: str, differing: set[str]) -> StageDifference:
        changes = self.found[stage].changes or self.found[stage].shifts
        sources = tuple(name for name in self.order if name in differing and name in self._inputs(stage))
        if self._own(stage) or not sources:
            return StageDifference(stage, changes, is_cause=True, reason=self._why(stage), follows_from=sources)
        return StageDifference(
            stage, changes, is_cause=False, reason=f"follows from {' and '.join(sources)}", follows_from=sources
        )

    def _inputs(self, stage: str) -> tuple[str, ...]:
        if self.is_renewed and stage in READS_INDEX:
            return (*INPUTS[stage], FRESHEN)
        return () if self.is_renewed and stage == FRESHEN else INPUTS[stage]

    def _own(self, stage: str) -> bool:
        """Whether the stage differs in what its inputs cannot explain, whatever they are."""
        changes = self.found[stage].changes
        if stage == FRESHEN:
            return bool(changes)
        if stage == "fuse":  # the same ranks make the same score
            return any(change.kind is ChangeKind.VALUE and change.subject.startswith("score of ") for change in changes)
        if stage == "rerank":  # most rules see one hit and the question
            return any(self._is_own_rule(change) for change in changes)
        if stage == "budget":
            return any(change.subject == "tokens" for change in changes)
        if stage == "prompt":
            return any(change.subject == "system part" for change in changes)
        return stage == "generate" and any(change.subject in ("model", "max_tokens") for change in changes)

    def _is_own_rule(self, change: Change) -> bool:
        """Whether a rule made something else of a place that has the same text, and of the same question."""
        if change.kind is not ChangeKind.RULE:
            return False
        rule, _, place = change.subject.partition(" on ")
        differs = {each.subject.partition(" ")[0] for each in self.found["resolve"].changes}
        if f"coverage of {place}" in {each.subject for each in self.found["rerank"].shifts}:
            differs.add("coverage")
        is_edited = any(f"{each.subject}:" in place for each in self.found[FRESHEN].changes)
        return rule in RULE_INPUTS and not is_edited and not differs & RULE_INPUTS[rule]

    def _why(self, stage: str) -> str:
        words = [str(each) for each in self.after.request.get("set", ())]
        concerning = [each for each in words if stage in CONCERNS.get(owner := each.partition(".")[0], (owner,))]
        if concerning:
            return f"set by {', '.join(concerning)}"
        if stage == FRESHEN:
            return "files have changed since"
        if stage == "generate":
            return "a model may write otherwise each time"
        if self.has_changed_index and stage in READS_INDEX:
            return "its inputs are the same, and the index has changed"
        if self.found[stage].changes and set(INPUTS[stage]) & {s for s in self.order if self.found[s].changes}:
            return "differs in what no earlier stage explains"
        return "its inputs are the same"
