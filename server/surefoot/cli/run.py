"""Runs one command and turns whatever happens into an exit code.

Invariant: nothing heavy is imported here, so that `surefoot --help` answers at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import typer

from surefoot.cli import INTERRUPTED
from surefoot.cli.app import app
from surefoot.cli.terminal import one_line, replace_closed_streams, say, use_utf8_in_pipes
from surefoot.errors import Cancelled, SurefootError, UsageError

# The codes of sysexits.h and of POSIX shells, where they have one.
FAILED = 1
USAGE = 2
OUR_FAULT = 70  # EX_SOFTWARE
PIPE_CLOSED = 141  # 128 + SIGPIPE


def main() -> NoReturn:
    """The console script `surefoot`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """One command; returns its exit code."""
    replace_closed_streams()
    use_utf8_in_pipes()
    try:
        code = app(arguments or ["--help"], prog_name="surefoot", standalone_mode=False)
        sys.stdout.flush()
    except (Cancelled, KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except typer.TyperException as error:
        say(one_line(error.format_message() + _way_out(error)))
        return error.exit_code
    except SurefootError as error:
        say(one_line(str(error)))
        return USAGE if isinstance(error, UsageError) else FAILED
    except BrokenPipeError:
        return _pipe_closed()
    except SystemExit as exit_:
        # Typer leaves this way only when the reader of our output has gone.
        return _pipe_closed() if exit_.code == 1 else int(exit_.code or 0)
    except OSError as error:
        # The index explains its own troubles; what is left are the streams and the current folder.
        say(one_line(f"Surefoot could not go on: {error.strerror or error}{_about(error)}."))
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        _write_no_more()
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last place that can turn a fault of ours into a sentence
        say(_fault(error))
        return OUR_FAULT
    return code if isinstance(code, int) else 0


def _way_out(error: typer.TyperException) -> str:
    is_extra = "unexpected extra argument" in error.format_message()
    return "; a folder is named with --root." if is_extra else ""


def _about(error: OSError) -> str:
    return f" ({error.filename})" if error.filename else ""


def _pipe_closed() -> int:
    _write_no_more()
    return PIPE_CLOSED


def _write_no_more() -> None:
    # Python flushes stdout once more at exit; with the pipe gone, or the disk full, that would print a warning.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.__stdout__.fileno() if sys.__stdout__ else 1)


def _fault(error: Exception) -> str:
    from surefoot.cli.faults import write_log

    where = write_log(error)
    log = f"the details are in {where}" if where else "no log could be written"
    return one_line(f"Surefoot failed with {type(error).__name__}: {error}; {log}.")
