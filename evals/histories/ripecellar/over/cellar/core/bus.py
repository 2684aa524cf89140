"""A bus inside the process: one handler per command, any number of listeners per event.

Listeners run in the transaction of the command. What must not hold it up is put into the job table instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from cellar.core.db import transaction

_HANDLERS: dict[type, Callable[[Connection, Any], Any]] = {}
_LISTENERS: dict[type, list[Callable[[Connection, Any], None]]] = defaultdict(list)


def handles(command: type):
    """Decorator: the function is what happens for this command."""

    def put(function):
        if command in _HANDLERS:
            raise RuntimeError(f"{command.__name__} has two handlers")
        _HANDLERS[command] = function
        return function

    return put


def on(event: type):
    """Decorator: the function wants to hear of this event."""

    def put(function):
        _LISTENERS[event].append(function)
        return function

    return put


def send(command: Any) -> Any:
    """Run the command's handler in a transaction of its own."""
    with transaction() as db:
        return _HANDLERS[type(command)](db, command)


def publish(db: Connection, event: Any) -> None:
    for listener in _LISTENERS[type(event)]:
        listener(db, event)
