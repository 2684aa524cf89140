"""Exports of trackers as text: what each format gives, by which line, and what becomes of broken records."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from surefoot.domain import Source, SymbolKind
from surefoot.readings import Reading
from surefoot.readings.tickets import MOST_PROBLEMS, UNKNOWN, read
from surefoot.readings.trackers import listing
from surefoot.readings.trackers.fields import day
from surefoot.readings.trackers.ticket import LONGEST_LINE

EXPORTS = Path(__file__).parent / "exports"


def reading(name: str) -> Reading:
    return read(name, (EXPORTS / name).read_bytes())


def lines_of(found: Reading, name: str) -> list[str]:
    record = next(record for record in found.records if record.name == name)
    return found.text.split("\n")[record.first - 1 : record.last]


def issue(number: object, **fields: object) -> dict[str, object]:
    return {"number": number, "title": f"Title {number}", "body": f"Body {number}", "state": "OPEN", **fields}


def of_json(value: object, indent: int | None = None) -> Reading:
    return read("export.json", json.dumps(value, indent=indent).encode())


SIGNATURES = {
    "github-issues.json": [
        "#123: Retry limit is too low (closed, 2024-03-01)",
        "#127: Bestellung scheitert: „Zeitüberschreitung“ 🛒 (closed as not planned, 2024-02-10)",
        "#131: Show the queue's length (open, 2024-03-06)",
    ],
    "github-pulls.json": ["#130: Raise the retry limit to five (merged, 2024-03-01)"],
    "github-rest.jsonl": [
        "#123: Retry limit is too low (closed, 2024-03-01)",
        "#130: Raise the retry limit to five (merged, 2024-03-01)",
    ],
    "gitlab-issues.json": ["#12: Basket loses its items (closed, 2023-12-01)"],
    "gitlab-merge-requests.json": ["!45: Keep the basket at login (merged, 2023-12-01)"],
    "gitlab-issues.csv": ["#12: Basket loses its items (closed, 2023-12-01)", "#13: Prices in yen (open, 2023-12-05)"],
    "jira-search.json": [
        "PROJ-214: Payment is booked twice (Done as Duplicate, 2024-02-20)",
        "PROJ-216: Checkout fails (In Progress, 2024-03-02)",
    ],
    "jira.csv": [
        "PROJ-214: Payment is booked twice (Done as Duplicate, 2024-02-20)",
        "PROJ-216: Checkout fails (In Progress, 2024-03-02)",
    ],
    "linear.csv": [
        "ENG-12: Index is rebuilt on every start (Done, 2024-03-09)",
        "ENG-13: Same as before (Duplicate, 2024-03-11)",
    ],
}
PEOPLE = ("jane", "doe", "muster", "mmuster", "example.org", "557058")


@pytest.mark.parametrize("name", sorted(path.name for path in EXPORTS.iterdir()))
def test_every_format_is_told_by_its_content_and_read_without_people(name: str) -> None:
    """Each record is a ticket with state and day in its signature; nobody's name or address is in the text."""
    found = read("anything.bin", (EXPORTS / name).read_bytes())
    assert [record.signature for record in found.records] == SIGNATURES[name]
    assert (found.problems, found.language, found.source) == ((), "tickets", Source.TICKETS)
    assert {record.kind for record in found.records} == {SymbolKind.EVENT}
    assert not [person for person in PEOPLE if person in found.text.lower()]


@pytest.mark.parametrize("name", sorted(path.name for path in EXPORTS.iterdir()))
def test_each_line_of_text_has_the_line_of_the_file_that_it_was_made_of(name: str) -> None:
    """In a file of several lines, the key or the title of a ticket stands on or below the line that is told."""
    found, file = reading(name), (EXPORTS / name).read_text("utf-8").split("\n")
    assert len(found.lines) == len(found.text.split("\n"))
    for record in found.records:
        title = record.signature.partition(": ")[2].rpartition(" (")[0]
        line = file[found.lines[record.first - 1] - 1]
        assert title[:20] in line


