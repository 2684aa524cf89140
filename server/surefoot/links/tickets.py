"""Ids of tickets in a text, as people and their trackers write them.

Invariant: what merely looks like an id is left out where that can be told from the text; whether a ticket is there is
for whoever asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from surefoot.domain import LinkKind
from surefoot.links.found import Found, found

ELSEWHERE = 0.6  # the score of a number in a project that is named: it may be this one, or another
IN_BRANCH = 0.9

# Standards, algorithms and the like that are written as keys of tickets are.
NO_PROJECTS = frozenset(
    """
    AES AMD ANSI ARIA ARM ASCII ASN BASE BCP BSD BT CAPEC CC CDDL CHACHA CISA CORE COVID CP CPE CRC CSS CVE CWE DES
    DIN DSA EAN EC ECDSA ECMA ED EN EPL EPOCH ES EUC FIPS FREQ GB GBK GHSA GL GPL GPT HMAC HTML HTTP HTTPS HZ I2C
    IEC IEEE IPV IR ISBN ISO ISSN ITU JIS JSR KDF KEY KOI LATIN LGPL LOG LZ MD MIT MP MPEG MPL MS NIST OAUTH OSI PBKDF
    PEP PKCS PS PY PYTHON Q RAL RC RFC RIPEMD RSA RS SHA SMTP SP SPDX SSL STD T1 TCP TIS TLS TR TS UCS UCS2 UDP
    UNICODE US USB UTC GMT UTF UTS UUID V VT W3C WCAG WIN WINDOWS WPA X XEP XML ZIP
    """.split()
)

_KEY = re.compile(r"(?<![\w./#-])([A-Z][A-Z0-9]{1,9})-([1-9]\d{0,5})(?!\w|\.\d|-\d)")
_BRANCH_KEY = re.compile(r"/([A-Z][A-Z0-9]{1,9})-([1-9]\d{0,5})(?![\w.])")
_NUMBER = re.compile(
    r"(?<![\w&/#.-])((?:[A-Za-z0-9][\w.-]*/)+[\w.-]*\w)?([#!])([1-9]\d{0,5})(?![\w#]|[.,-]\d|-[A-Za-z])"
)
_GH = re.compile(r"(?<![\w-])(?:GH|gh|Gh)-([1-9]\d{0,6})(?![\w-])")
_PAGE = re.compile(
    r"https?://[^\s<>\"')\]]{1,300}?(?:/(?:issues|issue|pull|pulls|pull-requests|work_items|tickets?)/(\d{1,8})"
    r"|/(merge_requests)/(\d{1,8})"
    r"|(?:/browse|/issue|/issues|selectedIssue=)/?([A-Z][A-Z0-9_]{1,15}-\d{1,8}))(?![\w-]*\w)"
)
_BRANCH = re.compile(
    r"(?<![\w.])(?:feature|feat|features|fix|bugfix|hotfix|bug|chore|issue|issues|story|task|release)/"
    r"(?:([A-Za-z][A-Za-z0-9]{1,9})[-_])?([1-9]\d{0,6})(?![\w.])(?!/)"
)
# In the name of a branch, of which all parts are looked at: "alice/proj-214/basket".
_TICKET_WORDS = frozenset("issue issues ticket tickets bug bugs bugfix fix fixes".split())
_RELEASES = frozenset("release releases rel stable support maintenance version versions".split())
_VERSION = re.compile(r"v?\d[\d.-]*", re.IGNORECASE)
_PART_KEY = re.compile(r"([A-Za-z][A-Za-z0-9]{1,9})-([1-9]\d{0,6})(?![\w.])")
_PART_NUMBER = re.compile(r"(#?)([1-9]\d{0,6})(?:$|-(?!\d+(?:-|$)))")  # a day, as in "2024-06-01", is none
FEWEST_DIGITS = 2  # before more words: "3-columns" is no ticket


def ticket_ids(word: str) -> Iterator[Found]:
    """Every id of a ticket in a word of prose: a message, a comment, a document."""
    if "#" in word or "!" in word:
        for match in _NUMBER.finditer(word):
            yield found(LinkKind.TICKET, match[2] + match[3], 0, ELSEWHERE if match[1] else 1.0)
    if "-" not in word and "/" not in word:
        return
    for match in _GH.finditer(word):
        yield found(LinkKind.TICKET, f"#{match[1]}", 0)
    for match in _KEY.finditer(word):
        if match[1] not in NO_PROJECTS:
            yield found(LinkKind.TICKET, match[0], 0)
    if "/" in word:
        yield from _in_branch(word)


def _in_branch(word: str) -> Iterator[Found]:
    for pattern in (_BRANCH, _BRANCH_KEY):
        for match in pattern.finditer(word):
            if (match[1] or "").upper() not in NO_PROJECTS:
                written = f"{match[1]}-{match[2]}" if match[1] else f"#{match[2]}"
                yield found(LinkKind.TICKET, written, 0, IN_BRANCH)


def branch_tickets(name: str) -> Iterator[Found]:
    """What the name of a branch may say of its ticket: "fix/402-basket", "402-basket", "alice/proj-214_basket"."""
    before = ""
    for part in name.replace("_", "-").split("/"):
        is_version = before in _RELEASES or (before == "hotfix" and _VERSION.fullmatch(part))
        if not is_version:
            yield from ticket_ids(part)
            yield from (found(LinkKind.TICKET, written, 0, IN_BRANCH) for written in _in_part(before, part))
        before = part.lower()


def _in_part(before: str, part: str) -> Iterator[str]:
    """What a part may say; the one before it may be a word as "issue" is, which makes any number one of a ticket."""
    word, _, rest = part.partition("-")
    keyed = _PART_KEY.match(part)
    if keyed is not None and keyed[1].upper() not in NO_PROJECTS:
        yield keyed[0]
    is_worded = word.lower() in _TICKET_WORDS
    number = _PART_NUMBER.match(rest if is_worded else part)
    if number is not None:
        is_said = number[1] or is_worded or before in _TICKET_WORDS
        if is_said or number[2] == part or len(number[2]) >= FEWEST_DIGITS:
            yield f"#{number[2]}"


def ticket_addresses(text: str) -> Iterator[Found]:
    """Pages of tickets and of pull requests in their trackers; the line is a position of the text here."""
    for match in _PAGE.finditer(text):
        number, merge_request, key = match[1], match[3], match[4]
        yield found(LinkKind.TICKET, key or (f"!{merge_request}" if merge_request else f"#{number}"), match.start())
