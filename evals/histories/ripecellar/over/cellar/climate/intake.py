"""The gRPC side: the box in the cellar pushes what its probes say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from cellar.climate import climate_pb2, climate_pb2_grpc, repo
from cellar.climate.alarms import judge
from cellar.climate.limits import bands
from cellar.core.db import transaction


@dataclass(frozen=True)
class Air:
    probe: str
    taken_at: datetime
    celsius: float
    humidity: float


def normalise(reading: climate_pb2.Reading) -> Air:
    return Air(
        probe=reading.probe,
        taken_at=datetime.fromtimestamp(reading.taken_at, UTC),
        celsius=reading.decicelsius / 10,
        humidity=float(reading.humidity),
    )


class ClimateIntakeServicer(climate_pb2_grpc.ClimateIntakeServicer):
    def Push(self, request, context):
        """Keeps what is new, and looks at the last one."""
        kept = 0
        with transaction() as db:
            for reading in request.readings:
                air = normalise(reading)
                if repo.keep(db, request.room, air):
                    kept += 1
                    judge(db, request.room, air)
        return climate_pb2.PushReply(kept=kept)

    def GetLimits(self, request, context):
        found = bands(request.room)
        reply = climate_pb2.LimitsReply()
        if "celsius" in found:
            reply.celsius_low, reply.celsius_high = found["celsius"].low, found["celsius"].high
        if "humidity" in found:
            reply.humidity_low, reply.humidity_high = found["humidity"].low, found["humidity"].high
        return reply
