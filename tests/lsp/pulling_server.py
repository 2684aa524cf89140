"""The real server with a catalogue of one small model, whose hub is on this machine."""

from __future__ import annotations

import os
from dataclasses import replace

from models.test_pull import ENTRY, NOWHERE
from surefoot.lsp.features import models
from surefoot.lsp.server import serve
from surefoot.models import catalog, pull

HUB_URL, DIGEST = "SUREFOOT_TEST_HUB", "SUREFOOT_TEST_DIGEST"


def options(**given: object) -> pull.PullOptions:
    return replace(original(**given), hub=os.environ.get(HUB_URL, NOWHERE), free_bytes=lambda _: 10**12)


original = pull.PullOptions

if __name__ == "__main__":
    pull.PullOptions = options
    # The bytes are the test's, drawn anew for each process.
    catalog.CATALOG = models.CATALOG = (replace(ENTRY, sha256=os.environ[DIGEST]),)
    raise SystemExit(serve())
