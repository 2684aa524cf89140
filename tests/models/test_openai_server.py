"""Servers on loopback that speak the OpenAI protocol, well and badly."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from models.loopback_server import Server, serving
from surefoot.errors import (
    Cancelled,
    ContextFullError,
    ModelError,
    ModelNotFoundError,
    UsageError,
    WorkerDiedError,
)
from surefoot.models.openai_server import ServerGenerator
from surefoot.models.protocols import GenerationRequest
from surefoot.trace import CancelToken

REQUEST = GenerationRequest("sys", "ask", grammar='root ::= "x"', max_tokens=7, examples=(("q", "a"),))


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def text(generator: ServerGenerator) -> str:
    return "".join(generator.generate(REQUEST, CancelToken()))


def test_streams_from_the_first_model(server: Server) -> None:
    generator = ServerGenerator(server.url + "/v1/")
    assert list(generator.generate(REQUEST, CancelToken())) == ["Hel", "lo ", "wörld"]
    assert generator.name == f"first at {server.url}"
    body = server.bodies[0]
    assert [m["role"] for m in body["messages"]] == ["system", "user", "assistant", "user"]
    assert (body["model"], body["grammar"], body["max_tokens"], body["temperature"]) == ("first", REQUEST.grammar, 7, 0)


def test_the_url_may_choose_the_model(server: Server) -> None:
    text(ServerGenerator(server.url + "#second"))
    assert server.bodies[0]["model"] == "second"


def test_lists_models(server: Server) -> None:
    assert ServerGenerator(server.url).models() == ("first", "second")


def test_counts_with_the_server_or_estimates(server: Server) -> None:
    assert ServerGenerator(server.url).count_tokens(["x" * 35, ""]) == [10, 0]
    server.tokenizes = True
    assert ServerGenerator(server.url).count_tokens(["one two three"]) == [3]


def test_many_texts_are_counted_in_one_request(server: Server) -> None:
    """Each line of the sources is counted."""
    server.tokenizes = True
    counts = ServerGenerator(server.url).count_tokens(["one two three four\n"] * 100)
    assert sum(counts) == pytest.approx(400, rel=0.05)
    assert len(set(counts)) == 1
    assert server.counted == 1


def test_cancelling_closes_the_connection(server: Server) -> None:
    server.waits = True
    cancel = CancelToken()
    answer = ServerGenerator(server.url).generate(REQUEST, cancel)
    assert next(answer) == "Hel"
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(answer)
    assert server.client_left.wait(10)


def test_leaving_early_closes_the_connection(server: Server) -> None:
    server.waits = True
    answer = ServerGenerator(server.url).generate(REQUEST, CancelToken())
    next(answer)
    answer.close()  # type: ignore[attr-defined]
    assert server.client_left.wait(10)


def test_a_server_that_hangs_up_in_mid_answer(server: Server) -> None:
    server.hangs_up = True
    with pytest.raises(WorkerDiedError, match="hung up in mid-answer"):
        text(ServerGenerator(server.url))


def test_refusals_are_sentences(server: Server) -> None:
    server.status, server.error = 400, "the request exceeds the available context size"
    with pytest.raises(ContextFullError, match="does not fit the context"):
        text(ServerGenerator(server.url))
    server.status, server.error = 404, "model 'first' not found"
    with pytest.raises(ModelNotFoundError, match="has no model 'first'"):
        text(ServerGenerator(server.url))
    server.status, server.error = 500, "out of memory"
    with pytest.raises(ModelError, match=r"status 500 \(out of memory\)"):
        text(ServerGenerator(server.url))


def test_a_redirect_is_not_followed(server: Server) -> None:
    server.status, server.location = 307, "https://example.com/v1/chat/completions"
    with pytest.raises(ModelError, match="status 307"):
        text(ServerGenerator(server.url + "#first"))


def test_no_server_is_not_found() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    generator = ServerGenerator(f"http://localhost:{port}")
    with pytest.raises(ModelNotFoundError, match=f"No server answers at http://localhost:{port}; start it"):
        text(generator)


def test_proxies_of_the_environment_are_not_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert text(ServerGenerator(server.url)) == "Hello wörld"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com/v1",
        "http://localhost@example.com",
        "http://localhost.example.com",
        "http://127.0.0.1.example.com:80",
        "http://192.168.1.5:11434",
        "http://0.0.0.0:1",
        "http://",
        "http://[::2]:80",
    ],
)
def test_other_machines_are_refused(url: str) -> None:
    with pytest.raises(UsageError, match=r"not on this machine|not the address"):
        ServerGenerator(url)


@pytest.mark.parametrize("url", ["http://localhost:11434", "http://127.0.0.1", "https://[::1]:8080/v1"])
def test_loopback_is_accepted(url: str) -> None:
    assert ServerGenerator(url).name == url.removesuffix("/v1")
