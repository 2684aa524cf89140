"""What to say when a tracker refuses: one sentence with the way out, which is mostly a variable to set.

Invariant: names variables and projects, never what a variable holds.
"""

from __future__ import annotations

import httpx

from surefoot.sync.targets import Target
from surefoot.sync.tokens import Credential, variables_of


def sentence_for(status: int, target: Target, credential: Credential | None) -> str:
    """Why nothing comes, and what to do about it."""
    title, variable = target.service.title, variables_of(target)[0]
    also = " and JIRA_EMAIL to the account's address" if target.tracker == "jira" and _is_cloud(target) else ""
    if status == httpx.codes.UNAUTHORIZED and credential:
        return f"{title} did not accept the token of {credential.source} (401); set {variable} to a valid one{also}."
    if status == httpx.codes.UNAUTHORIZED:
        return f"{title} wants to know who asks (401); set {variable} to a token that may read {target.project}{also}."
    if status in {httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND, httpx.codes.GONE}:
        who = f"with the token of {credential.source}" if credential else f"without a token in {variable}"
        return (
            f"{title} shows no tickets of {target.project} {who} ({status}); check the name, whether the project has "
            "tickets, and what the token may read."
        )
    if status == httpx.codes.BAD_REQUEST:
        return f"{title} did not understand the request for {target.project} (400); check that the project exists."
    return f"{title} answered with status {status} instead of tickets; check --url."


def _is_cloud(target: Target) -> bool:
    return target.host.endswith(".atlassian.net")
