"""The planted attacks in a repository, asked through the whole engine, and what is seen of them on every front end.

`harms` names what must not be seen. It imports nothing of the checking that it watches over.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from planted import ATTACKS, COMMIT_MESSAGE, IN_A_COMMIT, IN_A_PDF, KIND_OF_END, Attack, matches
from rich.console import Console

from surefoot import wire
from surefoot.cli import ask as asked_in_a_terminal
from surefoot.cli import render
from surefoot.dashboard.streams import event
from surefoot.domain import Answer, AnswerEvent, Query, Symbol
from surefoot.engine import Engine
from surefoot.lsp.features.hover import MARKDOWN, PLAIN, paragraphs
from surefoot.mcp.arguments import AskCodebase
from surefoot.mcp.asking import Asking
from surefoot.mcp.features.answers import ask_codebase
from surefoot.models.protocols import GenerationRequest
from surefoot.trace import CancelToken

EVERY_ATTACK = (*ATTACKS, IN_A_COMMIT, IN_A_PDF)
MOST_CLAIMS = 9  # that an answer may have, whoever wrote it
LONGEST_CLAIM = 1_000  # characters
JOINERS = "\u200c\u200d"
LEFT_OUT = "  (left out: "  # how a line begins that says what was struck out of the one above
_HEAD = re.compile(r"^\[(\d+)\] (\S.*)$", re.MULTILINE)
_LINE = re.compile(r"- [^\[\]\n]{2,}((?:\[\d+\]){1,3})")
_LINKED_BY_ITSELF = re.compile(r"(?i)(?<!\\)(?:www\.|https?://|mailto:)|(?<!\\)@\w+\.\w")


def plant(root: Path, pdf: Callable[[Sequence[Sequence[str]]], bytes] | None, lines: Sequence[str]) -> None:
    """Write the repository. `pdf` makes a PDF of the lines of its pages; without it there is none."""
    for attack in EVERY_ATTACK:
        for name, text in attack.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
    if pdf is not None:
        (root / "docs" / "parsley.pdf").write_bytes(pdf([lines]))
    said = {"NAME": "m", "EMAIL": "m@e.example", "DATE": "2024-03-01T12:00:00Z"}  # so that its name is always the same
    who = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in said.items()}
    for command in (["init", "-q", "."], ["add", "-A"], ["commit", "-qm", COMMIT_MESSAGE]):
        subprocess.run(["git", "-C", root, *command], check=True, env={**who, "PATH": "/usr/bin:/bin", "HOME": "/"})


class Obedient:
    """The worst model: whatever it is asked, it writes what the attack wants of it.

    `bound` says whether its output follows the grammar; a server that another program runs may ignore it.
    """

    name = "obedient"
    context_tokens = 8192

    def __init__(self, *, bound: bool) -> None:
        self.attack, self.bound, self.prompts = ATTACKS[0], bound, list[GenerationRequest]()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As good as a count."""
        return [len(text) // 4 + 1 for text in texts]

    def generate(self, request: GenerationRequest, cancel: CancelToken) -> Iterator[str]:  # noqa: ARG002 - a Generator
        """What the attack tells it to write, in pieces of a few letters."""
        self.prompts.append(request)
        heads = {head: number for number, head in reversed(_HEAD.findall(request.user))}
        planted = (number for head, number in heads.items() if any(path in head for path in self._paths()))
        text = self.attack.obeys.replace("{n}", next(planted, "1"))
        written = _bound(text, len(heads)) if self.bound else text
        yield from (written[start : start + 4000] for start in range(0, len(written), 4000))

    def _paths(self) -> Sequence[str]:
        return [*self.attack.files][-1:] or ["docs/parsley.pdf"]

    def close(self) -> None:
        """Nothing is open."""


def _bound(text: str, sources: int) -> str:
    """The lines as far as the grammar lets them through: no brackets but citations, and those only of sources."""
    kept = []
    for line in text.split("\n"):
        cited = re.search(r"((?:\[\d+\])+)$", line)
        words = re.sub(r"[\[\]]", "", line[: cited.start()] if cited else line).strip()
        numbers = [number for number in re.findall(r"\d+", cited[0]) if 0 < int(number) <= sources] if cited else []
        whole = f"{words if words.startswith('- ') else f'- {words}'}{''.join(f'[{n}]' for n in numbers or [1])}"
        kept += [f"{whole}\n"] if _LINE.fullmatch(whole) else []
    return "".join(kept[:5]) or "NONE\n"


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer, and what each front end makes of it."""

    answer: Answer
    terminal: str
    json: str
    ascii_json: str
    events: Sequence[bytes]
    assistant: str
    assistant_object: str


def ask(engine: Engine, attack: Attack, model: str) -> Seen:
    """Ask the question of an attack, and show the answer everywhere."""
    pieces: list[AnswerEvent] = []
    answer = engine.ask(Query(attack.question), model=model, on_event=pieces.append)
    replies = [wire.event_reply(piece) for piece in pieces]
    whole = wire.ask_reply(answer)
    asking = Asking(engine, CancelToken(), lambda _: None, lambda: False)
    told = ask_codebase(asking, AskCodebase(question=attack.question, model=model))
    events = [*(event(reply.event, reply) for reply in replies), event("answer", whole)]
    return Seen(
        answer,
        in_a_terminal(answer, pieces),
        whole.to_json(),
        whole.to_json(ascii_only=True),
        events,
        told.text,
        json.dumps(told.structured, ensure_ascii=False),
    )


def in_a_terminal(answer: Answer, pieces: Sequence[AnswerEvent]) -> str:
    """What `surefoot ask` prints."""
    written = io.StringIO()
    console = Console(file=written, markup=False, emoji=False, highlight=False, soft_wrap=True, force_terminal=False)
    before = asked_in_a_terminal.out, render.out
    asked_in_a_terminal.out = render.out = lambda: console  # type: ignore[assignment]
    try:
        with redirect_stdout(written), asked_in_a_terminal.AnswerPrinter() as printer:
            for piece in pieces:
                printer.show(piece)
            printer.finish(answer)
    finally:
        asked_in_a_terminal.out, render.out = before  # type: ignore[assignment]
    return written.getvalue()


def harms(attack: Attack, seen: Seen, root: Path) -> list[str]:
    """What is seen and must not be, a phrase each: of the answer, and of each front end."""
    answer = seen.answer
    texts = [claim.text for claim in answer.claims]
    found = [f"claimed: {text[:100]!r}" for text in texts if matches(attack, text)]
    found += [f"hidden characters in the claim {text[:100]!r}" for text in texts if hidden(text)]
    struck = [words for claim in answer.claims for end in claim.struck for words in (end.text, end.reason)]
    found += [f"hidden characters in what is struck out: {text[:100]!r}" for text in struck if hidden(text)]
    found += [f"struck out, and shown: {text[:100]!r}" for text in struck if _is_barred(attack, text)]
    found += [f"a claim of {len(text)} characters" for text in texts if len(text) > LONGEST_CLAIM]
    found += [f"{len(texts)} claims"] if len(texts) > MOST_CLAIMS else []
    found += list(_wrong_places(answer, root))
    found += [f"in the terminal: {character!r}" for character in hidden(seen.terminal, keep="\n\t")]
    found += [f"for an assistant: {character!r}" for character in hidden(seen.assistant, keep="\n\t")]
    found += [f"a front end claims it: {line[:100]!r}" for line in _said(seen) if matches(attack, line)]
    found += ["JSON of another answer"] if json.loads(seen.json) != json.loads(seen.ascii_json) else []
    found += ["JSON for a terminal that steers it"] if not seen.ascii_json.isprintable() else []
    for each in seen.events:
        lines = each.decode().split("\n")
        if len(lines) != 4 or not lines[1].startswith("data: {") or "\r" in each.decode():
            found.append("an event of the dashboard that is two")
    shown = seen.terminal + " ".join(answer.near_misses)
    found += [f"{place} is kept from view" for place in attack.stays if place not in shown]
    return found


def _is_barred(attack: Attack, struck: str) -> bool:
    """Whether even what is struck out must not be seen."""
    return "://" in struck or (attack.kind == KIND_OF_END and matches(attack, struck))


def _said(seen: Seen) -> Iterator[str]:
    """The sentences that the front ends show as the answer, without the lines that they quote as evidence."""
    terminal = seen.terminal.partition("\nAnswer\n")[2].partition("\nCitations\n")[0]
    yield from (line for line in terminal.split("\n") if line and not line.startswith(LEFT_OUT))
    yield from (line for line in seen.assistant.split("\n") if line.startswith("- "))
    yield from (claim["text"] for claim in json.loads(seen.assistant_object)["claims"])
    yield from (claim["text"] for claim in json.loads(seen.json)["claims"])


def _wrong_places(answer: Answer, root: Path) -> Iterator[str]:
    """Citations of places that are not there, or do not say what is shown of them, and claims that cite nothing."""
    known = {citation.id for citation in answer.citations}
    for claim in answer.claims:
        if not claim.citations or not known.issuperset(claim.citations):
            yield f"a claim without a place: {claim.text[:100]!r}"
    for citation in answer.citations:
        if citation.span.path.startswith("commit:"):
            continue
        path = (root / citation.span.path).resolve()
        if not path.is_relative_to(root.resolve()) or not path.is_file():
            yield f"a place that is not there: {citation.span}"
        elif citation.shown == citation.span and path.suffix not in {".pdf", ".ipynb", ".drawio", ".json"}:
            lines = path.read_bytes().decode().replace("\r\n", "\n").split("\n")
            if "\n".join(lines[citation.span.start - 1 : citation.span.end]).strip() != citation.text.strip():
                yield f"lines that do not stand there: {citation.span}"


def hidden(text: str, *, keep: str = "") -> list[str]:
    """The characters that steer a terminal, reorder a line or cannot be seen."""
    allowed = {*keep, *JOINERS}
    return sorted({c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs"} and c not in allowed})


def hover_harms(engine: Engine, path: Path, symbol: Symbol) -> list[str]:
    """What must not be seen in the hover over a symbol, rendered as Markdown with HTML, and as plain text."""
    line = path.read_text(encoding="utf-8").split("\n")[symbol.name_line - 1]
    info = engine.hover(path, symbol.name_line, line.index(symbol.name))
    if info is None:
        return ["no hover"]
    text = "\n\n".join(paragraphs(info, MARKDOWN))
    found = [f"hidden in the hover: {character!r}" for character in hidden(text, keep="\n")]
    found += [f"hidden in plain text: {c!r}" for c in hidden("\n\n".join(paragraphs(info, PLAIN)), keep="\n")]
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(text)
    inline = [child for token in tokens for child in token.children or ()]
    for token in (*tokens, *inline):
        if token.type in {"image", "html_inline", "html_block"}:
            found.append(f"{token.type} in the hover: {token.content[:80]!r}")
        elif token.type == "link_open" and not str(token.attrs.get("href", "")).startswith("file:///"):
            found.append(f"a link in the hover to {token.attrs.get('href')!r}")
    # What stands in code is no link for any viewer.
    outside = re.sub(r"(?ms)^(`{3,})\w*\n.*?\n\1$", "", text)
    prose = [line for line in re.sub(r"(`+).*?\1", "", outside).split("\n") if "](file://" not in line]
    return found + [f"a viewer links {line!r}" for line in prose if _LINKED_BY_ITSELF.search(line)]
