"""Where else a name stands: code before tests before comments and documents, and no definition among them."""

from collections.abc import Callable
from pathlib import Path

from conftest import write_tree
from surefoot.domain import SymbolInfo
from surefoot.engine import Engine

FILES = {
    "net/send.py": '''
        """Sending. `send_all` is the main thing here."""

        from typing import overload


        @overload
        def send_all(many: str) -> None: ...
        @overload
        def send_all(many: bytes) -> None: ...
        def send_all(many):
            """Send it, as send_all does."""
            return len(many)


        # send_all is slow
        NAMES = ["send_all"]
    ''',
    "net/a_doc.py": '''
        """The first in the order of paths.

        Nothing like send_all is in it.
        """

        LIMIT = 3  # what send_all bears
    ''',
    "app/main.py": """
        from net.send import send_all


        def run(x):
            return send_all(x // 2)
    """,
    "tests/test_send.py": """
        from net.send import send_all


        def test_it():
            assert send_all("x") == 1
    """,
    "docs/send.md": """
        # Sending

        Call send_all with everything.
    """,
    "web/main.c": """
        #define NET send_everything(1)

        /* send_everything is
         * what send_everything does */
        int send_everything(int n) { return n; }

        int run(int n) {
            return send_everything(n); // send_everything again
        }
    """,
}


def hovered(open_engine: Callable[..., Engine], root: Path, path: str, name: str) -> SymbolInfo:
    write_tree(root, FILES)
    engine = open_engine(root)
    engine.refresh()
    lines = (root / path).read_text().split("\n")
    line = next(number for number, text in enumerate(lines, start=1) if name in text)
    info = engine.hover(root / path, line, lines[line - 1].index(name))
    assert info is not None
    return info


def test_lines_of_code_are_shown_first(tmp_path: Path, open_engine: Callable[..., Engine]) -> None:
    info = hovered(open_engine, tmp_path / "root", "net/send.py", "send_all")
    assert [(usage.path, usage.text) for usage in info.usages] == [
        ("app/main.py", "from net.send import send_all"),
        ("app/main.py", "return send_all(x // 2)"),
        ("tests/test_send.py", "from net.send import send_all"),
    ]


def test_all_mentions_are_counted_and_no_definition_or_overload(
    tmp_path: Path, open_engine: Callable[..., Engine]
) -> None:
    info = hovered(open_engine, tmp_path / "root", "net/send.py", "send_all")
    written = sum(text.count("send_all") for text in FILES.values())
    assert info.usage_count == written - 3  # the function and its two overloads
    assert info.usage_count_is_exact


def test_what_a_comment_is_depends_on_the_language(tmp_path: Path, open_engine: Callable[..., Engine]) -> None:
    info = hovered(open_engine, tmp_path / "root", "web/main.c", "send_everything")
    assert [usage.text for usage in info.usages[:2]] == [
        "#define NET send_everything(1)",
        "return send_everything(n); // send_everything again",
    ]
    assert info.usages[2].text in {"/* send_everything is", "* what send_everything does */"}