def test_a_github_issue_has_its_facts_its_body_and_its_comments() -> None:
    """The canonical text, to the letter."""
    assert lines_of(reading("github-issues.json"), "#123") == [
        "#123: Retry limit is too low",
        (
            "State: closed | Created: 2024-01-02 | Updated: 2024-03-01 | Closed: 2024-03-01 | Labels: bug, retry | "
            "Milestone: 2.1 | Type: issue | URL: https://github.com/acme/shop/issues/123"
        ),
        "",
        "Requests to the stock service give up after two attempts.",
        "The limit stands in `server/retry.py`, see `Client.retry`.",
        "",
        "Write to (e-mail address) for the logs.",
        "",
        "Comment, 2024-02-01:",
        "Seen again on the night of the 31st, after PR #130.",
        "",
        "Comment, 2024-02-28:",
        "Raised to five.",
    ]


def test_parts_of_a_pretty_record_have_the_lines_of_their_properties() -> None:
    """The body is cited where "body" stands, and each comment where its own does."""
    found, file = reading("github-issues.json"), (EXPORTS / "github-issues.json").read_text("utf-8").split("\n")
    where = {text: file[line - 1].strip() for text, line in zip(found.text.split("\n"), found.lines, strict=True)}
    assert where["#123: Retry limit is too low"].startswith('"title": "Retry limit')
    assert where["The limit stands in `server/retry.py`, see `Client.retry`."].startswith('"body": "Requests')
    assert where["Raised to five."].startswith('"body": "Raised')


def test_a_pull_request_brings_its_branch_commits_files_and_issues() -> None:
    """What links a pull request with code and tickets is in its text."""
    text = "\n".join(lines_of(reading("github-pulls.json"), "#130"))
    assert "Type: pull request | Related: #123 | Branch: fix/retry-limit | Commits: 3f2a91c0de55aa66bb77cc88d" in text
    assert "\n\nFiles:\nserver/retry.py\ntests/test_retry.py\n" in text
    assert text.endswith("Comment, 2024-02-28:\nFive is enough.")


def test_duplicates_are_known_by_what_each_tracker_says() -> None:
    """A comment of GitHub, a link of GitLab and Jira, a column of Linear."""
    facts = {
        record.name: found.text.split("\n")[record.first]
        for name in ("github-issues.json", "gitlab-issues.json", "jira-search.json", "linear.csv")
        for found in (reading(name),)
        for record in found.records
    }
    duplicates = {key: line.partition("Duplicate of: ")[2].partition(" |")[0] for key, line in facts.items()}
    assert {key: of for key, of in duplicates.items() if of} == {
        "#127": "#123",
        "#12": "#9",
        "PROJ-214": "PROJ-99",
        "ENG-13": "ENG-12",
    }


def test_jira_texts_of_both_generations_are_plain_text() -> None:
    """Wiki markup stays as it is, the document format is written as people read it, and nobody is named."""
    found = reading("jira-search.json")
    assert "Two bookings for one order, asked @somebody." in lines_of(found, "PROJ-214")
    assert "\n".join(lines_of(found, "PROJ-216")[3:]) == (
        "## Steps\n\n1. Open `CheckoutView` as @somebody\n2. Pay\n\n```python\npay(order)\nraise\n```\n\n"
        "See the notes (https://wiki.example.com/pay)\nhttps://acme.atlassian.net/browse/SHOP-7😄\n\n"
        "| Card | fails |\n\nComment, 2024-03-02:\nConfirmed."
    )


def test_repeated_columns_of_a_jira_table_are_all_read() -> None:
    """Labels, versions and comments have a column for each value; who said something is left out."""
    text = "\n".join(lines_of(reading("jira.csv"), "PROJ-214"))
    assert "Labels: payment, card | Milestone: 5.2, 5.3 | Type: bug | Duplicate of: PROJ-99 | Parent: PROJ-200" in text
    assert "Comment, 2024-01-11:\nOnly with cards; not with vouchers\n\nComment, 2024-01-12:\nFixed?\nNo." in text


