"""`verify_citations` and `find_references`: what a text says about places, and where a name stands.

Invariant: both read the files as they are at the moment of asking.
"""

from __future__ import annotations

from typing import Any

from surefoot import wire
from surefoot.errors import UsageError
from surefoot.mcp import arguments as given
from surefoot.mcp.asking import Asking
from surefoot.mcp.features.search import MOST_NOTICES
from surefoot.mcp.lean import Amount, Object, Shown, fitted, picked, state_line
from surefoot.mcp.text import clipped, counted, joined, place, plain_json, sentences, shown

MENTION_FIELDS = ("kind", "verdict", "path", "start_line", "end_line", "start", "end")


def verify_citations(asking: Asking, arguments: given.VerifyCitations) -> Shown:
    """A verdict on each place and name in a text."""
    if not arguments.text.strip():
        raise UsageError("The text is empty; give the text whose paths, lines and names are to be checked.")
    found = asking.engine.check_text(arguments.text, roots=asking.folders(arguments.roots))
    whole = wire.check_reply(found).to_object()
    asking.tell(f"Checked: {counted(whole['checked'], 'mention')}, {whole['wrong']} wrong.")
    ordered = _wrong_first(whole["mentions"])[arguments.offset :]
    state = asking.state(mention["verdict"] for mention in whole["mentions"])
    if arguments.detail == "full":
        everything = _Checked(asking, whole, ordered, arguments.offset, state)
        amount = Amount(len(ordered), 1, 10_000)
        return Shown(everything.text(amount), {**whole, "index": state}, state)
    return fitted(len(ordered), _Checked(asking, whole, ordered, arguments.offset, state).brief)


