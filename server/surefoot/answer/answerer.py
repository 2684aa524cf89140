"""READ FLOW 2: from fresh hits to an answer whose every sentence and place was checked.

    budget -> prompt -> generate | extract -> cite -> verify

Invariant: what is streamed or returned as a claim has passed `verify`, and its citations have passed `cite`, after
the words were written. Tracing, cancelling and the order of stages live here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace

from surefoot.answer.budget import UNREAD, estimate_tokens, fit
from surefoot.answer.cite import Ground, as_it_stands, citable, cite
from surefoot.answer.dense import excerpt, fit_dense
from surefoot.answer.entail import DOUBTED, entailment
from surefoot.answer.extract import MOST_CLAIMS, MOST_ENTRIES, Known, describe, describe_at_length, entries, extract
from surefoot.answer.generate import generate
from surefoot.answer.missing import missing_parts
from surefoot.answer.prompt import build_request
from surefoot.answer.source_use import ages, lacking, sources_used, tickets_named
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
    IndexState,
    MentionKind,
    Query,
    Resolved,
    Source,
    TicketPattern,
    Told,
    Withheld,
)
from surefoot.errors import ModelError
from surefoot.links.keys import SHORTEST_COMMIT, ticket_key
from surefoot.links.versions import are_about_versions, is_version
from surefoot.models.protocols import Generator
from surefoot.models.rates import Allowance, allowance_told, usage_told
from surefoot.sources.labels import called
from surefoot.trace import CancelToken, Stage, Trace
from surefoot.words import chunk_stems, content_terms, coverage

SUPPORTED = "supported"  # the verdict of a claim that is shown; every other verdict is the reason why it is not
TRACED_CHARACTERS = 40_000  # of the sources' texts in a trace: more than ten times what the default budget lets through
CUT = " …"
LITTLE = 0.22  # of a short question about a name that is nowhere: what holds less is about another thing
FEW_TERMS = 4  # make a short question; a longer one asks for more than a name
BESIDE_A_PLACE = 0.5  # of what the words ask: where the question points at lines, little else is worth telling

OnEvent = Callable[[AnswerEvent], None]
CLOSELY_LINKED = 6  # ranks among the linked, where a ticket is asked about: its commits, their files and symbols
LINKED = 3
MOST_CONTRADICTIONS = 3  # sentences on what cited texts name and that is gone; more is a list for another page
# What speaks about code as it is meant to be. A commit speaks of it as it was.
SPEAKING = frozenset({Source.DOCS, Source.TICKETS, Source.DESIGNS})


def _nothing_gone(_: Hit) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What the first half of the read walk found: fresh hits, or none where nothing is about the question."""

    query: Query
    hits: Sequence[Hit]
    resolved: Resolved
    near_misses: tuple[str, ...]
    index: IndexState
    notices: tuple[str, ...] = ()
    around: Callable[[], Sequence[Told]] = tuple  # what can be told of an explained symbol, looked for when asked
    calls: Callable[[], Sequence[Told]] = tuple  # what a question for calls asks: told instead of what has its words


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
    findings = _with_nothing_beside(findings)
    if not findings.hits:
        return _assemble(findings, _Checked(), Context((), (), 0), answering, trace, AnswerMode.EXTRACTIVE, ())
    generator, notices = answering.generator, list(findings.notices)
    checked, context = _Checked(), Context((), (), 0)
    if generator is not None:
        try:
            context = _budget(findings, answering, trace, generator)
            _by_model(findings, answering, context, generator, trace, cancel, checked)
        except ModelError as error:
            ending = "The answer ends there." if checked.claims else "The answer is drawn from the index alone."
            notices.append(f"{error} {ending}")
            generator = generator if checked.claims else None
    if generator is not None and (checked.claims or not checked.withheld):
        _add_around(findings, answering, context, trace, checked)
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
            budget = UNREAD * most
            context = fit(findings.hits, tuple(weights), budget, estimate_tokens, most)
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
        drafts = [*(called or _extracted(findings, context)), *told]
        _record(drafts, stage)
    checked = _Checked()
    _check(drafts, findings, answering, context_and_told, trace, checked)
    return checked


def _add_around(findings: Findings, answering: Answering, context: Context, trace: Trace, checked: _Checked) -> None:
    """What the index can say of the symbol, after what the model has said."""
    told, context_and_told = _told((*findings.calls(), *findings.around()), findings, context)
    if told:
        with trace.stage("extract") as stage:
            _record(told, stage)
        _check(told, findings, answering, context_and_told, trace, checked)


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


