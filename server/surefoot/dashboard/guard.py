"""What stands before every request: is it from this machine's own page, does it know the token, is it small enough.

Invariant: nothing behind it sees a request that is not meant for this server, and no reply leaves without its headers.

A page of another site can make a browser send requests here, also under a name of its own that it points to this
machine (DNS rebinding). So the name in Host has to be ours, Origin and Sec-Fetch-Site must not say that somebody else
asks, and everything under /api needs the token, which no other page can know or send.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

from surefoot.live.faults import report_fault

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

API = "/api/"
MOST_BODY = 256 * 1024  # bytes; a question has some thousand at most
NAMES = ("127.0.0.1", "localhost", "[::1]")
PLAIN_PORT = 80  # which browsers leave out
# `none` is what the user has typed or clicked outside of any page.
OWN_SITES = frozenset({b"same-origin", b"none"})

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html",  # of the page's templates, whose fixed parts become elements
    ]
)
HEADERS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


@dataclass(frozen=True, slots=True)
class Access:
    """Under which port the server is reached, and the token that its page has."""

    port: int
    token: str

    @property
    def hosts(self) -> frozenset[str]:
        """What a browser writes into Host."""
        with_port = {f"{name}:{self.port}" for name in NAMES}
        return frozenset(with_port | set(NAMES) if self.port == PLAIN_PORT else with_port)

    @property
    def address(self) -> str:
        """What the user opens. Browsers keep what is behind the # to themselves."""
        return f"http://127.0.0.1:{self.port}/#token={self.token}"


class Guard:
    """The application behind its guard."""

    def __init__(self, app: App, access: Access) -> None:
        self._app = app
        self._hosts = frozenset(host.encode() for host in access.hosts)
        self._token = access.token.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it in one sentence."""
        if scope["type"] != "http":
            raise RuntimeError(f"Only HTTP is spoken here, not {scope['type']}.")
        reply = _Reply(send, headers_for(scope["path"]))
        refusal = self._refusal(scope)
        try:
            if refusal is None:
                await self._app(scope, receive, reply)
            else:
                await refuse(reply, *refusal)
        except Exception as error:  # noqa: BLE001 - the last place that can turn a fault of ours into a sentence
            sentence = report_fault("The dashboard", error)
            if not reply.started:
                await refuse(reply, 500, sentence)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """The status and the sentence for a request that goes no further."""
        headers = scope["headers"]
        host = _all(headers, b"host")
        if len(host) != 1 or host[0].lower() not in self._hosts:
            return 403, "This server answers only under the address that it printed when it was started."
        is_api = is_under_api(scope["path"])
        if any(origin.lower() != b"http://" + host[0].lower() for origin in _all(headers, b"origin")):
            return 403, "Requests of other pages are refused."
        if is_api and not OWN_SITES.issuperset(_all(headers, b"sec-fetch-site")):
            return 403, "Requests of other pages are refused."
        if is_api and not self._knows_the_token(headers):
            return 401, "The token is missing or of another start; open the address that `surefoot dashboard` prints."
        return _too_large(headers)

    def _knows_the_token(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        given = _all(headers, b"authorization")
        scheme, _, token = given[0].partition(b" ") if len(given) == 1 else (b"", b"", b"")
        return scheme.lower() == b"bearer" and hmac.compare_digest(token.strip(), self._token)


def is_under_api(path: str) -> bool:
    """Whether a path needs the token."""
    return path.startswith(API) or path == API[:-1]


def headers_for(path: str) -> tuple[tuple[bytes, bytes], ...]:
    """The headers of every reply. Answers are never kept by a browser; the page's files are asked for again."""
    return (*HEADERS, (b"cache-control", b"no-store" if is_under_api(path) else b"no-cache"))


def _too_large(headers: Iterable[tuple[bytes, bytes]]) -> tuple[int, str] | None:
    if _all(headers, b"transfer-encoding"):
        return 411, "Say in Content-Length how long the request is."
    length = _all(headers, b"content-length")
    if any(not value.isdigit() or int(value) > MOST_BODY for value in length):
        return 413, f"A request may have {MOST_BODY:,} bytes at most."
    return None


def _all(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> list[bytes]:
    return [value for name, value in headers if name == wanted]


class _Reply:
    """`send`, with our headers added to each reply."""

    def __init__(self, send: Send, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._headers = list(headers)
        self.started = False

    async def __call__(self, message: Message) -> None:
        """Pass a message on."""
        if message["type"] == "http.response.start":
            self.started = True
            ours = {name for name, _ in self._headers}
            theirs = [(name, value) for name, value in message.get("headers", ()) if name.lower() not in ours]
            message = {**message, "headers": [*theirs, *self._headers]}
        await self._send(message)


async def refuse(send: Send, status: int, sentence: str) -> None:
    """A whole reply: an error as JSON."""
    body = json.dumps({"error": sentence}, ensure_ascii=False).encode("utf-8", "replace")
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
