"""What is left of a sentence that failed its check, once an end that stands for itself is struck out of it.

Small models go on: they write what the lines say, and add what sounds right. So a sentence is parted where one of its
statements ends, and its beginning is checked as a sentence of its own, more strictly than a whole one: who wrote it has
been wrong once already.

Invariants: what is left are the first words of the sentence as they were written; it never says more than the sentence
did, so conditions, negations, limits and quantities are not struck out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from surefoot.answer.addressed import evidence
from surefoot.answer.verify import LONGEST_CLAIM, has_address, names_in, problem, unshowable
from surefoot.domain import ContextItem, Resolved, Struck
from surefoot.words import WORD, content_terms, stem, stems_of

# What code does, in the third person; other verbs part no sentence.
_VERBS = """
    accepts adds allocates appends applies asserts assigns attaches awaits binds blocks builds caches calculates calls
    cancels catches checks cleans clears clones closes collects compares compiles computes configures connects consumes
    contains continues converts copies counts creates cuts decodes decrements deletes delegates derives destroys
    detaches determines discards dispatches emits encodes ends escapes evaluates executes expands exports exposes
    extends extracts fetches fills filters finds finishes flushes formats forwards frees generates gets gives groups
    handles hashes holds implements imports includes increments inherits initializes inserts installs instantiates
    invokes iterates joins keeps launches leaves lists loads locks logs loops maps marks matches merges modifies moves
    notifies obtains opens overrides parses passes performs picks pops prints processes produces propagates provides
    publishes pulls pushes puts queues raises reads receives records registers releases removes renames renders replaces
    reports requests resets resolves restores retries retrieves returns reverses rounds runs saves scans schedules
    searches selects sends serializes sets shows sorts spawns splits starts stops stores strips submits subscribes
    swaps takes throws transforms triggers turns unlocks updates uses validates verifies waits walks watches wraps
    writes yields
    """.split()
_DOES = rf"(?:{'|'.join(_VERBS)})"
_IS = r"(?:is|are|was|were|has|have|can|may|must|will)"
_SOON = r"(?:(?:also|then|\w+ly) )?"
_OBJECT = r"(?=(?:an?|the|its?|them|this|to|from|with|into|by|on|in|as|for)\b|[`\d])"
_SUBJECT = r"(?:an?|the|its?|they|`)"

# What is not struck out: without it the rest would say more than the sentence did.
_LIMIT = re.compile(
    r"\b(?:not|no|never|none|neither|nor|cannot|without|but|only|unless|except\w*|merely|just|otherwise|else|instead|"
    r"\d+|hardly|barely|almost|partly|partially|half|within|assuming|given|"
    r"rather|unlike|if|when|whenever|where|while|until|once|provided|as (?:long|soon) as|before|after|during|in case|"
    r"depend\w*|all|any|anything|every\w*|each|some\w*|most|many|few|several|both|either|first|last|at (?:least|most)|"
    r"up to|always|sometimes|usually|often|rarely|exactly|exclud\w+|ignor\w+|skip\w*|omit\w*|limit\w*|restrict\w*|"
    r"fail\w*|lacks?|prevent\w*|avoid\w*|disallow\w*|forbid\w*|however|although|though|may|might|can|could|should|"
    r"deprecated|obsolete|former\w*|wrong\w*|false|supposed\w*)\b|n't\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(r"\b(?:not|no|never|none|neither|nor|cannot|without|only|unless|except)\b|n't\b", re.IGNORECASE)
# What reaches over an "and": of "the key whose name and ..." or "does not a and b" no half is left.
_REACHING = re.compile(
    rf"{_NEGATION.pattern}|\b(?:both|either|between|together|more|less|that|which|who|whose|whether|where|if|when|"
    rf"whenever|while|until|once|before|after|because|since|as|than|like|how|why|what)\b|, {_DOES}\b",
    re.IGNORECASE,
)
# What one word turns into a lie, and the checks of a sentence find least often: a whole sentence may say it.
_DELICATE = re.compile(
    rf"{_NEGATION.pattern}|\b(?:all|every|each|any|always|first|last|true|false|null|otherwise|if|when|whenever|while|"
    r"until|once|where|before|after)\b",
    re.IGNORECASE,
)
_DRAWN = re.compile(r"\]\(|//\w|<[A-Za-z/!]|\w@\w")  # a link, an address without its scheme, a tag, a mailbox
_OPENING = re.compile(r"^(?:on|in|for)\b[^,]*, ", re.IGNORECASE)
_DONE = re.compile(rf"\b(?:{_IS} (?:be )?(?:\w+ly )?(\w+(?:ed|en)|built|kept|made|put|read|sent|set|held)|({_DOES}))\b")


@dataclass(frozen=True, slots=True)
class _Joint:
    """Where a statement ends and the next begins, and what the first must not have for them to be parted there."""

    pattern: re.Pattern[str]
    barred: re.Pattern[str] | None = None


_JOINTS = (
    _Joint(re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.) (?=[A-Z`])")),
    _Joint(re.compile(r"; ")),
    _Joint(re.compile(r", so ")),
    _Joint(re.compile(r", which "), _REACHING),
    _Joint(re.compile(r",? because "), _NEGATION),
    _Joint(re.compile(r", [a-z]+ing (?=(?:an?|the|its?|them)\b|`)"), _REACHING),
    _Joint(re.compile(rf",? (?:and|(?:and )?then) {_SOON}{_DOES} {_OBJECT}"), _REACHING),
    _Joint(re.compile(rf",? and (?:{_SUBJECT}[^,;]*? (?:{_IS}|{_DOES})|(?:\w+ ){{1,3}}(?:is|are))\b"), _REACHING),
)


def divisions(sentence: str) -> Iterator[tuple[str, str]]:
    """What is left and what is struck out, for each place where the sentence may be parted; most is left first."""
    if len(sentence) > LONGEST_CLAIM:
        return
    masked = _without_code(sentence)
    places = {
        found.start()
        for joint in _JOINTS
        for found in joint.pattern.finditer(masked)
        if not _LIMIT.search(masked, found.start()) and not _is_barred(masked[: found.start()], joint)
    }
    for place in sorted(places, reverse=True):
        left = sentence[:place].rstrip(" ,;.")
        if _says_something(left):
            yield f"{left}.", sentence[place:].strip(" ,;")


def _without_code(sentence: str) -> str:
    """The sentence with what stands in backticks and quotation marks made one dull name of the same length."""
    return re.sub(r"`[^`]*`|\"[^\"]*\"", lambda found: f"`{'_' * (len(found[0]) - 2)}`", sentence)


def _is_barred(beginning: str, joint: _Joint) -> bool:
    return joint.barred is not None and bool(joint.barred.search(_OPENING.sub("", beginning)))


def _says_something(left: str) -> bool:
    """Whether it has a name, a verb behind its subject, and something that is said with it."""
    found = re.search(rf"\b(?:{_DOES}|{_IS})\b", _without_code(left))
    if found is None or not left[: found.start()].strip():
        return False
    return bool(content_terms(left[found.end() :])) and bool(names_in(left))


def problem_of_rest(left: str, items: Sequence[ContextItem], resolved: Resolved) -> str:
    """Why what is left cannot be shown: all that speaks against a sentence, and that its verb is in no line.

    What is delicate stays with the whole sentence: of lies about conditions, a third passes the checks.
    """
    found = problem(left, items, resolved)
    if found:
        return found
    delicate = _DELICATE.search(left)
    if delicate:
        return f"'{delicate[0]}' cannot be told from half a sentence"
    done = _DONE.search(_without_code(left))
    verb = (done[1] or done[2]) if done else ""
    if verb and stem(verb) not in _borne_out(left, items):
        return f"'{verb}' is not in what it cites"
    return ""


def _borne_out(left: str, items: Sequence[ContextItem]) -> frozenset[str]:
    """The stems of the lines but for the names that it speaks of: `load_all` is no proof that something is loaded."""
    names = set(names_in(left))
    return stems_of(*(word for item in items for word in WORD.findall(evidence(item)) if word not in names))


def _leads_out(end: str) -> bool:
    """Whether the text may lead out of the code where somebody draws it as Markdown or HTML."""
    return has_address(end) or bool(_DRAWN.search(end))


def struck(sentence: str, end: str, reason: str, items: Sequence[ContextItem], resolved: Resolved) -> Struck:
    """The end of a sentence with why it was struck out; without its words where they must not be shown.

    `reason` is what speaks against the whole sentence, for an end that has nothing wrong by itself.
    """
    hidden = unshowable(end) or unshowable(sentence) or ("has an address" if _leads_out(end) else "")
    return Struck("", hidden) if hidden else Struck(end, problem(end, items, resolved) or reason)
