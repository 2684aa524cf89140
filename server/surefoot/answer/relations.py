"""Whether the parts of a claim belong together as it says: its condition, its order, its caller, its negation.

All words of a lie may stand in the lines: "returns 0 if it is valid" of lines that return 1 then. So the lines are
looked at as a reader does who knows no language: which lines branch and on what, what is indented under them, which
side a negation is on, what is called inside of what.

Invariant: where the lines leave a part open, the part counts as right; only a contradiction withholds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from surefoot.answer.sentences import stands_in
from surefoot.words import STOP_WORDS, content_terms, stem, stems_of

_BRANCH = re.compile(
    r"\bis (?:not )?None\b|[!=]=|\breturn .*[!&|<>]|"
    r"\b(?:if|elif|else if|unless|while|until|when|case|guard|match)\b|\?[^.:?]|&&|"
    r"\|\||\?\?|\bor\b(?! None)|=>|\bfor\b",
)
_LEAVES = re.compile(r"^\W*(?:return|raise|throw|break|continue|panic|exit)\b|\breturn\b[^\n]*;?\s*\}?$")
_COMMENT = re.compile(r"^\s*(?:#(?!\[)|//|\*|/\*|\"\"\"|'''|@param|@return|:)")
_NEGATIVE_WORD = re.compile(
    r"\b(?:not|no|none|null|nil|undefined|missing|absent|empty|unless|without|neither|nor|cannot|unset|fails?|blank|"
    r"never|lacks?|false|invalid)\b|n't\b|\bother than\b",
    re.IGNORECASE,
)
_NEGATIVE_CODE = re.compile(
    r"\bnot\b|!(?!=)|!=|\bunless\b|\bnone\b|\bnull\b|\bnil\b|\bundefined\b|\bfalse\b|\bblank\?|\bempty\b|"
    r"(?<![>\w.\[-] )(?<![>\w.\[-])\b0\b(?!x)|\bnever\b|n't\b|(?<!\")\"\"(?!\")|(?<!')''(?!')|\buntil\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?i)\bdisallow|\bnot\b|n't\b|\bnever\b|\bforbid|assert|\bno\b|notNull|notEmpty|\bwithout\b|exclud|instead of"
)
_CONDITION = re.compile(
    r"\b(?P<word>only if|only when|even if|if|when|unless|whenever|as soon as|until|for which|once|where|"
    r"provided that|as long as|while)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(r"\b(?:before|in front of|after|and then|then)\b", re.IGNORECASE)
_DENIES = re.compile(
    r"\b(?:does|do|did|is|are|was|were|can|may|must|will|has|have)\s*(?:not|n't)\b|\bcannot\b|\bnever\b|\bno longer\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\bfirst\b", re.IGNORECASE)
_ALONE = re.compile(r"\b(?:always|in any case|whatever|regardless)\b", re.IGNORECASE)
_CALLS = re.compile(
    r"`([^`]+)`(?: then| also| first| always| just| simply)* (?:calls|invokes|delegates to) (?:the )?`([^`]+)`"
)
_IS_CALLED = re.compile(
    r"`([^`]+)`(?: method| function)? (?:is|are|gets?)(?: then| also| first| always| only)* (?:called|invoked)"
    r"(?: (?:by|from|in) (?:the )?`([^`]+)`)?"
)
_LITERAL = re.compile(
    r"`([^`]{1,60})`|\"([^\"]{1,60})\"|(?<![\w.])(-?\d[\d.]*)(?![\w.])|\b(true|false|null|none|nil|undefined)\b",
    re.IGNORECASE,
)
_SAME = (frozenset({"null", "none", "nil", "undefined"}), frozenset({"true", "1"}), frozenset({"false", "0"}))
_PAIRED = re.compile(
    r"^(?P<left>.+?)\b(?:(?:is|are) (?:re)?set to|(?:is|are) written as|defaults? to|starts? (?:at|in)|equals) "
    r"(?P<right>.+?)$",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"\b(?:cop(?:ies|ied)|moved?s?|assign(?:s|ed)?)\b.*?`([^`]+)`.*?\b(?:in)?to\b.*?`([^`]+)`", re.IGNORECASE
)
_SET = re.compile(
    r"\b(?:re)?sets?\b.*?`([^`]+)`[^`]*?\bto\b.*?`([^`]+)`|`([^`]+)`[^`]*? (?:is|are) (?:re)?set to .*?`([^`]+)`"
)


FEW_LINES = 4  # between what "and then" joins: declarations stand above what is done with them


@dataclass(frozen=True, slots=True)
class Line:
    """A line of code as far as relations go."""

    number: int
    text: str
    indent: int
    stems: frozenset[str]

    @property
    def branches(self) -> bool:
        """Whether it decides something."""
        return bool(_BRANCH.search(self.text)) and not _COMMENT.match(self.text)


def lines_of(text: str) -> list[Line]:
    """The lines that have something on them."""
    return [
        Line(number, line, len(line) - len(line.lstrip()), stems_of(line))
        for number, line in enumerate(text.split("\n"))
        if line.strip()
    ]


def contradiction(claim: str, text: str, symbol: str) -> str:
    """What of the claim's relations the lines contradict, as a phrase; empty where nothing is."""
    lines = lines_of(text)
    if not lines or is_quoted(claim, text):
        return ""
    quantity = _quantity(claim, lines, symbol)
    if quantity or _is_said(claim, text):
        return quantity
    for check in (_calls, _direction, _denial, _order, _pair, _condition, _returned):
        found = check(claim, lines, symbol)
        if found:
            return found
    return ""


