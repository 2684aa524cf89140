import pytest

from surefoot.answer.sentences import code_pieces, first_sentence, prose_paragraphs, stands_in, tagged_text


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

   :param int size: what is
     told of a parameter
   :rtype: no text
     that goes on
   :py:func:`run` begins a line.

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
    told = "size: what is      told of a parameter"
    assert found == ["This is text.", told, ":py:func:`run` begins a line.", "Example::", "End."]


def test_code_comes_by_line_and_prose_in_it_by_sentence() -> None:
    lines = ["x = 1", "# Wait until the lock is free", "# again. Then go on.", "return", "", "go(x)"]
    assert list(code_pieces(lines)) == ["x = 1", "Wait until the lock is free again.", "Then go on.", "return", "go(x)"]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("@var bool Whether to count", "Whether to count"),
        ("@var mixed[]", ""),
        ("@return the number of retries", "the number of retries"),
        ("@return int How many", "How many"),
        ("@param string|null $path The file", "$path The file"),
        ("@param {string} path - the file", "path - the file"),
        ("@param path the file", "path the file"),
        ("@param Record $record", ""),
        ("@phpstan-param Record $record", ""),
        ("@covers Net::send", ""),
        ("@deprecated Use send", "Use send"),
        ("{@inheritDoc}", ""),
        ("Post a letter.", "Post a letter."),
    ],
)
def test_of_a_tag_its_text_is_told(line: str, text: str) -> None:
    assert tagged_text(line) == text


def test_tags_are_no_summary_but_what_they_say_of_the_value_is() -> None:
    assert first_sentence("Post a letter\n@param string $to Whom\n@return bool") == "Post a letter"
    assert first_sentence("@var int How often") == "How often"
    assert first_sentence("@var array<int>\n@phpstan-var list<int>") == ""
    assert first_sentence("@param string $to Whom") == ""


def test_tags_and_parameters_between_lines_of_code_are_told_one_by_one() -> None:
    lines = ["/**", " * @param int $size How many to keep", " *   at a time", " * @covers Net", "run();"]
    assert list(code_pieces(lines)) == ["$size How many to keep at a time", "run();"]
    docstring = [":param bool compress: make it", "    small (no by default).", ":param int level: how much"]
    assert list(code_pieces(docstring)) == ["compress: make it small (no by default).", "level: how much"]


def test_code_with_a_message_is_code() -> None:
    lines = ["$this->warn('One was found here. It appears that this goes on and on.');", "return false;"]
    assert list(code_pieces(lines)) == lines


def test_comments_of_markup_over_several_lines_are_no_text() -> None:
    text = 'One.\n\n<!-- {\n  "output": "all of this"\n} -->\n\nTwo.'
    assert list(prose_paragraphs(text.split("\n"), markdown=True)) == ["One.", "Two."]


def test_directives_of_a_domain_are_known_by_their_name() -> None:
    text = ".. py:method:: send(to)\n\n   Post a letter.\n\n.. py:currentmodule:: net\n   x"
    assert [each.strip() for each in prose_paragraphs(text.split("\n"), markdown=False)] == ["Post a letter."]
