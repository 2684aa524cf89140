"""Finds the token for a tracker: in the environment, else in the system's keyring if the package for it is there.

Invariant: a token is in nothing that is shown or written: not in a `repr`, an error, a log, an address or a file.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from surefoot.errors import SyncError
from surefoot.sync.targets import SERVICES, Target

KEYRING_SERVICE = "surefoot"  # `keyring set surefoot github.com` keeps a token for that host
MASK = "…(masked)"

_VARIABLES = MappingProxyType(
    {"github": ("GITHUB_TOKEN", "GH_TOKEN"), "gitlab": ("GITLAB_TOKEN",), "jira": ("JIRA_TOKEN",)}
)
# As GitHub's own command line has it: the token of github.com is not the one of a company's server.
_ENTERPRISE = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
_EMAIL = "JIRA_EMAIL"  # Jira Cloud takes an address and a token, a server of one's own only the token


class Credential:
    """A token that can be sent, and is otherwise kept to itself."""

    __slots__ = ("_secrets", "authorization", "source")

    def __init__(self, token: str, source: str, email: str = "") -> None:
        pair = base64.b64encode(f"{email}:{token}".encode()).decode() if email else ""
        self._secrets = tuple(secret for secret in (token, pair) if secret)
        self.source = source
        self.authorization = _Hidden(f"Basic {pair}" if email else f"Bearer {token}")

    def __repr__(self) -> str:
        return f"Credential(from {self.source})"

    def masked(self, text: str) -> str:
        """The text, without the token wherever a server has put it."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text


class _Hidden(str):
    """A header's value that does not show in the locals of a traceback."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'…'"


def variables_of(target: Target) -> tuple[str, ...]:
    """The variables that a token for the target is looked for in, the first being the one to recommend."""
    names = _VARIABLES[target.tracker]
    return names if target.tracker != "github" or _is_public(target) else _ENTERPRISE + names


def credential_for(target: Target, environ: Mapping[str, str]) -> Credential | None:
    """The token for a target, if there is one. Raises SyncError for one that cannot be a token."""
    for variable in variables_of(target):
        if token := environ.get(variable, "").strip():
            return _credential(target, token, variable, environ)
    token = _from_keyring(target.host)
    return _credential(target, token, "the keyring", environ) if token else None


def _credential(target: Target, token: str, source: str, environ: Mapping[str, str]) -> Credential:
    email = environ.get(_EMAIL, "").strip() if target.tracker == "jira" else ""
    # Checked here, as whoever refuses it later would quote it.
    if not (token + email).isascii() or not (token + email).isprintable() or " " in token:
        raise SyncError(f"What {source} holds for {target.service.title} cannot be a token; set it again.")
    return Credential(token, source, email)


def _is_public(target: Target) -> bool:
    return target.url == SERVICES["github"].default_url


def _from_keyring(host: str) -> str:
    try:
        found = import_module("keyring").get_password(KEYRING_SERVICE, host)
    except Exception:  # noqa: BLE001 - not installed, locked, without a desktop: each is as good as no token
        return ""
    return found.strip() if isinstance(found, str) else ""