def is_quoted(claim: str, text: str) -> bool:
    """Whether the claim, or all of it behind the name that it begins with, are words of the lines in their order."""
    said = claim.removesuffix("\u2026").rstrip()
    return stands_in(said, text) or stands_in(said.partition(": ")[2], text)


def _terms(words: str) -> list[str]:
    """What a part of a claim is about, by stem; the negative words are its sign, and not what it is about."""
    plain = _NEGATIVE_WORD.sub(" ", words)
    return list(dict.fromkeys(stem(term) for term in content_terms(plain) if term not in STOP_WORDS))


def _is_said(claim: str, text: str) -> bool:
    """Whether a sentence of the documentation or of a comment says nearly this, with as many negations."""
    wanted = set(_terms(claim))
    prose = re.sub(r"(?m)^\s*(?:#+|//+|\*+/?|/\*+|--)", " ", text)
    for sentence in re.split(r"(?<=[.!?:])\s+|\n\s*\n", prose):
        words = stems_of(sentence)
        if wanted and len(wanted & words) >= 0.8 * len(wanted) and len(words) <= 3 * len(wanted) + 4:
            signs = len(_NEGATIVE_WORD.findall(claim)) % 2 == len(_NEGATIVE_WORD.findall(sentence)) % 2
            if signs and _is_sentence(sentence) and _in_order(claim, sentence):
                return True
    return False


def _is_sentence(text: str) -> bool:
    return len(re.findall(r"[=(){};]|->", text)) <= 2 and len(text.split()) >= 4


def _in_order(claim: str, sentence: str) -> bool:
    """Whether the words that both have stand in about the same order."""
    said = [stem(term) for term in content_terms(sentence)]
    places = [said.index(term) for term in _terms(claim) if term in said]
    turned = sum(second < first for first, second in pairwise(places))
    return turned <= len(places) // 3


def _best(terms: list[str], lines: list[Line]) -> list[Line]:
    """The lines with most of the terms; none where none has any."""
    scores = [(sum(_has(line, term) for term in terms), line) for line in lines]
    most = max((score for score, _ in scores), default=0)
    return [line for score, line in scores if score == most] if most else []


def _has(line: Line, term: str) -> bool:
    if term in line.stems:
        return True
    return len(term) >= 3 and any(
        len(known) >= 3 and (known.startswith(term) or term.startswith(known)) for known in line.stems
    )


# --- who calls whom ---------------------------------------------------------------------------------------------------


