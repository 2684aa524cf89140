"""Finished traces as OpenTelemetry spans, for whoever asks for them with the setting `trace_export`.

Invariant: nothing leaves the machine, and OpenTelemetry is not imported, unless an address is set; a receiver that is
away neither delays nor fails a question.
"""

from surefoot.telemetry.exporter import Exporter, Sink, open_exporter

__all__ = ["Exporter", "Sink", "open_exporter"]
