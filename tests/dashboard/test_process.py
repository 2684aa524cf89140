"""The server as a process, over real sockets: its start and its end, streams, readers that leave, and attackers."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from conftest import SHOP, write_tree
from dashboard.serving import ALLOWED, FAKE, PATIENCE, REAL, TOKEN, Running, environment, running
from lsp.fake_server import JOURNAL
from surefoot.live.loopback import open_socket

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends the process by POSIX signals")

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "journal"


@pytest.fixture
def env(tmp_path: Path, journal: Path) -> dict[str, str]:
    return environment(tmp_path / "cache", **{JOURNAL: str(journal)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write_tree(folder, SHOP)
    return folder


@pytest.fixture
def server(folder: Path, env: dict[str, str]) -> Iterator[Running]:
    with running([*FAKE, str(folder)], env) as server:
        yield server


def noted(journal: Path, wanted: str) -> None:
    """Wait for a line in the journal."""
    end = time.monotonic() + PATIENCE
    while not journal.exists() or wanted not in journal.read_text().splitlines():
        assert time.monotonic() < end, f"{wanted!r} never came"
        time.sleep(0.01)


def pieces(reply: httpx.Response) -> Iterator[tuple[str, object]]:
    """The events of a stream, as they come."""
    name = ""
    for line in reply.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def raw(port: int, request: str) -> tuple[int, bytes]:
    """What a request gets that no client would write; the status, and the whole reply."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request.replace("\n", "\r\n").encode("latin-1"))
        reply = b""
        while chunk := connection.recv(65536):
            reply += chunk
    return int(reply.split(b" ", 2)[1]), reply


# --- from start to end -----------------------------------------------------------------------------------------


def test_the_address_is_all_of_stdout_and_works_at_once(folder, env):
    with running([*REAL, str(folder)], env) as server:
        assert server.address == f"http://127.0.0.1:{server.port}/#token={TOKEN}"
        assert httpx.get(server.base).status_code == 200
        with server.client() as client:
            found = client.post("/api/search", json={"query": "What does rate_for return?"}).json()
            assert found["hits"][0]["path"] == "shop/tax.py"
        server.interrupt()
        assert server.ended() == 0
        assert server.process.stdout.read() == ""
    assert server.said == ["Open this address in a browser; whoever has it can read the code here. Ctrl-C stops.\n"]


def test_each_start_has_a_token_of_its_own(folder, env):
    del env["SUREFOOT_DASHBOARD_TOKEN"]
    tokens = set()
    for _ in range(2):
        with running([*FAKE, str(folder)], env) as server:
            tokens.add(server.address.partition("#token=")[2])
    assert len(tokens) == 2
    assert all(len(token) >= 32 for token in tokens)


@pytest.mark.parametrize("token", ["short", "x" * 15, "a token with spaces in it", "0123456789abcdef\n", "ü" * 20])
def test_a_token_that_protects_nothing_is_refused(folder, env, token):
    code, said = ended([*REAL, str(folder)], {**env, "SUREFOOT_DASHBOARD_TOKEN": token})
    assert code == 2
    assert said.startswith("SUREFOOT_DASHBOARD_TOKEN needs at least 16")


def ended(command, env) -> tuple[int, str]:
    """A process that does not come to serving: its exit code, and its one sentence."""
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1, done.stderr
    return done.returncode, done.stderr


def test_a_port_that_is_taken_is_one_sentence(folder, env, server):
    code, said = ended([*REAL, str(folder), "--port", str(server.port)], env)
    assert (code, said) == (
        2,
        f"Port {server.port} is taken by another program; name another with --port, or leave it out.\n",
    )


def test_a_port_can_be_used_again_at_once(folder, env):
    with running([*FAKE, str(folder)], env) as first:
        with first.client() as client:
            client.get("/api/status")
        first.interrupt()
        first.ended()
    with running([*FAKE, str(folder), str(first.port)], env) as second:
        assert second.address == first.address


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path, env):
    code, said = ended([*REAL, str(tmp_path / "nowhere")], env)
    assert code == 2
    assert "nowhere" in said


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="looks at the kernel's own list")
def test_only_this_machine_can_connect(server):
    listening = [
        line.split()[1] for line in Path("/proc/net/tcp").read_text().splitlines()[1:] if line.split()[3] == "0A"
    ]
    assert f"0100007F:{server.port:04X}" in listening
    assert f"00000000:{server.port:04X}" not in listening


