"""Over HTTP: who is let in, and that the conversation is the same."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import anyio
import pytest

from mcp_session import FAKE_SERVER, HANDSHAKE, PATIENCE, REAL_SERVER, asking_over_http, environment, serving, text_of

PING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": HANDSHAKE})
MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}
BOTH_ERAS = pytest.mark.parametrize("mode", ["legacy", "auto"])


class Site:
    """Asks as a browser, a stranger or a client would, header by header."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token
        self.host = urlsplit(address).netloc

    def ask(self, body: str = PING, method: str = "POST", path: str = "", **headers: str | None) -> tuple[int, str]:
        """The status and the body. Headers are named with underscores; None leaves one out."""
        given = {
            "host": self.host,
            "authorization": f"Bearer {self.token}",
            "content_type": "application/json",
            "accept": "application/json, text/event-stream",
            **headers,
        }
        connection = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        try:
            connection.putrequest(method, path or urlsplit(self.address).path, skip_host=True)
            for name, value in given.items():
                if value is not None:
                    connection.putheader(name.replace("_", "-"), value)
            connection.putheader("content-length", str(len(body.encode())))
            connection.endheaders(body.encode())
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("http")
    folder = home / "project"
    folder.mkdir()
    (folder / "a.py").write_text("def needle():\n    return 42\n")
    with serving(home / "cache", "--root", str(folder)) as (address, token):
        yield Site(address, token)


def test_the_address_is_of_this_machine_alone_and_the_token_cannot_be_guessed(site: Site) -> None:
    assert site.address.startswith("http://127.0.0.1:")
    assert len(site.token) >= 32
    assert site.ask()[0] == 200
    with pytest.raises(OSError):  # noqa: PT011 - any refusal will do
        socket.create_connection((_address_of_this_machine(), urlsplit(site.address).port or 0), timeout=2).close()


def _address_of_this_machine() -> str:
    """An address under which others reach this machine, or one that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # no packet is sent
            found = str(probe.getsockname()[0])
        except OSError:
            return "192.0.2.1"
    return found if not found.startswith("127.") else "192.0.2.1"


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic {}", "Token {}", "{}", "Bearer {}x", "Bearer x{}"],
)
@pytest.mark.parametrize("method", ["POST", "GET", "DELETE", "OPTIONS", "HEAD"])
def test_without_the_token_nobody_is_let_in(site: Site, authorization: str | None, method: str) -> None:
    given = authorization and authorization.format(site.token)
    status, body = site.ask(method=method, authorization=given)
    assert status == 401
    assert "surefoot" not in body
    assert site.token not in body


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1.evil.example:{port}",
        "127.0.0.1:{port}.evil.example",
        "127.0.0.1:{port}@evil.example",
        "localhost.evil.example:{port}",
        "0.0.0.0:{port}",
        "",
    ],
)
@pytest.mark.parametrize("modern", [False, True], ids=["handshake", "modern"])
def test_a_name_that_was_bound_to_this_machine_is_turned_away(site: Site, host: str, modern: bool) -> None:
    """DNS rebinding: the page's own name leads here, and the browser says so in Host."""
    port = urlsplit(site.address).port
    assert site.ask(host=host.format(port=port), **_era(modern))[0] in {400, 421}


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "https://127.0.0.1:{port}",
        "http://127.0.0.1:{port}.evil.example",
        "http://localhost:{port}@evil.example",
        "file://",
        "vscode-webview://x",
    ],
)
@pytest.mark.parametrize("modern", [False, True], ids=["handshake", "modern"])
def test_a_page_of_another_origin_is_turned_away(site: Site, origin: str, modern: bool) -> None:
    port = urlsplit(site.address).port
    assert site.ask(origin=origin.format(port=port), **_era(modern))[0] == 403


def _era(modern: bool) -> dict[str, str]:
    """What makes the SDK take the one way or the other."""
    if not modern:
        return {}
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": MODERN}}
    return {"body": json.dumps(body), "mcp_protocol_version": "2026-07-28", "mcp_method": "tools/list"}


@pytest.mark.parametrize("place", ["cross-site", "same-site"])
def test_a_request_that_a_browser_marks_as_foreign_is_turned_away(site: Site, place: str) -> None:
    assert site.ask(sec_fetch_site=place)[0] == 403
    assert site.ask(sec_fetch_site="none")[0] == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", None])
def test_what_a_form_can_send_is_turned_away(site: Site, kind: str | None) -> None:
    """CSRF: a form needs no leave to send these, were the token in a cookie."""
    assert site.ask(content_type=kind)[0] in {400, 415}


def test_there_is_nothing_else_to_see(site: Site) -> None:
    for path in ("/", "/sse", "/messages", "/.well-known/oauth-protected-resource", "/mcp/../etc/passwd", "/docs"):
        assert site.ask(path=path, method="GET")[0] == 404


@pytest.mark.parametrize(
    "body", ["", "not json", "[]", "{}", "[" * 50_000, '{"jsonrpc":"2.0"}', '"\\ud800"', "\0", "x" * 5_000_000]
)
def test_a_body_that_is_no_message_is_refused_and_the_server_lives_on(site: Site, body: str) -> None:
    status, said = site.ask(body)
    assert 400 <= status < 500
    assert "Traceback" not in said
    assert site.ask()[0] == 200


