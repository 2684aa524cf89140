"""`surefoot models`: the catalogue, and what it says of files that are missing or damaged."""

import json
from pathlib import Path

import pytest

from surefoot.models import memory
from tiny_gguf import write_tiny_gguf


def test_list_shows_size_licence_memory_and_checksum(surefoot):
    lines = surefoot("models", "list").out.splitlines()
    default = next(line for line in lines if line.startswith("qwen2.5-coder-1.5b "))
    for word in ("no", "1.0 GiB", "1.5 GiB", "Apache-2.0", "cc324af070c2"):
        assert word in default


def test_models_alone_lists(surefoot):
    assert surefoot("models").out == surefoot("models", "list").out


def test_list_as_json(surefoot, cache):
    rows = json.loads(surefoot("models", "list", "--json").out)["models"]
    assert [row["default"] for row in rows].count(True) == 1
    assert rows[0]["path"].startswith(str(cache))
    assert not rows[0]["downloaded"]
    assert all(row["sha256_source"] for row in rows)


def test_verify_finds_a_damaged_file(surefoot, cache):
    (path,) = [row["path"] for row in json.loads(surefoot("models", "list", "--json").out)["models"] if row["default"]]
    (cache / "models").mkdir(parents=True)
    Path(path).write_text("not a model")
    row = json.loads(surefoot("models", "list", "--json").out)["models"][0]
    assert (row["downloaded"], row["incomplete"]) == (False, True)
    assert "damaged" in surefoot("models", "list").out.splitlines()[1]
    done = surefoot("models", "verify")
    assert done.code == 1
    assert "instead of 1117320768" in done.out


def test_verify_with_nothing_downloaded(surefoot):
    done = surefoot("models", "verify")
    assert (done.code, done.out) == (0, "No model is downloaded.\n")


def test_verify_of_a_model_that_is_not_there_says_how_to_get_it(surefoot):
    done = surefoot("models", "verify", "default", "--json")
    assert done.code == 1
    assert json.loads(done.out)["models"][0]["state"] == "missing"


@pytest.mark.parametrize("command", ["pull", "verify"])
def test_an_unknown_name_is_one_sentence(surefoot, command):
    done = surefoot("models", command, "qwen2.5-coder-1.5")
    assert (done.code, done.out) == (2, "")
    assert "did you mean 'qwen2.5-coder-1.5b'?" in done.err


def test_what_does_not_fit_this_machine_is_marked(surefoot, monkeypatch):
    monkeypatch.setattr(memory, "physical_memory", lambda: 4 * 2**30)
    rows = {row["name"]: row["unfit"] for row in json.loads(surefoot("models", "list", "--json").out)["models"]}
    assert rows["qwen2.5-coder-1.5b"] == ""
    assert "this machine has 4.0 GiB" in rows["qwen2.5-coder-7b"]
    lines = surefoot("models", "list").out.splitlines()
    assert ["too much here" in line for line in lines if line.startswith("qwen")] == [bool(r) for r in rows.values()]


def test_a_model_is_tuned_in_its_own_process_and_the_outcome_is_kept(surefoot, cache, tmp_path):
    pytest.importorskip("llama_cpp")
    done = surefoot("models", "tune", str(write_tiny_gguf(tmp_path / "tiny.gguf")))
    assert done.code == 0
    *tried, kept = done.out.splitlines()
    assert len(tried) >= 4
    assert all("tokens a second" in line for line in tried)
    assert kept.startswith("Kept: ")
    assert any(kept.removeprefix("Kept: ") in line for line in tried)
    (state,) = (cache / "model_state").glob("*.json")
    assert set(json.loads(state.read_text())) == {"tuning", "rates"}


def test_only_a_model_that_runs_here_is_tuned(surefoot):
    done = surefoot("models", "tune", "none")
    assert (done.code, done.out) == (2, "")
    assert "is no model that runs here" in done.err
