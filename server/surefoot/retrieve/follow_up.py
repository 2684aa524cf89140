"""Questions that refer back: "and where is it tested?" becomes a question that names what was cited before it.

Invariant: a question that stands on its own stays exactly as it is, and no word of the asker's is ever taken away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from surefoot.retrieve.resolve import looks_like_name
from surefoot.words import STOP_WORDS, WORD, fold

MOST_NAMES = 3  # of those cited first, for "they"; "it" is one thing, and a second name would find its own places

_QUOTED = re.compile(r"`[^`\n]+`|\"[^\"\n]+\"")
_TOKEN = re.compile(rf"{_QUOTED.pattern}|[\w$.]*[\w$](?:\(\))?|[?!.]")

# Words that ask what is done with a thing and do not say which: "who calls it" is about nothing without the "it".
_RELATIONS = frozenset(
    """
    test tests tested testing covered cover covers coverage call calls called calling caller callers use uses used user
    users usage usages import imports imported importing depend depends return returns returned raise raises raised
    throw throws thrown change changes changed changing configure configured set sets document documented documentation
    docs doc comment comments example examples detail details explain describe summarize summary more further declared
    declare create creates created creating start starts started run runs running delete deleted remove removed
    override overrides overridden extend extends inherit inherits store stored stores keep kept read reads written write
    writes log logged logs check checks checked validate validated validates error errors fail fails failing failed
    break breaks happen happened purpose reason type types argument arguments parameter parameters value values default
    result results output input function functions method methods class classes module modules file files line lines
    name named names caught catch catches invoked invoke invokes triggered trigger triggers passed pass stop stops
    expire expires fast slow safe thread async still else similar difference different compare affected affect affects
    """.split()
)
_IT = frozenset("it its itself they them their theirs".split())
_PLURAL = frozenset("they them their theirs these those both".split())
_PREPOSITIONS = frozenset("about at by for from in into of on onto through to with within".split())
_BEING = frozenset("is are was were be been isn aren wasn weren".split())
_LEADING = _BEING | frozenset(
    "do does did can could would should will may might has have if when why and but or".split()
)
_KINDS = frozenset(
    """
    function method class module file line name value type test error exception argument parameter setting option field
    code check default limit constant variable functions methods classes files values tests
    """.split()
)
# "this project" is not something that was cited.
_WHOLE = frozenset("project repo repository codebase code package library app application workspace product".split())
# "is it possible to ..." and "is it true that ..." refer to what follows.
_EXPLETIVE = re.compile(
    r"\bit\s+(?:possible|true|safe|ok|okay|necessary|required|allowed|guaranteed|enough|better|correct|easy|hard)\s+"
    r"(?:to|that|if|for)\b",
    re.IGNORECASE,
)
_THE_SAME = re.compile(r"\bthe same\b(?=\s*[?.!]*$|\s+(?:way|thing|place|file|module|class|function|method)\b)", re.I)


def follow_up(question: str, names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The question to ask, and which of `names` (best first) it took up: none where it stands on its own."""
    if not refers_back(question):
        return question, ()
    words = _TOKEN.findall(question)
    said, is_plural = {fold(word) for word in words}, any(word.lower() in _PLURAL for word in words)
    unsaid = [name for name in names if fold(name.rpartition(".")[2]) not in said]
    added = tuple(unsaid[: MOST_NAMES if is_plural else 1])
    if not added:
        return question, ()
    return f"{question} ({', '.join(f'`{name}`' for name in added)})", added


def refers_back(question: str) -> bool:
    """Whether the question is about something that it does not name itself."""
    tokens = _TOKEN.findall(_EXPLETIVE.sub(" ", question))
    if not any(_names_something(token) for token in tokens):
        return bool(tokens)
    return bool(_THE_SAME.search(question)) or any(_points_back(tokens, place) for place in range(len(tokens)))


def _points_back(tokens: Sequence[str], place: int) -> bool:
    """Whether the word there stands for something that does not come before it in the question."""
    word = tokens[place].lower()
    following = tokens[place + 1].lower() if place + 1 < len(tokens) else ""
    is_last = not WORD.match(following)
    if word in _IT:
        return not _has_antecedent(tokens[:place])
    if word == "there":
        before = tokens[place - 1].lower() if place else ""
        return bool(place) and before not in _BEING and following not in _BEING
    if word in {"this", "these"}:
        return following not in _WHOLE
    if word in {"that", "those"}:
        # "that" also joins clauses: "the function that parses", "make sure that".
        leads = place == 0 or tokens[place - 1].lower() in _LEADING
        return is_last or following in _KINDS or (leads and not _has_antecedent(tokens[:place]))
    return False


def _has_antecedent(before: Sequence[str]) -> bool:
    """Whether something is named before a pronoun, other than by the verb that it is the object of."""
    words = list(before)
    while words and words[-1].lower() in _PREPOSITIONS:
        words.pop()
    return any(_names_something(token) for token in words[:-1]) or bool(words and _is_noun(words))


def _is_noun(words: Sequence[str]) -> bool:
    """Whether the last word names something: written as code, or with an article or the like before it."""
    last, before = words[-1], words[-2].lower() if len(words) > 1 else ""
    return _is_code(last) or (
        _names_something(last) and before in {"the", "a", "an", "when", "if", "does", "do", "can"}
    )


def _names_something(token: str) -> bool:
    word = token.lower()
    return _is_code(token) or (WORD.match(token) is not None and word not in STOP_WORDS and word not in _RELATIONS)


def _is_code(token: str) -> bool:
    return bool(_QUOTED.fullmatch(token)) or looks_like_name(token)
