"""Diagrams as text: nodes by the text that is shown for them, and what joins them in the documentation."""

import pytest

from surefoot.domain import Source
from surefoot.syntax.parse import Parsed, parse


def names(parsed: Parsed) -> list[str]:
    return [symbol.qualified_name for symbol in parsed.symbols]


def told(parsed: Parsed) -> list[str]:
    return parsed.chunks[0].doc.split("\n")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ab[Cart] --> cd(Ledger)", ["Cart -> Ledger"]),
        ("ab-->|pays|cd", ["ab -> cd: pays"]),
        ("ab -- pays with --> cd", ["ab -> cd: pays with"]),
        ("ab == pays ==> cd -.-> ef", ["ab -> cd: pays", "cd -> ef"]),
        ("ab & cd --> ef & gh", ["ab -> ef", "ab -> gh", "cd -> ef", "cd -> gh"]),
        ("ab --> cd; ef --> gh", ["ab -> cd", "ef -> gh"]),
        ('ab["Cart (new) [x]"] --o cd{{Ledger}}', ["Cart (new) [x] -> Ledger"]),
        ("user-service --> db.main", ["user-service -> db.main"]),
    ],
)
def test_lines_of_a_mermaid_flowchart(line: str, expected: list[str]) -> None:
    assert told(parse("a.mmd", f"flowchart LR\n  {line}\n", "mermaid")) == expected


def test_a_mermaid_sequence() -> None:
    text = (
        "sequenceDiagram\n  title Refund\n  participant C as Customer\n  actor agent as Support agent\n"
        "  C->>+agent: asks for the money\n  agent-->>-C: says yes: at once\n"
        "  loop daily\n  agent-)ledger-db: books\n  end\n"
    )
    parsed = parse("a.mmd", text, "mermaid")
    assert names(parsed) == ["Refund", "Refund.Customer", "Refund.Support agent", "Refund.ledger-db"]
    assert told(parsed) == [
        "Customer -> Support agent: asks for the money",
        "Support agent -> Customer: says yes: at once",
        "Support agent -> ledger-db: books",
    ]
    assert {chunk.source for chunk in parsed.chunks} == {Source.DESIGNS}


def test_mermaid_classes_states_and_entities() -> None:
    classes = 'classDiagram\n  class Invoice {\n    +pay(amount) bool\n  }\n  class Order["Customer order"]\n'
    parsed = parse("a.mmd", classes + '  Order "1" --> "*" Invoice : has\n  Payment <|-- CardPayment\n', "mermaid")
    assert told(parsed) == ["Customer order -> Invoice: has", "CardPayment -> Payment"]
    assert [(s.name, s.span.start, s.span.end) for s in parsed.symbols][:2] == [
        ("Invoice", 2, 4),
        ("Customer order", 5, 5),
    ]
    states = 'stateDiagram-v2\n[*] --> Draft\nstate "In review" as r\nDraft --> r : submit\n'
    states += "state Sent {\n  Sealed --> Gone\n}\n"
    assert "Draft -> In review: submit" in told(parse("a.mmd", states, "mermaid"))
    assert "state diagram.Sent.Sealed" in names(parse("a.mmd", states, "mermaid"))
    entities = "erDiagram\n  CUSTOMER ||--o{ ORDER : places\n  ORDER {\n    int id PK\n  }\n"
    assert told(parse("a.mmd", entities, "mermaid")) == ["CUSTOMER -> ORDER: places"]
    assert names(parse("a.mmd", entities, "mermaid"))[0].startswith("er diagram")  # as the file says it


def test_what_names_nothing_has_no_symbols_and_one_chunk() -> None:
    for text, language in (
        ("pie\n  nothing here\n", "mermaid"),
        ("digraph {}\n", "graphviz"),
        ("@startuml\n@enduml\n", "plantuml"),
    ):
        parsed = parse("a", text, language)
        assert parsed.symbols == ()
        assert [chunk.symbol for chunk in parsed.chunks] == [""]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("Alice -> Bob : hello", ["Alice -> Bob: hello"]),
        ("Alice <-- Bob : hello", ["Bob -> Alice: hello"]),
        ("[Cart] ..> [Ledger] : reads", ["Cart -> Ledger: reads"]),
        ('participant "Refund service" as r\nr -[#red]> db: books', ["Refund service -> db: books"]),
        ('participant r as "Refund service"\nr ->> db', ["Refund service -> db"]),
        ('A1 "1" *-- "many" B1 : contains', ["A1 -> B1: contains"]),
        ("(*) --> :Read the mail:", ["* -> Read the mail"]),
        ('Person(u, "Buyer")\nSystem(s, "Shop")\nRel(u, s, "Buys, often")', ["Buyer -> Shop: Buys, often"]),
        ("note over a1\na1 -> b1 : is a note\nend note\na1 -> c1", ["a1 -> c1"]),
        ("/' block\na1 -> b1\n'/\na1 -> c1", ["a1 -> c1"]),
        ("class A1 {\n  b1 -> c1\n}\nA1 -left-> d1", ["A1 -> d1"]),
    ],
)
def test_lines_of_plantuml(lines: str, expected: list[str]) -> None:
    assert told(parse("a.puml", f"@startuml\n{lines}\n@enduml\n", "plantuml")) == expected


