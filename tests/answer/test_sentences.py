import pytest

from surefoot.answer.sentences import code_pieces, first_sentence, prose_paragraphs, stands_in


@pytest.mark.parametrize(
    ("doc", "sentence"),
    [
        ("Open it. Then close it.", "Open it."),
        ("Open v1.2 of it,\n  e.g. this one. Then more.", "Open v1.2 of it, e.g. this one."),
        ("A path (e.g. ``/a/b``) to open. Then more.", "A path (e.g. ``/a/b``) to open."),
        ("No full stop\n\nSecond paragraph.", "No full stop"),
        (
            "Supersedes [7. Use SQLite](0007.md), all of it. Then more.",
            "Supersedes [7. Use SQLite](0007.md), all of it.",
        ),
        ("", ""),
    ],
)
def test_first_sentence(doc: str, sentence: str) -> None:
    assert first_sentence(doc) == sentence


def test_a_text_stands_in_lines_whatever_the_marks_between_its_words() -> None:
    lines = "# Open a door\n# and wait.\ndef open(\n    door,\n): ..."
    assert stands_in("Open a door and wait.", lines)
    assert stands_in("def open(door)", lines)
    assert not stands_in("Open a door or wait.", lines)
    assert not stands_in("pen a door", lines)
    assert not stands_in("", lines)


def test_markup_is_no_text() -> None:
    text = """\
---
# Title

![logo](x.png) [![ci](y)](z)
<div align="center">

| a | b |
|---|---|

    indented code

~~~
fenced text
~~~
A paragraph
of two lines.
* one
1. two

[link]: https://example.org
Other
-----
"""
    found = list(prose_paragraphs(text.split("\n"), markdown=True))
    assert found == ["A paragraph of two lines.", "one", "two"]


def test_directives_of_restructuredtext_are_no_text_and_their_prose_is() -> None:
    text = """\
.. _label:

Title
=====

.. note:: Beware

   This is text.

   :param x: no text

.. toctree::
   :maxdepth: 2

   first file
   second file

.. a comment
   over two lines

Example::

   some code

End."""
    found = [paragraph.strip() for paragraph in prose_paragraphs(text.split("\n"), markdown=False)]
    assert found == ["This is text.", "Example::", "End."]


def test_code_comes_by_line_and_prose_in_it_by_sentence() -> None:
    lines = ["x = 1", "# Wait until the lock is free", "# again. Then go on.", "return", "", "go(x)"]
    assert list(code_pieces(lines)) == ["x = 1", "Wait until the lock is free again.", "Then go on.", "return", "go(x)"]
