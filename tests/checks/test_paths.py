"""The policy for paths: found by their end, slips put right, and no alarm for what is no claim about this tree."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from conftest import write_tree
from surefoot.engine import Engine

FILES = {
    "net/_client.py": "def send():\n    return 1\n\n\ndef receive():\n    return 2\n",
    "net/_config.py": "LIMIT = 3\n",
    "net/__init__.py": "from net._client import send\n",
    "net/http/__init__.py": "VERSION = 2\n",
    "web/lib/node.js": "function start () { return 1 }\n",
    "app/[id]/page.tsx": "export const page = 1\n",
    "docs/usage.md": "# Usage\n\nCall send.\n",
    "Makefile": "all:\n\ttrue\n",
    "assets/logo.png": "\0",
    "package-lock.json": "{}\n",
    "examples/.tool.toml": "x = 1\n",
    ".github/workflows/test.yml": "on: push\n",
    "docs/mkdocs.yml": "nav_depth: 2\n",
    "docs/other.yml": "theme_name: 2\n",
}


@pytest.fixture
def check(open_engine: Callable[..., Engine], tmp_path) -> Callable[[str], dict[str, tuple[str, str]]]:
    root = tmp_path / "proj"
    write_tree(root, FILES)
    engine = open_engine(root)
    engine.refresh()
    return lambda text: {m.text: (m.verdict.value, m.correction) for m in engine.check_text(text).mentions}


@pytest.mark.parametrize(
    "text",
    [
        "net/_client.py",
        "`_client.py`",
        "./net/_client.py",
        "proj/net/_client.py",
        "[x](../net/_client.py)",
        "app/[id]/page.tsx:1",
        "`Makefile`",
        "assets/logo.png",
        "package-lock.json",
        "`net/http/`",
        "__init__.py",
        "a/net/_client.py",
        "/home/me/proj/net/_client.py:3",
        "C:\\work\\net\\_client.py:3",
        "net/_client.py:5:12",
        "```\nnet/_client.py:5: def receive\n```",
        "```5:6:net/_client.py\ndef receive():\n```",
    ],
)
def test_what_is_there_is_valid(check: Callable[[str], dict[str, tuple[str, str]]], text: str) -> None:
    (found,) = check(text).values()
    assert found == ("valid", "")


@pytest.mark.parametrize(
    ("text", "verdict", "correction"),
    [
        ("net/_clinet.py", "missing", "net/_client.py"),
        ("`_confg.py`", "missing", "net/_config.py"),
        ("net/http/_client.py:3", "moved", "net/_client.py:3"),
        ("web/_config.py", "moved", "net/_config.py"),
        ("net\\_client.py:3", "missing", "net/_client.py:3"),
        ("Net/_Client.py", "missing", "net/_client.py"),
        ("net/cache.py:12", "missing", ""),
        ("`net/redis_backend.py`", "missing", ""),
        ("net/_client.ts", "missing", "net/_client.py"),
        ("`node_start.js`", "missing", ""),
        ("`pytest net/_clinet.py`", "missing", "net/_client.py"),
        ("- [ ] `net/htttp/__init__.py`", "moved", "net/http/__init__.py"),
        ("`.github/test.yml`", "moved", ".github/workflows/test.yml"),
        ("`.github/labels.yml`", "missing", ""),
        ("`.tol.toml`", "missing", "examples/.tool.toml"),
        ("`mkdosc.yml`", "missing", "docs/mkdocs.yml"),
        ("`.proj.toml:3`", "missing", ""),
        ("net/_client.py:70-90", "changed", ""),
        ("net/_client.py (lines 70-90)", "changed", ""),
    ],
)
def test_what_is_not_there_is_said_and_put_right(
    check: Callable[[str], dict[str, tuple[str, str]]], text: str, verdict: str, correction: str
) -> None:
    assert list(check(text).values()) == [(verdict, correction)]


@pytest.mark.parametrize(
    "text",
    [
        "Node.js and Vue.js",
        "`response.json` and `self.data.csv`",
        "https://example.com/net/gone.py:3",
        "me@example.com/gone.py",
        "localhost:8080 and redis:6379 and 10:30",
        "and/or, input/output, application/json",
        "`src/**/*.py` and `*_test.py` and `<name>.py`",
        "path/to/file.py and my_module.py",
        "Create `net/cache.py`.",
        "Add a new file called `net/cache.py`",
        "`setup.py`, `settings.py`, `main.py`",
        "`~/.config/tool.toml`",
        "/etc/nginx/nginx.conf:3",
        "version 1.2.3 of v2.0.1",
        "`/api/users/list.json`",
        "`feature/login` and origin/main",
        "e.g. i.e. etc.",
        "Put it in `net/cache.py`, and place `create_app()` in `app/client.py`.",
        "The migration will be `net/migrations/0002_alter.py`.",
        "The test is `net/test_cache.py` (to be created)",
        "- [ ] `net/cache.py` has tests",
        "`kubectl apply -f deploy/app.yaml` and `bundle exec sidekiq -C config/sidekiq.yml`",
        "`requests` has this in `requests/sessions.py`.",
        "Like `rest_framework.views.APIView` in `rest_framework/views.py`.",
        "See `docker-compose.yml` and `logging.yaml`.",
        "Write `.proj.toml`, or read `.proj.py`; `docs/.proj.toml` and `proj.yaml` do too.",
        "`send` reads `.proj.toml`, and `LIMIT` in `.proj.toml` is the most.",
        "`LIMIT` in `proj.toml` or in `.vscode/settings.json` is the most.",
        "`LIMIT` in `package-lock.json` and in `examples/.tool.toml` is the most.",
        "```python\n# net/cache.py\n```\nIts test is `net/test_cache.py`, and `net/cache.test.py` is another.",
        "```python\nfrom net import gone\nopen('net/gone.py')\n```",
        "**net/made_up_example.py**\n\n```python\nx = 1\n```",
        "[test/old.py](https://example.com/x)",
        "`@scope/pkg/x.js`",
        "${HOME}/x.py and $DIR/x.py",
        "python:3.11 and image:latest",
        "/usr/lib/python3.11/asyncio/events.py:84",
        "`_ssl.c:1124`",
    ],
)
def test_no_alarm(check: Callable[[str], dict[str, tuple[str, str]]], text: str) -> None:
    assert {text: found for text, found in check(text).items() if found[0] != "valid"} == {}