def test_a_plantuml_file_to_be_included_has_no_marks() -> None:
    assert names(parse("a.iuml", 'package "Web" {\n [Cart]\n}\n', "plantuml")) == ["diagram.Web", "diagram.Web.Cart"]


def test_graphviz_clusters_sets_ports_and_comments() -> None:
    text = (
        'strict digraph "The shop" {\n  // a -> b\n# a -> c\n'
        '  subgraph cluster_0 { label="Web"; cart [label=<<b>Cart</b>>]; }\n'
        '  cart:p -> {ledger, mail} [label="sends \\"all\\""]; node [label="every"];\n}\n'
    )
    parsed = parse("a.dot", text, "graphviz")
    assert names(parsed) == [
        "The shop", "The shop.Web", "The shop.Web.Cart", "The shop.ledger", "The shop.mail",
    ]  # fmt: skip
    assert told(parsed) == ['Cart -> ledger: sends "all"', 'Cart -> mail: sends "all"']


MARKDOWN = """# Guide

Some words.

```mermaid
flowchart LR
  o[Order desk] -->|hands over| s[Shipping desk]
```

## Next

~~~ mermaid
sequenceDiagram
  title Return
  participant W as Warehouse
~~~

```text
flowchart LR
  x[Not a diagram]
```
"""


def test_a_graphviz_cluster_that_leads_to_a_set() -> None:
    text = "digraph g {\n  subgraph cluster_a {\n    subgraph cluster_b {\n      first\n    } -> { second third }\n"
    parsed = parse("a.dot", text, "graphviz")
    assert [symbol.span.start for symbol in parsed.symbols if symbol.name in {"second", "third"}] == [5, 5]


def test_diagrams_within_markdown_are_read_where_they_stand() -> None:
    parsed = parse("a.md", MARKDOWN, "markdown")
    assert [(s.qualified_name, s.name_line) for s in parsed.symbols] == [
        ("Guide", 1),
        ("Guide.flowchart.Order desk", 7),
        ("Guide.flowchart.Shipping desk", 7),
        ("Guide.Next", 10),
        ("Guide.Next.Return", 14),
        ("Guide.Next.Return.Warehouse", 15),
    ]
    assert parsed.symbols[0].doc == "Order desk -> Shipping desk: hands over"
    assert {chunk.source for chunk in parsed.chunks} == {Source.DOCS}


@pytest.mark.parametrize("language", ["mermaid", "plantuml", "graphviz"])
@pytest.mark.parametrize(
    "piece",
    [
        "-- x ",
        "-",
        "<",
        "a -- ",
        "a-->|",
        '"',
        "a[",
        "x & ",
        "subgraph x\n",
        "state A {\n",
        "a -> {",
        "/*",
        "[#red]",
        " ",
    ],
)
@pytest.mark.parametrize(
    "head", ["flowchart LR\n", "sequenceDiagram\n", "classDiagram\n", "@startuml\n", "digraph x {\n"]
)
def test_endless_repetition_is_read(language: str, piece: str, head: str) -> None:
    """Each is quadratic or worse in a reader that looks for the end of what never ends."""
    text = head + piece * (60_000 // len(piece))
    covered = {n for c in parse("a", text, language).chunks for n in range(c.span.start, c.span.end + 1)}
    assert covered >= {number for number, line in enumerate(text.split("\n"), 1) if line.strip()}


def test_joining_everything_with_everything_is_bounded() -> None:
    many = " & ".join(f"node{number}" for number in range(3000))
    parsed = parse("a.mmd", f"flowchart LR\n{many} --> {many}\n", "mermaid")
    assert len(told(parsed)) == 200
