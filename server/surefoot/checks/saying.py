"""What a text says of a name that is not in the tree: that it is gone, or new, or an example, or other people's.

Invariant: only the text is looked at; what it says of one name excuses no name in another sentence, but for headings.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from surefoot.checks.names import WrittenName
from surefoot.checks.others import owner_before, software_before
from surefoot.checks.units import Units

FARTHEST = 300  # characters before and after a name in which its sentence may say so

_GONE = re.compile(
    r"\b(?:remov(?:e[sd]?|ing|al)|renam(?:e[sd]?|ing)|deprecat\w+|delet(?:e[sd]?|ing)|dropp?(?:s|ed|ing)?"
    r"|replac(?:e[sd]?|ing)|no longer|(?:does|do|did|is|are|was) ?n[o']t (?:\w+ ){0,2}?(?:an?|any\w*|the|there|here|in"
    r"|on|part|exist\w*|present|found|defined|declared|available|known|implemented|written|made|used|needed|have|has"
    r"|contain|define|provide|ship|support\w*|yet|ours?|from|to)\b|(?:doesn|isn|aren|wasn|don|didn)'t"
    r"|there (?:is|are|was|were) no|former(?:ly)?|previously|used to be|now (?:named|called)|instead of|in favou?r of"
    r"|missing|absent|nonexistent|non-existent)\b",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"\b(?:no|not|new|add(?:s|ing|ed)?|creat\w+|introduc\w+|e\.g|for example|for instance|such as|like|could|would"
    r"|should|put"
    r"|your own|called|named|defin(?:e|ing) an?|writ(?:e|ing) an?|env|environment|variables?|via the|without)\b"
    r"[^.;`]{0,60}(?:`[^`\n]{1,80}`[^.;`]{0,20}){0,3}$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:Node(?:\.js)?|Kubernetes|Docker|AWS|npm|pip|PyPI|cargo|standard library|stdlib|built-?in|third[- ]party"
    r"|external"
    r"|librar(?:y|ies)|packages?|upstream|framework|browsers?|operating system|Linux|Windows|environment)\b",
    re.IGNORECASE,
)
_LINKED = re.compile(r"[`*_]{0,4}\]\(\s*https?:")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.{0,200})$", re.MULTILINE)
_GONE_HEADING = re.compile(r"\b(?:remov|deprecat|breaking|changed|renam|dropp)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d][\w$]*")
_FILE = re.compile(r"[\w$.-]+\.\w+")
_OF_TEST = re.compile(r"^test_(?=\w)|[._-](?:test|spec)(?=\.\w+$)")
_DEFINED = re.compile(
    r"\b(?:class|interface|type|function|def|func|fn|struct|enum|trait|const|let|var|module)\s+([^\W\d][\w$]*)"
)


class Saying:
    """A text, its parts, and the words of the code in it."""

    def __init__(self, text: str, units: Units) -> None:
        self._text = text
        self._units = units

    def owner_of(self, name: WrittenName, *, is_near: bool) -> str:
        """Whose a name is said to be; what may be a slip for a name of ours is so only where that is said outright."""
        begin = name.quoted_at[0]
        sentence = self._units.starts[self._units.number_of(begin)]
        return owner_before(self._text, begin) or ("" if is_near else software_before(self._text, sentence, begin))

    def is_package(self, word: str) -> bool:
        """Whether the text speaks of a package of this name: `requests`, `requests.get`, import requests."""
        return bool(re.search(rf"`{re.escape(word)}(?:`|\.\w)|\b(?:import|from) {re.escape(word)}\b", self._text))

    def is_excused(self, name: WrittenName, *, is_near: bool) -> bool:
        """Whether the text does not claim that there is such a thing now; `is_near` where it may be a slip."""
        unit = self._unit(name)
        if _GONE.search(unit) or self._is_under_gone(name) or _LINKED.match(self._text, name.quoted_at[1]):
            return True
        begin = name.quoted_at[0]
        if _NEW.search(self._text, max(0, begin - 160, self._text.rfind("\n", 0, begin) + 1), begin):
            return True
        if name.last in self._defined:
            return True
        if is_near:
            return False
        return bool(_OTHERS.search(unit)) or name.last in self._shown

    def shows_file(self, path: str) -> bool:
        """Whether the code that the text shows names a file so: then it belongs to what the text makes up."""
        name = path.replace("\\", "/").rpartition("/")[2]
        return name in self._shown_files or _OF_TEST.sub("", name) in self._shown_files

    def _unit(self, name: WrittenName) -> str:
        number = self._units.number_of(name.extent[0])
        starts = self._units.starts
        end = starts[number + 1] if number + 1 < len(starts) else len(self._text)
        begin = max(starts[number], name.extent[0] - FARTHEST)
        return self._text[begin : min(end, name.extent[1] + FARTHEST)]

    @cached_property
    def _code(self) -> str:
        """The code that the text shows: it made it up, or it would be wrong about more than a name."""
        ends = [*self._units.starts[1:], len(self._text)]
        spans = zip(self._units.starts, ends, self._units.fenced, strict=True)
        return "\n".join(self._text[begin:end] for begin, end, is_code in spans if is_code)

    @cached_property
    def _shown(self) -> frozenset[str]:
        return frozenset(_WORD.findall(self._code))

    @cached_property
    def _shown_files(self) -> frozenset[str]:
        return frozenset(_FILE.findall(self._code))

    @cached_property
    def _defined(self) -> frozenset[str]:
        return frozenset(_DEFINED.findall(self._code))

    @cached_property
    def _headings(self) -> list[tuple[int, bool]]:
        return [(match.start(), bool(_GONE_HEADING.search(match[1]))) for match in _HEADING.finditer(self._text)]

    def _is_under_gone(self, name: WrittenName) -> bool:
        number = bisect_right(self._headings, (name.extent[0], True)) - 1
        return number >= 0 and self._headings[number][1]