def test_ctrl_c_ends_streams_and_questions_in_order(server, journal):
    with server.client() as client, client.stream("GET", "/api/events") as reply:
        news = pieces(reply)
        assert next(news)[0] == "progress"
        with client.stream("POST", "/api/ask", json={"question": "slow"}) as answer:
            told = pieces(answer)
            assert next(told)[0] == "evidence"
            server.interrupt()
            assert list(told)[-1] == ("error", {"error": "Stopped on request."})
        assert {name for name, _ in news} <= {"progress", "indexed"}
    assert server.ended() == 0
    lines = journal.read_text().splitlines()
    assert lines[-2:] == ["stopped", "close"]


def test_sigterm_ends_it_as_ctrl_c_does(server, journal):
    noted(journal, "refresh all")
    server.process.send_signal(signal.SIGTERM)
    assert server.ended() == 0
    assert journal.read_text().splitlines()[-1] == "close"


def test_a_second_ctrl_c_ends_it_at_once(folder, env, journal):
    """Here the indexing looks at nothing for a minute, which the first one would wait for."""
    with running([*FAKE, str(folder)], {**env, "SUREFOOT_TEST_REFRESH": "60"}) as server:
        noted(journal, "refresh all")
        server.interrupt()
        time.sleep(0.5)
        assert server.process.poll() is None
        server.interrupt()
        assert server.process.wait(3) == 130
    assert "Traceback" not in "".join(server.said)


