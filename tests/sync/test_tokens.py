"""Tokens: where they are found, whom they are sent to, and that they are nowhere else."""

from __future__ import annotations

import logging
import sys
import traceback
import types
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from surefoot.cli.run import run
from surefoot.errors import SyncError, UsageError
from surefoot.sync.fetch import Fetcher, Patience
from surefoot.sync.sync import SyncOptions, sync
from surefoot.sync.targets import Target, checked_url, is_safe, target_of
from surefoot.sync.tokens import Credential, credential_for
from sync.tracker_server import TrackerServer, Waits, as_json, github_issue, gitlab_issue, jira_issue

TOKEN = "ghp_SureF00tSecretTokenThatNobodyMaySee1"
SHOP = "acme/shop/issues"


@pytest.fixture
def elsewhere() -> Iterator[TrackerServer]:
    """Another host, as far as names go."""
    with TrackerServer().running() as running:
        running.url = running.url.replace("127.0.0.1", "localhost")
        yield running


def options(root: Path, token: str = TOKEN) -> SyncOptions:
    waits = Waits()
    return SyncOptions(
        {"GITHUB_TOKEN": token, "GITLAB_TOKEN": token, "JIRA_TOKEN": token},
        root.parent / "locks",
        patience=Patience(sleep=waits.sleep, now=waits.now),
    )


# --- whom it is sent to ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_followed_without_the_token(
    server: TrackerServer, elsewhere: TrackerServer, root: Path, status: int
) -> None:
    elsewhere.tickets[SHOP] = [github_issue(1, 5)]
    server.faults = [(status, {"Location": f"{elsewhere.url}/api/v3/repos/acme/shop/issues"}, b"")]
    assert sync(root, target_of("github:acme/shop", server.url), options(root)).written == 1
    assert server.asked[0].authorization == f"Bearer {TOKEN}"
    assert [asked.authorization for asked in elsewhere.asked] == [""]


def test_a_redirect_back_shows_the_token_to_ours_only(
    server: TrackerServer, elsewhere: TrackerServer, root: Path
) -> None:
    here = f"{server.url}/api/v3/repos/acme/shop/issues"
    server.tickets[SHOP] = [github_issue(1, 5)]
    server.faults = [(302, {"Location": f"{elsewhere.url}/x"}, b"")]
    elsewhere.faults = [(302, {"Location": here}, b"")]
    assert sync(root, target_of("github:acme/shop", server.url), options(root)).written == 1
    assert [asked.authorization for asked in elsewhere.asked] == [""]


def test_a_redirect_on_the_same_host_keeps_the_token(server: TrackerServer, root: Path) -> None:
    """A renamed repository answers like that."""
    server.tickets["acme/renamed/issues"] = [github_issue(1, 5)]
    server.faults = [(301, {"Location": "/api/v3/repos/acme/renamed/issues"}, b"")]
    server.needs = f"Bearer {TOKEN}"
    assert sync(root, target_of("github:acme/shop", server.url), options(root)).written == 1


def test_a_link_to_another_host_is_followed_without_the_token(
    server: TrackerServer, elsewhere: TrackerServer, root: Path
) -> None:
    server.tickets[SHOP] = [github_issue(1, 5)]
    onward = f'<{elsewhere.url}/api/v3/repos/acme/shop/issues>; rel="next"'
    undated = github_issue(1, 5) | {"updated_at": ""}  # so that the link is followed
    server.faults = [as_json([undated], 200, {"Link": onward})]
    elsewhere.tickets[SHOP] = [github_issue(2, 5)]
    assert sync(root, target_of("github:acme/shop", server.url), options(root)).written == 2
    assert [asked.authorization for asked in elsewhere.asked] == [""]


def test_redirects_without_end_end(server: TrackerServer, root: Path) -> None:
    server.faults = [(302, {"Location": "/again"}, b"")] * 100
    with pytest.raises(SyncError, match="from one address to the next"):
        sync(root, target_of("github:acme/shop", server.url), options(root))


@pytest.mark.parametrize(
    "location", ["http://example.org/x", "file:///etc/passwd", "ftp://localhost/x", "http://[::", "//"]
)
def test_a_redirect_to_what_is_not_encrypted_is_not_followed(server: TrackerServer, root: Path, location: str) -> None:
    server.faults = [(302, {"Location": location}, b"")] * 6
    with pytest.raises(SyncError):
        sync(root, target_of("github:acme/shop", server.url), options(root))
    assert len(server.asked) <= 6


def test_a_server_elsewhere_may_not_send_us_to_this_machine() -> None:
    assert is_safe(httpx.URL("http://127.0.0.1:1/x"), from_local=True)
    assert not is_safe(httpx.URL("http://127.0.0.1:1/x"), from_local=False)
    assert not is_safe(httpx.URL("http://example.org/x"), from_local=True)


# --- where it is found -------------------------------------------------------------------------------------------

PUBLIC, OWN = target_of("github:a/b"), target_of("github:a/b", "https://github.example.org")


@pytest.mark.parametrize(
    ("target", "environ", "source"),
    [
        (PUBLIC, {"GITHUB_TOKEN": "1", "GH_TOKEN": "2"}, "GITHUB_TOKEN"),
        (PUBLIC, {"GITHUB_TOKEN": " ", "GH_TOKEN": "2"}, "GH_TOKEN"),
        (PUBLIC, {"GH_ENTERPRISE_TOKEN": "3"}, None),
        (OWN, {"GITHUB_TOKEN": "1", "GH_ENTERPRISE_TOKEN": "3"}, "GH_ENTERPRISE_TOKEN"),
        (OWN, {"GITHUB_TOKEN": "1"}, "GITHUB_TOKEN"),
        (target_of("gitlab:a/b"), {"GITHUB_TOKEN": "1"}, None),
        (target_of("gitlab:a/b"), {"GITLAB_TOKEN": "1"}, "GITLAB_TOKEN"),
        (target_of("jira:A", "https://a.atlassian.net"), {"JIRA_TOKEN": "1"}, "JIRA_TOKEN"),
    ],
)
def test_each_tracker_has_its_variables(target: Target, environ: dict[str, str], source: str | None) -> None:
    found = credential_for(target, environ)
    assert (found.source if found else None) == source


