"""Folders that a user names, and the sentences about those that are no roots."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from surefoot.errors import RootError
from surefoot.workspace.roots import resolve_roots


def test_a_root_is_absolute_and_resolved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    (root,) = resolve_roots([Path("link/../link")])
    assert (root.path, root.name) == ((tmp_path / "real").resolve(), "real")


def test_one_folder_named_twice_is_one_root(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert len(resolve_roots([tmp_path / "real", tmp_path / "link", tmp_path / "real" / "."])) == 1


def test_equal_names_are_told_apart_by_their_parents(tmp_path: Path) -> None:
    folders = [tmp_path / path for path in ("a/src", "b/src", "x/b/src", "other")]
    for folder in folders:
        folder.mkdir(parents=True)
    names = [root.name for root in resolve_roots(folders)]
    assert names == ["a/src", f"{tmp_path.name}/b/src", "x/b/src", "other"]


def test_the_root_of_the_file_system_has_a_name() -> None:
    assert resolve_roots([Path("/")])[0].name == "/"


def test_no_paths_are_no_roots() -> None:
    assert resolve_roots([]) == ()


def test_what_is_no_folder_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    said = {}
    for name in ("gone", "file", "file/below", "loop", "nul\x00"):
        with pytest.raises(RootError) as caught:
            resolve_roots([tmp_path / name])
        said[name] = str(caught.value)
    assert "does not exist" in said["gone"]
    assert "is a file" in said["file"]
    assert all(sentence.endswith(".") for sentence in said.values())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    with pytest.raises(RootError, match="cannot be read"):
        resolve_roots([tmp_path / "closed"])
