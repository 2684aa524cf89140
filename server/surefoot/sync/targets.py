"""What can be synced: a tracker, a project of it, and where the tracker is.

Invariant: a project's name is safe in an address, in a query and as folders, whoever wrote it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType

import httpx

from surefoot.errors import UsageError

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

_SEGMENT = r"(?!\.{1,2}(?:/|$)|\.git(?:/|$))[A-Za-z0-9_.-]{1,100}"
_HOST = re.compile(r"[\w.-]+|[0-9a-fA-F:.]+")
_MOST_GROUPS = 20  # GitLab's own limit of groups within groups


@dataclass(frozen=True, slots=True)
class Service:
    """One of the trackers: what it is called, where it is unless somebody runs their own, and what its API is below."""

    tracker: str
    title: str
    default_url: str
    api: str  # below the address of an own one
    project: re.Pattern[str]
    example: str


SERVICES = MappingProxyType(
    {
        service.tracker: service
        for service in (
            Service(
                "github", "GitHub", "https://github.com", "/api/v3",
                re.compile(rf"{_SEGMENT}/{_SEGMENT}"), "github:owner/repository",
            ),
            Service(
                "gitlab", "GitLab", "https://gitlab.com", "/api/v4",
                re.compile(rf"{_SEGMENT}(?:/{_SEGMENT}){{1,{_MOST_GROUPS}}}"), "gitlab:group/project",
            ),
            Service("jira", "Jira", "", "/rest/api/2", re.compile(r"[A-Z][A-Z0-9_]{0,99}"), "jira:PROJ"),
        )
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """A project of a tracker. `url` is where people see the tracker, without a slash at its end."""

    tracker: str
    project: str
    url: str

    @property
    def service(self) -> Service:
        """Which tracker it is of."""
        return SERVICES[self.tracker]

    @property
    def name(self) -> str:
        """As it is written on the command line."""
        return f"{self.tracker}:{self.project}"

    @property
    def host(self) -> str:
        """The host that tokens are kept for."""
        return httpx.URL(self.url).host

    @property
    def api(self) -> str:
        """The address that the paths of the API are below."""
        if self.url == SERVICES["github"].default_url:
            return "https://api.github.com"
        return self.url if self.url.endswith(self.service.api) else self.url + self.service.api


def target_of(name: str, url: str = "") -> Target:
    """The target that a user names. Raises UsageError."""
    tracker, _, project = name.partition(":")
    service = SERVICES.get(tracker.lower())
    if service is None:
        examples = ", ".join(service.example for service in SERVICES.values())
        raise UsageError(f"'{name}' names no tracker; write {examples}.")
    project = project.strip("/").upper() if service.tracker == "jira" else project.strip("/")
    if not service.project.fullmatch(project):
        raise UsageError(f"'{project}' is no project of {service.title}; write {service.example}.")
    if not url and not service.default_url:
        raise UsageError(f"Where that {service.title} is has to be told once: {name} --url https://...")
    return Target(service.tracker, project, checked_url(url) if url else service.default_url)


def checked_url(url: str) -> str:
    """An address that a token may be sent to. Raises UsageError, which does not repeat what may be a secret."""
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, UnicodeError) as error:
        raise UsageError("--url is no address; write it as https://jira.example.org.") from error
    if parsed.userinfo or parsed.query or parsed.fragment:
        raise UsageError("--url takes an address without password, question mark and number sign; tokens go elsewhere.")
    if not _HOST.fullmatch(parsed.host) or not is_safe(parsed, from_local=True):
        raise UsageError("--url has to begin with https://, so that nobody reads the token on its way.")
    return str(parsed).rstrip("/")


def is_safe(address: httpx.URL, *, from_local: bool) -> bool:
    """Whether it is encrypted, or stays on this machine; what is elsewhere may not send us to this machine."""
    return address.scheme == "https" or (from_local and address.scheme == "http" and address.host in LOCAL_HOSTS)
