"""What the benchmarks write into files of a tree: functions and comments in the language of the file.

Invariant: what is written is no error in its language, and its names are like no other name.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

COMMENTS = {".py": "#", ".c": "//", ".h": "//", ".js": "//", ".go": "//", ".rs": "//", ".java": "//"}
SUFFIXES = tuple(COMMENTS)  # of the files that are edited
FUNCTIONS = {"#": "def {name}(value):\n    return value\n", "//": "int {name}(int value)\n{{\n\treturn value;\n}}\n"}
LETTERS = 12
FIRST_LETTER = ord("a")


def function(path: Path, name: str) -> str:
    """A function of that name."""
    return FUNCTIONS[COMMENTS[path.suffix]].format(name=name)


def unlike_name(*parts: object) -> str:
    """A name of its own for these words, of letters that say nothing.

    Names that differ in a number are found for each other, as a misspelt one should be; where it is measured whether a
    change has arrived, that would be in the way.
    """
    digest = hashlib.blake2b(" ".join(map(str, parts)).encode(), digest_size=LETTERS).digest()
    return "egret_" + "".join(chr(FIRST_LETTER + byte % 26) for byte in digest)
