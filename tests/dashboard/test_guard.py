"""The guard: who may ask, and which headers every reply has."""

from __future__ import annotations

import json

import httpx
import pytest

from dashboard.serving import ACCESS, ALLOWED, TOKEN
from surefoot.dashboard.guard import MOST_BODY, Access, Guard

PORT = ACCESS.port


class Behind:
    """What stands behind the guard, and what it was asked."""

    def __init__(self):
        self.asked = []

    async def __call__(self, scope, receive, send):
        self.asked.append(scope["path"])
        if scope["path"].endswith("fault"):
            raise ZeroDivisionError("inner\nTraceback detail")
        headers = [(b"Cache-Control", b"public"), (b"content-type", b"text/plain")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["path"].endswith("half"):
            raise ZeroDivisionError("in the middle")
        await send({"type": "http.response.body", "body": b"inside"})


@pytest.fixture
def behind():
    return Behind()


async def asked(behind, path="/api/status", *, host=f"127.0.0.1:{PORT}", access=ACCESS, method="GET", **headers):
    given = {"Host": host, **ALLOWED, **{name.replace("_", "-"): value for name, value in headers.items()}}
    given = {name: value for name, value in given.items() if value is not None}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(Guard(behind, access))) as client:
        return await client.request(method, f"http://127.0.0.1:{access.port}{path}", headers=given)


@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"[::1]:{PORT}", f"LOCALHOST:{PORT}"])
async def test_its_own_names_are_let_through(behind, host):
    reply = await asked(behind, host=host)
    assert (reply.status_code, reply.text) == (200, "inside")


