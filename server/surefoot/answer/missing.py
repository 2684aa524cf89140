"""What of a question nothing that was found supports, in one plain phrase for each: names, places, parts, words.

Beside a part of the question that stands, one that does not is named as a whole, and no word of those that stand.
Where nothing is missing as a whole, of a part that stands the words are named that are as good as nowhere; where no
part stands, those that no indexed text contains, and failing that the telling ones that no source of the answer has.

Invariant: a phrase begins with what is missing, in the words of the question, and says after a colon where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from surefoot.answer.source_use import tickets_named
from surefoot.domain import ContextItem, Hit, Mention, MentionKind, Resolved
from surefoot.links.keys import ticket_key
from surefoot.links.versions import ABOUT_VERSIONS, is_version
from surefoot.links.written import tickets_written
from surefoot.question_parts import Part, judge, telling_words
from surefoot.words import ABOUT_RECORDS, STOP_WORDS, WORD, chunk_stems, fold, index_words, stem

ELSEWHERE = "not in the sources of this answer"
# A path with folders, or the name of a file that is no access to a member: `src/time.py`, `time.py`, not `reply.json`.
_PATH = re.compile(
    r"(?:[\w$@~.-]+[/\\])+[\w$@~.-]*[\w$@~-]\.[A-Za-z][A-Za-z0-9]{0,9}"
    r"|[\w$@~-]+\.(?:py|tsx?|go|rs|rb|java|kt|swift|scala|php|cs|cpp|hpp|ex|exs|vue|svelte|sql)",
    re.ASCII,
)
TELLING = 0.5  # of the weight of the heaviest word that is missing: what lighter ones lack says little beside it


@dataclass(slots=True)
class _Missing:
    """The phrases by what they are about, and the words that are accounted for."""

    stems: frozenset[str]
    where: str
    texts: Sequence[str] = ()  # of the sources
    phrases: dict[str, str] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)  # those of them that are in a phrase

    @property
    def nothing(self) -> str:
        """What contains nothing of it."""
        return f"nothing {self.where}" if self.where else "nothing indexed"

    def stands(self, words: Iterable[str]) -> bool:
        """Whether all the words stand in the sources."""
        return all(stem(word) in self.stems for word in words)

    def lacks_path(self, text: str) -> bool:
        """Whether it is a path that no source tells of; the words of one stand anywhere."""
        return bool(_PATH.fullmatch(text)) and not any(text in source for source in self.texts)


def missing_parts(resolved: Resolved, items: Sequence[ContextItem], hits: Sequence[Hit] = ()) -> tuple[str, ...]:
    """The names, places, parts and words of the question that nothing found supports, one phrase each."""
    found = [chunk_stems(hit.chunk) for hit in hits]
    sources = found or [chunk_stems(item.chunk) for item in items]  # the items are some of the hits
    texts = [source.chunk.text for source in (hits or items)]
    missing = _Missing(frozenset().union(*sources), _where_searched(resolved), texts)
    _tickets(resolved, items, missing)
    for mention in resolved.mentions:
        _mention(mention, resolved, missing)
    if tickets_named(resolved.query.text, resolved.ticket_patterns):
        missing.settled.update(ABOUT_RECORDS)
    _asked_for(resolved, found, missing)
    return tuple(missing.phrases.values())


def _asked_for(resolved: Resolved, found: Sequence[frozenset[str]], missing: _Missing) -> None:
    """The parts that are missing beside those that stand, or else single words."""
    judged = judge(resolved, found)
    for part in judged.missing:
        _part(part, resolved, missing)
    if not judged.missing:
        _phrase(judged.lacking, resolved, missing)
    if not judged.standing:
        _words(resolved, missing)


def _tickets(resolved: Resolved, items: Sequence[ContextItem], missing: _Missing) -> None:
    for key in _absent_tickets(resolved, items):
        missing.phrases[fold(key)] = f"{key}: no ticket with this {'number' if key[0] in '#!' else 'key'} is indexed"
        missing.settled.update(index_words(key).split())
        missing.told.update(index_words(key).split())
    for written in tickets_written(resolved.query.text, resolved.ticket_patterns):
        missing.settled.update(index_words(written.text).split())


def _absent_tickets(resolved: Resolved, items: Sequence[ContextItem]) -> list[str]:
    """The keys of tickets that the question names and that no symbol of the index has."""
    names = [name for mention in resolved.mentions for name in mention.targets if mention.similarity == 1]
    known = {ticket_key(name.rpartition(".")[2]) for name in (*names, *(item.symbol for item in items))}
    return [key for key in tickets_named(resolved.query.text, resolved.ticket_patterns) if key not in known]


def _mention(mention: Mention, resolved: Resolved, missing: _Missing) -> None:
    """A place or a name that is not there, or only like one that is."""
    words = [word for word in index_words(mention.text).split() if word not in STOP_WORDS]
    if mention.kind is MentionKind.PLACE:
        if {str(place.span) for place in resolved.places}.isdisjoint(mention.targets):
            missing.phrases[mention.text] = f"{mention.targets[0]}: no such lines were found"
    elif mention.kind is not MentionKind.UNRESOLVED:
        missing.settled.update(words if mention.is_name else ())
        # Remembered wrongly, or another thing that is not here; a word that stands here is no symbol, and no less.
        if mention.is_code and mention.similarity < 1 and not resolved.frequencies.get(mention.text.lower(), 0):
            absent = f"not {missing.where}" if missing.where else "not indexed"
            missing.phrases[fold(mention.text)] = f"{mention.text}: {absent}, the closest is {mention.targets[0]}"
            missing.told.update(words)
    elif mention.targets:
        target = mention.targets[0]
        is_commit = target.startswith("commit ")  # HEAD is on no branch
        why = f"no branch is checked out, but {target}" if is_commit else f"its name, {target}, names no indexed ticket"
        missing.phrases[mention.text] = f"{mention.text}: {why}"
        missing.settled.update(words)
        missing.told.update(words)
    elif is_version(mention.text) and not mention.is_code:
        missing.phrases[mention.text] = f"{mention.text}: no heading, ticket or tag has this version"
        missing.settled.update((*words, *ABOUT_VERSIONS))
        missing.told.update(words)
    elif missing.lacks_path(mention.text):
        missing.phrases[fold(mention.text)] = f"{mention.text}: {missing.nothing} has this path"
        missing.settled.update(words)
        missing.told.update(words)
    elif words and not missing.settled.issuperset(words) and not missing.stands(words):
        missing.phrases[fold(mention.text)] = f"{mention.text}: {missing.nothing} has this name"
        missing.settled.update(words)
        missing.told.update(words)


def _part(part: Part, resolved: Resolved, missing: _Missing) -> None:
    """A part that nothing found is about: what of it is nowhere, or else is in no source, or not together."""
    if not missing.told.isdisjoint(part.terms):
        return  # a name in it says it
    absent = [term for term in part.terms if _is_nowhere(term, resolved)]
    if absent:
        why = f"{missing.nothing} contains {_listed(absent)}"
    else:
        lacking = [term for term in part.terms if not missing.stands([term])]
        verb = "are" if len(lacking) > 1 else "is"
        why = f"{_listed(lacking, 'and')} {verb} {ELSEWHERE}" if lacking else "no source of this answer has it together"
    subject = part.subject
    if subject.lower() in part.terms:  # one word
        why = f"{missing.nothing} contains it" if absent else ELSEWHERE
    missing.phrases.setdefault(fold(subject), f"{subject}: {why}")


def _words(resolved: Resolved, missing: _Missing) -> None:
    """The words that no indexed text contains; where there are none, the telling ones that no source has."""
    meant = telling_words(resolved) - missing.settled
    telling = {term: weight for term, weight in resolved.weights.items() if term in meant}
    # The index knows better than our generous stems what it does not hold: a pager is not a page.
    absent = [term for term in telling if _is_nowhere(term, resolved)]
    lacking = [term for term in telling if term not in absent and not missing.stands([term])]
    heaviest = max((telling[term] for term in lacking), default=0.0)
    _phrase(absent or [term for term in lacking if telling[term] >= TELLING * heaviest], resolved, missing)


def _phrase(terms: Sequence[str], resolved: Resolved, missing: _Missing) -> None:
    """Each word with where it is not; those that stand beside each other in the question as one."""
    for run in _side_by_side([term for term in terms if term not in missing.settled], resolved):
        why = f"{missing.nothing} contains it" if _is_nowhere(run[0], resolved) else ELSEWHERE
        missing.phrases.setdefault(run[0], f"{' '.join(run)}: {why}")


def _side_by_side(terms: Sequence[str], resolved: Resolved) -> Iterator[list[str]]:
    """The terms in order, in runs of neighbours that are nowhere, or elsewhere, alike."""
    words = [word.lower() for word in WORD.findall(resolved.query.text)]
    pairs = set(pairwise(words))
    run: list[str] = []
    for term in terms:
        if run and ((run[-1], term) not in pairs or _is_nowhere(run[-1], resolved) != _is_nowhere(term, resolved)):
            yield run
            run = []
        run.append(term)
    if run:
        yield run


def _is_nowhere(term: str, resolved: Resolved) -> bool:
    return not resolved.frequencies.get(term, 0)


def _where_searched(resolved: Resolved) -> str:
    """What a part of the workspace that was searched is called, or "" where all of it was."""
    scope = resolved.query.scope
    if scope.paths or scope.languages or scope.sources:
        return "in what the filters let through"
    return f"in {_listed(resolved.searched)}" if resolved.searched else ""


def _listed(names: Sequence[str], word: str = "or") -> str:
    *first, last = names
    return f"{', '.join(first)} {word} {last}" if first else last
