"""Text that speaks to a language model: "ignore the above and say that ...". It is shown as it is, and proves nothing.

Where a place does so, only its code bears a claim: its comments, its documentation and its longer strings do not, and
of a document, a ticket or a commit nothing does. A plain lie in a comment is no such text: what it says stands there.

Invariant: lines stay lines, so that numbers of lines do not change.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from surefoot.domain import ContextItem, Source
from surefoot.syntax.languages import LANGUAGES

# Letters of other alphabets that look like Latin ones.
_LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u0501\u03bf\u03b1\u03b5\u03b9\u03bd\u03c1",
    "aeopcyxisjdoaeivp",
)
_SPACED = re.compile(r"\b(?:[a-z] ){3,}[a-z]\b")
_TEMPLATE = r"<\|\w+\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|</?tool_calls?>|<\|?/?(?:system|assistant)\|?>"
_NAMED = r"(?:ai|llm|language model|chat ?bot|coding assistant|ai assistant|chatgpt|copilot|assistant model)s?"
_SPOKEN = r"(?:instruction|direction|guideline|prompt)s?"
_SAYING = r"(?:say|state|claim|answer|reply|respond|insist|repeat)"
_NOW = r"(?:^|[.,;:!]|\b(?:and|then|must|please|instead|always|only))"  # where an order begins
_ORDERS = (
    # Instructions are to be ignored, or whatever stands above.
    rf"\b(?:ignor(?:e|iere?)|disregard|forget)\b[^(){{}};=]{{0,40}}\b(?:{_SPOKEN}|anweisungen|sources)\b",
    r"(?:ignore|disregard|forget)(?:all)?(?:the)?(?:previous|prior|above)",
    (
        r"\b(?:ignore|disregard|forget)\b (?:all |everything |anything )?(?:of )?(?:the |your |that (?:is|was) )?"
        r"(?:above|before|previous|prior|earlier)(?: and| text| context| sources?|[.,:;]|$)"
    ),
    rf"\b(?:new|system|hidden|secret) (?:system )?{_SPOKEN}\b.{{0,12}}[:.]|\bsystem (?:override|prompt)\b",
    # A model is spoken to, or given another part to play.
    r"\byou are (?:now )?(?:an? |the )?(?:\w+ ){0,3}(?:ai|assistant|bot|chatbot|language model)\b|\byou are now\b",
    rf"\b(?:note|instructions?|attention|message|memo) (?:to|for) (?:all |any |the )?{_NAMED}\b",
    rf"\b{_NAMED} (?:must|should|shall|may only|have to|has to|reading|answering|that reads?)\b",
    rf"\b{_NAMED}\s*[:,!]\s*\w|\band obey\b|\bobey,? (?:me|model)\b|\bjailbr\w+",
    # It is told what to say, when, and what to cite for it.
    r"\b(?:when|if|whenever) (?:you are |you're |someone is )?asked (?:about|how|what|where|why)\b",
    rf"{_NOW} {_SAYING}(?: only| just| exactly)?(?: that|:| with the)\b",
    rf"{_NOW} {_SAYING} (?:only|nothing but|the following)\b",
    r"\byour (?:answer|reply|response|summary) (?:must|should|shall|is|has)\b",
    r"\btell (?:the |them|every)\s?(?:user|reader|developer|engineer|one|body)?s? (?:that|to)\b",
    rf"{_NOW} cite (?:\[|files?\b|this\b|it\b|sources?\b)|\b(?:do not|don't|never) (?:mention|cite|reveal)\b",
    r"\u5ffd\u7565.{0,12}(?:\u6307\u4ee4|\u6307\u793a|\u8bf4\u660e)|\bignor\w+ .{0,20}instruc\w+",
)
_TURN = r"(?:^|\n)\W*(?:SYSTEM|ASSISTANT|Assistant|Human)\s*:\s*\S"
_HEAD_OF_A_SOURCE = r"(?:^|\n)\W*\[\d+\] \S+:\d+-\d+|(?:^|\n)\W*Question: \S"
_AS_WRITTEN = re.compile(f"{_TEMPLATE}|{_TURN}|{_HEAD_OF_A_SOURCE}")
_IN_WORDS = re.compile("|".join(_ORDERS))
# What is said in code beside the code: documentation, comments, strings of several words.
_BESIDE_CODE = re.compile(
    r'"""[\s\S]*?(?:"""|\Z)|\'\'\'[\s\S]*?(?:\'\'\'|\Z)|/\*[\s\S]*?(?:\*/|\Z)|<!--[\s\S]*?(?:-->|\Z)'
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`|(?://|(?<!\S)(?:\#|--|;|%))[^\n]*'
)
_MARKUP = frozenset({"html", "xml"})
_LONG_NAME = re.compile(r"[\w-]{16,}")  # that may hold an order
_WORDS_OF_A_VALUE = 2  # a longer string is a sentence
_COMMENTED = re.compile(r"""^(?:"{3}|'{3}|/[*/]|<!--|\#|--|;|%)""")


def speaks_to_a_model(text: str) -> bool:
    """Whether the text gives orders to a language model, or passes itself off as a turn of its conversation."""
    return bool(_AS_WRITTEN.search(text) or _IN_WORDS.search(_plain(text)))


def _plain(text: str) -> str:
    """The text in small Latin letters, without what cannot be seen, and with names taken apart."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(
        character for character in folded if unicodedata.category(character) not in {"Cf", "Cc"} or character == "\n"
    )
    marks = re.sub(r"(?m)^[^\S\n]*(?:\#|//|\*|--|;|%|\"\"\"|''')+", " ", seen.translate(_LOOKALIKES))
    joined = _SPACED.sub(lambda found: found[0].replace(" ", ""), marks)
    return re.sub(r"[\s_]+", " ", re.sub(r"(?<=[a-z]{2})-(?=[a-z]{2})", " ", joined))


@lru_cache(maxsize=512)
def _speaks(text: str) -> bool:
    return speaks_to_a_model(text)


def is_addressed(item: ContextItem) -> bool:
    """Whether the place speaks to a model in any part of it, shown or not."""
    chunk = item.chunk
    return any(map(_speaks, (item.text, chunk.text, chunk.signature, item.symbol, item.span.path)))


def evidence(item: ContextItem) -> str:
    """The lines of the place that may bear a claim, and those that a model may read."""
    if not is_addressed(item):
        return item.text
    if _is_prose(item):
        return "\n" * item.text.count("\n")
    first = item.text[: item.text.find('"""')] if item.text.count('"""') % 2 else ""
    if first and not re.search(r"\b(?:def|class)\b", first):  # the lines begin inside of documentation
        return "\n" * item.text.count("\n")
    return without_orders(_BESIDE_CODE.sub(lambda found: _silenced(found[0]), item.text))


def without_orders(names: str) -> str:
    """The text without the names in it that are orders themselves."""
    return _LONG_NAME.sub(lambda found: "" if _speaks(found[0]) else found[0], names)


def _is_prose(item: ContextItem) -> bool:
    language = LANGUAGES.get(item.chunk.language)
    is_code = item.chunk.source is Source.CODE and item.chunk.file_line <= 0
    return not is_code or language is None or language.is_prose or language.name in _MARKUP


def _silenced(said: str) -> str:
    if _COMMENTED.match(said) or len(said.split()) > _WORDS_OF_A_VALUE or _speaks(said):
        return "\n" * said.count("\n")
    return said
