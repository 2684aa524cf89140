"""What the change queue gives out, and when: no threads, and the test's own clock."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surefoot.live import queue
from surefoot.live.queue import Batch, ChangeQueue, Circumstances

HELD = Circumstances(is_held=True)
BUSY = Circumstances(is_busy=True)


def path(number: int, folder: str = "/w") -> Path:
    return Path(folder, f"f{number:05}.py")


def many(count: int) -> list[Path]:
    return [path(number) for number in range(count)]


def taken(changes: ChangeQueue, now: float, circumstances: Circumstances = queue.ORDINARY) -> Batch:
    batch = changes.take(now, circumstances)
    assert isinstance(batch, Batch), batch
    return batch


def test_a_lone_save_waits_for_nothing() -> None:
    changes = ChangeQueue()
    changes.put([path(1)], 10.0)
    assert taken(changes, 10.0) == Batch((path(1),))
    assert changes.take(10.0) is None


def test_so_does_the_next_one_after_the_first_is_done() -> None:
    changes = ChangeQueue()
    for number in range(30):
        changes.put([path(number)], number * 0.03)
        assert taken(changes, number * 0.03).paths == (path(number),)


def test_what_comes_while_a_batch_is_worked_on_comes_in_one_batch_and_each_path_once() -> None:
    changes = ChangeQueue()
    changes.put([path(0)], 0.0)
    taken(changes, 0.0)
    for number in (1, 2, 1, 3, 2):
        changes.put([path(number)], 0.01)
    assert taken(changes, 0.05).paths == (path(1), path(2), path(3))


def test_a_burst_is_gathered_for_longer_and_longer() -> None:
    """Forty files a time without a rest: the batches get fewer, and each file is given out."""
    changes = ChangeQueue()
    given, batches, now = 0, [], 0.0
    for step in range(400):
        now = step * 0.01
        changes.put([path(step * 10 + number) for number in range(10)], now)
        batch = changes.take(now)
        if isinstance(batch, Batch):
            batches.append(now)
            given += len(batch.paths)
    assert len(batches) < 150
    while isinstance(batch := changes.take(now := now + 1), Batch):
        given += len(batch.paths)
    assert given == 4000


def test_a_folder_swallows_its_files() -> None:
    changes = ChangeQueue()
    changes.put([Path("/w/a/b/c.py"), Path("/w/a"), Path("/w/ab.py"), Path("/w/a/d.py")], 0.0)
    assert set(taken(changes, 0.0).paths) == {Path("/w/a"), Path("/w/ab.py")}


def test_open_files_come_first_and_alone() -> None:
    changes = ChangeQueue(lambda each: each == path(499))
    changes.put(many(500), 0.0)
    assert taken(changes, 0.0).paths == (path(499),)
    batch = taken(changes, 0.0)
    assert batch.is_large
    assert len(batch.paths) == 499


def test_what_was_edited_lately_comes_before_the_rest() -> None:
    changes = ChangeQueue()
    changes.put([path(300)], 0.0)
    taken(changes, 0.0)
    changes.put(many(400), 100.0)
    batch = taken(changes, 100.0)
    assert batch.paths[0] == path(300)
    assert len(batch.paths) == 400


def test_a_save_does_not_wait_behind_a_large_batch_that_is_worked_on() -> None:
    changes = ChangeQueue(lambda each: each == path(1))
    changes.put([path(number) for number in range(1000, 1500)], 0.0)
    assert taken(changes, 0.0).is_large
    changes.put([path(number) for number in range(1500, 2000)], 0.1)
    changes.put([path(1)], 0.1)
    changes.put([path(2)], 0.1)
    assert taken(changes, 0.1, BUSY).paths == (path(1),)
    assert taken(changes, 0.1, BUSY).paths == (path(2),)
    assert changes.take(0.1, BUSY) is None
    assert len(taken(changes, 0.2).paths) == 500


def test_too_many_paths_become_a_look_at_everything_and_memory_stays_bounded() -> None:
    changes = ChangeQueue(lambda each: each == path(7))
    changes.put(many(20_000), 0.0)
    changes.put(many(20_000), 0.1)
    assert len(changes._waiting) <= queue.MOST
    assert taken(changes, 0.2).paths == (path(7),)
    assert taken(changes, 0.2) == Batch(everything=True)
    assert changes.take(0.3) is None


def test_what_comes_after_a_look_at_everything_was_given_out_is_not_swallowed_by_it() -> None:
    changes = ChangeQueue()
    changes.put_everything()
    assert taken(changes, 0.0).everything
    changes.put([path(1)], 0.1)
    assert taken(changes, 0.1).paths == (path(1),)


def test_while_git_writes_only_open_files_are_given_out_and_then_all_at_once() -> None:
    changes = ChangeQueue(lambda each: each == path(3))
    changes.put([path(1)], 0.0)
    assert taken(changes, 0.0).paths == (path(1),)  # edited lately; during a switch it waits as all do
    for number in range(500):
        changes.put([path(number)], 0.1)
    assert taken(changes, 0.1, HELD).paths == (path(3),)
    assert changes.take(0.2, HELD) == queue.HELD_LOOK
    assert len(taken(changes, 0.3).paths) == 499


def test_a_file_that_always_changes_gets_fewer_and_fewer_turns_and_its_last_state_is_looked_at() -> None:
    """A log that grows every ten milliseconds for five minutes."""
    changes, log, turns, now = ChangeQueue(), path(1), [], 0.0
    while now < 300:
        changes.put([log], now)
        if isinstance(changes.take(now), Batch):
            turns.append(now)
        now += 0.01
    assert sum(turn < 5 for turn in turns) <= queue.FREE_TURNS + 10
    assert sum(turn >= 200 for turn in turns) <= 100 / queue.LONGEST_PAUSE + 1
    changes.put([log], now)
    assert changes.is_settled(now), "nobody waits for a log"
    wait = changes.take(now)
    assert isinstance(wait, float)
    assert wait <= queue.REST_SECONDS
    assert taken(changes, now + wait).paths == (log,)


def test_others_do_not_wait_for_a_file_that_always_changes() -> None:
    changes, log = ChangeQueue(), path(1)
    for step in range(1000):
        changes.put([log], step * 0.01)
        changes.take(step * 0.01)
    changes.put([path(2)], 10.0)
    assert not changes.is_settled(10.0)
    assert taken(changes, 10.0).paths == (path(2),)


def test_after_a_rest_it_is_a_file_like_any_other() -> None:
    changes, log = ChangeQueue(), path(1)
    for step in range(1000):
        changes.put([log], step * 0.01)
        changes.take(step * 0.01)
    changes.take(100.0)
    changes.put([log], 200.0)
    if isinstance(first := changes.take(200.0), float):
        changes.take(200.0 + first)
    changes.put([log], 210.0)
    assert taken(changes, 210.0).paths == (log,)


def test_a_person_who_saves_every_second_is_never_slowed_down() -> None:
    changes = ChangeQueue()
    for second in range(600):
        changes.put([path(1)], float(second))
        assert taken(changes, float(second)).paths == (path(1),)


def test_what_is_put_for_later_is_given_out_later_and_nobody_waits_for_it() -> None:
    changes = ChangeQueue()
    changes.put([path(1)], 10.0)
    assert changes.is_settled(5.0)
    assert changes.take(5.0) == pytest.approx(5.0)
    assert taken(changes, 10.0).paths == (path(1),)


def test_a_save_does_not_wait_for_a_later_try_of_the_same_file() -> None:
    changes = ChangeQueue()
    changes.put([path(1)], 10.0)  # what could not be written is tried again in ten seconds
    changes.put([path(1)], 1.0)
    assert not changes.is_settled(1.0)
    assert taken(changes, 1.0).paths == (path(1),)
    assert changes.take(1.0) is None


def test_a_later_try_does_not_put_off_a_save_that_waits() -> None:
    changes = ChangeQueue()
    changes.put([path(1)], 1.0)
    changes.put([path(1)], 10.0)
    assert taken(changes, 1.0).paths == (path(1),)


@pytest.mark.parametrize("saved_first", [True, False])
def test_a_save_is_not_swallowed_by_a_look_at_everything_which_may_wait_for_power(saved_first: bool) -> None:
    changes = ChangeQueue()
    if saved_first:
        changes.put([path(1)], 0.0)
    changes.put_everything()
    if not saved_first:
        changes.put([path(1)], 0.0)
    changes.put([path(number) for number in range(1000, 1500)], 0.0)
    assert taken(changes, 0.0) == Batch((path(1),))
    assert taken(changes, 0.0) == Batch(everything=True)
    assert changes.take(0.0) is None


events = st.lists(
    st.tuples(
        st.sampled_from(["put", "put many", "take", "held", "busy"]), st.integers(0, 60), st.floats(0, 2, width=16)
    ),
    max_size=80,
)


@settings(max_examples=200, deadline=None)
@given(events)
def test_whatever_happens_each_change_is_given_out_after_it_was_put(happened: list[tuple[str, int, float]]) -> None:
    """After it, and not only before: the state that was put last is the one that is looked at."""
    changes = ChangeQueue(lambda each: each.name.endswith("7.py"))
    missing: set[Path] = set()
    now = 0.0

    def note(batch: Batch | float | None) -> bool:
        if not isinstance(batch, Batch):
            return False
        if batch.everything:
            missing.clear()
        for each in batch.paths:
            missing.discard(each)
        return True

    for what, number, seconds in happened:
        now += seconds
        if what == "put":
            changes.put([path(number)], now)
            missing.add(path(number))
        elif what == "put many":
            paths = [path(each) for each in range(number, number + 100)]
            changes.put(paths, now)
            missing.update(paths)
        else:
            note(changes.take(now, {"held": HELD, "busy": BUSY}.get(what, queue.ORDINARY)))
    for _ in range(1000):
        now += 0 if note(changes.take(now)) else 0.5
    assert not missing
    assert changes.take(now) is None


def test_a_file_that_pauses_is_not_forgotten_by_a_look_at_everything_which_may_wait_for_power() -> None:
    changes = ChangeQueue(lambda each: each == path(1))
    now = 0.0
    for _ in range(40):  # saved again and again, until it has to pause
        changes.put([path(1)], now)
        changes.take(now)
        now += 0.01
    changes.put([path(1)], now)
    changes.put_everything()
    assert taken(changes, now) == Batch(everything=True)
    assert taken(changes, now + 60.0).paths == (path(1),)
