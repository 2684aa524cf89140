"""A real llama.cpp in its real process, over models made on the spot."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("llama_cpp")

import llama_cpp

from surefoot.errors import (
    Cancelled,
    ContextFullError,
    ModelError,
    ModelInvalidError,
    ModelNotFoundError,
    WorkerDiedError,
)
from surefoot.models import llama as llama_module
from surefoot.models.llama import LlamaGenerator, LlamaOptions, idle_threads
from surefoot.models.protocols import GenerationRequest
from surefoot.models.rates import Tuning
from surefoot.models.runtime import LoadedModel, LoadOptions
from surefoot.trace import CancelToken
from tiny_gguf import write_tiny_gguf

HELLO = GenerationRequest("Answer briefly.", "hello", max_tokens=24)
LONG = GenerationRequest("Answer briefly.", "hello " * 100, max_tokens=3000)


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_gguf(tmp_path_factory.mktemp("model") / "tiny.gguf")


@pytest.fixture(scope="module")
def generator(model_file: Path) -> Iterator[LlamaGenerator]:
    generator = LlamaGenerator(model_file, options=LlamaOptions(threads=1))
    yield generator
    generator.close()


def text(generator: LlamaGenerator, request: GenerationRequest = HELLO) -> str:
    return "".join(generator.generate(request, CancelToken()))


def test_streams_the_same_answer_every_time(generator: LlamaGenerator) -> None:
    pieces = list(generator.generate(HELLO, CancelToken()))
    assert len(pieces) > 5
    assert "".join(pieces) == text(generator)
    assert generator.last_usage.answer_tokens == HELLO.max_tokens


def test_counts_tokens_as_the_model_does(generator: LlamaGenerator) -> None:
    assert generator.count_tokens(["hello the", "", "é"]) == [5, 0, 2]
    assert generator.count_tokens([]) == []


def test_counts_tokens_in_the_middle_of_an_answer(generator: LlamaGenerator) -> None:
    answer = generator.generate(LONG, CancelToken())
    next(answer)
    assert generator.count_tokens(["abc"]) == [3]
    answer.close()


def test_keeps_to_the_grammar(generator: LlamaGenerator) -> None:
    answer = text(generator, GenerationRequest("", "x", grammar='root ::= "<" [0-9]{3} "> ü"'))
    assert answer[0] == "<"
    assert answer[1:4].isdigit()
    assert answer[4:] == "> ü"


def test_a_broken_grammar_is_a_sentence(generator: LlamaGenerator) -> None:
    with pytest.raises(ModelError, match="grammar could not be parsed"):
        text(generator, GenerationRequest("", "x", grammar="root ::= ("))


def test_the_second_question_reuses_the_shared_prefix(generator: LlamaGenerator) -> None:
    examples = (("how?", "like this"), ("why?", "because"))
    for question in ("first question", "second question"):
        text(generator, GenerationRequest("Be brief. " * 20, question, max_tokens=4, examples=examples))
    usage = generator.last_usage
    assert usage.reused_tokens > 200
    assert usage.prompt_tokens - usage.reused_tokens < 80


def test_reuse_does_not_change_the_answer(generator: LlamaGenerator, model_file: Path) -> None:
    text(generator, GenerationRequest("Answer briefly.", "hello there", max_tokens=9))
    fresh = LlamaGenerator(model_file, options=LlamaOptions(threads=1))
    assert text(generator) == text(fresh)
    fresh.close()


def test_markup_in_a_question_is_plain_text(generator: LlamaGenerator) -> None:
    """`<|im_end|>` in a source must not end the user's turn."""
    text(generator, GenerationRequest("", "a<|im_end|>b", max_tokens=1))
    as_text = generator.last_usage.prompt_tokens
    text(generator, GenerationRequest("", "ab", max_tokens=1))
    assert as_text - generator.last_usage.prompt_tokens == len("<|im_end|>")


HELLO_TURNS = [{"role": "user", "content": "hello"}]


def loaded(path: Path) -> LoadedModel:
    """The model in this process, whose memory stays as it is."""
    return LoadedModel(llama_cpp.Llama(str(path), n_ctx=512, n_threads=1, verbose=False), LoadOptions(512, threads=1))


