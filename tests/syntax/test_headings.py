"""Headings of AsciiDoc and reStructuredText, as Asciidoctor and docutils have them."""

from surefoot.syntax.prose import headings_of

ASCIIDOC = """= Payments handbook
:toc: left

Intro of
two lines.

[[retries]]
== Retries [[old]]

.A listing
[source,python]
----
== not a heading
----

Backoff
~~~~~~~

A line
-----

====
== inside an example
====

////
== a comment
////

=== `<limit>` option ===

```python
== fenced
```

# Markdown style

Refunds
-------

|===
|a
|===

Not a title, as the line is longer
----
== code
----

== [[anchored]]Last
"""


def test_asciidoc() -> None:
    assert [(h.level, h.title, h.name_line) for h in headings_of("asciidoc", ASCIIDOC.split("\n"))] == [
        (1, "Payments handbook", 1),
        (2, "Retries", 8),
        (3, "Backoff", 16),
        (2, "A line", 19),
        (3, "<limit> option", 30),
        (1, "Markdown style", 36),
        (2, "Refunds", 38),
        (2, "Last", 50),
    ]


def test_tags_in_code_are_part_of_a_title() -> None:
    assert [h.title for h in headings_of("markdown", ["# The `<script>` tag <b>now</b>"])] == ["The <script> tag now"]
    assert [h.title for h in headings_of("rst", ["HTML ``<label>`` tags", "====================="])] == [
        "HTML <label> tags"
    ]
