"""The sentences that stand in lines of a document or of code: what an answer without a model can quote.

Invariant: a sentence is words of the lines in their order, white space folded; nothing is put into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from surefoot.words import STOP_WORDS, WORD

FEWEST_PLAIN = 5  # plain words that make a line of code a line of prose; `for item in items` is code
PLAIN_SHARE = 0.8  # of such a line's words

_ENDS = (".", "!", "?", ":")
_SENTENCE = re.compile(
    r".+?[.!?](?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bcf\.)(?<!\[\d\.)(?<!\[\d\d\.)(?<!\[\d{3}\.)(?=[\"')`*_]*\s+[A-Z`(\"'*:]|$)[\"')`*_]*|.+?$"
)
_FENCE = re.compile(r"\s*(?:[-*+>]\s+)?(`{3,}|~{3,})")
_RULER = re.compile(r"\s*(?:([=\-~^\"'#*+`.:_])\1{2,}|[=+|-][=+|\s-]*)\s*$")
_HEADING = re.compile(r" {0,3}(?:#{1,6}|={1,6})\s+\S")
_DIRECTIVE = re.compile(r"(\s*)\.\.(?:\s+|$)(?:(?:\|[^|]+\|\s*)?([\w:-]+?)::)?")
_FIELD = re.compile(r"\s*:[\w*-][^:`]*:(?![\w:+-]*`)")  # and no role, as in :py:func:`f`
# Of a parameter its name and text are told: ":param int delay: seconds to wait" says "delay: seconds to wait".
_PARAMETER = re.compile(r"\s*:(?:param|parameter|arg|argument|keyword|raises?)\s+(?:[^:`]*\s)?(?=\*{0,2}[\w.]+:\s+\S)")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d+[.)]|#\.)\s+(?=\S)")
_QUOTE = re.compile(r"^\s*(?:>\s?)+")
# Lines that are markup and no text: tables, images, link targets, tags, alerts of Markdown, macros of manual pages.
_MARKUP = re.compile(r"\s*(?:\||\+[-=]|!?\[!|!\[|\[[^\]]+\]:|<|>\s*\[!|\.[A-Za-z]{1,2}\b|:[\w-]+:\s*$|\[\S*\]$)")
_COMMENT_BEGINS = re.compile(r"\s*<!--")
_CODE_INDENT = re.compile(r" {4}|\t")
# Directives whose body is text; that of any other is code, a table or a list of files.
_TEXT_DIRECTIVES = frozenset(
    """
    admonition attention attribute caution class classmethod coroutinemethod danger data decorator deprecated exception
    function hint important method module note seealso setting staticmethod tip topic warning
    """.split()
)
_COMMENT_MARK = re.compile(r"^(?:#+[:!]?|//+[/!<]*|/\*+!?|\*+|--+|;+|\"\"\"|''')\s*")
# A line of documentation that begins with a tag: what of it is text stands behind the type.
_TAG = re.compile(r"\s*\{?@(?P<tag>[A-Za-z][\w-]*)\}?(?P<rest>.*)")
_OF_A_PARAMETER = frozenset({"param", "arg", "argument"})
_OF_A_VALUE = frozenset({"var", "return", "returns", "throws", "exception", "property", "type"})
_TYPE = re.compile(r"\s*(?:\{[^}]*\}|\S+)\s*")
_BRACED = re.compile(r"\s*\{[^}]*\}\s*")
_NO_TYPES = STOP_WORDS | {"true", "false", "null", "new", "name", "value", "number"}  # a text may begin with them
# What prose has not: a line with it is code, however many words a message in it has.
_CODE_MARK = re.compile(r"[;{}]\s*$|\w\([\"']|->|\$\w|\w\(\)\.|^[\w.]+ ?[+:]?= |^[\w.]+=\S")

_PLAIN_WORD = re.compile(r"[\"'(`*]*[A-Za-z]+(?:['-][A-Za-z]+)*[\"')`*]*[.,;:!?]*$")


def sentences_of(paragraph: str) -> list[str]:
    """The sentences of one paragraph, white space folded."""
    return [found.strip() for found in _SENTENCE.findall(" ".join(paragraph.split())) if found.strip()]


def first_sentence(doc: str) -> str:
    """The first sentence of a documentation text, white space folded; what its tags say of the value comes last."""
    paragraphs = (part for text in re.split(r"\n\s*\n", doc.strip()) for part in _parted_at_tags(text))
    told = [(is_tagged, text) for is_tagged, text in paragraphs if text.strip()]
    plain = [text for is_tagged, text in told if not is_tagged]
    return next((each for text in (*plain, *(text for _, text in told)) for each in sentences_of(text)), "")


def _parted_at_tags(paragraph: str) -> Iterator[tuple[bool, str]]:
    """The text above the tags of a paragraph, and behind each what is told of the value; parameters are no summary."""
    run, is_tagged = list[str](), False
    for line in paragraph.split("\n"):
        tag = _TAG.match(line)
        if tag is None:
            run.append(line)
            continue
        yield is_tagged, "\n".join(run)
        run, is_tagged = [tagged_text(line) if tag["tag"] in _OF_A_VALUE else ""], True
        if not run[0]:  # of what goes on below a tag that tells nothing, nothing is told
            return
    yield is_tagged, "\n".join(run)


def tagged_text(line: str) -> str:
    """The text of a line that begins with a tag: `@return int How many` says "How many"; "" where it has none."""
    found = _TAG.match(line)
    if found is None:
        return line
    tag, rest = found["tag"], found["rest"].strip()
    if tag == "deprecated":
        return rest
    if tag in _OF_A_PARAMETER:
        name = re.search(r"\$\w+ +\S", rest)
        return rest[name.start() :] if name else "" if "$" in rest else _BRACED.sub("", rest, count=1)
    if tag not in _OF_A_VALUE:
        return ""
    words = rest.split()
    is_text = bool(words) and words[0].lower() in _NO_TYPES
    text = rest if is_text else _TYPE.sub("", rest, count=1)
    return text if len(text.split()) > 1 else ""


def stands_in(text: str, lines: str) -> bool:
    """Whether the words of `text` stand in `lines` in this order, with nothing but white space and marks between."""
    words = WORD.findall(text)
    return bool(words) and f" {' '.join(words)} " in f" {' '.join(WORD.findall(lines))} "


def prose_paragraphs(lines: Sequence[str], *, markdown: bool) -> Iterator[str]:
    """The paragraphs and list items of a document's lines, without headings, rulers, fences, directives and tables."""
    return (text for text, _ in paragraphs_and_items(lines, markdown=markdown))