def _extracted(findings: Findings, context: Context) -> list[DraftClaim]:
    """What the question points at is described, whatever its words say; then what holds enough of the words."""
    pointed_at = {(hit.root.path, hit.chunk.span) for hit in findings.hits if "place" in hit.retrievers}
    asked = [item for item in context.items if (item.root.path, item.chunk.span) in pointed_at]
    if asked and _asks_only_of_versions(findings):
        return [DraftClaim(text, (item.number,)) for item in asked for text in entries(item)][:MOST_ENTRIES]
    weights = findings.resolved.weights
    others = [
        item
        for item in context.items
        if item not in asked and (not asked or coverage(weights, chunk_stems(item.chunk)) >= BESIDE_A_PLACE)
    ]
    if not asked and _is_of_another(findings.resolved, others):
        return []
    texts = {item.number: [describe(item, weights)] if weights else describe_at_length(item) for item in asked}
    drafts = [DraftClaim(text, (number,)) for number, told in texts.items() for text in told]
    known = Known(_linked(findings, context), findings.resolved.in_turn.values(), _scores(findings.hits, others))
    extracted = extract(replace(context, items=tuple(others)), weights, known)
    return [*drafts, *extracted[: max(MOST_CLAIMS - len(drafts), 0)]] if asked else extracted


def _scores(hits: Sequence[Hit], items: Sequence[ContextItem]) -> dict[int, float]:
    """What the ranking gave each item, by its number."""
    scores = {(hit.root.path, hit.chunk.span): hit.score for hit in hits}
    return {item.number: scores[item.root.path, item.chunk.span] for item in items}


def _is_of_another(resolved: Resolved, items: Sequence[ContextItem]) -> bool:
    """Whether a name is asked about that is nowhere, and the best place has no more than a common word beside it.

    A word that is nowhere is no such name: what throttles may be called a rate limit, and was found by its meaning.
    """
    weights = resolved.weights
    if not weights or len(weights) > FEW_TERMS or resolved.in_turn:
        return False
    names = (mention.text for mention in resolved.mentions if mention.kind is MentionKind.UNRESOLVED)
    is_nowhere = max(weights, key=lambda term: weights[term]) in content_terms(" ".join(names))
    # What only has the stem of a word that is nowhere either is not about it.
    held = {term: weight for term, weight in weights.items() if resolved.frequencies.get(term)}
    most = max((coverage(held, chunk_stems(item.chunk)) for item in items), default=0.0)
    return is_nowhere and most * sum(held.values()) < LITTLE * sum(weights.values())


def _asks_only_of_versions(findings: Findings) -> bool:
    """Whether the question names versions that have a section, and asks for nothing besides."""
    resolved, names = findings.resolved, [hit.root.name for hit in findings.hits]
    versions = [mention.text for mention in resolved.mentions if is_version(mention.text) and mention.targets]
    return bool(versions) and not resolved.places and are_about_versions(resolved.weights, versions, names)


def _with_nothing_beside(findings: Findings) -> Findings:
    """Of versions that are asked about alone the sections, and nothing that only has such words."""
    meant = [hit for hit in findings.hits if "place" in hit.retrievers]
    if not meant or not _asks_only_of_versions(findings):
        return findings
    return replace(findings, hits=meant, resolved=replace(findings.resolved, weights={}))


def _linked(findings: Findings, context: Context) -> frozenset[int]:
    """The numbers of the items that are linked most closely with what the question names, or with the first hits."""
    patterns = findings.resolved.ticket_patterns
    named = frozenset(tickets_named(findings.query.text, patterns))
    last = CLOSELY_LINKED if named else LINKED
    others = _of_other_tickets(findings.hits, named, patterns) if named else []
    ranks = ((hit, hit.retrievers.get("link")) for hit in findings.hits)
    found = {
        (hit.root.path, hit.chunk.span)
        for hit, rank in ranks
        if rank is not None and rank <= last and hit not in others
    }
    return frozenset(item.number for item in context.items if (item.root.path, item.chunk.span) in found)


def _of_other_tickets(hits: Sequence[Hit], named: frozenset[str], patterns: Sequence[TicketPattern]) -> list[Hit]:
    """The tickets that neither name one of these nor are named by it, and the commits that are for none of the rest.

    That they share a file with it is worth a look, and no answer to what a ticket is about.
    """
    told = "\n".join(hit.chunk.text for hit in hits if ticket_key(hit.chunk.symbol) in named)
    names = {id(hit): frozenset(tickets_named(hit.chunk.text, patterns)) for hit in hits}
    tickets = [hit for hit in hits if hit.chunk.source is Source.TICKETS]
    akin = [hit for hit in tickets if hit.chunk.symbol in told or not named.isdisjoint(names[id(hit)])]
    keys = named | {ticket_key(hit.chunk.symbol) for hit in akin}
    commits = (hit for hit in hits if hit.chunk.source is Source.COMMITS)
    strange = [
        hit for hit in commits if keys.isdisjoint(names[id(hit)]) and hit.chunk.symbol[:SHORTEST_COMMIT] not in told
    ]
    return [hit for hit in tickets if ticket_key(hit.chunk.symbol) not in keys] + strange


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
