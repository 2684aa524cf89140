"""Links to results for people without an account."""

from fastapi import APIRouter, Depends, HTTPException

from querydesk.dependencies import storage

router = APIRouter()

DAYS = 30


@router.post("/runs/{run_id}/shares", status_code=201)
def create_share(run_id: int, store=Depends(storage)) -> dict:
    """A link that works for some days."""
    return {"token": store.create_share(run_id, DAYS)}


@router.get("/shares/{token}")
def open_share(token: str, store=Depends(storage)) -> dict:
    """What the link shows. Expired and revoked ones look like links that never were."""
    row = store.share(token)
    if row is None:
        raise HTTPException(404, "This link does not work any more.")
    return {"run": row.run_id}
