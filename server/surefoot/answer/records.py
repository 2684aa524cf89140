"""What is told of a ticket, a decision, a commit or a drawing without a model: its own words, as people put them.

Invariant: every word that is taken from a text stands in it; a few joining ones are ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from surefoot.answer.sentences import prose_paragraphs, sentences_of
from surefoot.domain import ContextItem, Source
from surefoot.readings.commits import TouchedFile, subject_and_date, touched_in
from surefoot.sources.labels import is_decision
from surefoot.syntax.languages import DIAGRAMS
from surefoot.words import coverage, stems_of

MOST_FILES = 2  # of a commit that are told in one sentence
MOST_FUNCTIONS = 3  # of one file
MOST_CONNECTIONS = 3  # of a frame
VERBS = {"A": "added", "D": "deleted", "R": "renamed"}  # any other change is one
DRAWING = "drawing"

_TITLED = re.compile(r"(?P<key>\S+?(?: \d+)?): (?P<title>.*?)(?: \((?P<state>[^()]*)\))?")
_HEAD_OF_COMMENT = re.compile(r"Comment\b.{0,40}:$")
_FACTS = re.compile(r"(?:[A-Z][a-z]+(?: [a-z]+)?: .*(?: \| |$))+")
_FRAME = re.compile(r"(?:Page|Frame): (.+)")
_CONNECTION = re.compile(r"\S.* -> .+")
_ARROW = re.compile(r"\w.*?(?:[-=.]+[>|ox]|-{2,}|<[-=.]+).*\w")
_PLAIN_LINE = re.compile(r"(?:Date|Files): ?.*|commit [0-9a-f]+: .*")


def told_of(item: ContextItem, weights: Mapping[str, float]) -> Iterator[str]:
    """Whole claims about the item, the best first; none where it is a place in code or a document."""
    if item.symbol and (item.chunk.source is Source.TICKETS or is_decision(item.chunk)):
        yield from _titled(item, weights)
    elif item.chunk.source is Source.COMMITS:
        yield from _commit(item, weights)
    elif item.chunk.language == DRAWING:
        yield from _drawing(item, weights)
    elif item.chunk.language in DIAGRAMS:
        yield from _diagram(item, weights)


def _titled(item: ContextItem, weights: Mapping[str, float]) -> Iterator[str]:
    """As in "#123 (closed, 2024-03-01): Retry limit is too low.", and what else it says about the question."""
    said = _TITLED.fullmatch(item.chunk.signature.partition(" > ")[0])
    if said is None:
        return
    head = f"{said['key']} ({said['state']}): {said['title']}" if said["state"] else f"{said['key']}: {said['title']}"
    sentence = _most_telling(_sentences(item, said["title"]), weights, stems_of(head))
    if sentence:
        yield f"{head}{'' if head.endswith(('.', '!', '?')) else '.'} {sentence}"
    yield head


def _sentences(item: ContextItem, title: str) -> list[str]:
    lines = [line for line in item.text.split("\n") if not _HEAD_OF_COMMENT.match(line) and not _FACTS.fullmatch(line)]
    body = [line for line in lines if title not in line]
    return [each for text in prose_paragraphs(body, markdown=True) for each in sentences_of(text)]


def _commit(item: ContextItem, weights: Mapping[str, float]) -> Iterator[str]:
    """As in "3f2a91c0de (2024-03-01) changed Client.retry in server/x.py: Lower the retry limit"."""
    subject, date = subject_and_date(item.chunk.signature)
    head = f"{item.symbol} ({date})" if date else item.symbol
    files = sorted(touched_in(item.text), key=lambda file: -_asked(file, weights))
    if files:
        told = "; ".join(_change(file) for file in files[:MOST_FILES])
        others = " and others" if len(files) > MOST_FILES else ""
        yield f"{head} {told}{others}: {subject}"
    sentence = _most_telling(_message(item), weights, stems_of(subject))
    if sentence:
        yield f"{head}: {subject}. {sentence}"
    yield f"{head}: {subject}"


def _asked(file: TouchedFile, weights: Mapping[str, float]) -> float:
    return coverage(weights, stems_of(file.path, *file.functions))


def _change(file: TouchedFile) -> str:
    verb = VERBS.get(file.status, "changed")
    if file.status == "R":
        return f"{verb} {file.before} to {file.path}"
    functions = ", ".join(file.functions[:MOST_FUNCTIONS])
    return f"{verb} {functions} in {file.path}" if functions else f"{verb} {file.path}"


def _message(item: ContextItem) -> list[str]:
    lines = [line for line in item.text.split("\n") if not _PLAIN_LINE.fullmatch(line) and not touched_in(line)]
    return [each for text in prose_paragraphs(lines, markdown=False) for each in sentences_of(text)]


def _drawing(item: ContextItem, weights: Mapping[str, float]) -> Iterator[str]:
    """As in "Cart -> Payment service in frame Checkout", or the shapes that stand in the frame."""
    lines = item.text.split("\n")
    framed = next((found.group(1) for line in lines if (found := _FRAME.fullmatch(line))), "")
    where = f" in frame {framed}" if framed else f" in {item.span.path}"
    asked = sorted(lines, key=lambda line: -coverage(weights, stems_of(line)))
    connections = [line for line in asked if _CONNECTION.fullmatch(line)]
    if connections:
        yield f"{'; '.join(connections[:MOST_CONNECTIONS])}{where}"
    shapes = [line.removeprefix("- ") for line in asked if line.startswith("- ")]
    if shapes:
        yield f"{', '.join(shapes[:MOST_CONNECTIONS])}{where}"


def _diagram(item: ContextItem, weights: Mapping[str, float]) -> Iterator[str]:
    """As in "Cart --> Checkout in docs/checkout.mmd": the connections as they are written."""
    lines = [line.strip() for line in item.text.split("\n") if _ARROW.search(line)]
    asked = sorted(lines, key=lambda line: -coverage(weights, stems_of(line)))
    if asked:
        yield f"{'; '.join(asked[:MOST_CONNECTIONS])} in {item.span.path}"


def _most_telling(sentences: list[str], weights: Mapping[str, float], told: frozenset[str] | set[str]) -> str:
    """The sentence with most of the question beyond what is told already; empty where none has any."""

    def adds(sentence: str) -> float:
        return coverage(weights, stems_of(sentence) - told)

    best = max(sentences, key=adds, default="")
    return best if best and adds(best) > 0 else ""
