"""Fetches one file of a model hub over HTTP, going on where an earlier try stopped.

Invariant: the part file is always a prefix of the file at one pinned revision.
"""

from __future__ import annotations

import re
from pathlib import Path

import httpx

from surefoot.models.catalog import CatalogEntry
from surefoot.models.report import Report

HUB = "https://huggingface.co"
# The hub redirects to its storage; the first answer carries the file's sha256 under this name.
CHECKSUM_HEADER = "x-linked-etag"
TIMEOUT = httpx.Timeout(30.0, connect=3.0)  # a hub that cannot be reached must not keep the mirror waiting
TRIES = 3  # per call, each from where the last one stopped
SHA256 = re.compile(r"[0-9a-f]{64}")


class HubFailedError(Exception):
    """The hub cannot give the file; the message is a clause without a full stop."""


def fetch(entry: CatalogEntry, part: Path, hub: str, report: Report) -> str | None:
    """Complete `part`, and return the sha256 that the hub announces for it, if any."""
    url = f"{hub}/{entry.repo}/resolve/{entry.revision}/{entry.file}"
    with httpx.Client(follow_redirects=True, timeout=TIMEOUT) as client:
        for attempt in range(TRIES):
            try:
                return _fetch_rest(client, url, part, report)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                raise HubFailedError("its hub cannot be reached") from error
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                if attempt == TRIES - 1:
                    raise HubFailedError(f"the connection to its hub broke ({type(error).__name__})") from error
    return None


def _fetch_rest(client: httpx.Client, url: str, part: Path, report: Report) -> str | None:
    have = part.stat().st_size if part.exists() else 0
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            return _announced(response)  # nothing is left to fetch, or what is there is wrong: the checksum tells
        if response.status_code not in {httpx.codes.OK, httpx.codes.PARTIAL_CONTENT}:
            raise HubFailedError(f"its hub answered with status {response.status_code}")
        resumed = response.status_code == httpx.codes.PARTIAL_CONTENT and _begins_at(response, have)
        done = have if resumed else 0
        total = done + int(response.headers.get("content-length", 0))
        with part.open("ab" if resumed else "wb") as file:
            for block in response.iter_raw():
                report.cancel.raise_if_cancelled()
                file.write(block)
                done += len(block)
                report.progress(done, total)
        return _announced(response)


def _begins_at(response: httpx.Response, have: int) -> bool:
    return str(response.headers.get("content-range", "")).startswith(f"bytes {have}-")


def _announced(response: httpx.Response) -> str | None:
    for answer in (*response.history, response):
        if found := SHA256.search(answer.headers.get(CHECKSUM_HEADER, "")):
            return found.group()
    return None