@pytest.mark.parametrize(
    "host",
    [
        "evil.example", f"evil.example:{PORT}", "127.0.0.1", f"127.0.0.1:{PORT + 1}", f"127.0.0.1.evil.example:{PORT}",
        f"localhost.:{PORT}", f"0.0.0.0:{PORT}", f"127.1:{PORT}", f"user@127.0.0.1:{PORT}", f"127.0.0.1:0{PORT}",
        "", f" :{PORT}", f"[::]:{PORT}", f"127.0.0.1:{PORT}, evil.example",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/status", "/", "/static/app.js"])
async def test_a_name_that_somebody_has_pointed_here_is_refused(behind, host, path):
    """DNS rebinding: the browser believes that this is evil.example, and so does its Host header."""
    reply = await asked(behind, path, host=host)
    assert reply.status_code == 403
    assert reply.json()["error"].endswith("when it was started.")
    assert behind.asked == []


async def scope_asked(behind, headers, path="/api/status"):
    """A request whose headers no client would send like this."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "method": "GET", "headers": headers}
    await Guard(behind, ACCESS)(scope, None, send)
    return sent[0]["status"]


async def test_two_hosts_two_tokens_or_none_are_refused(behind):
    host, token = (b"host", b"127.0.0.1:%d" % PORT), (b"authorization", b"Bearer " + TOKEN.encode())
    assert await scope_asked(behind, [host, token]) == 200
    assert await scope_asked(behind, [host, (b"host", b"evil.example"), token]) == 403
    assert await scope_asked(behind, [token]) == 403
    assert await scope_asked(behind, [host, token, token]) == 401
    assert await scope_asked(behind, [host]) == 401
    assert await scope_asked(behind, [host, token, (b"origin", b"http://evil.example")]) == 403
    own = (b"origin", b"http://127.0.0.1:%d" % PORT)
    assert await scope_asked(behind, [host, token, own, (b"origin", b"http://evil.example")]) == 403
    assert await scope_asked(behind, [host, (b"authorization", b"Bearer \xff\xfe")]) == 401


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example", "null", "", f"https://127.0.0.1:{PORT}", f"http://127.0.0.1:{PORT + 1}",
        f"http://localhost:{PORT}", f"http://127.0.0.1:{PORT}.evil.example", "file://", "vscode-webview://x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/ask", "/"])
async def test_a_foreign_origin_is_refused(behind, origin, path):
    reply = await asked(behind, path, method="POST", Origin=origin)
    assert reply.status_code == 403
    assert not [name for name in reply.headers if name.startswith("access-control")]
    assert behind.asked == []


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200), ("none", 200)]
)
async def test_what_the_browser_says_of_the_asking_site_is_believed(behind, site, status):
    assert (await asked(behind, Sec_Fetch_Site=site)).status_code == status


async def test_a_link_on_another_site_opens_the_page_and_nothing_else(behind):
    assert (await asked(behind, "/", Sec_Fetch_Site="cross-site", Authorization=None)).status_code == 200
    assert (await asked(behind, "/api/status", Sec_Fetch_Site="cross-site")).status_code == 403


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        f"Basic {TOKEN}",
        TOKEN,
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
    ],
)
async def test_without_the_token_nothing_of_the_code_is_shown(behind, given):
    reply = await asked(behind, Authorization=given)
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert TOKEN not in reply.text
    assert behind.asked == []


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/../api/status"])
async def test_every_path_below_api_needs_the_token(behind, path):
    assert (await asked(behind, path, Authorization=None)).status_code == 401


async def test_the_page_itself_needs_no_token(behind):
    assert (await asked(behind, "/", Authorization=None)).status_code == 200
    assert (await asked(behind, "/static/app.js", Authorization=None)).status_code == 200


async def test_a_preflight_is_answered_with_no_permission(behind):
    reply = await asked(behind, method="OPTIONS", Origin="http://evil.example", Access_Control_Request_Method="POST")
    assert reply.status_code == 403
    assert "access-control-allow-origin" not in reply.headers


async def test_a_large_body_is_refused_before_it_is_read(behind):
    for length in (str(MOST_BODY + 1), "9" * 30, "-1", "x"):
        reply = await asked(behind, method="POST", Content_Length=length)
        assert reply.status_code == 413
    assert (await asked(behind, method="POST", Content_Length=str(MOST_BODY))).status_code == 200
    assert (await asked(behind, method="POST", Transfer_Encoding="chunked")).status_code == 411
    assert len(behind.asked) == 1


@pytest.mark.parametrize("path", ["/", "/static/app.js", "/api/status", "/api/fault", "/api/refused"])
async def test_every_reply_has_the_strict_headers(behind, path):
    authorization = None if path == "/api/refused" else ALLOWED["Authorization"]
    reply = await asked(behind, path, Authorization=authorization)
    policy = dict(part.split(" ", 1) for part in reply.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert "unsafe" not in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["cross-origin-opener-policy"] == reply.headers["cross-origin-resource-policy"] == "same-origin"
    assert reply.headers.get_list("cache-control") == ["no-store" if path.startswith("/api") else "no-cache"]


async def test_a_fault_behind_it_is_one_sentence(behind, caplog):
    reply = await asked(behind, "/api/fault")
    assert reply.status_code == 500
    sentence = json.loads(reply.text)["error"]
    assert "ZeroDivisionError" in sentence
    assert "\n" not in sentence
    assert "detail" not in sentence
    assert "detail" in caplog.text


async def test_a_fault_in_the_middle_of_a_reply_ends_it(behind, caplog):
    headers = [(b"host", b"127.0.0.1:%d" % PORT), (b"authorization", b"Bearer " + TOKEN.encode())]
    assert await scope_asked(behind, headers, "/api/half") == 200
    assert "in the middle" in caplog.text


async def test_on_port_80_browsers_leave_the_port_out(behind):
    assert (await asked(behind, host="127.0.0.1", access=Access(80, TOKEN))).status_code == 200


async def test_nothing_but_http_is_spoken(behind):
    with pytest.raises(RuntimeError, match="Only HTTP"):
        await Guard(behind, ACCESS)({"type": "websocket", "path": "/", "headers": []}, None, None)