def test_what_the_tracker_itself_notes_is_no_comment() -> None:
    """GitLab keeps "changed the milestone" beside what people said."""
    assert lines_of(reading("gitlab-issues.json"), "#12")[-2:] == ["Comment, 2023-11-07:", "Same with guests."]


# --- what is broken ------------------------------------------------------------------------------------------------


def test_records_without_a_key_or_twice_are_told_and_the_others_kept() -> None:
    """Of two records of one ticket the one that was changed later counts."""
    found = of_json(
        [
            issue(1, updatedAt="2024-05-01T00:00:00Z", title="Newer"),
            {"title": "Without a number", "body": ""},
            issue(True),
            issue(-3),
            issue(1, updatedAt="2024-01-01T00:00:00Z", title="Older"),
            issue(2),
            "text",
        ],
        indent=None,
    )
    assert [record.name for record in found.records] == ["#1", "#2"]
    assert lines_of(found, "#1")[0] == "#1: Newer"
    assert [problem for problem in found.problems if "no 'number'" in problem] == [
        "Line 1: the record has no 'number' and was left out."
    ] * 3
    assert "Line 1: #1 is in the file twice, and the one that was changed later is kept." in found.problems
    assert "Line 1: the record is no ticket of a tracker that is known and was left out." in found.problems


def test_fields_of_another_type_are_left_out_and_told() -> None:
    """A list as title, a text as list, a date that is none: the ticket is kept with what is right."""
    found = of_json([issue(7, title=["a"], labels="bug", createdAt="yesterday", comments={"a": 1}, body=5)])
    assert lines_of(found, "#7") == ["#7", "State: open | Type: issue", "", "5"]
    assert len(found.problems) == 4
    assert any("#7: 'title' is no text and was left out: list." in problem for problem in found.problems)
    assert any("'createdAt' is no date that can be told and was left out: 'yesterday'" in p for p in found.problems)


def test_problems_are_bounded() -> None:
    """A file that is broken in a hundred places is told about in a few sentences, with the number of the others."""
    found = of_json([{"title": "x", "body": "y"}] * 50 + [issue(1)])
    assert len(found.problems) == MOST_PROBLEMS + 1
    assert found.problems[-1] == f"And {50 - MOST_PROBLEMS} more, which are not listed."
    assert len(found.records) == 1


def test_a_broken_line_of_json_lines_costs_that_line_alone() -> None:
    """The line is named, with the place where it stops making sense."""
    text = json.dumps(issue(1)) + '\n{"number": 2, "title": \n' + json.dumps(issue(3)) + "\n\nnonsense\n"
    found = read("x.jsonl", text.encode())
    assert [record.name for record in found.records] == ["#1", "#3"]
    assert [problem.partition(":")[0] for problem in found.problems] == ["Line 2", "Line 5"]


@pytest.mark.parametrize("indent", [None, 2])
def test_a_list_that_is_cut_off_keeps_what_was_whole(indent: int | None) -> None:
    """As after a full disk, or a download that was stopped."""
    text = json.dumps([issue(number) for number in range(1, 6)], indent=indent)
    found = read("x.json", text[: text.index('"Body 4')].encode())
    assert [record.name for record in found.records] == ["#1", "#2", "#3"]
    assert len(found.problems) == 1
    assert "the file ends in it" in found.problems[0]


def test_a_list_without_its_end_is_told() -> None:
    """All records are whole, and still something is missing."""
    found = read("x.json", b"[" + json.dumps(issue(1)).encode() + b",")
    assert len(found.records) == 1
    assert "the list is not closed; the file seems to be cut off" in found.problems[0]


def test_a_record_broken_in_the_middle_of_a_pretty_list_costs_itself_alone() -> None:
    """The next one is found by how it is indented."""
    text = json.dumps([issue(1), issue(2), issue(3)], indent=2).replace('"title": "Title 2",', '"title": Title 2,')
    found = read("x.json", text.encode())
    assert [record.name for record in found.records] == ["#1", "#3"]
    assert found.problems[0].startswith("Line 8: the record that begins here is no whole JSON")


