"""Notebooks are read cell by cell, with the lines of their JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from surefoot.config import Settings
from surefoot.domain import ParsedFile, Root, Source
from surefoot.readings import Reading, reading_of
from surefoot.sources import parse_file

CELLS: list[dict[str, Any]] = [
    {"cell_type": "markdown", "metadata": {}, "source": ["# Churn\n", "\n", "Who cancels within a month.\n"]},
    {
        "cell_type": "code",
        "execution_count": 1,
        "metadata": {},
        "source": ["%matplotlib inline\n", "import pandas as pd\n", "\n", "class Loader:\n", "    def orders(self):\n",
                   "        return pd.read_csv('orders.csv')"],
        "outputs": [{"output_type": "stream", "name": "stdout", "text": [f"row {n}\n" for n in range(50)]}],
    },
    {"cell_type": "markdown", "source": "## Features\n```\n# no heading\n```\nFailed payments tell most."},
    {
        "cell_type": "code",
        "metadata": {},
        "source": "%%bash\nls -l",
        "outputs": [
            {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo" * 1000, "text/plain": "<Figure>"}},
            {"output_type": "error", "ename": "KeyError", "evalue": "'order_id'", "traceback": ["\x1b[31mlong"]},
        ],
    },
]  # fmt: skip


def notebook(cells: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more}


def read(content: bytes) -> Reading:
    reading = reading_of("churn.ipynb", content)
    assert reading is not None
    assert len(reading.lines) == len(reading.text.split("\n"))
    return reading


def test_cells_in_order_with_headings_around_them() -> None:
    reading = read(json.dumps(notebook(CELLS), indent=1).encode())
    lines = reading.text.split("\n")
    assert (reading.language, reading.source) == ("notebook", Source.DOCS)
    assert [(r.signature, lines[r.name_line - 1], lines[r.last - 1]) for r in reading.records] == [
        ("Churn", "# Churn", "KeyError: 'order_id'"),
        ("Churn > cell 2", "cell 2:", "…"),
        ("Churn > Features", "## Features", "KeyError: 'order_id'"),
        ("Churn > Features > cell 4", "cell 4:", "KeyError: 'order_id'"),
    ]


def test_outputs_are_cut_short_and_pictures_left_out() -> None:
    text = read(json.dumps(notebook(CELLS), indent=1).encode()).text
    assert "row 3" in text
    assert "row 4" not in text
    assert "iVBOR" not in text
    assert "\x1b" not in text


def test_lines_are_those_of_the_file() -> None:
    content = json.dumps(notebook(CELLS), indent=1)
    reading, of_file = read(content.encode()), content.split("\n")
    for text, line in zip(reading.text.split("\n"), reading.lines, strict=True):
        if text in {"# Churn", "import pandas as pd", "class Loader:"}:
            assert text in of_file[line - 1]
    assert "Failed payments" in of_file[reading.lines[reading.text.split("\n").index("# no heading")] - 1]


def test_all_lines_of_a_file_of_one_line_are_its_first() -> None:
    assert set(read(json.dumps(notebook(CELLS)).encode()).lines) == {1}


def test_format_3_with_worksheets_and_heading_cells() -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "metadata": {}, "source": "Sales by week"},
        {"cell_type": "code", "input": ["total = 1\n", "print(total)"], "language": "python", "outputs": []},
    ]
    reading = read(json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}).encode())
    assert reading.text == "## Sales by week\n\ncell 2:\ntotal = 1\nprint(total)"
    assert [r.signature for r in reading.records] == ["Sales by week", "Sales by week > cell 2"]


def test_prose_above_all_headings_is_a_cell() -> None:
    cells = [{"cell_type": "markdown", "source": "No heading here."}, {"cell_type": "raw", "source": "raw"}]
    assert [r.name for r in read(json.dumps(notebook(cells)).encode()).records] == ["cell 1", "cell 2"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b'{"cells": 3}', b'{"cells": [', b'{"cells": [1, null, {}]}', b"\xff\xfe\x00",
        b'{"cells": ' + b"[" * 100_000, b'{"cells": [{"cell_type": "code"} {"cell_type": "code"}]}', b'{"cells" [{}]}',
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_one_sentence(content: bytes) -> None:
    reading = read(content)
    assert reading.records == ()
    assert len(reading.problems) == 1
    assert reading.problems[0].startswith(("The notebook is damaged", "The file holds no notebook"))


@pytest.mark.parametrize(
    "source",
    [None, 3, [1, None], {"a": 1}, [], "", ["\ud800"], "a\r\nb\rc", "a\x00b\x1b", ["no ", "newline ", "at all"]],
)
def test_odd_sources_are_read_as_far_as_they_are_text(source: object) -> None:
    cells = [{"cell_type": "code", "source": source, "outputs": "x"}, {"cell_type": "markdown", "source": "kept"}]
    reading = read(json.dumps(notebook(cells)).encode())
    assert reading.text.endswith("kept")
    assert not set(reading.text) & {"\x00", "\x1b", "\r", "\ud800"}


def test_other_encodings_are_read() -> None:
    text = json.dumps(notebook([{"cell_type": "markdown", "source": "# Größe"}]), ensure_ascii=False)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert read(text.encode(encoding)).text == "# Größe"


def test_what_is_defined_in_cells_is_a_symbol_and_shown_with_its_cell(tmp_path: Path) -> None:
    (tmp_path / "churn.ipynb").write_text(json.dumps(notebook(CELLS), indent=1))
    parsed = parse_file(Root(tmp_path, "x"), "churn.ipynb", Settings())
    assert isinstance(parsed, ParsedFile)
    names = {symbol.qualified_name: symbol for symbol in parsed.symbols}
    method = names["Churn.cell 2.Loader.orders"]
    (chunk,) = (chunk for chunk in parsed.chunks if "class Loader" in chunk.text)
    assert (chunk.symbol, chunk.language, chunk.source) == ("Churn.cell 2", "notebook", Source.DOCS)
    assert chunk.text.split("\n")[method.name_line - chunk.span.start] == "    def orders(self):"
    assert chunk.span.contains(method.span)
    assert not [name for name in names if "ls" in name.split(".")]
