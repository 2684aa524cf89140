"""Runs of saved queries."""

from fastapi import APIRouter, Depends, HTTPException

from querydesk.dependencies import current_user, storage
from querydesk.limits import check_quota
from querydesk.runner import run_statement

router = APIRouter()


@router.post("/queries/{query_id}/runs", status_code=201)
def start_run(query_id: int, user=Depends(current_user), store=Depends(storage)) -> dict:
    """Run now, and answer with the rows."""
    query = store.query(query_id)
    if query is None:
        raise HTTPException(404, "There is no such query.")
    check_quota(store.runs_within_an_hour(user.id))
    rows = run_statement(query.body)
    run_id = store.record_run(query_id, user.id, len(rows), "done")
    return {"id": run_id, "rows": rows}


@router.get("/queries/{query_id}/runs")
def list_runs(query_id: int, store=Depends(storage)) -> list[dict]:
    """The last fifty runs, latest first."""
    return [{"id": row.id, "rows": row.row_count, "state": row.state} for row in store.runs_of(query_id)]
