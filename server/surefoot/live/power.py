"""Puts off a look at everything while the machine runs on its battery, where the user wants that.

Invariant: no thread is kept waiting, and a pass that is put off begins once there is power, or is no longer needed.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from surefoot.index.manners import on_battery

if TYPE_CHECKING:
    from surefoot.config import Settings
    from surefoot.domain import Progress

LOOK_SECONDS = 5.0  # how soon a pass stops on battery, and goes on with power
ON_BATTERY = (
    "Surefoot looks at the whole workspace when there is power again (setting pause_on_battery); "
    "saved files are followed, and answers check what they show."
)


class PowerMissingError(Exception):
    """Ends a pass that goes on later; what it has done is kept."""

    def __init__(self) -> None:
        super().__init__(ON_BATTERY)


class Power:
    """What a session asks before and during each pass over everything."""

    def __init__(self, settings: Callable[[], Settings | None]) -> None:
        self._settings = settings
        self._then: Callable[[], object] | None = None

    @property
    def is_waited_for(self) -> bool:
        """Whether a pass is put off."""
        return self._then is not None

    @property
    def is_missing(self) -> bool:
        """Whether this machine runs on its battery, and the user wants that to be spared."""
        settings = self._settings()
        return settings is not None and settings.pause_on_battery and on_battery()

    def unless_missing(self, note: Callable[[Progress], None]) -> Callable[[Progress], None]:
        """What is called between two batches of a pass: notes the progress, or raises PowerMissingError."""
        looked_at = -math.inf

        def noted(progress: Progress) -> None:
            nonlocal looked_at
            note(progress)
            if (now := time.monotonic()) - looked_at >= LOOK_SECONDS:
                looked_at = now
                if self.is_missing:
                    raise PowerMissingError

        return noted

    def wait(self, then: Callable[[], object]) -> None:
        """Call `then` once there is power; returns at once."""
        is_first, self._then = self._then is None, then
        if is_first:
            self._look_later()

    def no_longer_needed(self) -> None:
        """Everything was looked at, or nothing ever will be."""
        self._then = None

    def _look_later(self) -> None:
        timer = threading.Timer(LOOK_SECONDS, self._look)
        timer.daemon = True
        timer.start()

    def _look(self) -> None:
        then = self._then
        if then is None:
            return
        if self.is_missing:
            self._look_later()
        else:
            self._then = None
            then()
