"""Which endpoints there are, all in one place.

Invariant: every path below /api answers in JSON or in events, whatever happens; everything stands behind the guard.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from surefoot.dashboard import indexed, places, quality, questions, traces
from surefoot.dashboard.events import events
from surefoot.dashboard.guard import Access, Guard
from surefoot.dashboard.page_files import INDEX, media_type, page_files
from surefoot.dashboard.replies import Endpoint, guarded, not_found

if TYPE_CHECKING:
    from starlette.requests import Request

    from surefoot.dashboard.dashboard import Dashboard


async def page(_dashboard: Dashboard, _request: Request) -> Response:
    """The page itself, which holds nothing secret."""
    return _file(INDEX)


async def static(_dashboard: Dashboard, request: Request) -> Response:
    """A file of the page."""
    return _file(request.path_params["name"])


def _file(name: str) -> Response:
    path = page_files().get(name)
    if path is None:
        raise HTTPException(404, "The page has no such file.")
    return Response(path.read_bytes(), headers={"content-type": media_type(name)})


ENDPOINTS: Mapping[tuple[str, str], Endpoint] = {
    ("GET", "/"): page,
    ("GET", "/static/{name:path}"): static,
    ("POST", "/api/search"): questions.search,
    ("POST", "/api/ask"): questions.ask,
    ("GET", "/api/events"): events,
    ("GET", "/api/status"): indexed.status,
    ("POST", "/api/reindex"): indexed.reindex,
    ("GET", "/api/coverage"): indexed.coverage,
    ("GET", "/api/models"): indexed.models,
    ("POST", "/api/model"): indexed.choose_model,
    ("GET", "/api/source"): places.source,
    ("GET", "/api/files"): places.files,
    ("GET", "/api/symbols"): places.symbols,
    ("GET", "/api/neighbours"): places.neighbours,
    ("GET", "/api/traces"): traces.list_traces,
    ("GET", "/api/traces/{id}"): traces.trace,
    ("POST", "/api/traces/{id}/replay"): traces.replay,
    ("GET", "/api/metrics"): traces.metrics,
    ("POST", "/api/report"): traces.report,
    ("GET", "/api/quality"): quality.quality,
}


def create_app(dashboard: Dashboard, access: Access) -> Guard:
    """The application, ready to be served."""
    routes = [
        Route(path, guarded(endpoint, dashboard), methods=[method]) for (method, path), endpoint in ENDPOINTS.items()
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: not_found})
    app.router.redirect_slashes = False
    return Guard(app, access)
