"""A process that takes a lock of the store, says so on stdout, and keeps it until it is killed or told otherwise."""

import itertools
import sys
import time
from pathlib import Path

from surefoot.domain import Progress
from surefoot.store.pass_lock import Waiting, one_pass_at_a_time
from surefoot.store.write_lock import WriteLock
from surefoot.trace import CancelToken


def say(word: str) -> None:
    """Tell the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def keep_pass(location: Path) -> None:
    """Hold the pass lock, and say again and again how far it is."""
    with one_pass_at_a_time(location, Waiting(lambda _: None, CancelToken())) as tell:
        say("held")
        for done in range(1_000_000):
            tell(Progress(done, 1_000_000, 10.0, 1.0))
            time.sleep(0.02)


def write_again_and_again(location: Path) -> None:
    """What a pass does with the write lock: it lets go of it and wants it again at once. Each batch is a byte."""
    lock, batches = WriteLock(location, 60.0), location.with_name(location.name + ".batches")
    for number in itertools.count():
        with lock.held():
            with batches.open("ab") as file:
                file.write(b".")
            if not number:
                say("held")
            time.sleep(0.05)


if __name__ == "__main__":
    {"pass": keep_pass, "write": write_again_and_again}[sys.argv[1]](Path(sys.argv[2]))
