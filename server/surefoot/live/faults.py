"""A fault of ours: the traceback for the log, one sentence for the user.

Invariant: no traceback is ever part of a reply.
"""

from __future__ import annotations

import logging

logger = logging.getLogger(__name__)


def report_fault(what: str, error: BaseException) -> str:
    """Log `error` with its traceback; returns the sentence for the user."""
    detail = (str(error).splitlines() or [""])[0]
    sentence = f"{what} failed inside Surefoot ({type(error).__name__}: {detail}); see the log."
    logger.warning("%s", sentence, exc_info=error)
    return sentence
