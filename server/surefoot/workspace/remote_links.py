"""The web address of lines at a commit, in the shapes of the hosts that people use.

Invariant: no user name, password or token of a remote's address reaches a link; a host of unknown shape gets none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, quote_from_bytes, unquote, urlsplit

# Hosts show these as pages of their own; only as plain text do they have lines to point at.
_RENDERED = (".md", ".markdown", ".mdown", ".rst", ".adoc", ".asciidoc", ".org", ".textile", ".creole", ".ipynb")
# Where a firewall lets nothing but port 443 through, these stand in for the host of the same repositories.
_SSH_STAND_INS = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}
_SCP_LIKE = re.compile(r"(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9][A-Za-z0-9.-]*):(?!//)(?P<path>\S.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Lines of a file at a commit; `path` is relative to the top of the repository."""

    commit: str
    path: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository as a browser finds it: `address` without a final slash, and how its host writes links."""

    address: str
    link: Callable[[str, Place], str]

    def to(self, place: Place) -> str:
        """The address of some lines."""
        return self.link(self.address, place)


def repository_of(remote: str) -> Repository | None:
    """The web side of a remote's address in ssh, scp-like or https form; None where its shape is not known."""
    parts = _parts(remote.strip())
    if parts is None:
        return None
    scheme, host, port, path = parts
    link = _shape(host)
    owner_and_name = path.strip("/").removesuffix(".git").strip("/")
    if link is None or "/" not in owner_and_name:
        return None
    return Repository(f"{scheme}://{host}{port}/{quote(unquote(owner_and_name), safe='/~')}", link)


def _parts(remote: str) -> tuple[str, str, str, str] | None:
    """Scheme, host, port and path of the web server that belongs to a remote."""
    if "://" not in remote:
        match = _SCP_LIKE.match(remote)
        return ("https", _host(match["host"]), "", match["path"]) if match else None
    try:
        url = urlsplit(remote)
        port = url.port
    except ValueError:
        return None
    if not url.hostname or url.scheme not in {"https", "http", "ssh", "git+ssh", "ssh+git", "git"}:
        return None
    is_web = url.scheme in {"https", "http"}  # the port of an ssh server says nothing about the web server's
    return url.scheme if is_web else "https", _host(url.hostname), f":{port}" if is_web and port else "", url.path


def _host(name: str) -> str:
    lower = name.lower()
    return _SSH_STAND_INS.get(lower, lower)


def _shape(host: str) -> Callable[[str, Place], str] | None:
    if "." not in host or not re.fullmatch(r"[a-z0-9.-]+", host):
        return None  # an alias of somebody's ssh configuration is no web server
    if host in {"bitbucket.org", "codeberg.org"}:
        return _bitbucket if host == "bitbucket.org" else _gitea
    words = re.split(r"[.-]", host)
    return next((link for word, link in _BY_WORD.items() if word in words), None)


def _github(address: str, place: Place) -> str:
    lines = f"#L{place.start}" if place.start == place.end else f"#L{place.start}-L{place.end}"
    return f"{address}/blob/{place.commit}/{_encoded(place.path)}{_plain(place, '?plain=1')}{lines}"


def _gitlab(address: str, place: Place) -> str:
    lines = f"#L{place.start}" if place.start == place.end else f"#L{place.start}-{place.end}"
    return f"{address}/-/blob/{place.commit}/{_encoded(place.path)}{_plain(place, '?plain=1')}{lines}"


def _bitbucket(address: str, place: Place) -> str:
    lines = f"#lines-{place.start}" if place.start == place.end else f"#lines-{place.start}:{place.end}"
    return f"{address}/src/{place.commit}/{_encoded(place.path)}{lines}"


def _gitea(address: str, place: Place) -> str:
    lines = f"#L{place.start}" if place.start == place.end else f"#L{place.start}-L{place.end}"
    return f"{address}/src/commit/{place.commit}/{_encoded(place.path)}{_plain(place, '?display=source')}{lines}"


_BY_WORD = {"github": _github, "gitlab": _gitlab, "gitea": _gitea, "forgejo": _gitea}


def _plain(place: Place, query: str) -> str:
    return query if place.path.lower().endswith(_RENDERED) else ""


def _encoded(path: str) -> str:
    return quote_from_bytes(os.fsencode(path), safe="/~")
