"""The application: routers and the error page."""

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from querydesk.limits import TooExpensive
from querydesk.routes import queries, runs, shares

app = FastAPI(title="Query Desk")
app.include_router(queries.router)
app.include_router(runs.router)
app.include_router(shares.router)


@app.exception_handler(TooExpensive)
def too_expensive(request: Request, error: TooExpensive) -> JSONResponse:
    """Costly statements are the user's problem to solve, and they are told which rule was broken."""
    return JSONResponse({"rule": error.rule, "detail": str(error)}, status_code=422)