async def test_no_reply_waits_for_more_to_say():
    """Nagle's algorithm would hold the second half of each reply back for 40 ms."""
    options: asyncio.Queue[int] = asyncio.Queue()

    async def accepted(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        options.put_nowait(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listening = open_socket(0)
    async with await asyncio.start_server(accepted, sock=listening):
        _, writer = await asyncio.open_connection(*listening.getsockname())
        assert await options.get()
        writer.close()
        await writer.wait_closed()


# --- streams ---------------------------------------------------------------------------------------------------


def test_pieces_arrive_while_the_answer_is_still_being_made(server):
    with server.client() as client, client.stream("POST", "/api/ask", json={"question": "slow"}) as answer:
        names = [name for _, (name, _) in zip(range(5), pieces(answer), strict=False)]
        assert names == ["evidence", "claim", "claim", "claim", "claim"]


def test_a_reader_that_leaves_cancels_its_question(server, journal):
    with server.client() as client:
        with client.stream("POST", "/api/ask", json={"question": "slow"}) as answer:
            next(pieces(answer))
        noted(journal, "stopped")
        assert client.get("/api/status").status_code == 200


def test_an_aborted_search_is_cancelled(server, journal):
    body = b'{"query": "slow", "trace": false}'
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        head = f"POST /api/search HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {TOKEN}\r\n"
        connection.sendall(
            f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        )
        time.sleep(0.3)
        assert "search stopped" not in journal.read_text()
    noted(journal, "search stopped")


def test_many_aborted_searches_leave_room_for_the_next(server, journal):
    """More than there are threads; those that had not begun never do."""
    with server.client() as client:
        for _ in range(12):
            with pytest.raises(httpx.ReadTimeout):
                client.post("/api/search", json={"query": "slow"}, timeout=0.1)
        assert client.post("/api/search", json={"query": "quick"}).json()["query"] == "quick"
        assert client.get("/api/status").status_code == 200


def test_questions_that_take_long_hold_up_neither_searches_nor_files(server):
    with server.client() as client:
        streams = [client.stream("POST", "/api/ask", json={"question": "slow"}) for _ in range(5)]
        for stream in streams[:4]:
            next(pieces(stream.__enter__()))
        assert client.post("/api/search", json={"query": "quick"}).status_code == 200
        assert client.get("/api/status").status_code == 200
        for stream in streams[:4]:
            stream.__exit__(None, None, None)


def test_a_fault_is_the_last_event_and_the_server_lives_on(server):
    with server.client() as client:
        with client.stream("POST", "/api/ask", json={"question": "boom"}) as answer:
            [(name, told)] = pieces(answer)
        assert name == "error"
        assert "ZeroDivisionError" in told["error"]
        reply = client.post("/api/search", json={"query": "boom"})
        assert (reply.status_code, list(reply.json())) == (500, ["error"])
        assert "detail" not in reply.text
        assert client.post("/api/search", json={"query": "busy"}).status_code == 503
        assert client.post("/api/search", json={"query": "fine"}).json()["query"] == "fine"


def test_listeners_hear_of_progress_and_of_its_end(folder, env):
    slowly = {**env, "SUREFOOT_TEST_REFRESH": "0.5"}
    with running([*FAKE, str(folder)], slowly) as server, server.client() as client:
        heard = []
        with client.stream("GET", "/api/events") as news:
            told = pieces(news)
            assert next(told)[1]["indexing"]
            while not {("progress", False), ("indexed", None)} <= {(name, now.get("indexing")) for name, now in heard}:
                heard.append(next(told))
        assert ("progress", {"indexing": True, "done": 2, "total": 3, "seconds_left": 0.1}) in heard


def test_a_saved_file_is_heard_of(folder, env, journal):
    with running([*FAKE, str(folder)], env) as server, server.client() as client:
        noted(journal, "refresh all")
        with client.stream("GET", "/api/events") as news:
            stream = pieces(news)
            next(stream)
            time.sleep(1.0)  # until the folder is watched
            (folder / "saved.py").write_text("x = 1\n")
            assert next(name for name, _ in stream if name == "indexed")
        noted(journal, f"refresh ['{folder / 'saved.py'}']")


# --- attackers -------------------------------------------------------------------------------------------------


def test_dns_rebinding_gets_nothing(server):
    for host in ("evil.example", f"evil.example:{server.port}", "127.0.0.1", f"127.0.0.1:{server.port + 1}"):
        status, reply = raw(
            server.port, f"GET /api/status HTTP/1.1\nHost: {host}\nAuthorization: Bearer {TOKEN}\nConnection: close\n\n"
        )
        assert status == 403
        assert b"when it was started" in reply


def test_old_or_absolute_requests_are_held_to_the_same(server):
    own = f"127.0.0.1:{server.port}"
    assert raw(server.port, f"GET /api/status HTTP/1.0\nAuthorization: Bearer {TOKEN}\n\n")[0] == 403
    absolute = f"GET http://evil.example/api/status HTTP/1.1\nHost: {own}\nConnection: close\n\n"
    assert raw(server.port, absolute)[0] in (401, 404)
    assert raw(server.port, f"GET / HTTP/1.1\nHost: {own}\nHost: evil.example\n\n")[0] in (400, 403)


def test_a_form_on_another_site_changes_nothing(server, journal):
    """What a browser sends for a form that another page submits: no token, the site's Origin, a form's content type."""
    noted(journal, "refresh all")
    before = journal.read_text()
    body = '{"trace_id": "x"}'
    for path in ("/api/reindex", "/api/report", "/api/model", "/api/ask"):
        status, reply = raw(
            server.port,
            f"POST {path} HTTP/1.1\nHost: 127.0.0.1:{server.port}\nOrigin: http://evil.example\n"
            "Sec-Fetch-Site: cross-site\nContent-Type: text/plain\nConnection: close\n"
            f"Content-Length: {len(body)}\n\n{body}",
        )
        assert status == 403, reply
    assert journal.read_text() == before


def test_without_the_token_no_endpoint_says_anything(server):
    with httpx.Client(base_url=server.base) as client:
        for method, path in (
            ("GET", "/api/status"),
            ("GET", "/api/events"),
            ("POST", "/api/ask"),
            ("GET", "/api/source"),
        ):
            reply = client.request(method, path, headers={**JSON, "Authorization": "Bearer wrong"})
            assert reply.status_code == 401
        in_the_address = client.get(f"/api/status?token={TOKEN}", headers={"Cookie": f"token={TOKEN}"})
        assert in_the_address.status_code == 401


def test_what_is_no_http_costs_that_connection_only(server):
    for text in (
        "\x16\x03\x01\x02",
        "GET\n\n",
        "GET / HTTP/1.1\nHost: \0\n\n",
        "BOGUS\n" * 100,
        "X" * 100_000 + "\n\n",
    ):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(text.encode("latin-1"))
            connection.shutdown(socket.SHUT_WR)
            try:
                while connection.recv(65536):
                    pass
            except ConnectionError:
                pass
    with server.client() as client:
        assert client.get("/api/status").status_code == 200


def test_a_body_that_never_comes_is_not_waited_for_at_the_end(server):
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        head = f"POST /api/search HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer {TOKEN}\r\n"
        connection.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n".encode())
        time.sleep(0.3)
        server.interrupt()
        assert server.ended() == 0


# --- many at once ----------------------------------------------------------------------------------------------


def test_twenty_searches_at_once_over_twenty_connections(folder, env):
    write_tree(folder, {f"many/m{n}.py": f"def function_{n}(x):\n    return x + {n}\n" for n in range(400)})
    found: dict[int, str] = {}

    def search(number: int) -> None:
        with httpx.Client(base_url=server.base, headers=ALLOWED, timeout=PATIENCE) as client:
            reply = client.post("/api/search", json={"query": f"function_{number}"})
            found[number] = reply.json().get("query", reply.text)

    with running([*REAL, str(folder)], env) as server:
        threads = [threading.Thread(target=search, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == {number: f"function_{number}" for number in range(20)}
    assert not [line for line in server.said if "Traceback" in line]
