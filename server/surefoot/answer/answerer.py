"""READ FLOW 2: from fresh hits to an answer whose every sentence and place was checked.

    budget -> prompt -> generate | extract -> cite -> verify

Invariant: what is streamed or returned as a claim has passed `verify`, and its citations have passed `cite`, after
the words were written. Tracing, cancelling and the order of stages live here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from surefoot.answer.budget import fit_unread
from surefoot.answer.cite import Ground, as_it_stands, citable, cite
from surefoot.answer.dense import excerpt, fit_dense
from surefoot.answer.entail import DOUBTED, entailment
from surefoot.answer.extractive import extracted, passed_over, with_nothing_beside
from surefoot.answer.findings import Findings
from surefoot.answer.generate import generate
from surefoot.answer.missing import missing_parts
from surefoot.answer.prompt import build_request
from surefoot.answer.source_use import ages, lacking, sources_used
from surefoot.answer.supported import Supported, supported
from surefoot.answer.verify import problem
from surefoot.config import Settings
from surefoot.domain import (
    Answer,
    AnswerEvent,
    AnswerMode,
    Citation,
    Claim,
    ClaimVerified,
    ClaimWithheld,
    Context,
    ContextItem,
    DraftClaim,
    Hit,
    Source,
    Told,
    Withheld,
)
from surefoot.errors import ModelError
from surefoot.models.protocols import Generator
from surefoot.models.rates import Allowance, allowance_told, usage_told
from surefoot.sources.labels import called
from surefoot.trace import CancelToken, Stage, Trace

SUPPORTED = "supported"  # the verdict of a claim that is shown; every other verdict is the reason why it is not
TRACED_CHARACTERS = 40_000  # of the sources' texts in a trace: more than ten times what the default budget lets through
CUT = " …"

OnEvent = Callable[[AnswerEvent], None]
MOST_CONTRADICTIONS = 3  # sentences on what cited texts name and that is gone; more is a list for another page
# What speaks about code as it is meant to be. A commit speaks of it as it was.
SPEAKING = frozenset({Source.DOCS, Source.TICKETS, Source.DESIGNS})


def _nothing_gone(_: Hit) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Answering:
    """Everything that the second half needs besides the findings. No generator means extractive answers."""

    generator: Generator | None
    ground: Ground
    settings: Settings
    on_event: OnEvent
    allowance: Allowance | None = None  # of a model that was measured; else what the settings say
    gone_from: Callable[[Hit], Sequence[str]] = _nothing_gone  # sentences on what a hit names and that is not there


@dataclass(slots=True)
class _Checked:
    """The claims that passed, those that did not, and the citations of the former by id."""

    claims: list[Claim] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    citations: dict[int, Citation] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Doubts:
    """The model, asked about what it wrote."""

    generator: Generator
    cancel: CancelToken

    def weigh(self, found: Supported, written: str, items: Sequence[ContextItem], stage: Stage) -> Supported:
        """What is supported, unless the model does not stand by it: then all that it wrote is withheld.

        Of a sentence whose end was struck out, what spoke against the whole of it still does.
        """
        entailed = entailment(self.generator, found.text, items, self.cancel)
        if entailed is None:
            return found
        stage.details["odds"] = round(entailed.odds, 2)
        return Supported(written, found.bearing, found.against or DOUBTED) if entailed.is_doubted else found


def cited_in(trace: Trace) -> list[str]:
    """What an earlier answer cited under the claims that it showed, in their order: symbols, or else paths."""
    citations = (
        citation
        for stage in trace.stages
        if stage.name == "verify" and stage.details.get("verdict") == SUPPORTED
        for citation in stage.details.get("citations", ())
    )
    names = (citation["symbol"] or citation["place"].rpartition(":")[0] for citation in citations)
    return list(dict.fromkeys(names))


def answer(findings: Findings, answering: Answering, trace: Trace, cancel: CancelToken) -> Answer:
    """Run the stages. A model that fails leaves an extractive answer and one sentence that says so."""
    findings = with_nothing_beside(findings)
    if not findings.hits:
        return _assemble(findings, _Checked(), Context((), (), 0), answering, trace, AnswerMode.EXTRACTIVE, ())
    generator, notices = answering.generator, list(findings.notices)
    checked, context = _Checked(), Context((), (), 0)
    if generator is not None:
        try:
            context = _budget(findings, answering, trace, generator)
            _by_model(findings, answering, context, generator, trace, cancel, checked)
        except ModelError as error:
            ending = "What it wrote ends there." if checked.claims else "The answer is drawn from the index alone."
            notices.append(f"{error} {ending}")
            generator = generator if checked.claims else None
    if generator is not None and (checked.claims or not checked.withheld):
        context = _add_from_index(findings, answering, context, trace, checked)
        return _assemble(findings, checked, context, answering, trace, AnswerMode.LLM, notices)
    if generator is not None:
        notices.append("Nothing that the model wrote could be verified, so the best places are shown instead.")
    # Nothing is spared on an answer that no model reads, and it is the same whether one failed before or not.
    context = _budget(findings, answering, trace, None)
    extracted = _by_extract(findings, answering, context, trace)
    extracted.withheld = checked.withheld + extracted.withheld
    return _assemble(findings, extracted, context, answering, trace, AnswerMode.EXTRACTIVE, notices)


def _budget(findings: Findings, answering: Answering, trace: Trace, generator: Generator | None) -> Context:
    """The sources: for a model the most telling lines of each hit, without one whole hits."""
    weights, most = findings.resolved.weights, answering.settings.context_tokens
    with trace.stage("budget") as stage:
        if generator is None:
            budget, context = fit_unread(findings.hits, tuple(weights), most)
        else:
            allowance = answering.allowance or Allowance(most)
            budget = allowance.tokens
            context = fit_dense(findings.hits, weights, budget, generator.count_tokens)
            stage.details["allowed"] = allowance_told(allowance)
        stage.counts.update(items=len(context.items), dropped=len(context.dropped), tokens=context.tokens)
        stage.counts["budget"] = budget
        stage.details["items"] = _traced_items(context.items)
        stage.details["dropped"] = [{"place": str(drop.span), "reason": drop.reason} for drop in context.dropped]
    return context


def _traced_items(items: Sequence[ContextItem]) -> list[dict[str, object]]:
    """The sources as the model sees them, or would; long ones are cut once the trace has enough text."""
    left, described = TRACED_CHARACTERS, []
    for item in items:
        seen = excerpt(item)
        text = seen if len(seen) <= left else seen[:left] + CUT
        left = max(0, left - len(seen))
        where = {"place": str(item.span), "symbol": item.symbol, "root": str(item.root.path)}
        place = where | _read_at(item.chunk.file_line)
        described.append({"number": item.number, **place, "text": text})
    return described


def _read_at(file_line: int) -> dict[str, object]:
    """The line of the file, where the place has those of a reading."""
    return {"line": file_line} if file_line > 0 else {}


def _described(citation: Citation) -> dict[str, object]:
    return {
        "id": citation.id,
        "place": str(citation.span),
        "symbol": citation.symbol,
        "root": str(citation.root.path),
        "verdict": citation.verdict.value,
        **_read_at(citation.file_line),
    }


def _by_model(
    findings: Findings,
    answering: Answering,
    context: Context,
    generator: Generator,
    trace: Trace,
    cancel: CancelToken,
    checked: _Checked,
) -> None:
    """Fill `checked` claim by claim: what was streamed is there even if the model fails in between."""
    with trace.stage("prompt") as stage:
        request = build_request(findings.query.text, context, answering.settings.answer_tokens)
        stage.details.update(system=request.system, user=request.user, grammar=request.grammar)
    draft: list[str] = []
    with trace.stage("generate") as stage:
        stage.details.update(model=generator.name, max_tokens=request.max_tokens)
        try:
            with closing(generate(generator, request, cancel, draft)) as drafts:  # others may wait for the model
                _check(drafts, findings, answering, context, trace, checked, _Doubts(generator, cancel))
        finally:
            stage.details["draft"] = "".join(draft)
            stage.counts.update(pieces=len(draft), **usage_told(generator))


def _by_extract(findings: Findings, answering: Answering, context: Context, trace: Trace) -> _Checked:
    with trace.stage("extract") as stage:
        called, context_and_told = _told(findings.calls(), findings, context)
        told, context_and_told = _told(findings.around(), findings, context_and_told)
        drafts = [*(called or extracted(findings, context)), *told]
        _record(drafts, stage)
    checked = _Checked()
    _check(drafts, findings, answering, context_and_told, trace, checked)
    return checked


def _add_from_index(
    findings: Findings, answering: Answering, context: Context, trace: Trace, checked: _Checked
) -> Context:
    """What the index can say after what the model has said: of the symbol, or of the best places it passed over.

    Returns the sources of both.
    """
    drafts, with_all = _told((*findings.calls(), *findings.around()), findings, context)
    if checked.claims and not drafts:
        _, whole = fit_unread(findings.hits, tuple(findings.resolved.weights), answering.settings.context_tokens)
        drafts, with_all = passed_over(findings, context, whole, checked.claims)
    if drafts:
        with trace.stage("extract") as stage:
            _record(drafts, stage)
        _check(drafts, findings, answering, with_all, trace, checked)
    return with_all


def _told(each_told: Sequence[Told], findings: Findings, context: Context) -> tuple[list[DraftClaim], Context]:
    """What the index can say of a symbol, and the context with the place of each sentence as a further source.

    What would not pass the check is not told, rather than told to be withheld: nobody wrote it.
    """
    drafts: list[DraftClaim] = []
    items: list[ContextItem] = []
    last = max((item.number for item in context.items), default=0)
    for each in each_told:
        number, chunk = last + len(items) + 1, each.chunk
        item = ContextItem(number, each.root, chunk.span, chunk.symbol, chunk.text, chunk)
        if not problem(each.text, [item], findings.resolved):
            drafts.append(DraftClaim(each.text, (number,)))
            items.append(item)
    return drafts, replace(context, items=(*context.items, *items))


def _record(drafts: Sequence[DraftClaim], stage: Stage) -> None:
    stage.counts["claims"] = len(drafts)
    stage.details["draft"] = "".join(f"- {d.text} {''.join(f'[{n}]' for n in d.sources)}\n" for d in drafts)


def _check(
    drafts: Iterable[DraftClaim],
    findings: Findings,
    answering: Answering,
    context: Context,
    trace: Trace,
    checked: _Checked,
    doubts: _Doubts | None = None,
) -> None:
    """Cite and verify each claim as it comes, and stream the verdict. Who wrote them may have `doubts`."""
    for draft in drafts:
        with trace.stage("cite") as stage:
            citations = [cite(number, context, answering.ground) for number in draft.sources]
            stage.details["citations"] = [_described(citation) for citation in citations]
        with trace.stage("verify") as stage:
            present = {c.id: c for c in citable(citations)}
            items = {item.number: item for item in context.items}
            shown = {number: as_it_stands(items[number], citation) for number, citation in present.items()}
            found = supported(draft.text, shown, findings.resolved, {claim.text for claim in checked.claims})
            if doubts is not None and not found.reason:
                found = doubts.weigh(found, draft.text, [shown[number] for number in found.bearing], stage)
            bearing = tuple(present[number] for number in found.bearing)
            stage.details.update(claim=found.text, verdict=found.reason or SUPPORTED)
            stage.details["citations"] = [_described(citation) for citation in bearing]
            if found.struck:
                stage.details["struck"] = [{"text": end.text, "reason": end.reason} for end in found.struck]
        if found.reason:
            checked.withheld.append(Withheld(found.text, found.reason))
            answering.on_event(ClaimWithheld(checked.withheld[-1]))
        else:
            checked.claims.append(Claim(found.text, found.bearing, found.struck))
            checked.citations.update({citation.id: citation for citation in bearing})
            answering.on_event(ClaimVerified(checked.claims[-1], bearing))


def _assemble(
    findings: Findings,
    checked: _Checked,
    context: Context,
    answering: Answering,
    trace: Trace,
    mode: AnswerMode,
    notices: Sequence[str],
) -> Answer:
    model = answering.generator.name if answering.generator and mode is AnswerMode.LLM else "none"
    missing = missing_parts(findings.resolved, context.items, findings.hits)
    _tell_missing(missing, trace)
    citations = tuple(sorted(checked.citations.values(), key=lambda citation: citation.id))
    told = (
        *lacking(findings.resolved, findings.index.sources),
        *ages(citations),
        *_contradictions(findings, context, citations, answering),
    )
    return Answer(
        question=findings.query.text,
        trace_id=trace.trace_id,
        mode=mode,
        model=model,
        abstained=not checked.claims,
        claims=tuple(checked.claims),
        withheld=tuple(checked.withheld),
        citations=citations,
        missing=missing,
        near_misses=findings.near_misses or _nearest(findings, checked),
        index=findings.index,
        stages=trace.timings(),
        notices=tuple(dict.fromkeys((*findings.notices, *notices, *told))),
        sources=sources_used(findings.index.sources, citations),
    )


def _contradictions(
    findings: Findings, context: Context, citations: Sequence[Citation], answering: Answering
) -> list[str]:
    """What cited documents, tickets and designs name of the code, and that is gone from it."""
    cited = {citation.id for citation in citations if citation.source in SPEAKING}
    places = {(item.root.path, item.chunk.span) for item in context.items if item.number in cited}
    hits = (hit for hit in findings.hits if (hit.root.path, hit.chunk.span) in places)
    return list(dict.fromkeys(sentence for hit in hits for sentence in answering.gone_from(hit)))[:MOST_CONTRADICTIONS]


def _tell_missing(missing: Sequence[str], trace: Trace) -> None:
    """What the chosen sources do not hold belongs to the stage that chose them; of two budgets the last one counts."""
    stage = next((stage for stage in reversed(trace.stages) if stage.name == "budget"), None)
    if stage is not None:
        stage.details["missing"] = list(missing)


def _nearest(findings: Findings, checked: _Checked) -> tuple[str, ...]:
    """Where to look when the model found no answer in places that were about the question."""
    if checked.claims:
        return ()
    return tuple(called(hit.chunk) for hit in findings.hits[:3])
