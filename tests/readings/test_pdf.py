"""PDFs are read page by page; what cannot be read is one sentence, and never an exception or a line in a log."""

import io
import logging

import pytest
from pypdf import PdfReader, PdfWriter

from surefoot.domain import Source
from surefoot.readings import Reading, reading_of
from surefoot.readings import pdf as pdfs
from tiny_pdf import pdf

HANDBOOK = pdf(
    [
        ["Payments handbook", "For the people who answer the phone."],
        ["2 Refunds", "Above 500 euros a team lead agrees.", "2.1 Deadlines", "Five working days."],
        ["More on deadlines."],
    ],
    [("Payments handbook", 1), ("Refunds", 2), ("Deadlines", 2)],
)


def read(content: bytes) -> Reading:
    reading = reading_of("docs/handbook.pdf", content)
    assert reading is not None
    assert len(reading.lines) == len(reading.text.split("\n"))
    return reading


def encrypted(password: str) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(PdfReader(io.BytesIO(HANDBOOK)))
    writer.encrypt(password, "owner", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def test_pages_and_the_headings_of_the_outline_are_records() -> None:
    reading = read(HANDBOOK)
    lines = reading.text.split("\n")
    assert (reading.language, reading.source, reading.problems) == ("pdf", Source.DOCS, ())
    assert [(r.signature, lines[r.first - 1], lines[r.last - 1]) for r in reading.records] == [
        ("Payments handbook", "page 1", ""),
        ("Refunds", "page 2", "Above 500 euros a team lead agrees."),
        ("Deadlines", "2.1 Deadlines", "More on deadlines."),
        ("Payments handbook > page 1", "page 1", "For the people who answer the phone."),
        ("Refunds > page 2", "page 2", "Above 500 euros a team lead agrees."),
        ("Deadlines > page 2", "2.1 Deadlines", "Five working days."),
        ("Deadlines > page 3", "page 3", "More on deadlines."),
    ]


def test_every_line_of_text_is_in_exactly_one_page() -> None:
    reading = read(HANDBOOK)
    pages = [set(range(r.first, r.last + 1)) for r in reading.records if r.name.startswith("page ")]
    assert sum(map(len, pages)) == len(set().union(*pages))
    assert {n for n, line in enumerate(reading.text.split("\n"), 1) if line} == set().union(*pages)


def test_without_an_outline_there_are_pages() -> None:
    reading = read(pdf([["One"], [], ["Three"]]))
    assert [(r.name, r.container) for r in reading.records] == [("page 1", ""), ("page 3", "")]


def test_a_title_that_is_nowhere_on_its_page_begins_with_the_page() -> None:
    reading = read(pdf([["a"], ["b"]], [("Chapter (two)", 2), ("No such page", 2)]))
    assert [r.signature for r in reading.records][-1] == "No such page > page 2"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (pdf([[], []]), "The PDF has no text: its pages are pictures, as those of a scanner are."),
        (pdf([["x"]])[:300], "The PDF is damaged and cannot be read."),
        (b"%PDF-1.7\n", "The PDF is damaged and cannot be read."),
        (b"", "The file is no PDF, or its beginning is damaged."),
        (b"<html>PDF</html>", "The file is no PDF, or its beginning is damaged."),
        (encrypted("secret"), "The PDF is encrypted; save it without a password to have it indexed."),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    content: bytes, problem: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG, logger="surefoot"):
        reading = read(content)
    assert (reading.records, reading.problems) == ((), (problem,))
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")


def test_a_pdf_that_only_forbids_printing_is_read() -> None:
    assert "Above 500 euros" in read(encrypted("")).text


def test_a_damaged_page_is_told_and_the_others_are_read() -> None:
    content = pdf([["first"], ["second"]])
    damaged = content.replace(b"(second) Tj", b"<<<<<<<<< Tj"[:11])
    reading = read(damaged)
    assert "first" in reading.text
    assert "second" not in reading.text


@pytest.mark.parametrize("seed", range(40))
def test_any_damage_leads_to_a_reading(seed: int) -> None:
    place = seed * len(HANDBOOK) // 40
    for noise in (b"\x00\xff\xfe", b"<<" * 40, b"99999999999", b" 0 R " * 9):
        content = HANDBOOK[:place] + noise + HANDBOOK[place + len(noise) :]
        reading = read(content)
        assert reading.records or reading.problems
        assert read(content) == reading


def test_pages_beyond_the_most_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfs, "MOST_PAGES", 2)
    reading = read(pdf([["one page of four"], ["b"], ["c"], ["d"]]))
    assert reading.problems == ("The PDF has 4 pages, of which the first 2 are read.",)
    assert "page 3" not in reading.text


def test_a_page_that_draws_without_end_is_given_up() -> None:
    reading = read(pdf([["words"]], extra=b" 0 0 m" * 400_000))
    assert reading.problems
    assert reading.problems[0].endswith("cannot be read.")


def test_a_bomb_is_not_unpacked() -> None:
    import zlib  # noqa: PLC0415

    bomb = zlib.compress(b"0 " * 60_000_000, 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(bomb), bomb)
    plain = pdf([["x"]])
    begin, end = plain.index(b"<< /Length"), plain.index(b"endstream") + len(b"endstream")
    reading = read(plain[:begin] + stream + plain[end:])
    assert reading.records == ()
    assert len(reading.problems) == 1
