"""Models over real stdio: what there is, and downloads from a hub on this machine that the editor watches and stops."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from lsp.pulling_server import DIGEST, HUB_URL
from lsp.stdio_session import PATIENCE, Editor, editing, environment, plain
from models.test_pull import DATA, ENTRY, Hub, hub  # noqa: F401 - a fixture
from surefoot import wire
from surefoot.lsp.features.models import report

PULLING_SERVER = (sys.executable, str(Path(__file__).parent / "pulling_server.py"))
REQUEST_FAILED, REQUEST_CANCELLED = -32803, -32800
TOKEN = "pull-1"


def env(tmp_path: Path, **extra: str) -> dict[str, str]:
    own = {"PYTHONPATH": str(Path(__file__).parent.parent), DIGEST: ENTRY.sha256 or ""}
    return environment(tmp_path / "cache", **own, **extra)


async def pull(editor: Editor, token: str | None = TOKEN, msg_id: str = "pull", name: str = "tiny") -> wire.PullReply:
    """Pull as a client does that wants to see the progress on a token of its own."""
    if token is not None:
        editor.client.progress_reports[token] = []  # else pytest-lsp complains of a token that nobody made
    params = types.ExecuteCommandParams("surefoot.pullModel", [{"name": name}], work_done_token=token)
    sent = editor.client.protocol.send_request_async("workspace/executeCommand", params, msg_id=msg_id)
    return wire.PullReply.model_validate(plain(await asyncio.wait_for(sent, PATIENCE)))


async def test_a_model_is_listed_pulled_and_then_there(hub: Hub, tmp_path: Path):  # noqa: F811
    async with editing(command=PULLING_SERVER, env=env(tmp_path, **{HUB_URL: hub.url})) as editor:
        (before,) = (await editor.command("surefoot.models"))["models"]
        assert (before["name"], before["downloaded"], before["default"]) == ("tiny", False, True)
        reply = await pull(editor)
        assert (reply.name, reply.path) == ("tiny", before["path"])
        assert Path(reply.path).read_bytes() == DATA
        assert reply.path.startswith(str(tmp_path / "cache" / "models"))
        (after,) = (await editor.command("surefoot.models"))["models"]
        assert after == before | {"downloaded": True}
        steps = editor.client.progress_reports[TOKEN]
        assert steps[0] == types.WorkDoneProgressBegin(title="Downloading Tiny", cancellable=True, percentage=0)
        assert isinstance(steps[-1], types.WorkDoneProgressEnd)
        assert (await pull(editor, token=None, msg_id="again")).path == reply.path


async def test_the_settings_of_the_editor_say_where_models_live(hub: Hub, tmp_path: Path):  # noqa: F811
    options = {"models_dir": str(tmp_path / "elsewhere")}
    environment = env(tmp_path, **{HUB_URL: hub.url})
    async with editing(command=PULLING_SERVER, env=environment, initialization_options=options) as editor:
        assert (await pull(editor)).path == str(tmp_path / "elsewhere" / "tiny.gguf")


@pytest.mark.parametrize("by_progress", [True, False])
async def test_a_download_is_watched_stopped_and_gone_on_with(hub: Hub, tmp_path: Path, by_progress: bool):  # noqa: F811
    hub.slow = 0.3
    async with editing(command=PULLING_SERVER, env=env(tmp_path, **{HUB_URL: hub.url})) as editor:
        pulling = asyncio.ensure_future(pull(editor))
        async with asyncio.timeout(PATIENCE):
            while not any(
                isinstance(step, types.WorkDoneProgressReport) and step.percentage
                for step in editor.client.progress_reports.get(TOKEN, [])
            ):
                await asyncio.sleep(0.01)
        if by_progress:
            editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(TOKEN))
        else:
            editor.client.cancel_request(types.CancelParams(id="pull"))
        with pytest.raises(JsonRpcException) as caught:
            await pulling
        assert caught.value.code == REQUEST_CANCELLED
        step = next(s for s in editor.client.progress_reports[TOKEN] if isinstance(s, types.WorkDoneProgressReport))
        assert step.message.endswith(" of 2 MiB")
        part = tmp_path / "cache" / "models" / "tiny.gguf.part"
        assert 0 < part.stat().st_size < len(DATA)
        hub.slow = 0.0
        assert Path((await pull(editor, msg_id="again")).path).read_bytes() == DATA
        assert hub.ranges[-1] is not None, "it began from the start"


@pytest.mark.parametrize(("name", "sentence"), [("tiny", "could not be downloaded"), ("nosuch", "There is no model")])
async def test_what_cannot_be_pulled_is_one_sentence(tmp_path: Path, name: str, sentence: str):
    async with editing(command=PULLING_SERVER, env=env(tmp_path)) as editor:
        with pytest.raises(JsonRpcException) as caught:
            await pull(editor, name=name)
        assert caught.value.code == REQUEST_FAILED
        assert sentence in caught.value.message
        assert "\n" not in caught.value.message


def test_a_step_is_told_in_mebibytes():
    step = report(312 * 2**20 + 5, 1_117_320_768)
    assert (step.message, step.percentage, step.cancellable) == ("312 of 1,065 MiB", 29, True)
    assert report(5, 0).percentage == 0
