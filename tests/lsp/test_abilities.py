"""What the server announces beyond the standard protocol."""

from __future__ import annotations

from pathlib import Path

from lsp.stdio_session import REAL_SERVER, environment, initialize, plain, started


async def test_the_arguments_of_the_mcp_server_are_announced(tmp_path: Path) -> None:
    async with started(REAL_SERVER, environment(tmp_path / "cache")) as editor:
        capabilities = (await initialize(editor, tmp_path)).capabilities
    assert plain(capabilities.experimental) == {"surefoot": {"mcp": ["mcp"]}}
    assert capabilities.hover_provider  # what pygls answers is all there