@BOTH_ERAS
async def test_the_official_client_gets_the_same_tools_and_answers(site: Site, mode: str) -> None:
    async with asking_over_http(site.address, site.token, mode=mode) as client:
        assert "verify_citations" in {tool.name for tool in (await client.list_tools()).tools}
        found = await client.call_tool("search_code", {"query": "needle"})
        refused = await client.call_tool("search_code", {"query": "needle", "roots": ["/etc"]})
    assert "a.py:1-2: needle (function)" in text_of(found)
    assert refused.is_error
    assert text_of(refused).startswith("'/etc' is not a folder of this workspace")


async def test_two_clients_at_once_do_not_hear_each_other(site: Site) -> None:
    async def ask(query: str, heard: list[str]) -> str:
        async def told(_progress: float, _total: float | None, message: str | None) -> None:
            heard.append(message or "")

        async with asking_over_http(site.address, site.token, mode="legacy") as client:
            replies = [
                await client.call_tool("search_code", {"query": f"{query} {number}"}, progress_callback=told)
                for number in range(5)
            ]
        return " ".join(text_of(reply) for reply in replies)

    heard: list[list[str]] = [[], []]
    needle, nothing = await asyncio.gather(ask("needle", heard[0]), ask("zzyzx qwrtp", heard[1]))
    assert "a.py" in needle
    assert "zzyzx" not in needle
    assert nothing.count("No match") == 5
    assert set(heard[1]) == {"Evidence: 0 places found."}
    assert not set(heard[0]) & set(heard[1])


@BOTH_ERAS
async def test_a_client_that_goes_in_the_middle_costs_the_others_nothing(site: Site, mode: str) -> None:
    with anyio.move_on_after(0.05):
        async with asking_over_http(site.address, site.token, mode=mode) as client:
            await client.call_tool("index_status", {"detail": "full"})
    async with asking_over_http(site.address, site.token, mode=mode) as client:
        assert not (await client.call_tool("search_code", {"query": "needle"})).is_error


def start(cache: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*REAL_SERVER, *arguments],
        env=environment(cache, **env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_a_token_of_ones_own_is_used_and_not_printed(tmp_path: Path) -> None:
    own = "a-token-of-my-own-0123456789"
    with serving(tmp_path / "cache", "--root", str(tmp_path), env={"SUREFOOT_MCP_TOKEN": own}) as (address, said):
        assert said == "The token is that of SUREFOOT_MCP_TOKEN."
        assert Site(address, own).ask()[0] == 200
        assert Site(address, "another-token-0123456789").ask()[0] == 401


@pytest.mark.parametrize("token", ["short", "with a space in between it", "not-ascii-ü-0123456789"])
def test_a_token_that_is_no_good_is_refused_in_one_sentence(tmp_path: Path, token: str) -> None:
    result = start(tmp_path / "cache", "--http", "--port", "0", SUREFOOT_MCP_TOKEN=token)
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("SUREFOOT_MCP_TOKEN needs at least 16 letters, digits or any of")
    assert result.stdout == ""


def test_a_port_that_is_taken_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = start(tmp_path / "cache", "--http", "--port", str(taken.getsockname()[1]))
    assert result.returncode == 2
    assert result.stderr.endswith("name another with --port, or leave it out.\n")
    assert result.stderr.count("\n") == 1


def test_a_port_without_http_is_a_slip(tmp_path: Path) -> None:
    result = start(tmp_path / "cache", "--port", "7411")
    assert result.returncode == 2
    assert "--port belongs to --http; add it." in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_server_leaves_in_order_when_it_is_told_to(tmp_path: Path, number: signal.Signals) -> None:
    """What is open is closed: the server ends on its own and not by the signal, and has stopped what was asked."""
    journal = tmp_path / "journal"
    process = subprocess.Popen(
        [*FAKE_SERVER, "--http", str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path / "cache", SUREFOOT_TEST_JOURNAL=str(journal)),
    )
    assert process.stderr is not None
    address = process.stderr.readline().decode().split()[-1]
    token = process.stderr.readline().decode().split()[-1]
    connection = _slow_question(Site(address, token))
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE)
    connection.close()
    assert process.returncode == 0
    assert b"Traceback" not in errors
    assert journal.read_text().splitlines()[-2:] == ["stopped", "close"]


def _slow_question(site: Site) -> http.client.HTTPConnection:
    """Ask what is not answered by itself, and wait until it is being worked on."""
    headers = {"Authorization": f"Bearer {site.token}", "Accept": "application/json, text/event-stream"}
    headers |= {"Content-Type": "application/json"}
    connection = http.client.HTTPConnection(site.host, timeout=PATIENCE)
    connection.request("POST", "/mcp", PING, headers)
    reply = connection.getresponse()
    headers["Mcp-Session-Id"] = reply.headers["mcp-session-id"]
    headers["Mcp-Protocol-Version"] = str(HANDSHAKE["protocolVersion"])
    reply.read()
    told = json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})
    connection.request("POST", "/mcp", told, headers)
    connection.getresponse().read()
    params = {"name": "ask_codebase", "arguments": {"question": "slow"}, "_meta": {"progressToken": 1}}
    asked = json.dumps({"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": params})
    connection.request("POST", "/mcp", asked, headers)
    answer = connection.getresponse()
    while b"notifications/progress" not in answer.readline():
        pass
    return connection
