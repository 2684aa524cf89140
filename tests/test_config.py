from pathlib import Path

import pytest

from surefoot.config import Settings, load_settings


def load(
    tmp_path: Path, text: str = "", roots: tuple[Path, ...] = (), **environ: str
) -> tuple[Settings, tuple[str, ...]]:
    (tmp_path / "surefoot.toml").write_text(text)
    return load_settings(environ=environ, config_dir=tmp_path, roots=roots)


def test_everything_has_a_default(tmp_path: Path) -> None:
    settings, messages = load(tmp_path)
    assert (settings.model, settings.embedder, messages) == ("default", "builtin", ())


def test_the_environment_is_stronger_than_the_file_and_arguments_than_both(tmp_path: Path) -> None:
    assert load(tmp_path, "trace_keep = 7", SUREFOOT_TRACE_KEEP="8")[0].trace_keep == 8
    settings, _ = load_settings({"trace_keep": 9}, environ={"SUREFOOT_TRACE_KEEP": "8"}, config_dir=tmp_path)
    assert settings.trace_keep == 9


@pytest.mark.parametrize("value", ["many", "-3", "inf"])
def test_a_bad_value_is_a_message_and_the_default(tmp_path: Path, value: str) -> None:
    settings, messages = load(tmp_path, SUREFOOT_LOCK_TIMEOUT=value, SUREFOOT_TRACE_KEEP="7")
    assert (settings.lock_timeout, settings.trace_keep) == (30.0, 7)
    assert len(messages) == 1
    assert f"lock_timeout (SUREFOOT_LOCK_TIMEOUT) cannot be '{value}'" in messages[0]


def test_a_slip_in_a_name_is_told_and_a_strange_name_is_not(tmp_path: Path) -> None:
    _, messages = load(tmp_path, "modle = 'none'", SUREFOOT_MODLE="none", SUREFOOT_HOME="/somewhere")
    assert messages == (
        "SUREFOOT_MODLE is not a setting and is ignored; did you mean SUREFOOT_MODEL?",
        "There is no setting 'modle', so it is ignored; did you mean model?",
    )


@pytest.mark.parametrize("text", ["not toml", "a = " + "[" * 20_000, "trace_keep = "])
def test_a_file_that_cannot_be_read_is_a_message(tmp_path: Path, text: str) -> None:
    settings, messages = load(tmp_path, text)
    assert settings == Settings()
    assert "surefoot.toml" in messages[0]


def test_a_project_may_say_what_to_index_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".surefoot.toml").write_text("include_vendored = true\ncache_dir = '/elsewhere'\n")
    settings, messages = load(tmp_path, roots=(tmp_path,))
    assert (settings.include_vendored, settings.cache_dir) == (True, Settings().cache_dir)
    assert "cannot be set by a project" in messages[0]


def test_the_cache_folder_is_never_the_current_one_by_accident(tmp_path: Path) -> None:
    assert load(tmp_path, SUREFOOT_CACHE_DIR="")[0].cache_dir == Settings().cache_dir
    assert load(tmp_path, SUREFOOT_CACHE_DIR="~/kept")[0].cache_dir == Path.home() / "kept"
