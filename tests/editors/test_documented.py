"""The table in docs/editors.md that people configure other clients from."""

from __future__ import annotations

from editors.documented import DOCUMENT
from surefoot.lsp.protocol import ANSWER_NOTIFICATION, Command


def test_every_command_and_the_notification_are_on_the_page():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [name for name in (*Command, ANSWER_NOTIFICATION) if f"`{name}`" not in text] == []
