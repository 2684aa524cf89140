import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from surefoot.config import NOT_IN_VS_CODE, Settings, complaint, load_settings, names


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
    assert f"lock_timeout (SUREFOOT_LOCK_TIMEOUT in the environment) cannot be '{value}'" in messages[0]


@pytest.mark.parametrize(
    ("name", "value", "shown", "wanted"),
    [
        ("context_tokens", -5, "-5", "at least 200"),
        ("index_workers", 1000, "1000", "at most 64"),
        ("lock_timeout", 90_000, "90000", "at most 86,400"),
        ("max_file_bytes", 0, "0", "more than 0"),
        ("context_tokens", "many", "'many'", "a whole number"),
        ("context_tokens", 300.5, "300.5", "a whole number"),
        ("context_tokens", None, "None", "a whole number"),
        ("lock_timeout", "long", "'long'", "a number"),
        ("trace", "perhaps", "'perhaps'", "true or false"),
        ("trace", [], "[]", "true or false"),
        ("model", 3, "3", "a text"),
        ("cache_dir", 3, "3", "the path of a folder"),
        ("model", ["x" * 99], f"['{'x' * 58}…", "a text"),
    ],
)
def test_a_message_says_what_a_value_has_to_be(name: str, value: object, shown: str, wanted: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(**{name: value})  # type: ignore[arg-type]
    assert complaint(name, caught.value.errors()[0]).endswith(
        f" cannot be {shown}: it has to be {wanted}; the default is used."
    )


def test_a_message_names_the_setting_wherever_it_can_be_set(tmp_path: Path) -> None:
    _, messages = load_settings({"context_tokens": -5}, environ={}, config_dir=tmp_path)
    assert " ".join(messages) == (
        "Surefoot's setting context_tokens (contextTokens in VS Code, SUREFOOT_CONTEXT_TOKENS in the environment) "
        "cannot be -5: it has to be at least 200; the default is used."
    )


def test_the_names_in_vs_code_are_those_of_the_extension() -> None:
    manifest = json.loads((Path(__file__).parents[1] / "extension" / "package.json").read_text(encoding="utf-8"))
    there = {key.removeprefix("surefoot.") for part in _parts(manifest) for key in part["properties"]}
    for name in Settings.model_fields:
        told = re.search(r"\((\w+) in VS Code", names(name))
        assert (told is None) == (name in NOT_IN_VS_CODE)
        assert told is None or told.group(1) in there
    assert not {"embedder", "lockTimeout"} & there


def _parts(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    configuration = manifest["contributes"]["configuration"]
    return configuration if isinstance(configuration, list) else [configuration]


def test_a_slip_in_a_name_is_told_and_a_strange_name_is_not(tmp_path: Path) -> None:
    _, messages = load(tmp_path, "modle = 'none'", SUREFOOT_MODLE="none", SUREFOOT_HOME="/somewhere")
    assert messages == (
        "SUREFOOT_MODLE is not a setting and is ignored; did you mean SUREFOOT_MODEL?",
        "Surefoot has no setting 'modle', so it is ignored; did you mean model?",
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


@pytest.mark.parametrize("target", ["", "http://localhost:4318", "HTTPS://host.example/otlp/v1/traces?x=1"])
def test_traces_are_exported_to_an_address_as_it_was_given(tmp_path: Path, target: str) -> None:
    settings, messages = load(tmp_path, SUREFOOT_TRACE_EXPORT=target)
    assert (settings.trace_export, settings.trace_export_contents, messages) == (target, False, ())


def test_traces_are_exported_to_a_file_wherever_surefoot_was_started(tmp_path: Path) -> None:
    assert load(tmp_path, SUREFOOT_TRACE_EXPORT="~/spans.jsonl")[0].trace_export == str(Path.home() / "spans.jsonl")
    assert Path(load(tmp_path, "trace_export = 'spans.jsonl'")[0].trace_export).is_absolute()


@pytest.mark.parametrize("target", ["ftp://host/", "localhost:4318", "http://", "a\\u0000b", "file:///tmp/x"])
def test_what_is_neither_an_address_nor_a_file_is_a_message(tmp_path: Path, target: str) -> None:
    settings, messages = load(tmp_path, f'trace_export = "{target}"')
    assert settings.trace_export == ""
    assert messages[0].endswith(
        "it has to be the http:// address of an OTLP receiver or the path of a file; the default is used."
    )


def test_a_project_has_no_say_in_traces(tmp_path: Path) -> None:
    (tmp_path / ".surefoot.toml").write_text(
        "trace = false\ntrace_days = 1\ntrace_keep = 1\ntrace_export = 'http://evil.example'\n"
        "trace_export_contents = true\n"
    )
    settings, messages = load(tmp_path, roots=(tmp_path,))
    assert settings == Settings()
    assert len(messages) == 5
