from __future__ import annotations

import json
import logging
import urllib.request

from cellar.settings import settings

log = logging.getLogger(__name__)
LONGEST = 160


def send_sms(number: str, text: str) -> None:
    """Raises OSError, so that the job is marked as failed."""
    if not settings().sms_url:
        log.warning("No gateway; to %s: %s", number, text)
        return
    request = urllib.request.Request(
        settings().sms_url,
        data=json.dumps({"to": number, "body": text[:LONGEST]}).encode(),
        headers={"Authorization": f"Bearer {settings().sms_token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        answer.read()
