"""Checks what projects wrote about themselves, with their documents taken out of the tree, and lists every alarm.

    python evals/checks/prose.py [PROJECT ...]

Harder than made citations: prose names what was removed, what belongs to others and what only serves as an example.
The documents are taken out because a word that stands anywhere in the tree is no alarm, and a document holds its own.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from pathlib import Path

from surefoot.config import Settings
from surefoot.domain import CheckedMention
from surefoot.engine import Engine

CORPORA = Path(__file__).parent.parent / ".cache" / "corpora"
DEV = ("structlog", "fastify", "httpx")
DOCUMENT = re.compile(r"\.(?:md|rst|txt|mdx)$|^(?:README|CHANGES|CHANGELOG|HISTORY)", re.IGNORECASE)
AROUND = 70  # characters shown before and after an alarm


def main() -> None:
    """Print the alarms of each project, and how many of a hundred mentions they are."""
    for name in sys.argv[1:] or DEV:
        mentions, alarms = 0, []
        for path, text, found in checked(name):
            mentions += len(found)
            alarms += [(path, text, mention) for mention in found if mention.verdict.value != "valid"]
        for path, text, mention in alarms:
            print(_told(path, text, mention))
        share = 100 * len(alarms) / mentions if mentions else 0.0
        print(f"{name}: {mentions} mentions, {len(alarms)} alarms, {share:.1f} of a hundred\n")


def checked(name: str) -> list[tuple[str, str, list[CheckedMention]]]:
    """Every document of a project with what was found in it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / name
        shutil.copytree(CORPORA / name, root, symlinks=True)
        texts = _taken_out(root)
        engine = Engine.open([root], Settings(cache_dir=Path(folder) / "cache", model="none"))
        try:
            engine.refresh()
            return [(path, text, list(engine.check_text(text).mentions)) for path, text in texts.items()]
        finally:
            engine.close()


def _taken_out(root: Path) -> dict[str, str]:
    texts: dict[str, str] = {}
    for file in sorted(root.rglob("*")):
        path = file.relative_to(root).as_posix()
        is_document = DOCUMENT.search(file.name) and "LICENSE" not in path and "node_modules" not in path
        if file.is_file() and not file.is_symlink() and is_document:
            texts[path] = file.read_text("utf-8", "replace")
            # The file stays, so that links to it are true, and says nothing any more.
            file.write_text("taken out\n", encoding="utf-8")
    return texts


def _told(path: str, text: str, mention: CheckedMention) -> str:
    around = text[max(0, mention.start - AROUND) : mention.end + AROUND].replace("\n", " ")
    return f"{path}: {mention.verdict.value} {mention.text!r} -> {mention.correction!r}\n      ...{around}..."


if __name__ == "__main__":
    main()
