"""The files of the save storm, and what was in each of them when.

Invariant: every write goes through here, on one thread, so that it is known for each moment what was on disk; a text
that a reply shows is right if it stood there at some moment between the question and the reply.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = "storm"


@dataclass(slots=True)
class Version:
    """One content of one path. It may be seen from `begin` on, and not after `end`."""

    text: str | None  # None where there is no file
    begin: float
    end: float = float("inf")
    word: str = ""  # the word that only this content has


@dataclass(slots=True)
class History:
    """All contents of all files of the storm."""

    root: Path
    random: random.Random
    versions: dict[str, list[Version]] = field(default_factory=dict)
    changed: list[tuple[Path, str]] = field(default_factory=list)  # not yet reported: "created", "changed", "deleted"
    counts: dict[str, int] = field(default_factory=dict)
    _number: int = 0

    def text_for(self, path: str) -> tuple[str, str]:
        """A new content and its word: some functions, whose lines move from one version to the next."""
        self._number += 1
        word = f"kestrel{self._number}_{os.urandom(3).hex()}"
        above = [f"FILLER_{n} = {n}" for n in range(self.random.randrange(12))]
        lines = [f'"""File {Path(path).stem} of the storm."""', *above, "", f"def {word}(value):"]
        lines += [f"    value = value + {n}  # step {n} of {word}" for n in range(self.random.randrange(2, 9))]
        lines += ["    return value", "", f"class Holder_{word}:", f'    """Holds what {word} returns."""', "    x = 1"]
        return "\n".join(lines) + "\n", word

    def write(self, path: str, kind: str, *, atomic: bool) -> str:
        """Write a new content, in place or by a rename; returns it."""
        text, word = self.text_for(path)
        target = self.root / path
        existed = target.exists()
        begin = time.monotonic()
        if atomic:
            beside = target.with_name(f".{target.name}.{self._number}.tmp")
            beside.write_text(text, encoding="utf-8")
            beside.replace(target)
        else:
            target.write_text(text, encoding="utf-8")
        self._add(path, Version(text, begin, word=word))
        self._count(kind)
        self.changed.append((target, "changed" if existed else "created"))
        return text

    def delete(self, path: str) -> None:
        """Remove a file."""
        begin = time.monotonic()
        (self.root / path).unlink()
        self._add(path, Version(None, begin))
        self._count("deletes")
        self.changed.append((self.root / path, "deleted"))

    def rename(self, path: str, target: str) -> None:
        """Move a file onto a path that is free or not."""
        latest = self.versions[path][-1]
        existed = (self.root / target).exists()
        begin = time.monotonic()
        (self.root / path).rename(self.root / target)
        self._add(path, Version(None, begin))
        self._add(target, Version(latest.text, begin, word=latest.word))
        self._count("renames")
        self.changed += [(self.root / path, "deleted"), (self.root / target, "changed" if existed else "created")]

    def _add(self, path: str, version: Version) -> None:
        known = self.versions.setdefault(path, [])
        if known:
            known[-1].end = time.monotonic()
        known.append(version)

    def _count(self, kind: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1

    # --- what is so now, and was then ---------------------------------------------------------------------------

    def present(self) -> dict[str, str]:
        """The word of each file that is there."""
        return {path: known[-1].word for path, known in self.versions.items() if known[-1].text is not None}

    def gone_words(self) -> set[str]:
        """Words that nothing on disk has any more."""
        every = {version.word for known in self.versions.values() for version in known if version.word}
        return every - set(self.present().values())

    def complaint(self, place: dict[str, Any], begin: float, end: float) -> str:
        """Why a shown place is wrong, or nothing: its text has to have stood at those lines during the call."""
        path, text = str(place["path"]), str(place["text"])
        first, last = int(place["start_line"]), int(place["end_line"])
        if not path.startswith(f"{FOLDER}/"):
            content = (self.root / path).read_text(encoding="utf-8", errors="replace")
            return "" if _stands(content, text, first, last) else f"{path}:{first}-{last} does not have this text"
        known = self.versions.get(path)
        if known is None:
            return f"{path} has never been there"
        alive = [version for version in known if version.begin <= end and version.end >= begin]
        if any(version.text is not None and _stands(version.text, text, first, last) for version in alive):
            return ""
        was = [version for version in known if version.text is not None and text in version.text]
        if not was:
            return f"{path}:{first}-{last} never had this text"
        if was[-1].end >= begin:
            return f"{path}:{first}-{last} had this text at other lines"
        return f"{path}:{first}-{last} had this text until {begin - was[-1].end:.3f} s before the call"


def _stands(content: str, text: str, first: int, last: int) -> bool:
    """Whether the lines are that text."""
    return "\n".join(content.split("\n")[first - 1 : last]).rstrip("\n") == text.rstrip("\n")
