"""Gets JSON from a tracker's API: patient with limits and faults, within bounds, and careful with the token.

Invariant: the token goes to the API's own origin only, whatever a redirect or a link of the server says.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from surefoot.errors import SyncError
from surefoot.sync.limits import wait_for_limit, words_for_limit
from surefoot.sync.refusals import sentence_for
from surefoot.sync.targets import LOCAL_HOSTS, Target, is_safe
from surefoot.sync.tokens import Credential
from surefoot.trace import CancelToken

TIMEOUT = httpx.Timeout(30.0, connect=10.0)
TRIES = 5  # of one request that fails for reasons that pass: 5xx, timeouts, half answers
FIRST_PAUSE = 1.0  # seconds, doubled each time
LONGEST_WAIT = 60.0  # seconds that a rate limit is waited for; who has to wait longer is told when to come back
MOST_WAITS = 10  # for one request
MOST_REDIRECTS = 5
MOST_BYTES = 64 * 1024 * 1024  # of one answer: a hundred tickets take half a million
SLICE = 0.2  # seconds between looks at whether the user has had enough

AGAIN = "run the same command again later: it goes on where it stopped."


def _sleep(seconds: float, cancel: CancelToken) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        cancel.raise_if_cancelled()
        time.sleep(min(SLICE, left))


@dataclass(frozen=True, slots=True)
class Patience:
    """How one waits, and whether one still may."""

    cancel: CancelToken = field(default_factory=CancelToken)
    sleep: Callable[[float, CancelToken], None] = _sleep
    now: Callable[[], float] = time.time


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered: JSON, and the headers that tell where it goes on."""

    value: Any
    headers: httpx.Headers
    links: Mapping[str, str]


class _PassingFaultError(Exception):
    """Something that may be over in a second; the message is a clause."""


class Fetcher:
    """One connection to one API. Use it as a context."""

    def __init__(self, target: Target, credential: Credential | None, patience: Patience) -> None:
        self.target, self.patience = target, patience
        self._credential = credential
        self._origin = _origin(httpx.URL(target.api))
        self._answered = False
        # They log addresses and headers, into which a server may have put what we have sent.
        self._levels = [(logger, logger.level) for logger in map(logging.getLogger, ("httpx", "httpcore"))]
        self._client = httpx.Client(timeout=TIMEOUT, headers={"User-Agent": "surefoot", "Accept": "application/json"})

    def __enter__(self) -> Fetcher:
        for logger, _ in self._levels:
            logger.setLevel(logging.WARNING)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()
        for logger, level in self._levels:
            logger.setLevel(level)

    def get(self, path: str, params: Mapping[str, str | int] | None = None) -> Reply:
        """What the API answers at `path`, or at an address that it has linked to. Raises SyncError."""
        address = self._address(path, params)
        pause, waits = FIRST_PAUSE, 0
        for attempt in range(1, TRIES + MOST_WAITS + 1):
            self.patience.cancel.raise_if_cancelled()
            try:
                status, headers, body, links = self._answer(address)
                limit = wait_for_limit(status, headers, body, self.patience.now())
                if limit is None:
                    return self._reply(status, headers, body, links)
                waits += 1
                if limit > LONGEST_WAIT or waits > MOST_WAITS:
                    raise SyncError(words_for_limit(self.target, self._credential, limit, self.patience.now()))
                self.patience.sleep(limit, self.patience.cancel)
            except _PassingFaultError as fault:
                if attempt - waits >= TRIES or (str(fault) == UNREACHABLE and not self._answered):
                    raise SyncError(f"{self.target.service.title} {fault}; {AGAIN}") from None
                self.patience.sleep(pause, self.patience.cancel)
                pause *= 2
        raise SyncError(f"{self.target.service.title} keeps putting us off; {AGAIN}")

    def get_if_there(self, path: str, params: Mapping[str, str | int] | None = None) -> Reply | None:
        """The same; None where there is nothing, as it was deleted in the meantime."""
        try:
            return self.get(path, params)
        except GoneError:
            return None

    def masked(self, text: str) -> str:
        """The text without our token, should a server have sent it back."""
        return self._credential.masked(text) if self._credential else text

    def _address(self, path: str, params: Mapping[str, str | int] | None) -> httpx.URL:
        try:
            address = httpx.URL(path if "://" in path else self.target.api + path)
            return address.copy_merge_params(dict(params)) if params else address
        except (httpx.InvalidURL, ValueError):  # made of what the server has answered: the name of its next page
            raise SyncError(f"{self.target.service.title} names a next page that is no address; check --url.") from None

    def _reply(self, status: int, headers: httpx.Headers, body: bytes, links: Mapping[str, str]) -> Reply:
        if status >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise _PassingFaultError(f"answered with status {status}, {TRIES} times")
        if status != httpx.codes.OK:
            sentence = sentence_for(status, self.target, self._credential)
            raise (GoneError if status in {404, 410} else SyncError)(sentence)
        self._answered = True
        try:
            return Reply(json.loads(body.decode("utf-8", "replace")), headers, links)
        except (ValueError, RecursionError):
            raise _PassingFaultError(
                f"answered with something else than JSON, {TRIES} times (is --url right?)"
            ) from None

    def _answer(self, address: httpx.URL) -> tuple[int, httpx.Headers, bytes, dict[str, str]]:
        """The last answer of a chain of redirects."""
        for _ in range(MOST_REDIRECTS + 1):
            if not is_safe(address, from_local=self._origin[1] in LOCAL_HOSTS):
                raise SyncError(f"{self.target.service.title} leads to an address that is not encrypted; check --url.")
            # Nothing of the library's errors is passed on: they hold the request, and the request the token.
            try:
                response, body = self._read(address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                raise _PassingFaultError(UNREACHABLE) from None
            except httpx.TimeoutException:
                raise _PassingFaultError(f"did not answer in time, {TRIES} times") from None
            except (httpx.HTTPError, httpx.InvalidURL):
                raise _PassingFaultError(f"broke the connection off, {TRIES} times") from None
            if not response.has_redirect_location:
                return response.status_code, response.headers, body, _links(response)
            try:
                address = address.join(response.headers["location"])
            except (httpx.InvalidURL, ValueError):
                break
        raise SyncError(f"{self.target.service.title} sends us from one address to the next; check --url.")

    def _read(self, address: httpx.URL) -> tuple[httpx.Response, bytes]:
        is_ours = _origin(address) == self._origin and self._credential is not None
        headers = {"Authorization": str(self._credential.authorization)} if is_ours and self._credential else {}
        body = bytearray()
        with self._client.stream("GET", address, headers=headers, follow_redirects=False) as response:
            for block in response.iter_bytes():
                self.patience.cancel.raise_if_cancelled()
                body += block
                if len(body) > MOST_BYTES:
                    raise SyncError(f"{self.target.service.title} answered with more than {MOST_BYTES:,} bytes.")
        return response, bytes(body)


UNREACHABLE = "cannot be reached (check the connection and --url)"


class GoneError(SyncError):
    """The server has nothing at this address, or nothing that we may see."""


def _links(response: httpx.Response) -> dict[str, str]:
    try:
        return {
            name: str(response.url.join(link["url"])) for name, link in response.links.items() if name and "url" in link
        }
    except (httpx.InvalidURL, ValueError):
        return {}


def _origin(address: httpx.URL) -> tuple[str, str, int | None]:
    standard = {"https": 443, "http": 80}.get(address.scheme)
    return address.scheme, address.host, address.port or standard