def test_lists_one_after_the_other_and_in_replies_are_read() -> None:
    """`gh api --paginate` writes a list per page, a search a reply with a list, `--slurp` a list of lists."""
    pages = f"{json.dumps([issue(1)])}{json.dumps([issue(2)])}"
    reply = json.dumps({"total_count": 1, "items": [issue(3)], "incomplete_results": False}, indent=1)
    for text, names in ((pages, ["#1", "#2"]), (reply, ["#3"]), (f"[{pages.replace('][', '],[')}]", ["#1", "#2"])):
        found = read("x.json", text.encode())
        assert ([record.name for record in found.records], found.problems) == (names, ())


def test_a_reply_that_is_cut_off_keeps_what_was_whole() -> None:
    """The list in it is found though the whole is no JSON."""
    text = (EXPORTS / "jira-search.json").read_text("utf-8")
    found = read("x.json", text[: text.index('"Checkout fails"')].encode())
    assert [record.name for record in found.records] == ["PROJ-214"]
    assert len(found.problems) == 1


def test_rows_that_do_not_fit_their_headers_are_told_and_read() -> None:
    """Too few cells, too many, none at all; the lines are those on which the records begin."""
    text = 'Summary,Issue key,Status\nA,P1-1,"Done\nx"\nB,P1-2\n\n,,\nC,P1-3,Open,stray\n'
    text += "D,what,Open\nE,,Open\nF,P1-4,Open\n"
    found = read("x.csv", text.encode())
    assert [(record.name, found.lines[record.first - 1]) for record in found.records] == [
        ("P1-1", 2),
        ("P1-2", 4),
        ("P1-3", 7),
        ("P1-4", 10),
    ]
    assert found.problems == (
        "Line 4: P1-2: it has only 2 cells for 3 columns.",
        "Line 7: P1-3: it has 4 cells for 3 columns.",
        "Line 8: 'what' is no key of a ticket.",
        "Line 8: the record has no 'Issue key' and was left out.",
        "Line 9: the record has no 'Issue key' and was left out.",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_tables_are_read_with_any_delimiter(delimiter: str) -> None:
    """As spreadsheets of other countries write them."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([["Summary", "Issue key", "Status"], ["One, two; three", "P1-1", "Open"]])
    assert lines_of(read("x.csv", out.getvalue().encode()), "P1-1")[0] == "P1-1: One, two; three"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("name", ["github-issues.json", "jira.csv"])
def test_other_encodings_of_unicode_read_the_same(name: str, encoding: str) -> None:
    """PowerShell writes UTF-16, spreadsheets a byte order mark; line ends of Windows change nothing."""
    text = (EXPORTS / name).read_bytes().decode("utf-8").replace("\r\n", "\n")
    assert read(name, text.replace("\n", "\r\n").encode(encoding)) == read(name, text.encode())


def test_letters_of_windows_are_read_and_told() -> None:
    """Not UTF-8 by far: the old encoding of Windows. A few broken letters in UTF-8: marked, and the rest kept."""
    windows = read("x.json", json.dumps([issue(1, title="Größe")], ensure_ascii=False).encode("cp1252"))
    assert lines_of(windows, "#1")[0] == "#1: Größe"
    assert windows.problems == ("Line 1: the file is not UTF-8 as it should be and was read as Windows-1252.",)
    damaged = (
        json.dumps([issue(1, title="äöüäöü", body="ß")], ensure_ascii=False).encode().replace(b"\xc3\x9f", b"\xc3")
    )
    found = read("x.json", damaged)
    assert lines_of(found, "#1")[0] == "#1: äöüäöü"
    assert "UTF-8 with gaps" in found.problems[0]


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b"null",
        b'{"name": "left-pad", "version": "1.0.0"}',
        b"a,b,c\n1,2,3\n",
        b"just text",
        bytes(range(256)) * 20,
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\xff\xfe\x00",
        b"[1, 2, [3]]",
        b'"' * 1000,
    ],
)
def test_what_is_no_export_is_told_in_one_sentence(content: bytes) -> None:
    """Nothing is read, nothing is raised."""
    found = read("x.json", content)
    assert found.records == ()
    assert len(found.problems) <= 2
    assert found.problems[-1] == UNKNOWN or "the file" in found.problems[0]


@pytest.mark.parametrize("content", [b"", b"[]", b" \n", b'{"issues": []}', b"Summary,Issue key\n"])
def test_an_empty_export_is_empty_and_no_problem(content: bytes) -> None:
    """A project without tickets is not broken."""
    found = read("x.json", content)
    assert (found.text, found.records, found.problems) == ("", (), ())


@pytest.mark.parametrize("number", ["9" * 5000, "1e999", "NaN", "1.5", '"12"', "null", "[]"])
def test_odd_numbers_never_raise(number: str) -> None:
    """A number in quotes is one; the others are no keys."""
    found = read("x.json", f'[{{"number": {number}, "title": "t", "body": "b"}}, {json.dumps(issue(1))}]'.encode())
    assert [record.name for record in found.records] == (["#12", "#1"] if number == '"12"' else ["#1"])


def test_a_text_of_two_megabytes_in_one_line_becomes_lines_of_a_bearable_length() -> None:
    """Nothing of it is lost."""
    body = "word " * 400_000
    found = of_json([issue(1, body=body), issue(2, body="x" * 10_000)])
    assert max(map(len, found.text.split("\n"))) <= LONGEST_LINE
    assert "".join(lines_of(found, "#1")[3:]) == body.rstrip()
    assert "".join(lines_of(found, "#2")[3:]) == "x" * 10_000


def test_characters_that_break_a_terminal_or_a_database_are_replaced() -> None:
    """NULs, escapes and lone surrogates; tabs stay."""
    found = of_json([issue(1, title="a\x00b\ud800c\x1b[31m", body="tab\there\u2028there")])
    assert lines_of(found, "#1")[0] == "#1: a\ufffdb\ufffdc\ufffd[31m"
    assert lines_of(found, "#1")[3] == "tab\there\ufffdthere"


def test_a_table_with_a_cell_beyond_pythons_own_limit_is_read() -> None:
    """A description of 300,000 characters; Python stops at 131,072 by itself."""
    text = f'Summary,Issue key,Description\nA,P1-1,"{"x " * 150_000}"\nB,P1-2,y\n'
    found = read("x.csv", text.encode())
    assert [record.name for record in found.records] == ["P1-1", "P1-2"]


def test_a_first_row_beyond_pythons_own_limit_is_no_table() -> None:
    before = csv.field_size_limit(131_072)
    try:
        assert read("a.csv", b"Title" + b"a" * 200_000 + b"\n1,2\n").problems == (UNKNOWN,)
    finally:
        csv.field_size_limit(before)


def test_a_file_that_is_broken_in_very_many_places_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """To tell where a record breaks takes a look at the whole text."""
    monkeypatch.setattr(listing, "MOST_UNREAD", 50)
    whole = json.dumps(issue(1)).encode() + b"\n"
    found = read(
        "a.jsonl", whole + b"{x\n" * 49 + whole.replace(b"1", b"2") + b"{x\n" * 100 + whole.replace(b"1", b"3")
    )
    assert [record.name for record in found.records] == ["#1", "#2"]
    assert found.problems[-1] == f"And {51 - MOST_PROBLEMS} more, which are not listed."


def test_a_time_beyond_all_measure_is_no_day() -> None:
    assert day(10**400) == ""


def test_addresses_of_repositories_are_no_e_mail_addresses() -> None:
    """What people need to find code stays."""
    found = of_json([issue(1, body="git@github.com:acme/shop.git, https://u@host.example/x, a.b@example.org")])
    assert lines_of(found, "#1")[3] == "git@github.com:acme/shop.git, https://u@host.example/x, (e-mail address)"


def test_the_same_bytes_always_give_the_same_reading() -> None:
    """And another order of properties gives the same text."""
    content = (EXPORTS / "github-issues.json").read_bytes()
    reordered = [dict(reversed(list(each.items()))) for each in json.loads(content)]
    assert read("a", content) == read("b", content)
    assert of_json(reordered, indent=2).text == read("a", content).text