def _last(name: str) -> str:
    return re.split(r"\.|::|->|#", name.rstrip("()"))[-1].strip("`*&")


def _owner(name: str) -> str:
    parts = re.split(r"\.|::|->|#", name.rstrip("()"))
    return parts[-2] if len(parts) > 1 else ""


_OWN = frozenset({"self", "this", "cls", "super"})


def _calls(claim: str, lines: list[Line], symbol: str) -> str:
    """`a` calls `b`: the lines have to be of `a`, and `b` has to be called in them."""
    whole = "\n".join(line.text for line in lines)
    passive = [(caller, callee) for callee, caller in _IS_CALLED.findall(claim)]
    for caller, callee in passive:
        if caller == callee:
            return f"that {callee} calls itself"
        if not caller and not _is_called(callee, _without_head(lines, callee, symbol)):
            return f"a call of {callee}"
    by_code = [pair for pair in passive if not pair[0].islower() or not pair[0].isalpha()]  # and not by a package
    for caller, callee in (*_CALLS.findall(claim), *(pair for pair in by_code if pair[0])):
        is_other = symbol and _last(caller) != _last(symbol) and _last(caller) not in symbol.split(".")
        if is_other and not re.search(rf"\b(?:def|func?|function|sub)\b.*\b{re.escape(_last(caller))}\b", whole):
            return f"that {caller} calls {callee}"
        turned = _owner(caller) and _owner(symbol) and _owner(caller) not in _OWN and _owner(caller) != _owner(symbol)
        if turned and _last(caller) == _last(symbol) and _owner(caller) not in symbol.split("."):
            return f"that {caller} calls {callee}"
        if not _is_called(callee, lines[1:] or lines):
            return f"a call of {callee}"
    body = "\n".join(line.text for line in lines if not _COMMENT.match(line.text))
    for callee in re.findall(
        r"\b(?:calls|invokes) (?:the |its )?([a-z_]\w+)\b(?! ?`)", re.sub(r"`[^`]*`", "``", claim)
    ):
        if re.search(rf"\b{callee}\b", body) and not re.search(rf"\b{callee}\w*(?:\.\w+)*[!?]?\s*\(", body):
            return f"a call of {callee}"
    return ""


def _without_head(lines: list[Line], name: str, symbol: str) -> list[Line]:
    """The lines without the one on which the name is defined, where they are its definition."""
    if _last(name) != _last(symbol):
        return lines
    head = next((line for line in lines if _last(name) in line.text and not _COMMENT.match(line.text)), None)
    return [line for line in lines if line is not head]


def _is_called(callee: str, lines: list[Line]) -> bool:
    name, body = re.escape(_last(callee)), "\n".join(line.text for line in lines if not _COMMENT.match(line.text))
    return re.search(rf"(?<!\w){name}[!?]?\s*[(<]|{name}\b(?! *[=:])", body) is not None


# --- negation ---------------------------------------------------------------------------------------------------------


def _parts(claim: str) -> tuple[str, str, str]:
    """The main clause, the word that begins the condition, and the condition; both empty where there is none."""
    found = _CONDITION.search(claim)
    if not found:
        return claim, "", ""
    before, after = claim[: found.start()].strip(" ,"), claim[found.end() :].strip(" ,.")
    if len(before) > 2:
        return before, found["word"].lower(), after
    condition, _, main = after.partition(",")
    return (main.strip(" .") or claim), found["word"].lower() if main else "", condition if main else ""


def _denial(claim: str, lines: list[Line], _: str) -> str:
    """A main clause that denies something needs lines that deny it: what the lines do, they do."""
    main, word, _condition = _parts(claim)
    found = _DENIES.search(main)
    if not found or word or re.search(r"\b(?:who|which|that|whose)\b[^,]*$", main[: found.start()]):
        return ""
    about = set(_terms(main))
    said = [
        line for line in lines if _DENIED.search(line.text) and (_COMMENT.match(line.text) or _is_sentence(line.text))
    ]
    said += [line for line in lines if re.search(r"\bassert|notNull|notEmpty", line.text)]
    return "" if any(any(_has(line, term) for term in about) for line in said) else f"'{found.group()}'"


