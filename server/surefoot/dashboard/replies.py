"""From requests to arguments, and from values to replies; what goes wrong on the way is one sentence in JSON.

Invariant: an endpoint only ever raises; what that means in HTTP is said here and nowhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from surefoot import wire
from surefoot.dashboard.contract import ErrorReply
from surefoot.errors import Cancelled, ModelError, StoreError, SurefootError, TraceNotFoundError, UsageError
from surefoot.live.faults import report_fault

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from surefoot.dashboard.dashboard import Dashboard

Endpoint = Callable[["Dashboard", Request], Awaitable["ASGIApp"]]
A = TypeVar("A", bound=wire.Arguments)

MOST_DIGITS = 9  # of a number behind the ?
JSON = "application/json"
# The first that fits holds; whoever has gone does not see the first.
STATUSES: tuple[tuple[type[SurefootError], int], ...] = (
    (Cancelled, 499),
    (TraceNotFoundError, 404),
    (UsageError, 400),
    (ModelError, 409),
    (StoreError, 503),
)


def json_reply(text: str, status: int = 200) -> Response:
    """A reply of JSON that is written already."""
    return Response(text.encode("utf-8"), status_code=status, media_type=JSON)


def error_reply(sentence: str, status: int) -> Response:
    """One sentence."""
    return json_reply(ErrorReply(error=sentence).to_json(), status)


def status_of(error: SurefootError) -> int:
    """The HTTP status that says most of what the sentence says."""
    return next((status for kind, status in STATUSES if isinstance(error, kind)), 500)


def guarded(endpoint: Endpoint, dashboard: Dashboard) -> Callable[[Request], Awaitable[ASGIApp]]:
    """`endpoint` as starlette runs it: whatever it raises leaves as one sentence."""

    async def run(request: Request) -> ASGIApp:
        try:
            return await endpoint(dashboard, request)
        except HTTPException as error:
            return error_reply(error.detail, error.status_code)
        except ClientDisconnect:
            return error_reply("The connection was closed.", 499)
        except SurefootError as error:
            return error_reply(str(error), status_of(error))
        except Exception as error:  # noqa: BLE001 - the boundary that keeps the server alive
            return error_reply(report_fault(request.url.path, error), 500)

    return run


async def not_found(request: Request, error: Exception) -> Response:
    """Starlette's own refusals: no such path, or not by this method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    asked = f"{request.method} {request.url.path}"
    sentence = f"There is nothing at {asked}." if status == 404 else f"{asked} cannot be done."
    return error_reply(sentence, status)


async def arguments(request: Request, model: type[A]) -> A:
    """The body of a request, checked. Raises UsageError."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != JSON:
        raise HTTPException(415, f"The request has to be {JSON}.")
    try:
        return model.model_validate_json(await request.body() or b"{}")
    except ValidationError as error:
        raise UsageError(wire.usage_sentence(error)) from None


def query_arguments(request: Request, model: type[A], *, numbers: Collection[str] = ()) -> A:
    """The parameters behind the ?, checked in the same way; those that are empty are as if left out."""
    given: dict[str, object] = {name: value for name, value in request.query_params.items() if value}
    given |= {name: int(str(given[name])) for name in numbers if _is_number(str(given.get(name, "")))}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise UsageError(wire.usage_sentence(error)) from None


def word(request: Request, name: str) -> str:
    """A parameter behind the ?, empty where it is not there."""
    return request.query_params.get(name, "")


def needed(request: Request, name: str) -> str:
    """A parameter that has to be there. Raises UsageError."""
    value = word(request, name)
    if not value.strip():
        raise UsageError(f"'{name}' is missing.")
    return value


def number(request: Request, name: str, default: int, *, most: int) -> int:
    """A whole number from 1 to `most`. Raises UsageError."""
    value = word(request, name)
    if not value:
        return default
    if not _is_number(value) or not 1 <= int(value) <= most:
        raise UsageError(f"'{name}' should be a whole number from 1 to {most:,}.")
    return int(value)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= MOST_DIGITS


async def has_left(request: Request) -> None:
    """Returns when the connection has been closed. The body has to be read before."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def look_at(future: asyncio.Future[Any]) -> None:
    """For results that nobody waits for any more: asyncio complains of exceptions that nobody looked at."""
    if not future.cancelled():
        future.exception()
