"""`surefoot dashboard`: opens the page, and serves it until Ctrl-C."""

from __future__ import annotations

import os
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from surefoot.cli.session import current_folder, read_settings
from surefoot.cli.terminal import note, say

TOKEN_VARIABLE = "SUREFOOT_DASHBOARD_TOKEN"  # noqa: S105 - a name, not a token


def dashboard(roots: Sequence[Path], port: int, *, browser: bool) -> None:
    """Serve a page about `roots`. Its address is all that goes to stdout."""
    from surefoot.dashboard.guard import Access
    from surefoot.dashboard.server import serve
    from surefoot.live.loopback import open_socket, token_of
    from surefoot.workspace.roots import resolve_roots

    folders = [root.path for root in resolve_roots(list(roots) or [current_folder()])]
    read_settings(folders)  # what is not understood in them is told before anything else
    secret, _ = token_of(TOKEN_VARIABLE)
    listening = open_socket(port)
    access = Access(listening.getsockname()[1], secret)

    def ready() -> None:
        sys.stdout.write(f"{access.address}\n")
        sys.stdout.flush()
        if not browser or not _opens(access.address):
            say("Open this address in a browser; whoever has it can read the code here. Ctrl-C stops.")

    serve(folders, listening, access, ready)


def _opens(address: str) -> bool:
    """Whether a browser was opened: one with a window, as a browser in the terminal would take that over."""
    has_windows = sys.platform in ("win32", "darwin") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
    if not has_windows:
        return False
    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError) as error:
        note(f"No browser could be opened ({error}).")
        return False
