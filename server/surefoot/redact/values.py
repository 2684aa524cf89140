"""Whether the text in a place where secrets stand is one, or only a word, a name or a stand-in.

Invariant: what a person reads as words, a path, a template or an example is none.
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from collections import Counter

LEAST_BITS = 2.75  # a character, of a value between quotes: eight different characters have three
RANDOM_BITS = 4.2  # a character, of a long value: names in code of that length have fewer
RANDOM_LENGTH = 30
LEAST_TURNS = 4  # from letter to digit or back: names such as `sha256_of_utf8` have two or three
LEAST_PASSWORD = 4
LONGEST_LOOKED_AT = 400

WORDS = re.compile(r"[A-Za-z]+(?:[\W_]{1,3}[A-Za-z]+)*[\W_]{0,3}[0-9]{0,4}[\W_]{0,3}")
TEMPLATE = re.compile(r"[{}<>$%()\[\]|]|\.\.\.|…|\*\*\*|xxx", re.IGNORECASE)
# An address, a path, a mail address.
PLACE = re.compile(r"[\w+.-]+://|/|\.{1,2}/|[\w.+-]+@[\w-]+\.|[\w.-]+(?:/[\w.-]+)*\.[a-z]{1,5}$")
TURN = re.compile(r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
KEY_LINE = re.compile(r"[A-Za-z0-9+/]{40}")
STAND_IN = re.compile(r"user|pass|pwd|secret|token|example|dummy|fake|test|changeme|placeholder|your", re.IGNORECASE)


def is_key_body(body: str) -> bool:
    """Whether the text behind the head of a private key is one: code that only names the head is not."""
    return KEY_LINE.search(body) is not None


def is_token_body(token: str) -> bool:
    """Whether a token's shape is filled: one letter a dozen times is a stand-in."""
    return len(set(token[-16:])) > 5


def is_random(value: str) -> bool:
    """Whether a value that stands without quotes was drawn by lot: it may as well be a name in code."""
    value = value[:LONGEST_LOOKED_AT]
    if len(TURN.findall(value)) >= LEAST_TURNS:
        return not TEMPLATE.search(value) and len(set(value)) > 6
    has_all = all(any(map(kind, value)) for kind in (str.islower, str.isupper, str.isdigit))
    return has_all and len(value) >= RANDOM_LENGTH and bits(value) >= RANDOM_BITS


def is_assigned_secret(value: str) -> bool:
    """Whether a quoted value that was given to a name such as `password` is a secret, not words or a template."""
    if WORDS.fullmatch(value) or TEMPLATE.search(value):
        return is_random(value)
    if PLACE.match(value):
        return False
    return any(map(str.isdigit, value)) and any(map(str.isalpha, value)) and bits(value) >= LEAST_BITS


def is_address_password(value: str) -> bool:
    """Whether what stands between user and host of an address is more than a stand-in such as `pass`."""
    return (
        len(value) >= LEAST_PASSWORD and not TEMPLATE.search(value) and not (value.isalpha() and STAND_IN.search(value))
    )


def is_basic(value: str) -> bool:
    """Whether what follows `Basic` is a user and a password in base64, not the next word of a sentence."""
    try:
        return ":" in base64.b64decode(value + "=" * (-len(value) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False


def bits(value: str) -> float:
    """Shannon entropy, in bits a character."""
    shares = [count / len(value) for count in Counter(value).values()]
    return -sum(share * math.log2(share) for share in shares)