def _wrong_first(mentions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In an order in which a page that is cut short still has what is wrong; what holds is told once per spelling."""
    wrong = [mention for mention in mentions if mention["verdict"] != "valid"]
    right = {mention["text"]: mention for mention in mentions if mention["verdict"] == "valid"}
    return [*wrong, *right.values()]


class _Checked:
    def __init__(
        self, asking: Asking, whole: dict[str, Any], ordered: list[dict[str, Any]], offset: int, state: Object
    ) -> None:
        self.asking, self.whole, self.ordered, self.offset, self.state = asking, whole, ordered, offset, state

    def brief(self, amount: Amount) -> Shown:
        """The wrong ones with their corrections, the others by name."""
        page = self.ordered[: amount.items]
        structured: Object = {
            "checked": self.whole["checked"],
            "wrong": self.whole["wrong"],
            "mentions": [self._mention(mention, amount) for mention in page],
            "notices": sentences(self.whole["notices"], MOST_NOTICES),
            "index": self.state,
        }
        if (more := self._more(amount)) is not None:
            structured["next_offset"] = more
        return Shown(self.text(amount), structured, self.state)

    def _mention(self, mention: dict[str, Any], amount: Amount) -> Object:
        kept = {"text": clipped(mention["text"], amount.width), "verdict": mention["verdict"]}
        if mention["verdict"] == "valid":
            return kept
        said = {"correction": clipped(mention["correction"], 2 * amount.width)} if mention["correction"] else {}
        reason = {"reason": clipped(mention["reason"], 2 * amount.width)}
        return self.asking.with_root({**picked(mention, *MENTION_FIELDS), **kept, **said, **reason}, mention)

    def text(self, amount: Amount) -> str:
        """The same to read."""
        page = self.ordered[: amount.items]
        wrong = [mention for mention in page if mention["verdict"] != "valid"]
        right = [clipped(mention["text"], amount.width) for mention in page if mention["verdict"] == "valid"]
        more = self._more(amount)
        return joined(
            [
                self._head(),
                *(self._line(mention, amount) for mention in wrong),
                f"Valid: {', '.join(right)}." if right else "",
                *sentences(self.whole["notices"], MOST_NOTICES),
                self._onward(more, len(page)),
                state_line(self.state),
            ]
        )

    def _onward(self, more: int | None, shown_here: int) -> str:
        if more is None:
            return ""
        holds = all(mention["verdict"] == "valid" for mention in self.ordered[shown_here:])
        return f"[{'all the others hold' if holds else 'there are more'}: offset {more}]"

    def _head(self) -> str:
        checked, wrong = self.whole["checked"], self.whole["wrong"]
        if not checked:
            return "Nothing in this text names a file, lines or a symbol, so there was nothing to check."
        if not self.ordered:
            return "There are no further mentions."
        return f"{wrong} of {counted(checked, 'mention')} wrong." if wrong else f"All {checked} hold."

    def _line(self, mention: dict[str, Any], amount: Amount) -> str:
        instead = f"; write {clipped(mention['correction'], 2 * amount.width)}" if mention["correction"] else ""
        reason = clipped(mention["reason"], 2 * amount.width)
        is_one_of_several = mention["root"] and len(self.asking.engine.roots) > 1
        folder = f" (in {shown(mention['root'])})" if is_one_of_several else ""
        return f"- {clipped(mention['text'], amount.width)}: {mention['verdict']}{instead}. {reason}{folder}"

    def _more(self, amount: Amount) -> int | None:
        return self.offset + amount.items if amount.items < len(self.ordered) else None


def find_references(asking: Asking, arguments: given.FindReferences) -> Shown:
    """One page of the lines that hold a name."""
    found = asking.engine.references(
        arguments.name,
        roots=asking.folders(arguments.roots),
        path=arguments.path,
        offset=arguments.offset,
        limit=arguments.limit,
    )
    whole = wire.references_reply(found).to_object()
    asking.tell(f"Evidence: {counted(len(whole['references']), 'line')} found.")
    # The lines were read from the files for this reply.
    state = asking.state("valid" for _ in whole["references"])
    listed = _References(asking, whole, state)
    if arguments.detail == "full":
        amount = Amount(len(whole["references"]), 1, 10_000)
        return Shown(listed.text(amount), {**whole, "index": state}, state)
    return fitted(len(whole["references"]), listed.brief)


class _References:
    def __init__(self, asking: Asking, whole: dict[str, Any], state: Object) -> None:
        self.asking, self.whole, self.state = asking, whole, state

    def brief(self, amount: Amount) -> Shown:
        """As many lines as fit."""
        references = [self._reference(entry, amount) for entry in self.whole["references"][: amount.items]]
        structured: Object = {
            "name": clipped(self.whole["name"], 200),
            "total": self.whole["total"],
            "exact": self.whole["exact"],
            "offset": self.whole["offset"],
            "references": references,
            "notices": sentences(self.whole["notices"], MOST_NOTICES),
            "index": self.state,
        }
        if (more := self._more(amount)) is not None:
            structured["next_offset"] = more
        return Shown(self.text(amount), structured, self.state)

    def _reference(self, entry: dict[str, Any], amount: Amount) -> Object:
        kept = self.asking.with_root(picked(entry, "path", "line", "symbol", "kind"), entry)
        return {**kept, "text": clipped(str(plain_json(entry["text"])).strip(), amount.width)}

    def text(self, amount: Amount) -> str:
        """The same in the shape of grep's output."""
        page = self.whole["references"][: amount.items]
        more = self._more(amount)
        return joined(
            [
                self._head(page),
                *(self._line(entry, amount) for entry in page),
                *sentences(self.whole["notices"], MOST_NOTICES),
                f"[there are more: offset {more}]" if more is not None else "",
                state_line(self.state),
            ]
        )

    def _head(self, page: list[dict[str, Any]]) -> str:
        name, total = clipped(self.whole["name"], 200), self.whole["total"]
        if not total:
            return f"No reference: `{name}` stands in none of the {counted(self.state['files'], 'indexed file')}."
        if not page:
            return f"There are no further lines with `{name}`; there are {total} in all."
        exact = "" if self.whole["exact"] else "at least "
        first = self.whole["offset"] + 1
        is_defined = self.whole["offset"] > 0 or page[0]["kind"] == "definition"
        order = "definitions first" if is_defined else "nothing here defines it"
        return f"`{name}`: {exact}{counted(total, 'line')}, here {first} to {first + len(page) - 1}, {order}."

    def _line(self, entry: dict[str, Any], amount: Amount) -> str:
        root = f"{entry['root']}/" if len(self.asking.engine.roots) > 1 else ""
        within = f" in {shown(entry['symbol'])}" if entry["symbol"] else ""
        text = clipped(entry["text"].strip(), amount.width)
        return f"{place(root + entry['path'], entry['line'], None)}: {text}  [{entry['kind']}{within}]"

    def _more(self, amount: Amount) -> int | None:
        if amount.items < len(self.whole["references"]):
            return int(self.whole["offset"]) + amount.items
        more = self.whole["next_offset"]
        return None if more is None else int(more)
