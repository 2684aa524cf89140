"""cellarctl: what is done on the machine itself."""

from __future__ import annotations

from pathlib import Path

import click

from cellar import register_handlers
from cellar.core.db import run, transaction
from cellar.jobs.queue import put
from cellar.jobs.worker import work


@click.group()
def main() -> None:
    register_handlers()


@main.command()
def migrate() -> None:
    """Apply the migrations that are missing."""
    with transaction() as db:
        run(db, "CREATE TABLE IF NOT EXISTS schema_step (name text PRIMARY KEY)")
        for path in sorted(Path("migrations").glob("*.sql")):
            if run(db, "INSERT INTO schema_step VALUES (:name) ON CONFLICT DO NOTHING", name=path.name):
                db.exec_driver_sql(path.read_text(encoding="utf-8"))
                click.echo(path.name)


@main.command(name="work")
def work_() -> None:
    """Run the worker."""
    work()


@main.command()
@click.option("--address", default="[::]:7443")
def intake(address: str) -> None:
    """Listen for the climate box."""
    from cellar.climate.server import serve

    serve(address)


@main.command()
def replan() -> None:
    """Have the turning lists planned now, and not in the night."""
    with transaction() as db:
        put(db, "plan_care")


@main.command()
@click.argument("label")
@click.argument("room")
@click.argument("boards", type=int)
@click.argument("places", type=int)
def add_rack(label: str, room: str, boards: int, places: int) -> None:
    """Put up a rack with all its places."""
    with transaction() as db:
        run(db, "INSERT INTO rack (room, label, boards) VALUES (:room, :label, :n)", room=room, label=label, n=boards)
        run(
            db,
            """
            INSERT INTO board_place (rack_id, board, place)
            SELECT r.id, b, p FROM rack r, generate_series(1, :boards) b, generate_series(1, :places) p
            WHERE r.label = :label
            """,
            label=label,
            boards=boards,
            places=places,
        )