def test_the_keyring_is_asked_by_host_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = types.ModuleType("keyring")
    keyring.get_password = lambda service, host: f"{TOKEN}\n" if (service, host) == ("surefoot", "gitlab.com") else None
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    found = credential_for(target_of("gitlab:a/b"), {})
    assert found
    assert (found.source, str(found.authorization)) == ("the keyring", f"Bearer {TOKEN}")
    assert credential_for(PUBLIC, {}) is None


def test_a_keyring_that_is_locked_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(_service: str, _host: str) -> str:
        raise RuntimeError(TOKEN)

    keyring = types.ModuleType("keyring")
    keyring.get_password = locked
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert credential_for(PUBLIC, {}) is None


@pytest.mark.parametrize("token", ["a b", "a\nb", "gh\u00e4", "a\tb", "\U0001f511"])
def test_what_cannot_be_a_token_is_told_without_quoting_it(token: str) -> None:
    with pytest.raises(SyncError) as caught:
        credential_for(PUBLIC, {"GITHUB_TOKEN": token})
    assert str(caught.value) == "What GITHUB_TOKEN holds for GitHub cannot be a token; set it again."


# --- where it must not be ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        f"https://me:{TOKEN}@a.example", f"https://a.example/?private_token={TOKEN}", f"https://a.example/#{TOKEN}",
        f"http://a.example/{TOKEN}", f"https://[{TOKEN}",
    ],
)  # fmt: skip
def test_an_address_with_a_secret_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        checked_url(url)
    assert TOKEN not in str(caught.value)


def test_no_repr_shows_it() -> None:
    credential = Credential(TOKEN, "GITHUB_TOKEN", "ann@example.org")
    shown = f"{credential!r} {credential} {credential.authorization!r} {[credential.authorization]}"
    assert TOKEN not in shown
    assert "Basic" not in shown


TROUBLES = {
    "none": [],
    "401": [as_json({"message": f"bad {TOKEN}"}, 401)],
    "404": [as_json({"message": f"no {TOKEN}"}, 404)],
    "limit": [as_json({"message": f"slow {TOKEN}"}, 429, {"Retry-After": "9999"})],
    "500": [as_json({"message": TOKEN}, 500)] * 5,
    "html": [(200, {}, TOKEN.encode())] * 5,
    "breaks off": [(200, {"Transfer-Encoding": "chunked"}, b"5\r\nabc")] * 5,
    "redirects": [(302, {"Location": f"/{TOKEN}"}, b"")] * 6,
    "plain": [(302, {"Location": f"http://example.org/{TOKEN}"}, b"")],
}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("tracker", ["github:acme/shop", "gitlab:acme/shop", "jira:PROJ"])
def test_it_is_in_nothing_that_is_written_printed_or_logged(
    tracker: str,
    trouble: str,
    server: TrackerServer,
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not even where the server sends it back, in a ticket or in an error, and everybody logs everything."""
    caplog.set_level(logging.DEBUG)
    server.tickets |= {
        SHOP: [github_issue(1, 5, body=f"My token is {TOKEN}.", title=TOKEN)],
        "acme%2Fshop/issues": [gitlab_issue(1, 5, description=TOKEN)],
        "acme%2Fshop/merge_requests": [],
        "PROJ": [jira_issue(1, 5, description=TOKEN)],
    }
    server.faults = list(TROUBLES[trouble])
    cache = root.parent / "cache"
    for variable in ("GITHUB_TOKEN", "GITLAB_TOKEN", "JIRA_TOKEN"):
        monkeypatch.setenv(variable, TOKEN)
    monkeypatch.setenv("SUREFOOT_CACHE_DIR", str(cache))
    monkeypatch.setattr("surefoot.sync.fetch.FIRST_PAUSE", 0.001)
    code = run(["tickets", "sync", tracker, "--url", server.url, "--root", str(root)])
    is_harmless = (tracker, trouble) == ("jira:PROJ", "404")  # an old server without /serverInfo
    assert (code == 0) == (trouble == "none" or is_harmless)
    assert server.asked[0].authorization == f"Bearer {TOKEN}"
    shown = capfd.readouterr()
    assert shown.out or shown.err
    written = {path: path.read_bytes() for path in root.parent.rglob("*") if path.is_file()}
    assert [path for path, content in written.items() if TOKEN.encode() in content] == []
    assert [path for path in root.parent.rglob("*") if TOKEN in path.name] == []
    assert TOKEN not in shown.out + shown.err
    assert TOKEN not in caplog.text


def test_a_fault_of_ours_has_it_in_no_traceback(server: TrackerServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("surefoot.sync.fetch.wait_for_limit", fail)
    target = target_of("github:acme/shop", server.url)
    credential = Credential(TOKEN, "GITHUB_TOKEN")
    with Fetcher(target, credential, Patience()) as fetcher, pytest.raises(RuntimeError) as caught:
        fetcher.get("/repos/acme/shop/issues")
    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    ours = [frame for frame in told.stack if "surefoot" in frame.filename and "tests" not in frame.filename]
    assert ours
    assert not [frame for frame in ours if TOKEN in str(frame.locals)]
