from pathlib import Path

import pytest

from surefoot.models.prefix import MOST_FILES, PrefixStore


def test_a_beginning_comes_back_for_the_same_tokens_model_and_runtime_only(tmp_path: Path) -> None:
    store = PrefixStore(tmp_path / "new", "model 1")
    store.save([1, 2, 3], b"state")
    assert store.load([1, 2, 3]) == b"state"
    assert store.load([1, 2]) is None
    assert PrefixStore(tmp_path / "new", "model 2").load([1, 2, 3]) is None


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, damage: bytes | None) -> None:
    """What llama.cpp is given must be what it wrote."""
    store = PrefixStore(tmp_path, "m")
    store.save([1], b"state" * 100)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-1] if damage is None else damage)
    assert store.load([1]) is None


def test_only_the_latest_few_are_kept(tmp_path: Path) -> None:
    store = PrefixStore(tmp_path, "m")
    for number in range(MOST_FILES + 3):
        store.save([number], b"state")
    assert len(list(tmp_path.iterdir())) == MOST_FILES
    assert store.load([MOST_FILES + 2]) == b"state"


def test_a_folder_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = PrefixStore(tmp_path / "file", "m")
    store.save([1], b"state")
    assert store.load([1]) is None