# --- order ------------------------------------------------------------------------------------------------------------


def _order(claim: str, lines: list[Line], _: str) -> str:
    """What comes before what, where both sides have a line of their own."""
    found = _ORDER.search(claim)
    if not found or _CONDITION.match(claim):
        return ""
    left, right = _terms(claim[: found.start()]), _terms(claim[found.end() :])
    left, right = [t for t in left if t not in right], [t for t in right if t not in left]
    body = [line for line in lines[1:] if not _COMMENT.match(line.text)]
    firsts, seconds = _best(left, body), _best(right, body)
    if not firsts or not seconds:
        return ""
    if found.group().lower() == "after":
        firsts, seconds = seconds, firsts
    if firsts[0].number == seconds[0].number or (
        "then" in found.group().lower() and firsts[0].number - seconds[-1].number < FEW_LINES
    ):
        return ""
    return "" if firsts[0].number < seconds[-1].number else f"the order of '{found.group()}'"


# --- what belongs to what ---------------------------------------------------------------------------------------------


def _pair(claim: str, lines: list[Line], _: str) -> str:
    """X is set to, defaults to or is written as Y: both stand close together."""
    main, _word, _condition = _parts(claim)
    active = re.search(r"\bsets? (?P<left>.+?) to (?P<right>.+?)$", main.rstrip("."))
    found = active or _PAIRED.search(main.rstrip("."))
    if not found:
        return ""
    values = [next(filter(None, groups)) for groups in _LITERAL.findall(found["right"])]
    about = _terms(_LITERAL.sub(" ", found["left"])) or []
    names = [part for groups in _LITERAL.findall(found["left"]) for part in groups if part]
    about += [term for name in names for term in _terms(name)]
    if not values or not about:
        return ""
    if not any(_stands(values[0], line.text) for line in lines):
        return f"'{values[0]}'"
    near = _best(about, lines)
    for value in values[:1]:
        if near and not any(_stands(value, line.text) for line in _around(near, lines)):
            return f"'{value}' for {' '.join(about[:2])}"
    return ""


def _direction(claim: str, lines: list[Line], _: str) -> str:
    """What is copied into what, where a line assigns the one to the other."""
    moved, kept = _MOVED.search(claim), _SET.search(claim)
    source, target = (moved[1], moved[2]) if moved else (None, None)
    if kept:
        target, source = (kept[1], kept[2]) if kept[1] else (kept[3], kept[4])
    if source is None or target is None:
        return ""
    for line in lines:
        left, equals, right = re.sub(r"[=!<>]=", "  ", line.text).partition("=")
        turned = _last(source) in left and _last(target) in right and _last(target) not in left
        if equals and turned and _last(source) not in right:
            return f"that {source} goes into {target}"
    return ""


def _around(near: list[Line], lines: list[Line]) -> Iterator[Line]:
    numbers = {line.number for line in near}
    for line in lines:
        if line.number in numbers:
            yield line


def _stands(value: str, text: str) -> bool:
    text = text.replace("-> None", "")
    same = next((group for group in _SAME if value.lower() in group), frozenset({value.lower()}))
    return any(re.search(rf"(?<![\w.])(?<!\w-){re.escape(each)}(?!\w)", text.lower()) for each in same)


