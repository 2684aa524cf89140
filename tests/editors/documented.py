"""The code in docs/editors.md, so that what is tested is what people copy.

Invariant: nothing is changed on the way; a block that is missing, or there twice, is an error.
"""

from __future__ import annotations

import re
from pathlib import Path

DOCUMENT = Path(__file__).parents[2] / "docs" / "editors.md"


def code_block(heading: str, language: str) -> str:
    """The only block of `language` in the section below `## heading`."""
    sections = re.split(r"^## (.+)\n", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = dict(zip(sections[1::2], sections[2::2], strict=True))[heading]
    (block,) = re.findall(rf"^```{re.escape(language)}\n(.*?)^```$", section, flags=re.MULTILINE | re.DOTALL)
    return block
