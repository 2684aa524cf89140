"""`surefoot ask`: evidence as soon as there is any, then each sentence as it is checked, then what is missing."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from rich.status import Status
from rich.text import Text

from surefoot import wire
from surefoot.cli.render import (
    citation_line,
    claim_line,
    counted,
    drift_words,
    heading,
    hit_line,
    listed,
    source_words,
    trace_hint,
)
from surefoot.cli.session import opened, refresh_if_possible, stopped_by_interrupt
from surefoot.cli.terminal import err, one_line, out, print_json
from surefoot.domain import (
    Answer,
    AnswerEvent,
    AnswerMode,
    ClaimVerified,
    ClaimWithheld,
    Evidence,
    Query,
    WaitingForModel,
)

NOBODY = "none"


def ask(roots: Sequence[Path], query: Query, *, model: str | None, json: bool) -> None:
    """Answer one question."""
    with opened(roots) as engine, stopped_by_interrupt() as cancel:
        refresh_if_possible(engine, cancel)
        if json:
            print_json(wire.ask_reply(engine.ask(query, model=model, cancel=cancel)))
            return
        with AnswerPrinter() as printer:
            answer = engine.ask(query, model=model, on_event=printer.show, cancel=cancel)
            printer.finish(answer)


class AnswerPrinter:
    """Prints an answer while it is being made."""

    def __init__(self) -> None:
        self._claims = 0
        self._waiting: Status | None = None

    def __enter__(self) -> AnswerPrinter:
        self._wait("Looking")
        return self

    def __exit__(self, *_: object) -> None:
        self._stop_waiting()

    def show(self, event: AnswerEvent) -> None:
        """One piece of the answer."""
        self._stop_waiting()
        if isinstance(event, Evidence):
            self._show_evidence(event)
        elif isinstance(event, ClaimVerified):
            self._show_claim(event)
        if not isinstance(event, ClaimWithheld):
            out().file.flush()
        self._wait(event.notice if isinstance(event, WaitingForModel) and event.notice else "Writing and checking")

    def finish(self, answer: Answer) -> None:
        """What is known only at the end."""
        self._stop_waiting()
        # An engine need not stream what it has at once; then it is printed here.
        for claim in answer.claims[self._claims :]:
            self._show_claim(ClaimVerified(claim, ()))
        if answer.citations:
            heading("Citations")
            for citation in answer.citations:
                out().print(citation_line(citation))
        if answer.abstained:
            out().print("Nothing in the index answers this, so nothing is claimed.")
        _print_the_rest(answer)

    def _show_evidence(self, event: Evidence) -> None:
        if event.hits:
            heading("Evidence")
            for hit in event.hits:
                out().print(hit_line(hit))

    def _show_claim(self, event: ClaimVerified) -> None:
        if self._claims == 0:
            heading("Answer")
        self._claims += 1
        out().print(claim_line(event.claim))

    def _wait(self, words: str) -> None:
        if err().is_terminal:
            self._waiting = Status(words, console=err())
            self._waiting.start()

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None


def _author(answer: Answer) -> str:
    if answer.mode is AnswerMode.EXTRACTIVE:
        return "taken from the index, no model"
    return f"written by {answer.model}" + (", the rest taken from the index" if "extract" in answer.stages else "")


def _print_the_rest(answer: Answer) -> None:
    listed("Not found", answer.missing, "yellow")
    listed("Nearest names", answer.near_misses)
    if answer.withheld:
        sentences = counted(len(answer.withheld), "sentence")
        out().print(f"Withheld: {sentences} of the model that did not pass the check.", style="yellow")
    for notice in answer.notices:
        out().print(one_line(notice), style="yellow")
    author = _author(answer)
    state = f"index: {counted(answer.index.files, 'file')}" + (", still indexing" if answer.index.indexing else "")
    told = ", ".join(filter(None, (state, drift_words(answer.index.drift, time.time()), source_words(answer.sources))))
    out().print(Text(one_line(f"{author}; {told}{trace_hint(answer.trace_id)}"), style="dim"))
