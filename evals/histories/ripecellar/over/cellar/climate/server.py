"""Starts the gRPC server; `cellarctl intake` runs it on the cellar's own network."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import grpc

from cellar.climate.climate_pb2_grpc import add_ClimateIntakeServicer_to_server
from cellar.climate.intake import ClimateIntakeServicer


def serve(address: str) -> None:
    server = grpc.server(ThreadPoolExecutor(max_workers=2))
    add_ClimateIntakeServicer_to_server(ClimateIntakeServicer(), server)
    server.add_insecure_port(address)
    server.start()
    server.wait_for_termination()
