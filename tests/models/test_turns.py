"""Who gets the language model next, told by events and order alone: no test here waits for a length of time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing

import pytest

from surefoot.errors import Cancelled, WorkerDiedError
from surefoot.models.protocols import GenerationRequest
from surefoot.models.rates import Usage, usage_told
from surefoot.models.turns import BUSY, Asked, InTurn, Turns
from surefoot.trace import CancelToken

PATIENCE = 30.0
REQUEST = GenerationRequest("", "why?")


class HeldModel:
    """A model whose answers end when the test lets them."""

    name = "held"
    context_tokens = 4096

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.last_usage = Usage()
        self._go_on = {name: threading.Event() for name in "abcd"}
        self._has_begun = {name: threading.Event() for name in "abcd"}
        self._together = 0

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    def generate(self, request: GenerationRequest, cancel: CancelToken) -> Iterator[str]:
        self._together += 1
        assert self._together == 1, "two answers are written at once"
        self.begun.append(request.user)
        self.last_usage = Usage()
        self._has_begun[request.user].set()
        try:
            while not self._go_on[request.user].wait(0.01):
                cancel.raise_if_cancelled()
            yield request.user
        finally:
            self.last_usage = Usage(prompt_tokens=ord(request.user))
            self.ended.append(request.user)
            self._together -= 1

    def close(self) -> None: ...

    def let(self, name: str) -> None:
        self._go_on[name].set()

    def wait_for(self, name: str) -> None:
        assert self._has_begun[name].wait(PATIENCE)


class Asking:
    """One question on a thread of its own, which is in the queue, or has its turn, when this is made."""

    def __init__(self, name: str, model: HeldModel, turns: Turns) -> None:
        self.cancel = CancelToken()
        self.notices: list[str] = []
        self.outcome: object = None
        self.was_told = threading.Event()
        before = turns.waiting + len(model.begun)
        asked = Asked(self.cancel, on_wait=self._told)
        self.generator = InTurn(model, turns, asked)
        self._thread = threading.Thread(target=self._run, args=(GenerationRequest("", name),), daemon=True)
        self._thread.start()
        until(lambda: turns.waiting + len(model.begun) > before)

    def _told(self, notice: str) -> None:
        self.notices.append(notice)
        self.was_told.set()

    def _run(self, request: GenerationRequest) -> None:
        try:
            self.outcome = "".join(self.generator.generate(request, self.cancel))
        except Cancelled as error:
            self.outcome = error

    def done(self) -> object:
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return self.outcome


def until(is_so: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        if is_so():
            return
        pause.wait(0.005)
    raise AssertionError("it never came to that")


@pytest.fixture
def model() -> HeldModel:
    return HeldModel()


@pytest.fixture
def turns() -> Turns:
    return Turns(noticed_seconds=0.0)


def test_the_newest_that_waits_comes_next_and_the_oldest_at_the_end(model: HeldModel, turns: Turns) -> None:
    asking = [Asking(name, model, turns) for name in "abcd"]
    for name in "adcb":
        model.let(name)
        model.wait_for(name)
    assert [each.done() for each in asking] == list("abcd")
    assert model.begun == model.ended == list("adcb")


def test_what_is_being_written_is_not_interrupted_by_a_newer_question(model: HeldModel, turns: Turns) -> None:
    first, second = Asking("a", model, turns), Asking("b", model, turns)
    assert second.was_told.wait(PATIENCE)
    assert model.begun == ["a"]
    assert not first.cancel.cancelled
    model.let("a")
    model.let("b")
    assert (first.done(), second.done()) == ("a", "b")


def test_who_is_cancelled_while_waiting_leaves_the_queue_though_the_model_is_busy(
    model: HeldModel, turns: Turns
) -> None:
    writing, waiting, older = Asking("a", model, turns), Asking("b", model, turns), Asking("c", model, turns)
    older.cancel.cancel()
    assert isinstance(older.done(), Cancelled)
    assert (turns.waiting, model.begun) == (1, ["a"])
    model.let("a")
    model.let("b")
    assert (writing.done(), waiting.done()) == ("a", "b")
    assert model.begun == ["a", "b"]


def test_who_is_cancelled_while_writing_gives_the_turn_on(model: HeldModel, turns: Turns) -> None:
    writing, waiting = Asking("a", model, turns), Asking("b", model, turns)
    writing.cancel.cancel()
    assert isinstance(writing.done(), Cancelled)
    model.let("b")
    assert waiting.done() == "b"


def test_the_wait_is_told_once_and_so_is_its_end(model: HeldModel, turns: Turns) -> None:
    writing, waiting = Asking("a", model, turns), Asking("b", model, turns)
    assert waiting.was_told.wait(PATIENCE)
    model.let("a")
    model.let("b")
    assert (writing.done(), waiting.done()) == ("a", "b")
    assert writing.notices == []
    assert waiting.notices == [BUSY, ""]


def test_a_wait_that_nobody_notices_is_not_told(model: HeldModel) -> None:
    patient = Turns(noticed_seconds=PATIENCE)
    writing, waiting = Asking("a", model, patient), Asking("b", model, patient)
    model.let("a")
    model.let("b")
    assert (writing.done(), waiting.done()) == ("a", "b")
    assert waiting.notices == []


def test_the_trace_tells_the_wait_and_the_tokens_of_this_answer_and_no_other(model: HeldModel, turns: Turns) -> None:
    writing, waiting = Asking("a", model, turns), Asking("b", model, turns)
    assert waiting.was_told.wait(PATIENCE)
    model.let("a")
    model.wait_for("b")
    model.let("b")
    assert (writing.done(), waiting.done()) == ("a", "b")
    assert usage_told(writing.generator)["prompt_tokens"] == ord("a")
    assert usage_told(waiting.generator)["prompt_tokens"] == ord("b")
    assert waiting.generator.waited_seconds > writing.generator.waited_seconds
    assert usage_told(waiting.generator)["waited_ms"] > 0
    assert usage_told(InTurn(model, turns, Asked(CancelToken()))) == {}


def test_whoever_reads_no_further_gives_the_turn_on(model: HeldModel, turns: Turns) -> None:
    model.let("a")
    with closing(InTurn(model, turns, Asked(CancelToken())).generate(GenerationRequest("", "a"), CancelToken())) as it:
        assert next(it) == "a"
        waiting = Asking("b", model, turns)
        assert model.begun == ["a"]
    model.let("b")
    assert waiting.done() == "b"


def test_a_model_that_dies_gives_the_turn_on(model: HeldModel, turns: Turns) -> None:
    class Dying(HeldModel):
        def generate(self, request: GenerationRequest, cancel: CancelToken) -> Iterator[str]:
            yield "half"
            raise WorkerDiedError("The process ended.")

    with pytest.raises(WorkerDiedError):
        list(InTurn(Dying(), turns, Asked(CancelToken())).generate(REQUEST, CancelToken()))
    model.let("a")
    assert Asking("a", model, turns).done() == "a"


def test_a_question_that_is_cancelled_already_takes_no_turn(model: HeldModel, turns: Turns) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(InTurn(model, turns, Asked(cancel)).generate(REQUEST, cancel))
    assert (turns.waiting, model.begun) == (0, [])