IS_IT_SO = GenerationRequest("Answer Yes or No.", "hello the hello. Is it so?")


def test_is_asked_in_the_middle_of_an_answer_and_writes_on_as_if_nothing_was(generator: LlamaGenerator) -> None:
    undisturbed, first = text(generator), generator.judge(IS_IT_SO, CancelToken())
    odds = pytest.approx(first, abs=0.01)  # one token evaluated alone, or with others, differs in the last digits
    answer = generator.generate(HELLO, CancelToken())
    pieces = [next(answer)]
    assert generator.judge(IS_IT_SO, CancelToken()) == odds
    assert generator.judge(replace(IS_IT_SO, user="Or this?"), CancelToken()) != odds
    assert "".join([*pieces, *answer]) == undisturbed
    assert generator.judge(IS_IT_SO, CancelToken()) == odds


def test_the_time_in_which_it_was_asked_is_no_time_of_writing(
    model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nobody reads to the end, as then nobody but the reader counts."""
    generator = LlamaGenerator(model_file, options=LlamaOptions(threads=1))
    receive = LlamaGenerator._receive
    answer = generator.generate(LONG, CancelToken())
    assert next(answer)
    started = time.perf_counter()

    def waiting(*arguments: Any) -> dict[str, Any]:
        time.sleep(1.0)
        return receive(generator, *arguments)

    monkeypatch.setattr(generator, "_receive", waiting)
    generator.judge(IS_IT_SO, CancelToken())
    monkeypatch.undo()
    assert next(answer)
    answer.close()
    assert generator.last_usage.answer_tokens == 1
    assert generator.last_usage.answer_seconds <= time.perf_counter() - started - 1.0
    generator.close()


def test_what_is_too_long_to_be_asked_about_is_not_asked_about(generator: LlamaGenerator) -> None:
    assert generator.judge(replace(IS_IT_SO, user="hello " * 3000), CancelToken()) is None
    assert generator.judge(IS_IT_SO, CancelToken()) is not None


def test_a_question_about_a_sentence_can_be_cancelled(generator: LlamaGenerator) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        generator.judge(IS_IT_SO, cancel)
    assert generator.judge(IS_IT_SO, CancelToken()) is not None


def test_where_there_is_no_memory_to_be_asked_in_it_writes_all_the_same(
    model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = loaded(model_file)
    monkeypatch.setattr("llama_cpp.llama_init_from_model", lambda *_: None)
    assert model.odds(model.prompt(HELLO_TURNS), 1, CancelToken()) is None
    monkeypatch.undo()
    assert model.odds(model.prompt(HELLO_TURNS), 1, CancelToken()) is None  # and is not tried again at each sentence
    assert b"".join(model.write(model.prompt(HELLO_TURNS), "", 8, CancelToken()))


def test_the_worker_stops_evaluating_a_question_that_is_cancelled(model_file: Path) -> None:
    model, cancel = loaded(model_file), CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        model.odds(model.prompt(HELLO_TURNS), 1, cancel)
    assert model.odds(model.prompt(HELLO_TURNS), 1, CancelToken()) is not None


def test_cancels_between_tokens_and_goes_on(generator: LlamaGenerator) -> None:
    before = text(generator)
    cancel = CancelToken()
    answer = generator.generate(LONG, cancel)
    next(answer)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(answer)
    assert text(generator) == before


def test_cancels_during_prompt_evaluation_and_keeps_what_was_evaluated(tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "slow.gguf", layers=4, width=128)
    generator = LlamaGenerator(path, options=LlamaOptions(context_tokens=24_000, threads=1))
    shorter, request = (GenerationRequest("", "hello " * n, max_tokens=1) for n in (40, 4000))
    generator.count_tokens(["load first"])
    cancel = CancelToken()
    timer = threading.Timer(0.2, cancel.cancel)
    timer.start()
    with pytest.raises(Cancelled):
        list(generator.generate(request, cancel))
    text(generator, shorter)
    assert generator.last_usage.reused_tokens > 100
    generator.close()


def test_a_request_cancelled_before_it_begins_asks_nothing(generator: LlamaGenerator) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(generator.generate(HELLO, cancel))


def test_leaving_early_stops_the_model(generator: LlamaGenerator) -> None:
    answer = generator.generate(LONG, CancelToken())
    next(answer)
    answer.close()
    text(generator)
    assert generator.last_usage.prompt_tokens < 100


def test_two_threads_get_their_own_answers(generator: LlamaGenerator) -> None:
    expected = [text(generator, GenerationRequest("", q, max_tokens=30)) for q in ("one", "two")]
    answers: dict[int, str] = {}

    def ask(number: int, question: str) -> None:
        answers[number] = text(generator, GenerationRequest("", question, max_tokens=30))

    threads = [threading.Thread(target=ask, args=(n, q)) for n, q in enumerate(("one", "two"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answers[0], answers[1]] == expected


def test_refuses_a_prompt_that_does_not_fit(generator: LlamaGenerator) -> None:
    with pytest.raises(ContextFullError, match=r"5\d\d\d tokens .* holds 4096"):
        text(generator, GenerationRequest("", "x" * 5000))
    assert text(generator)


def test_the_context_is_no_longer_than_the_model_was_trained_for(tmp_path: Path) -> None:
    generator = LlamaGenerator(write_tiny_gguf(tmp_path / "short.gguf", context=300))
    assert generator.context_tokens == 300
    with pytest.raises(ContextFullError, match="holds 300"):
        text(generator, GenerationRequest("", "x" * 200, max_tokens=200))
    generator.close()


def test_killed_in_mid_answer_then_alive_again(model_file: Path) -> None:
    generator = LlamaGenerator(model_file, options=LlamaOptions(threads=1))
    before = text(generator)
    answer = generator.generate(LONG, CancelToken())
    next(answer)
    first = generator.process_id
    assert first
    os.kill(first, signal.SIGKILL)
    with pytest.raises(WorkerDiedError, match=r"ended in mid-answer \(signal SIGKILL\); ask again"):
        list(answer)
    assert text(generator) == before
    assert generator.process_id != first
    generator.close()


def test_a_process_that_keeps_dying_is_left_alone_for_a_while(
    model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(llama_module, "PAUSE_SECONDS", 0.5)
    generator = LlamaGenerator(model_file, options=LlamaOptions(threads=1))
    for _ in range(llama_module.CRASHES_TO_PAUSE):
        answer = generator.generate(LONG, CancelToken())
        next(answer)
        os.kill(generator.process_id or 0, signal.SIGKILL)
        with pytest.raises(WorkerDiedError):
            list(answer)
    with pytest.raises(WorkerDiedError, match="3 times in a row"):
        text(generator)
    time.sleep(0.6)
    assert text(generator)
    generator.close()


@pytest.mark.parametrize("kept", [0, 3, 1000, 200_000, -100])
def test_a_truncated_file_is_invalid_and_not_a_dead_worker(model_file: Path, tmp_path: Path, kept: int) -> None:
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(model_file.read_bytes()[:kept])
    with pytest.raises(ModelInvalidError, match=r"cut\.gguf is truncated or damaged; delete it"):
        text(LlamaGenerator(cut))


def test_files_of_another_kind_are_refused(tmp_path: Path) -> None:
    not_gguf = tmp_path / "picture.gguf"
    not_gguf.write_bytes(b"\x89PNG" + b"\0" * 1000)
    with pytest.raises(ModelInvalidError, match="not a GGUF file"):
        text(LlamaGenerator(not_gguf))
    with pytest.raises(ModelInvalidError, match="embedding model"):
        text(LlamaGenerator(write_tiny_gguf(tmp_path / "embed.gguf", pooling=True)))
    with pytest.raises(ModelInvalidError, match=r"of a kind that this llama\.cpp does not know"):
        text(LlamaGenerator(write_tiny_gguf(tmp_path / "odd.gguf", architecture="oddity")))


def test_damaged_tensor_data_does_not_hurt_the_asking_process(model_file: Path, tmp_path: Path) -> None:
    noise = tmp_path / "noise.gguf"
    data = bytearray(model_file.read_bytes())
    data[40:9000] = os.urandom(8960)
    noise.write_bytes(data)
    with pytest.raises(ModelError, match=r"noise\.gguf"):
        text(LlamaGenerator(noise))


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"no model file .*none\.gguf"):
        text(LlamaGenerator(tmp_path / "none.gguf"))


def test_a_model_without_a_template_gets_chatml(tmp_path: Path, model_file: Path) -> None:
    plain = LlamaGenerator(write_tiny_gguf(tmp_path / "plain.gguf", template=None), options=LlamaOptions(threads=1))
    with_template = LlamaGenerator(model_file, options=LlamaOptions(threads=1))
    assert text(plain) == text(with_template)
    plain.close()
    with_template.close()


def test_a_template_that_rejects_the_system_role_still_sees_its_text(tmp_path: Path) -> None:
    template = (
        "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system') }}{% endif %}"
        "[{{ m.role }}]{{ m.content }}{% endfor %}"
    )
    generator = LlamaGenerator(write_tiny_gguf(tmp_path / "strict.gguf", template=template))
    text(generator, GenerationRequest("s" * 50, "q", max_tokens=1))
    assert generator.last_usage.prompt_tokens > 50
    generator.close()


def test_close_ends_the_process_and_may_be_followed_by_another_question(model_file: Path) -> None:
    generator = LlamaGenerator(model_file, options=LlamaOptions(threads=1))
    text(generator)
    pid = generator.process_id
    assert pid
    generator.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert text(generator)
    generator.close()


def test_the_worker_ends_when_its_parent_is_killed(model_file: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path\n"
        "from surefoot.models.llama import LlamaGenerator\n"
        "g = LlamaGenerator(Path(sys.argv[1])); g.count_tokens(['x'])\n"
        "print(g.process_id, flush=True); time.sleep(60)\n"
    )
    source = str(Path(llama_module.__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", script, str(model_file)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": source},
    ) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        parent.kill()
    assert gone(worker)


def gone(pid: int) -> bool:
    for _ in range(100):
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] == "Z":
                return True  # nobody reaps orphans in some containers
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


def test_a_folder_called_like_the_runtime_is_not_imported(
    generator: LlamaGenerator, model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "llama_cpp.py").write_text("raise SystemExit('imported from the current folder')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    here = LlamaGenerator(model_file, options=LlamaOptions(threads=1))
    assert text(here) == text(generator)
    here.close()


def test_threads_leave_headroom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llama_module, "physical_cores", lambda: 2)
    monkeypatch.setattr(os, "getloadavg", lambda: (0.0, 0.0, 0.0))
    assert idle_threads() == 1
    monkeypatch.setattr(llama_module, "physical_cores", lambda: 8)
    assert idle_threads() == 7
    monkeypatch.setattr(os, "getloadavg", lambda: (20.0, 0.0, 0.0))
    assert idle_threads() == 4
    monkeypatch.setattr(llama_module, "physical_cores", lambda: 1)
    assert idle_threads() == 1


def kept(folder: Path, **options: float) -> LlamaOptions:
    return LlamaOptions(threads=1, state_folder=folder, **options)  # type: ignore[arg-type]


EXAMPLES = (("how?", "like this"), ("why?", "because"))


def begun(question: str) -> GenerationRequest:
    return GenerationRequest("Be brief. " * 20, question, max_tokens=16, examples=EXAMPLES)


def test_a_fresh_process_reads_the_beginning_of_the_prompt_from_a_file(model_file: Path, tmp_path: Path) -> None:
    first, second = (LlamaGenerator(model_file, options=kept(tmp_path)) for _ in range(2))
    expected = text(first, begun("first question"))
    assert first.last_usage.restored_tokens == 0
    assert text(second, begun("first question")) == expected
    assert second.last_usage.restored_tokens == second.last_usage.reused_tokens > 200
    text(second, begun("second question"))
    assert second.last_usage.restored_tokens == 0  # it is in memory by now
    assert second.last_usage.reused_tokens > 200
    first.close()
    second.close()


def test_a_damaged_beginning_is_evaluated_anew(model_file: Path, tmp_path: Path) -> None:
    first, second = (LlamaGenerator(model_file, options=kept(tmp_path)) for _ in range(2))
    expected = text(first, begun("question"))
    (file,) = tmp_path.glob("*.prefix")
    file.write_bytes(file.read_bytes()[:-7])
    assert text(second, begun("question")) == expected
    assert second.last_usage.restored_tokens == 0
    first.close()
    second.close()


def test_the_rates_of_an_answer_are_known_to_the_next_process(model_file: Path, tmp_path: Path) -> None:
    first, second = (LlamaGenerator(model_file, options=kept(tmp_path)) for _ in range(2))
    assert first.rates is None
    text(first, begun("question"))
    assert first.rates is not None
    assert second.rates == first.rates
    first.close()


def test_a_process_that_nobody_asks_is_ended_and_the_next_question_starts_another(
    model_file: Path, tmp_path: Path
) -> None:
    generator = LlamaGenerator(model_file, options=kept(tmp_path, idle_seconds=0.3))
    expected = text(generator)
    first = generator.process_id
    assert first
    assert gone(first)
    assert text(generator) == expected
    assert generator.process_id != first
    generator.close()


def test_a_long_answer_is_not_unloaded_under_the_reader(model_file: Path, tmp_path: Path) -> None:
    generator = LlamaGenerator(model_file, options=kept(tmp_path, idle_seconds=0.1))
    answer = generator.generate(LONG, CancelToken())
    next(answer)
    time.sleep(0.5)
    assert next(answer)
    answer.close()
    generator.close()


def test_pauses_after_crashes_grow(model_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llama_module, "CRASHES_TO_PAUSE", 1)
    monkeypatch.setattr(llama_module, "PAUSE_SECONDS", 0.3)
    generator = LlamaGenerator(model_file, options=LlamaOptions(threads=1))
    pauses = []
    for _ in range(2):
        time.sleep(max(0.0, generator._paused_until - time.monotonic()))
        answer = generator.generate(LONG, CancelToken())
        next(answer)
        os.kill(generator.process_id or 0, signal.SIGKILL)
        with pytest.raises(WorkerDiedError):
            list(answer)
        pauses.append(generator._paused_until - time.monotonic())
    assert pauses[1] > 1.5 * pauses[0]
    generator.close()


def test_what_the_processor_refuses_is_done_without_and_remembered(
    model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some machines announce matrix units and kill who uses them: the first attempt dies before its first word."""
    generator = LlamaGenerator(model_file, options=kept(tmp_path))
    expected = text(generator)
    send, attempts = llama_module.WorkerProcess.send, []

    def refusing(process: llama_module.WorkerProcess, message: dict[str, object]) -> None:
        if message["op"] == "load":
            attempts.append(message["special_instructions"])
        if message["op"] == "generate" and attempts[-1:] == [True]:
            os.kill(process.pid, signal.SIGILL)
        send(process, message)

    monkeypatch.setattr(llama_module.WorkerProcess, "send", refusing)
    generator.close()
    assert text(generator) == expected
    assert attempts == [True, False]
    again = LlamaGenerator(model_file, options=kept(tmp_path))
    assert text(again) == expected
    assert attempts == [True, False, False]
    generator.close()
    again.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is Linux's")
def test_a_model_that_may_take_too_little_memory_is_one_sentence(model_file: Path) -> None:
    generator = LlamaGenerator(model_file, options=LlamaOptions(threads=1, memory=30_000_000))
    with pytest.raises(ModelError, match=r"Not enough memory for the model .*tiny\.gguf"):
        text(generator)
    generator.close()


def test_a_calibrated_number_of_threads_is_taken_while_the_machine_is_quiet(
    model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tuned = LlamaGenerator(model_file, options=LlamaOptions(state_folder=tmp_path, tuning=Tuning(threads=4)))
    monkeypatch.setattr(llama_module, "physical_cores", lambda: 4)
    monkeypatch.setattr(llama_module, "load", lambda: 0.0)
    assert tuned._threads() == 4
    monkeypatch.setattr(llama_module, "load", lambda: 2.0)
    assert tuned._threads() == 2
    monkeypatch.setattr(llama_module, "load", lambda: 9.0)
    assert tuned._threads() == 2
