"""`ask_codebase` and `explain_symbol`: checked statements with the lines that support them.

Invariant: in full it is the object that every other front end gives for the same question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from surefoot import wire
from surefoot.domain import Answer
from surefoot.mcp import arguments as given
from surefoot.mcp.asking import Asking
from surefoot.mcp.features.search import MOST_NEAR_MISSES, MOST_NOTICES
from surefoot.mcp.lean import Amount, Object, Shown, fitted, picked, state_line
from surefoot.mcp.text import (
    called,
    clipped,
    counted,
    excerpt,
    first_line_of,
    indented,
    joined,
    plain_json,
    sentences,
    shown,
)

MOST_MISSING = 8
CITED = ("id", "path", "start_line", "end_line", "symbol", "source", "label", "url")
LONGEST_CLAIM = 12  # times the width of a line


def ask_codebase(asking: Asking, arguments: given.AskCodebase) -> Shown:
    """The answer to a question."""
    answer = asking.engine.ask(
        arguments.to_query(),
        model=arguments.model_for(asking.engine.settings.model),
        on_event=asking.heard,
        cancel=asking.cancel,
        roots=asking.folders(arguments.roots),
    )
    return _shown(asking, answer, arguments.detail)


def explain_symbol(asking: Asking, arguments: given.ExplainSymbol) -> Shown:
    """What a symbol is, with its definition first."""
    answer = asking.engine.explain_symbol(
        arguments.name,
        roots=asking.folders(arguments.roots),
        path=arguments.path,
        model=arguments.model_for(asking.engine.settings.model),
        on_event=asking.heard,
        cancel=asking.cancel,
    )
    return _shown(asking, answer, arguments.detail)


def _shown(asking: Asking, answer: Answer, detail: str) -> Shown:
    state = asking.state(citation.verdict.value for citation in answer.citations)
    listed = _Listed(asking, wire.ask_reply(answer).to_object(), state)
    if detail == "full":
        everything = Amount(len(answer.claims), 10_000, 10_000)
        return Shown(listed.text(everything), listed.whole, state)
    return fitted(len(answer.claims), listed.brief)


class _Listed:
    """An answer, as much of it as fits."""

    def __init__(self, asking: Asking, whole: dict[str, Any], state: Object) -> None:
        self.asking, self.whole, self.state = asking, whole, state

    def brief(self, amount: Amount) -> Shown:
        """The claims with the most telling lines of what they cite."""
        claims, whole = self._claims(amount), self.whole
        structured = {
            "question": clipped(whole["question"], 200),
            **picked(whole, "trace_id", "mode", "model"),
            "abstained": whole["abstained"],
            "claims": [self._claim(claim, amount) for claim in claims],
            "citations": [self._citation(citation, amount) for citation in self._cited(claims)],
            "missing": sentences(whole["missing"], MOST_MISSING, 120),
            "near_misses": sentences(whole["near_misses"], MOST_NEAR_MISSES, 120),
            "notices": sentences(whole["notices"], MOST_NOTICES),
            "sources": whole["sources"],
            "left_out": len(whole["claims"]) - len(claims),
            "withheld_count": len(whole["withheld"]),
            "index": self.state,
        }
        return Shown(self.text(amount), structured, self.state)

    def text(self, amount: Amount) -> str:
        """The same to read: claims, what they cite, what is missing."""
        claims, whole = self._claims(amount), self.whole
        left_out = len(whole["claims"]) - len(claims)
        withheld = len(whole["withheld"])
        return joined(
            [
                self._head(),
                *(line for claim in claims for line in self._told(claim, amount)),
                *(self._source(citation, amount) for citation in self._cited(claims)),
                self._listed("Nothing here grounds: ", sentences(whole["missing"], MOST_MISSING, 120)),
                self._listed("Nearest: ", sentences(whole["near_misses"], MOST_NEAR_MISSES, 120)),
                *sentences(whole["notices"], MOST_NOTICES),
                f"[{counted(withheld, 'sentence')} withheld, whose check failed]" if withheld else "",
                f'[{counted(left_out, "claim")} left out; detail "full" has all]' if left_out else "",
                f"[trace {whole['trace_id']}]" if whole["trace_id"] else "",
                state_line(self.state),
            ]
        )

    def _head(self) -> str:
        whole = self.whole
        if whole["abstained"] or not whole["claims"]:
            searched = counted(self.state["files"], "indexed file")
            return f'No answer: nothing in the {searched} grounds one to "{clipped(whole["question"], 200)}".'
        rest = ", the rest taken from the code" if "extract" in whole["stages"] else ""
        who = f"written by {shown(whole['model'])}{rest}" if whole["mode"] == "llm" else "taken from the code, no model"
        return f"Answer ({who}; each statement checked against the lines that it cites):"

    def _claims(self, amount: Amount) -> list[dict[str, Any]]:
        return list(self.whole["claims"][: amount.items])

    def _cited(self, claims: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        wanted = {number for claim in claims for number in claim["citations"]}
        return [citation for citation in self.whole["citations"] if citation["id"] in wanted]

    def _claim(self, claim: dict[str, Any], amount: Amount) -> Object:
        struck = [{name: self._fitted(words, amount) for name, words in end.items()} for end in claim["struck"]]
        return {**claim, "text": self._sentence(claim, amount), "struck": struck}

    def _told(self, claim: dict[str, Any], amount: Amount) -> Iterator[str]:
        yield f"- {self._sentence(claim, amount)} {self._numbers(claim)}"
        for end in claim["struck"]:
            words, reason = self._fitted(end["text"], amount), self._fitted(end["reason"], amount)
            words = words.removesuffix(".")
            yield f"  (left out: {words}; {reason})" if words else f"  (left out: a part that {reason})"

    def _sentence(self, claim: dict[str, Any], amount: Amount) -> str:
        return self._fitted(claim["text"], amount)

    def _fitted(self, text: str, amount: Amount) -> str:
        return clipped(" ".join(text.split()), LONGEST_CLAIM * amount.width)

    def _numbers(self, claim: dict[str, Any]) -> str:
        return "".join(f"[{number}]" for number in claim["citations"])

    def _source(self, citation: dict[str, Any], amount: Amount) -> str:
        root = f"{citation['root']}/" if len(self.asking.engine.roots) > 1 else ""
        verdict = "" if citation["verdict"] == "valid" else f" ({citation['verdict']})"
        return joined(
            [f"[{citation['id']}] {called(citation, root)}{verdict}", indented(self._lines(citation, amount))]
        )

    def _citation(self, citation: dict[str, Any], amount: Amount) -> Object:
        kept = self.asking.with_root(picked(citation, *CITED), citation)
        excerpted = {"excerpt": plain_json(self._lines(citation, amount))} if amount.lines else {}
        return {**kept, "verdict": citation["verdict"], **excerpted}

    def _lines(self, citation: dict[str, Any], amount: Amount) -> str:
        if not amount.lines:
            return ""
        words = self.whole["question"]
        return excerpt(citation["text"], first_line_of(citation), amount.lines, amount.width, words)

    def _listed(self, head: str, items: Sequence[str]) -> str:
        return f"{head}{'; '.join(items)}." if items else ""
