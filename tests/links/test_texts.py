"""Catalogs of translations: which files are, what their keys are, and where code names them."""

from textwrap import dedent

import pytest

from surefoot.domain import Chunk, Source, Span, SymbolKind
from surefoot.links.texts import codes_named, entries, is_catalog, is_key_of, keys_named, spaces_named


def chunk(path: str, text: str, symbol: str = "") -> Chunk:
    return Chunk(Span(path, 1, 1 + text.count("\n")), Source.CODE, "json", text, symbol, SymbolKind.KEY)


def keys(path: str, text: str, symbol: str = "") -> list[tuple[str, str, int]]:
    return [tuple(each) for each in entries(chunk(path, dedent(text).strip("\n"), symbol))]


@pytest.mark.parametrize(
    "path",
    [
        "src/assets/i18n/en.json",
        "app/locales/pt-BR.yml",
        "public/locales/de/common.json",
        "src/main/resources/messages_en.properties",
        "src/main/resources/messages.properties",
        "config/locales/devise.en.yml",
    ],
)
def test_a_file_of_texts_is_known_by_its_name_and_its_folders(path: str) -> None:
    """As Angular, Rails, i18next and Spring have them."""
    assert is_catalog(path)


@pytest.mark.parametrize(
    "path",
    [
        "src/en.json",
        "package.json",
        "locales/index.ts",
        "application.properties",
        "src/lang/Parser.java",
        "i18n/README.md",
    ],
)
def test_other_files_are_none(path: str) -> None:
    """Code among the catalogs, and data elsewhere."""
    assert not is_catalog(path)


def test_the_keys_of_nested_texts_are_whole() -> None:
    """With all that they stand in, also where a chunk begins in the middle."""
    text = """
          "desk": {
            "title": "Loan desk",
            "hint": {
              "late": "Bring it \\"back\\" by {{day}}"
            },
            "keep": "Keep it"
          },
    """
    found = [
        ("pages.desk.title", "Loan desk", 1),
        ("pages.desk.hint.late", 'Bring it \\"back\\" by {{day}}', 3),
        ("pages.desk.keep", "Keep it", 5),
    ]
    assert keys("locales/en.json", text, "pages.desk") == found
    assert keys("locales/en.json", '"title": "Loan desk"', "desk") == [("desk.title", "Loan desk", 0)]
    assert keys("locales/en.json", '"desk.title": "Loan desk"', "desk.title") == [("desk.title", "Loan desk", 0)]


def test_the_name_of_the_language_is_no_part_of_a_key() -> None:
    """Rails has it around everything."""
    text = """
        de:
          desk:
            keep: "Behalten"
          errors:
            late: Zu spät
    """
    found = [("desk.keep", "Behalten", 2), ("errors.late", "Zu spät", 4)]
    assert keys("config/locales/de.yml", text, "de") == found
    assert keys("config/locales/devise.de.yml", text, "de") == found


def test_properties_are_keys_and_texts() -> None:
    """With either sign between them, and not their comments."""
    text = "# the desk\ndesk.keep=Keep it\ndesk.left : {0} left\n"
    assert keys("messages_en.properties", text) == [("desk.keep", "Keep it", 1), ("desk.left", "{0} left", 2)]


def test_code_names_keys_in_quotes() -> None:
    """However it is that its framework translates them."""
    text = "<b>{{ 'desk.keep' | translate }}</b>\n{t(\"lib:desk.hint.late\")} x.desk.keep $t(`desk.title`)"
    found = list(keys_named(text))
    assert found == [("desk.keep", 0), ("lib:desk.hint.late", 1), ("desk.title", 1)]
    entry = entries(chunk("locales/en.json", '"desk.hint.late": "Late"', "desk.hint.late"))[0]
    assert is_key_of("lib:desk.hint.late", entry)
    assert not is_key_of("hint.late", entry)
    assert (entry.space, entry.code) == ("desk.hint", "late")


@pytest.mark.parametrize(
    "text",
    [
        "show(`errors.${code}`)",
        "t('errors.' + code)",
        'f"errors.{code}"',
        '"errors.%s".formatted(code)',
        '"errors." . $code',
    ],
)
def test_code_puts_keys_together(text: str) -> None:
    """Of what many begin with, and something else."""
    assert list(spaces_named(text)) == [("errors", 0)]


def test_what_a_key_ends_with_is_a_word_of_its_own() -> None:
    """Such as the code of an error."""
    text = 'throw new Refused(Kind.CONFLICT, "too_late", "It is too late.");'
    assert list(codes_named(text)) == [("too_late", 0)]


def test_a_long_line_is_looked_at_in_part() -> None:
    """However many blanks it has."""
    assert keys("locales/en.yml", "a" + " " * 200_000 + "b") == []
    assert keys("locales/en.json", "{" + " " * 200_000 + '"a": "b"') == []