def _returned(claim: str, lines: list[Line], _: str) -> str:
    """What is said to be returned, as a value, has to be on a line that returns."""
    main, _word, _condition = _parts(claim)
    found = re.search(r"\breturn(?:s|ed)?\b(?: an?| the)?(.*)$|^(.*?)\bis returned", main)
    if not found or re.search(r"\bunchanged\b|\bother than\b", main):
        return ""
    value = _LITERAL.search(found.group(1) or found.group(2) or "")
    if value is None:
        return ""
    said = next(filter(None, value.groups()))
    giving = [
        line for line in lines if re.search(r"\breturns?\b|\byield|=>|\bSome|\bOk\(|\bNullable|^\s*[\w.@]+$", line.text)
    ]
    if not giving:
        return ""
    if re.fullmatch(r"-?\d+|true|false|null|none|nil|undefined", said, re.IGNORECASE):
        truth = said.lower() in {"true", "false"} and any(
            re.search(r"==|!|\bis\b|&&|\|\||\bin\b|\bhas|<|>", line.text) for line in giving
        )
        stands = truth or any(_stands(said, line.text) for line in giving)
    else:
        name = re.escape(_last(said))
        stands = (
            any(re.search(name, line.text) for line in giving) or " of " in main or not re.fullmatch(r"[\w.:>-]+", said)
        )
    return "" if stands else f"that '{said}' is returned"


# --- conditions -------------------------------------------------------------------------------------------------------


def _condition(claim: str, lines: list[Line], _: str) -> str:
    """Under which condition something is done: on which branch it stands."""
    main, word, condition = _parts(claim)
    if not condition:
        return ""
    code = [line for line in lines if not _COMMENT.match(line.text)]
    about, done = _terms(condition), _terms(main)
    branches = _best(about, [line for line in code if line.branches]) if about else []
    if not branches:
        return ""
    if re.search(r"(?i)\bfail|\berror|\botherwise\b|\band\b|\bor\b|\bbut\b", condition):
        return ""
    told = [sum(_has(line, term) for term in done) for line in branches]
    branches = [line for line, score in zip(branches, told, strict=True) if score == max(told)]
    claimed = len(_NEGATIVE_WORD.findall(condition)) + (word in {"unless", "until"})
    verdicts = [_agrees(branch, done, main, code, is_negative=claimed % 2 == 1) for branch in branches]
    return "" if any(verdict is not False for verdict in verdicts) else f"'{word} {condition}'"


_IDLE = re.compile(
    r"\bnothing\b|\bignored?\b|\bskip|\bleft alone\b|\breturns (?:early|silently|at once|without)\b", re.IGNORECASE
)
_LEAVES_BARE = re.compile(r"^\s*(?:return|pass|continue|break);?\s*$")


def _agrees(branch: Line, done: list[str], main: str, code: list[Line], *, is_negative: bool) -> bool | None:
    """Whether what is done stands on the side of the branch that the claim says; None where that is open."""
    inside = _block(branch, code)
    values = [next(filter(None, groups)) for groups in _LITERAL.findall(main)]
    wanted = [value for value in values if len(value) < 20]

    idle = _IDLE.search(main)

    def scored(line: Line) -> float:
        if idle:
            return float(bool(_LEAVES_BARE.search(line.text)))
        return sum(_has(line, term) for term in done) + 2 * sum(_stands(value, line.text) for value in wanted)

    rest = [line for line in code[1:] if line.number != branch.number]
    inner = max((scored(line) for line in rest if line.number in inside), default=0)
    beyond = max(
        (scored(line) for line in rest if line.number > branch.number and line.number not in inside), default=0
    )
    elsewhere = max((scored(line) for line in rest), default=0)
    signs = len(_NEGATIVE_CODE.findall(_decision(branch.text)))
    agrees = (signs % 2 == 1) == is_negative
    truth = re.search(r"\btrue\b|\bfalse\b", main, re.IGNORECASE)
    if truth and not inside and re.match(r"\s*return\b", branch.text):
        return agrees != (truth.group().lower() == "false")
    if not inside:
        return _agrees_within(branch, scored(branch), elsewhere, agrees=agrees, done=done)
    if inner > 0 and inner >= beyond:
        return agrees
    if beyond > inner and _leaves(inside, code):
        return not agrees
    return None


