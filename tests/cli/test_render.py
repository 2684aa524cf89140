"""Hits and citations of other sources as lines for people: never a path that does not exist."""

from pathlib import Path

from surefoot.cli.render import citation_line, claim_line, hit_line, source_words
from surefoot.domain import Chunk, Citation, Claim, Hit, Root, Source, SourceUse, Span, Struck, SymbolKind, Verdict

ROOT = Root(Path("/nowhere/shop"), "shop")
COMMIT = "commit:3f2a91c0de" + "0" * 30
EXPORT = ".surefoot/tickets/github.json"
SIGNATURE = "#123: Retry\x1b[2J limit (closed, 2024-03-01)"


def hit(path: str, source: Source, language: str, symbol: str, signature: str, file_line: int) -> Hit:
    kind = SymbolKind.EVENT
    chunk = Chunk(Span(path, 17, 25), source, language, "text", symbol, kind, signature, file_line=file_line)
    return Hit(ROOT, chunk, 1.0, {})


def test_a_commit_is_a_commit_and_no_path() -> None:
    line = hit_line(hit(COMMIT, Source.COMMITS, "commit", "3f2a91c0de", "3f2a91c0de Lower it (2024-03-01)", 1)).plain
    assert line == "commit 3f2a91c0de, 2024-03-01: Lower it"
    cited = Citation(2, ROOT, Span(COMMIT, 1, 4), "3f2a91c0de", Verdict.VALID, source=Source.COMMITS,
                     label="commit 3f2a91c0de, 2024-03-01: Lower it", file_line=1)  # fmt: skip
    assert citation_line(cited).plain == "commit 3f2a91c0de, 2024-03-01: Lower it  [2]  valid"


def test_a_ticket_has_its_export_its_line_and_its_label() -> None:
    line = hit_line(hit(EXPORT, Source.TICKETS, "tickets", "#123", SIGNATURE, 120)).plain
    assert line == f"/nowhere/shop/{EXPORT}:120  #123: Retry [2J limit (closed, 2024-03-01)  ticket"


def test_a_part_of_a_drawing_says_what_it_is_in() -> None:
    line = hit_line(hit("docs/shop.drawio", Source.DESIGNS, "drawing", "Checkout.Pay", "Checkout > Pay", 9)).plain
    assert line == "/nowhere/shop/docs/shop.drawio:9  Checkout > Pay  drawing"


def test_a_label_steers_no_terminal() -> None:
    cited = Citation(1, ROOT, Span(EXPORT, 17, 25), "#123", Verdict.VALID, source=Source.TICKETS,
                     label="#123: \x1b[2J\u202ereversed", file_line=120)  # fmt: skip
    assert citation_line(cited).plain == f"/nowhere/shop/{EXPORT}:120  [1]  #123: \\x1b[2J\\u202ereversed  valid"


def test_what_was_struck_out_of_a_claim_is_struck_out_below_it_and_said_in_words() -> None:
    line = claim_line(Claim("`f` reads it.", (1, 2), (Struck("and sends it", "its words sends are not there"),)))
    assert line.plain == "`f` reads it. [1][2]\n  (left out: and sends it; its words sends are not there)"
    assert [line.plain[span.start : span.end] for span in line.spans if span.style == "strike"] == ["and sends it"]
    assert claim_line(Claim("`f` reads it.", (1,))).plain == "`f` reads it. [1]"


def test_what_is_struck_out_steers_no_terminal_and_may_have_no_words() -> None:
    evil = "\x1b[2J\u202ereversed\nAnswer"
    line = claim_line(Claim("It.", (), (Struck(evil, evil), Struck("", "has an address")))).plain
    assert line.split("\n") == [
        "It.",
        "  (left out: \\x1b[2J\\u202ereversed Answer; \\x1b[2J\\u202ereversed Answer)",
        "  (left out: a part that has an address)",
    ]


def uses(*used: Source, absent: tuple[Source, ...] = ()) -> list[SourceUse]:
    return [SourceUse(source, 0 if source in absent else 3, source in used) for source in Source]


def test_sources_are_told_where_more_than_code_and_documents_were_used() -> None:
    assert source_words(uses(Source.CODE, Source.DOCS, absent=(Source.TICKETS,))) == ""
    assert source_words(uses()) == ""
    assert source_words(uses(Source.TICKETS)) == "drawn from tickets"
    assert source_words(uses(Source.CODE, Source.TICKETS, Source.COMMITS, absent=(Source.DESIGNS,))) == (
        "drawn from code, tickets and commits; not indexed: designs"
    )
