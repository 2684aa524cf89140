"""Which files are served: those of the page, by exactly their names, and nothing else of the machine."""

from __future__ import annotations

import http.client
import json
import os
import shutil
from urllib.parse import unquote

import httpx
import pytest

from dashboard.serving import ACCESS, FAKE, environment, running
from lsp.fake_server import JOURNAL
from surefoot.dashboard import page_files
from surefoot.dashboard.app import create_app
from surefoot.dashboard.dashboard import Dashboard

TRICKS = [
    "..%2fserver.py", "%2e%2e/server.py", "..%2f..%2fengine.py", "../server.py", "%2fetc%2fpasswd", "/etc/passwd",
    "//etc/passwd", "..%5cserver.py", "..\\server.py", "C:%5cwindows%5cwin.ini", "%00", "app.js%00.html",
    "index.html%00", "app.js/", "./app.js", "views/../app.js", "views%2f..%2fapp.js", "", ".", "..", "views", "views/",
    ".hidden.js", "notes.txt", "program.py", "link.js", "linked/app.js", "%ff", "app.js%20", "APP.JS",
    "..;/server.py", "%252e%252e%252fserver.py", "index.html::$DATA",
]  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A page, beside what must not be served."""
    folder = tmp_path / "page"
    (folder / "views").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>a page</title>")
    (folder / "app.js").write_text("export const a = 'ü';")
    (folder / "views" / "trace.js").write_text("export const b = 1;")
    for name in ("notes.txt", "program.py", ".env"):
        (folder / name).write_text("secret")
    (tmp_path / "server.py").write_text("secret")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "app.js").write_text("secret")
    (folder / "link.js").symlink_to(tmp_path / "server.py")
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setattr(page_files.page_files, "__defaults__", (folder,))
    return folder


@pytest.fixture
async def client(folder):
    dashboard = Dashboard([])
    transport = httpx.ASGITransport(create_app(dashboard, ACCESS))
    async with httpx.AsyncClient(transport=transport, base_url=f"http://127.0.0.1:{ACCESS.port}") as client:
        yield client
    dashboard.close()


async def test_the_page_and_its_files_are_served_with_their_types(client, folder):
    page = await client.get("/")
    assert (page.status_code, page.text) == (200, (folder / "index.html").read_text())
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    script = await client.get("/static/app.js")
    assert (script.text, script.headers["content-type"]) == ("export const a = 'ü';", "text/javascript; charset=utf-8")
    assert (await client.get("/static/views/trace.js")).text == "export const b = 1;"
    head = await client.head("/static/app.js")
    assert (head.status_code, head.headers["content-length"]) == (200, script.headers["content-length"])


@pytest.mark.parametrize("trick", TRICKS)
async def test_nothing_else_is_served_whatever_the_name(folder, trick):
    """Straight into the application, as clients tidy such paths up."""
    dashboard, sent = Dashboard([]), []

    async def send(message):
        sent.append(message)

    path, host = f"/static/{unquote(trick)}", f"127.0.0.1:{ACCESS.port}".encode()
    scope = {"type": "http", "path": path, "root_path": "", "method": "GET", "headers": [(b"host", host)]}
    scope |= {"query_string": b"", "scheme": "http", "server": None}
    await create_app(dashboard, ACCESS)(scope, None, send)
    dashboard.close()
    assert sent[0]["status"] == 404
    assert set(json.loads(sent[1]["body"])) == {"error"}
    assert b"secret" not in sent[1]["body"]


async def test_a_page_that_is_not_there_is_one_sentence(client, folder):
    shutil.rmtree(folder)
    assert (await client.get("/")).json() == {"error": "The page has no such file."}


@pytest.mark.skipif(os.name == "nt", reason="paths that only POSIX sockets take")
def test_raw_requests_over_a_socket_get_no_further(tmp_path, folder):
    """No client tidies these paths up on the way; the real page is in the folder of the package here."""
    (tmp_path / "project").mkdir()
    env = environment(tmp_path / "cache", **{JOURNAL: str(tmp_path / "journal")})
    with running([*FAKE, str(tmp_path / "project")], env) as server:
        for trick in (*TRICKS, "../../../../../../etc/passwd", "..%2f" * 8 + "etc%2fpasswd"):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            connection.putrequest("GET", f"/static/{trick}", skip_host=True)
            connection.putheader("Host", f"127.0.0.1:{server.port}")
            connection.endheaders()
            reply = connection.getresponse()
            body = reply.read()
            assert reply.status == 404, (trick, body)
            assert set(json.loads(body)) == {"error"}
            connection.close()


def test_every_file_of_the_real_page_can_be_served():
    unserved = {
        path.relative_to(page_files.FOLDER).as_posix()
        for path in page_files.FOLDER.rglob("*")
        if path.is_file() and path.suffix not in (".md", ".txt")
    } - page_files.page_files().keys()
    assert not unserved
    assert page_files.INDEX in page_files.page_files()