def _agrees_within(branch: Line, own: float, elsewhere: float, *, agrees: bool, done: list[str]) -> bool | None:
    """The same for a line that decides and does, as `a if b else c`."""
    if own == 0:
        return False if elsewhere > 0 and re.search(r"\bif\b.*\belse\b|\? ", branch.text) else None
    one = re.search(r"(?P<first>.*)\bif\b.*\belse\b(?P<second>.*)", branch.text)
    other = re.search(r"\?(?P<first>[^:]*):(?P<second>.*)", branch.text)
    sides = one or other
    if sides is None:
        return agrees if re.search(r"[=:] ?[^=]*(?:\bis not\b|\bis\b|!==?|===?)\s", branch.text) else None
    first, second = (sum(term in stems_of(sides[name]) for term in done) for name in ("first", "second"))
    if first == second:
        return None
    return agrees if first > second else not agrees


def _decision(text: str) -> str:
    """The part of a line that decides: what stands behind `if`, without what is done there."""
    found = re.search(r"\b(?:if|elif|unless|while|when)\b(.*)", text)
    decided = found.group(0) if found else text
    return re.split(r"\)\s*\{?\s*(?:return|throw|break)|:\s*(?:return|raise)", decided)[0]


def _block(branch: Line, code: list[Line]) -> set[int]:
    """The lines that are indented under a branch."""
    inside: set[int] = set()
    for line in code:
        if line.number <= branch.number:
            continue
        if line.indent <= branch.indent:
            if line.text.strip() in {")", ") {", "):", "{"} or line.text.strip().startswith((")",)):
                continue
            break
        inside.add(line.number)
    return inside


def _leaves(inside: set[int], code: list[Line]) -> bool:
    """Whether the block ends by leaving, or is followed by an else."""
    last = max(inside)
    follows = next((line for line in code if line.number > last), None)
    ends = any(_LEAVES.search(line.text) for line in code if line.number in inside)
    return ends or (follows is not None and bool(re.search(r"\belse\b", follows.text)))


# --- how many, how often ----------------------------------------------------------------------------------------------

_QUANTITIES: tuple[tuple[str, str], ...] = (
    (r"\bonly once\b|\bat most once\b", r"\bonce\b"),
    (r"\balways\b|\bwhatever\b|\bregardless\b", r"always|regardless|whatever|even if"),
    (r"\bonly (?:the )?(?:first|once)\b|\bonly once\b|\bat most once\b", r"\[0\]|first|once|\bbreak\b"),
    (
        r"\bthe first\b|\bonly the first\b",
        r"\[0\]|first|\bbreak\b|\bfind|return (?:true|false|child|\w+;?$)|- 1\b|\+ 1\b",
    ),
    (r"\beven\b(?! if| in| when)", r"% ?2 ?={2,3} ?0|even"),
    (r"\bodd\b", r"% ?2 ?={2,3} ?1|% ?2 ?!==? ?0|& ?1|odd"),
    (r"\bthe last\b", r"\[-1\]|last|- 1\]|\.at\(-1|\bend\b|max\("),
    (r"\bat least one\b|\bany one\b|\bif any\b", r"\bany\b|some\(|\|\||\bor\b"),
    (r"\bexactly one\b", r"== ?1\b|=== ?1\b|exactly"),
    (r"\b(?:two|three) or more\b", r"> ?1|>= ?2|> ?2|>= ?3"),
    (r"\bfrom first to last\b", r"range|for \w+ in|each|(?<!>)= 0;"),
    (r"\b(?:an? )?empty string\b", r"(?<!\")\"\"(?!\")|(?<!')''(?!')|String::new"),
    (r"\ball\b(?! the)|\bevery\b", r"\bfor\b|\beach|\bevery|\ball\b|\bmap\b|\bwhile\b|every|forEach|iter|filter|whole"),
)
QUANTITIES = tuple(
    (re.compile(said, re.IGNORECASE), re.compile(borne, re.IGNORECASE | re.MULTILINE)) for said, borne in _QUANTITIES
)


def _quantity(claim: str, lines: list[Line], _: str) -> str:
    """Words like "always", "only the first" or "any" need something in the lines that bears them out."""
    text = "\n".join(line.text for line in lines)
    for said, borne in QUANTITIES:
        found = said.search(claim)
        if found and not borne.search(text):
            return f"'{found.group()}'"
    return ""
