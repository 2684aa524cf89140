from __future__ import annotations

from sqlalchemy import Connection

from cellar.core.bus import handles
from cellar.core.errors import Clash, NotThere
from cellar.racks import repo
from cellar.racks.commands import ShelveWheel, SwapWheels


@handles(ShelveWheel)
def shelve(db: Connection, command: ShelveWheel) -> None:
    there = repo.at(db, command.to)
    if there is None:
        raise NotThere("place", f"Rack {command.to.rack} has no such place.")
    if there["wheel_id"] is not None:
        raise Clash("taken", "Something lies there already.")
    repo.take_off(db, command.wheel_id)
    repo.lay(db, command.wheel_id, command.to)


@handles(SwapWheels)
def swap(db: Connection, command: SwapWheels) -> None:
    first, second = repo.at(db, command.first), repo.at(db, command.second)
    if first is None or second is None:
        raise NotThere("place", "One of the two places does not exist.")
    repo.lay(db, first["wheel_id"], command.second)
    repo.lay(db, second["wheel_id"], command.first)
