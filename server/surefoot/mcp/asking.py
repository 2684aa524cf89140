"""What every tool works with: the engine that is lent to it, whether to stop, and who hears how far it is.

Invariant: folders are matched against the workspace's own; no path of an assistant's is opened to find out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from surefoot.domain import AnswerEvent, ClaimVerified, Evidence, Root, Span, Verdict, WaitingForModel
from surefoot.errors import SurefootError, UsageError
from surefoot.mcp.lean import Object, index_state
from surefoot.mcp.text import clipped, counted
from surefoot.trace import CancelToken

if TYPE_CHECKING:
    from surefoot.engine import Engine


@dataclass(frozen=True, slots=True)
class Asking:
    """One call of a tool, on its worker thread."""

    engine: Engine
    cancel: CancelToken
    tell: Callable[[str], None]  # a sentence of progress, from any thread
    is_indexing: Callable[[], bool]

    def state(self, verdicts: Iterable[str] = ()) -> Object:
        """The state of the index now, and the verdicts on what is shown."""
        return index_state(self.engine, indexing=self.is_indexing(), verdicts=verdicts)

    def folders(self, names: Sequence[str]) -> tuple[Path, ...]:
        """The roots that an assistant has named. Raises UsageError for any other folder."""
        return tuple(self._folder(name) for name in names)

    def _folder(self, name: str) -> Path:
        for root in self.engine.roots:
            if name in {root.name, str(root.path)} or _is_same(name, root):
                return root.path
        known = ", ".join(str(root.path) for root in self.engine.roots)
        raise UsageError(f"'{clipped(name, 200)}' is not a folder of this workspace; there are {known}.")

    def verdict(self, root: Root, span: Span, text: str, symbol: str) -> str:
        """How a place stands against its file at this moment."""
        try:
            return self.engine.recheck(root.path, span, text, symbol).verdict.value
        except SurefootError:  # the root has left the workspace meanwhile
            return Verdict.MISSING.value

    def heard(self, event: AnswerEvent) -> None:
        """Tell what has become of an answer so far."""
        if isinstance(event, Evidence):
            self.tell(f"Evidence: {counted(len(event.hits), 'place')} found.")
        elif isinstance(event, WaitingForModel):
            self.tell(event.notice or "The language model is free.")
        elif isinstance(event, ClaimVerified):
            self.tell(f"Claim checked: {clipped(event.claim.text, 120)}")
        else:
            self.tell("A sentence failed its check and is withheld.")

    def with_root(self, entry: Object, whole: dict[str, Any]) -> Object:
        """The entry, with its folder where the workspace has several."""
        return {**entry, "root": whole["root"]} if len(self.engine.roots) > 1 and whole.get("root") else entry


def _is_same(name: str, root: Root) -> bool:
    try:
        return os.path.isabs(name) and os.path.realpath(name) == str(root.path)  # noqa: PTH117 - before it is a path
    except (OSError, ValueError):
        return False
