"""Files of web frameworks that have their code in `<script>` and their markup beside it: Vue, Svelte.

Invariant: pure; every line stays where it is, so that what is found in the script has the lines of the file.
"""

from __future__ import annotations

import re

SCRIPTED = frozenset({"vue", "svelte"})

_SCRIPT = re.compile(r"^<script(?:\s(?:\"[^\"]{0,2000}\"|'[^']{0,2000}'|[^\"'<>]){0,1000})?>", re.MULTILINE)
_END = "</script"
_NOT_A_LINE_END = re.compile(r"[^\n]")


def only_script(text: str) -> str:
    """The text with blanks instead of everything that is no script."""
    kept: list[str] = []
    position = 0
    for opening in _SCRIPT.finditer(text):
        if opening.start() < position:
            continue
        begin = opening.end()
        end = text.find(_END, begin)
        end = len(text) if end < 0 else end
        kept += [_blank(text[position:begin]), text[begin:end]]
        position = end
    return "".join([*kept, _blank(text[position:])])


def _blank(text: str) -> str:
    return _NOT_A_LINE_END.sub(" ", text)
