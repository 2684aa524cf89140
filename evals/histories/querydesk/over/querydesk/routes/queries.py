"""Saved queries."""

from fastapi import APIRouter, Depends, HTTPException

from querydesk.dependencies import current_user, storage
from querydesk.statements import check_reads_only, single_statement, tidy

router = APIRouter()


@router.post("/queries", status_code=201)
def save_query(body: dict, user=Depends(current_user), store=Depends(storage)) -> dict:
    """Checked before it is saved, so that nobody finds a refused query in the list."""
    sql = single_statement(body["sql"])
    check_reads_only(sql)
    return {"id": store.save_query(user.id, body["title"], sql)}


@router.get("/queries/{query_id}")
def read_query(query_id: int, store=Depends(storage)) -> dict:
    """One saved query, laid out for reading."""
    row = store.query(query_id)
    if row is None:
        raise HTTPException(404, "There is no such query.")
    return {"id": row.id, "title": row.title, "sql": tidy(row.body)}


@router.post("/format")
def format_sql(body: dict) -> dict:
    """The button in the editor."""
    return {"sql": tidy(body["sql"])}