def paragraphs_and_items(lines: Sequence[str], *, markdown: bool) -> Iterator[tuple[str, bool]]:
    """The same, each with whether it is an item of a list."""
    run: list[str] = []
    is_item = False
    for raw in (*_text_lines(lines, markdown=markdown), ""):
        line = _QUOTE.sub("", raw)
        starts = _ITEM.match(line) or _PARAMETER.match(line)
        if run and (not line.strip() or starts):
            yield " ".join(run), is_item
            run = []
        if line.strip():
            is_item = starts is not None if not run else is_item
            run.append(line[starts.end() :] if starts else line)


def _text_lines(lines: Sequence[str], *, markdown: bool) -> Iterator[str]:
    """Each line that is text, and an empty one for each that is not."""
    fence, skipped_indent, is_below_text, is_comment = "", -1, False, False
    for index, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if line.strip() and indent <= skipped_indent:
            skipped_indent = -1
        marker = _FENCE.match(line) if markdown else None  # elsewhere it underlines a title
        directive = None if fence or skipped_indent >= 0 else _DIRECTIVE.match(line)
        if directive is not None and (directive.group(2) or "").rpartition(":")[2] not in _TEXT_DIRECTIVES:
            skipped_indent = indent
        is_code = markdown and not is_below_text and bool(_CODE_INDENT.match(line)) and not _ITEM.match(line)
        is_comment = is_comment or _COMMENT_BEGINS.match(line) is not None
        is_hidden = (
            is_comment or bool(fence) or marker is not None or directive is not None or skipped_indent >= 0 or is_code
        )
        if marker is not None and (not fence or marker.group(1).startswith(fence)):
            fence = "" if fence else marker.group(1)
        is_field = not is_hidden and not markdown and _FIELD.match(line) is not None
        if is_field and not _PARAMETER.match(line):  # what goes on below it is of it
            skipped_indent = indent
        is_comment = is_comment and "-->" not in line
        shown = "" if is_hidden or _is_markup(lines, index) else line
        if shown.rstrip().endswith("::"):  # reStructuredText: what is indented below is code
            skipped_indent = indent
        is_below_text = bool(shown.strip()) or (is_below_text and bool(line.strip()))
        yield shown


def _is_markup(lines: Sequence[str], index: int) -> bool:
    line = lines[index]
    after = lines[index + 1] if index + 1 < len(lines) else ""
    is_title = bool(after.strip()) and _RULER.match(after) is not None and not line.startswith((" ", "\t"))
    if _PARAMETER.match(line):
        return False
    return is_title or any(pattern.match(line) for pattern in (_RULER, _HEADING, _FIELD, _MARKUP))


# Code that reads like words: several such lines are no sentence.
_IMPORT = re.compile(r"from \S+ import |import [\w.]+(?: as \w+)?;?$|(?:import|export) .* from ")


def code_pieces(lines: Sequence[str]) -> Iterator[str]:
    """The lines of code one by one, without comment marks; lines of prose among them as whole sentences."""
    run: list[str] = []
    was_marked = False
    for line in (*lines, ""):
        bare = _COMMENT_MARK.sub("", line.strip(), count=1)
        is_marked = bare != line.strip()
        if is_marked and _TAG.match(bare):
            yield from sentences_of(" ".join(run))
            told = tagged_text(bare)
            run, was_marked = [told] if told else [], True
            continue
        goes_on = bool(run) and is_marked == was_marked and not run[-1].endswith(_ENDS)
        is_import = not is_marked and _IMPORT.match(bare) is not None
        parameter = None if is_marked else _PARAMETER.match(bare)
        if parameter is not None:
            yield from sentences_of(" ".join(run))
            run, was_marked = [bare[parameter.end() :]], False
            continue
        is_code = is_import or (not is_marked and _CODE_MARK.search(bare) is not None)
        is_prose = not is_code and _is_plain(bare, 1 if goes_on else FEWEST_PLAIN)
        if not is_prose or is_marked != was_marked:
            yield from sentences_of(" ".join(run))
            run = []
        if is_prose:
            run.append(bare)
        elif bare:
            yield bare
        was_marked = is_marked


def _is_plain(line: str, fewest: int) -> bool:
    words = line.split()
    plain = sum(1 for word in words if _PLAIN_WORD.match(word))
    return len(words) >= fewest and plain >= PLAIN_SHARE * len(words)
