"""Answers, and the events of one as it comes."""

from __future__ import annotations

from typing import Literal

from surefoot.domain import (
    Answer,
    AnswerEvent,
    Citation,
    Claim,
    ClaimVerified,
    Evidence,
    SourceUse,
    Struck,
    WaitingForModel,
    Withheld,
)
from surefoot.wire.base import Reply, Text
from surefoot.wire.search import HitReply, hit_reply
from surefoot.wire.status import DriftReply, drift_reply


class StruckReply(Reply):
    """The end of a sentence of the model that was struck out, and why. `text` is empty where it must not be shown."""

    text: Text
    reason: Text


class ClaimReply(Reply):
    """One checked sentence, and the ids of the citations under it; of one that is supported in part, what is.

    `struck` has what the model went on to say without support; it is empty where the sentence is whole.
    """

    text: Text
    citations: list[int]
    struck: list[StruckReply]


class WithheldReply(Reply):
    """A sentence of the model that failed its check, and why."""

    text: Text
    reason: Text


class CitationReply(Reply):
    """A place that supports a claim. `verdict` is valid, moved, changed, missing or not_in_context.

    `text` are the lines as they stood when they were checked: what `surefoot.recheck` looks for later. Of a file that
    is no text (a PDF, an export of tickets) it is what is read there, and both lines are the one it was made of.
    `label` and `url` are as of a hit.
    """

    id: int
    path: Text
    start_line: int
    end_line: int
    symbol: Text
    verdict: str
    root: Text
    text: Text
    source: str
    label: Text
    url: Text


class SourceUseReply(Reply):
    """How much is indexed of a source (tickets and commits themselves, else files), and whether a citation is of it."""

    source: str
    indexed: int
    used: bool


class AnsweredFrom(Reply):
    """How much was indexed at the time of answering, and how far that was behind the disk when it was last counted."""

    files: int
    chunks: int
    indexing: bool
    drift: DriftReply | None  # null until it was counted once


class AskReply(Reply):
    """`surefoot ask --json`, and the LSP commands `surefoot.ask` and `surefoot.explain`."""

    question: Text
    trace_id: str  # empty where no trace is kept
    mode: Literal["llm", "extractive"]
    model: Text
    abstained: bool
    claims: list[ClaimReply]
    withheld: list[WithheldReply]
    citations: list[CitationReply]
    missing: list[Text]
    near_misses: list[Text]
    index: AnsweredFrom
    stages: dict[str, float]
    notices: list[Text]
    sources: list[SourceUseReply]


def ask_reply(answer: Answer) -> AskReply:
    """The whole answer."""
    state = answer.index
    return AskReply(
        question=answer.question,
        trace_id=answer.trace_id,
        mode=answer.mode.value,
        model=answer.model,
        abstained=answer.abstained,
        claims=[claim_reply(claim) for claim in answer.claims],
        withheld=[withheld_reply(sentence) for sentence in answer.withheld],
        citations=[citation_reply(citation) for citation in answer.citations],
        missing=list(answer.missing),
        near_misses=list(answer.near_misses),
        index=AnsweredFrom(
            files=state.files, chunks=state.chunks, indexing=state.indexing, drift=drift_reply(state.drift)
        ),
        stages=dict(answer.stages),
        notices=list(answer.notices),
        sources=[_source_use(use) for use in answer.sources],
    )


def _source_use(use: SourceUse) -> SourceUseReply:
    return SourceUseReply(source=use.source, indexed=use.indexed, used=use.is_used)


def claim_reply(claim: Claim) -> ClaimReply:
    """One checked sentence."""
    struck = [struck_reply(end) for end in claim.struck]
    return ClaimReply(text=claim.text, citations=list(claim.citations), struck=struck)


def struck_reply(struck: Struck) -> StruckReply:
    """What was struck out of a sentence."""
    return StruckReply(text=struck.text, reason=struck.reason)


def withheld_reply(withheld: Withheld) -> WithheldReply:
    """One sentence that failed its check."""
    return WithheldReply(text=withheld.text, reason=withheld.reason)


def citation_reply(citation: Citation) -> CitationReply:
    """One checked place."""
    return CitationReply(
        id=citation.id,
        path=citation.shown.path,
        start_line=citation.shown.start,
        end_line=citation.shown.end,
        symbol=citation.symbol,
        verdict=citation.verdict,
        root=str(citation.root.path),
        text=citation.text,
        source=citation.source,
        label=citation.label,
        url=citation.url,
    )


class EvidenceEvent(Reply):
    """Streamed first: what the answer will be drawn from."""

    event: Literal["evidence"] = "evidence"
    hits: list[HitReply]


class ClaimEvent(Reply):
    """Streamed per claim, once it and its citations are checked."""

    event: Literal["claim"] = "claim"
    claim: ClaimReply
    citations: list[CitationReply]


class WithheldEvent(Reply):
    """Streamed per claim that failed its check."""

    event: Literal["withheld"] = "withheld"
    withheld: WithheldReply


class WaitingEvent(Reply):
    """Streamed while the model is busy with another answer: a sentence that says so, empty when it is free again."""

    event: Literal["waiting"] = "waiting"
    notice: Text


EventReply = EvidenceEvent | WaitingEvent | ClaimEvent | WithheldEvent


def event_reply(event: AnswerEvent) -> EventReply:
    """One piece of an answer that is still being made."""
    if isinstance(event, Evidence):
        return EvidenceEvent(hits=[hit_reply(hit) for hit in event.hits])
    if isinstance(event, WaitingForModel):
        return WaitingEvent(notice=event.notice)
    if isinstance(event, ClaimVerified):
        citations = [citation_reply(citation) for citation in event.citations]
        return ClaimEvent(claim=claim_reply(event.claim), citations=citations)
    return WithheldEvent(withheld=withheld_reply(event.withheld))
