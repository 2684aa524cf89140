"""The commits that lead to HEAD, from real repositories: whatever shape they are in, and whatever they say."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surefoot.domain import COMMIT, Root, content_hash
from surefoot.errors import Cancelled
from surefoot.readings.commits import MOST_FILES, MOST_FUNCTIONS, Commit, TouchedFile
from surefoot.trace import CancelToken
from surefoot.workspace import commits, git_stream, history
from surefoot.workspace.commits import read_commits
from surefoot.workspace.documents import FileContent, disk_state, read_file
from surefoot.workspace.git import head_commit_by_files, repository_above
from surefoot.workspace.history import digits_of, history_of, reachable, state_of

Git = Callable[..., str]

CLIENT = '''"""A client."""


class Client:
    """Asks again."""

    limit = 5

    def ask(self):
        return self.retry()

    def retry(self):
        for attempt in range(5):
            print(attempt)


def backoff(attempt):
    return 2 ** attempt
'''

BEGUN = TouchedFile("A", "server/client.py", functions=("Client", "backoff"))


@pytest.fixture
def start(root: Root, git: Git) -> None:
    git("init", "-q")
    put(root, "server/client.py", CLIENT)
    put(root, "docs/limits.md", "# Limits\n\nFive tries.\n")
    git("add", "-A")
    git("commit", "-qm", "Begin")


def put(root: Root, path: str, text: str | bytes) -> None:
    file = root.path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(text if isinstance(text, bytes) else text.encode())


def commit(git: Git, message: str = "Change", **where: Path) -> str:
    git("add", "-A", **where)
    git("commit", "-qm", message, **where)
    return git("rev-parse", "HEAD", **where).strip()


def listed(root: Root, limit: int = 100) -> list[Commit]:
    found = history_of(root)
    assert found is not None
    digits = reachable(found, limit, CancelToken())
    assert digits is not None
    return read_commits(found, digits)


def last(root: Root) -> Commit:
    return listed(root)[0]


# --- what is read ---


def test_messages_dates_and_files_newest_first(root: Root, git: Git, start: None) -> None:
    put(root, "server/client.py", CLIENT.replace("range(5)", "range(3)").replace("2 **", "3 **"))
    (root.path / "docs/limits.md").rename(root.path / "docs/retries.md")
    git("add", "-A")
    git("commit", "-qm", "Lower the limit\n\nSee #214.", "--date", "2024-02-29T23:30:00-0800")
    second, first = listed(root)
    assert (second.message, second.date) == ("Lower the limit\n\nSee #214.\n", "2024-02-29")
    assert second.files == (
        TouchedFile("R", "docs/retries.md", "docs/limits.md"),
        TouchedFile("M", "server/client.py", functions=("retry", "backoff")),
    )
    assert first.files == (TouchedFile("A", "docs/limits.md"), BEGUN)
    assert first.digits + second.digits == "".join(reversed(git("log", "--format=%H").split()))


@pytest.mark.parametrize(
    ("name", "before", "after", "function"),
    [
        ("a.go", "package a\n\nfunc (c *Client) Retry(n int) error {\n\treturn nil\n}\n", "nil", "Client.Retry"),
        ("a.ts", "export class Shop {\n  async pay(total: number) {\n    return 1\n  }\n}\n", "1", "pay"),
        ("a.js", "const pay = async (total) => {\n  if (total) {\n    return 1\n  }\n}\n", "1", "pay"),
        ("a.rs", "impl Shop {\n    pub fn pay(&self) -> u32 {\n        1\n    }\n}\n", "1", "pay"),
        ("A.java", "class A {\n    public static int pay(int total) {\n        return 1;\n    }\n}\n", "1", "pay"),
        ("a.cpp", "int Shop::pay(int total)\n{\n    return 1;\n}\n", "1", "Shop.pay"),
        ("a.rb", "class Shop\n  def self.pay?(total)\n    1\n  end\nend\n", "1", "pay?"),
        ("a.php", "<?php\nclass Shop {\n    public function pay($total) {\n        return 1;\n    }\n}\n", "1", "pay"),
        ("a.sh", "pay() {\n  echo 1\n}\n", "1", "pay"),
    ],
)
def test_functions_of_many_languages(
    root: Root, git: Git, start: None, name: str, before: str, after: str, function: str
) -> None:
    put(root, name, before)
    commit(git)
    head, _, tail = before.rpartition(after)
    put(root, name, f"{head}changed{tail}")
    commit(git)
    assert last(root).files == (TouchedFile("M", name, functions=(function,)),)


def changed(root: Root, git: Git, name: str, before: str, after: str) -> tuple[str, ...]:
    """The functions that a commit changes, by what it says of the file."""
    put(root, name, before)
    commit(git)
    put(root, name, after)
    commit(git)
    (file,) = last(root).files
    assert (file.status, file.path) == ("M", name)
    return file.functions


STOPS = "def stop_after_delay(limit):\n    return limit\n"
ADDED = "\n\ndef stop_before_delay(limit):\n    return limit - 1\n"


def test_a_function_that_is_added_is_named_and_not_its_neighbour(root: Root, git: Git, start: None) -> None:
    assert changed(root, git, "stop.py", STOPS, STOPS + ADDED) == ("stop_before_delay",)


def test_a_function_that_is_removed_is_named_and_not_its_neighbour(root: Root, git: Git, start: None) -> None:
    assert changed(root, git, "stop.py", STOPS + ADDED, STOPS) == ("stop_before_delay",)


@pytest.mark.parametrize(
    ("before", "after", "functions"),
    [
        pytest.param(STOPS, STOPS + "\n\n# Seconds.\nLIMIT = 5\n", (), id="a constant after it"),
        pytest.param(STOPS, STOPS + "\n\n\n\n", (), id="empty lines after it"),
        pytest.param(STOPS, STOPS + "    # That is all.\n", ("stop_after_delay",), id="a comment in it"),
        pytest.param(STOPS, STOPS.replace("(limit)", "(limit, now)"), ("stop_after_delay",), id="its head"),
        pytest.param(
            STOPS, STOPS.replace("limit\n", "0\n") + ADDED, ("stop_after_delay", "stop_before_delay"), id="both"
        ),
        pytest.param(
            STOPS + ADDED,
            STOPS + ADDED.replace("before_delay(limit)", "sooner(limit)"),
            ("stop_before_delay", "stop_sooner"),
            id="another name",
        ),
        pytest.param(
            "def outer(a):\n    b = a\n    return b\n",
            "def outer(a):\n    b = a\n\n    def inner():\n        return b\n\n    return b\n",
            ("outer",),
            id="a function within it",
        ),
        pytest.param(
            "class A:\n    def a(self):\n        return 1\n",
            "class A:\n    def a(self):\n        return 1\n\n    @property\n    def b(self):\n        return 2\n",
            ("b",),
            id="a method after a method",
        ),
        pytest.param(
            "class A:\n    one = 1\n",
            "class A:\n    one = 1\n\n    def b(self):\n        def inner():\n            pass\n",
            ("A", "b"),
            id="a method in a class",
        ),
        pytest.param(
            "def a(\n    one,\n):\n    pass\n",
            "def a(\n    one,\n) -> None:\n    pass\n",
            ("a",),
            id="the end of a long head",
        ),
        pytest.param(STOPS, STOPS + '\n\nWORDS = """\nclass that nobody wrote\ndef initely not\n"""\n', (), id="prose"),
    ],
)
def test_what_python_lines_lie_in_and_what_begins_in_them(
    root: Root, git: Git, start: None, before: str, after: str, functions: tuple[str, ...]
) -> None:
    assert changed(root, git, "stop.py", before, after) == functions


@pytest.mark.parametrize(
    ("name", "before", "added", "end", "functions"),
    [
        ("a.go", "func A() {\n\tx()\n}\n", "\n// B does.\nfunc (s *Shop) B() {\n\ty()\n}\n", "", ("Shop.B",)),
        ("a.rs", "fn a() {\n    x();\n}\n", "\n#[inline]\npub fn b<T>(t: T) {\n    y();\n}\n", "", ("b",)),
        ("a.c", "int a(void)\n{\n\treturn 1;\n}\n", "\nstatic int b(struct shop *s)\n{\n\treturn 2;\n}\n", "", ("b",)),
        ("a.c", "int a(void)\n{\n\treturn 1;\n}\n", "\nstruct shop *b(int x)\n{\n\treturn c(x);\n}\n", "", ("b",)),
        ("a.c", "int a(void)\n{\n\tx();\n", "out:\n\treturn y();\n", "}\n", ("a",)),
        ("a.cpp", "void A::a() {\n  x();\n}\n", "\nA::~A() {\n  y();\n}\n", "", ("A.~A",)),
        (
            "A.java",
            "class A {\n    int a() {\n        return 1;\n    }\n",
            "\n    /**\n     * Does.\n     */\n    @Override\n    public Shop b(int x) throws E {\n        if (x) {\n"  # noqa: ISC004
            "            return c(x);\n        } else if (y(x)) {\n            z(x);\n        }\n    }\n",
            "}\n",
            ("b",),
        ),
        ("a.kt", "fun a() {\n    x()\n}\n", "\nenum class Shop { A, B }\n\nsuspend fun b() = y()\n", "", ("Shop", "b")),
        (
            "a.cs",
            "class A\n{\n    int a()\n    {\n        x();\n    }\n",
            "\n    public int B(int x)\n    {\n    }\n",
            "}\n",
            ("B",),
        ),
        ("a.php", "<?php\nfunction a() {\n    x();\n}\n", "\nfunction b($x) {\n    y();\n}\n", "", ("b",)),
        ("a.rb", "class A\n  def a\n    x\n  end\n", "\n  # Does.\n  def b!\n    y\n  end\n", "end\n", ("b!",)),
        ("a.rb", "def a\n  x\n", "rescue E\n  y\n", "end\n", ("a",)),
        (
            "a.ts",
            "class A {\n  a() {\n    x()\n  }\n",
            "\n  private b(n: number): void {\n    if (n) {\n    }\n  }\n",
            "}\n",
            ("b",),
        ),
        (
            "a.js",
            "function a() {\n  x()\n}\n",
            "\nexport const b = async (n) => {\n  const c = (d) => d\n  useEffect(() => {\n    e()\n  })\n}\n",
            "",
            ("b",),
        ),
        ("a.js", "function a() {\n  x()\n", "  setTimeout(function () {\n    y()\n  })\n", "}\n", ("a",)),
        ("a.ex", "defmodule A do\n  def a do\n    x()\n  end\n", "\n  defp b(n) do\n    y()\n  end\n", "end\n", ("b",)),
        ("a.lua", "function a()\n  x()\nend\n", "\nlocal function b()\n  y()\nend\n", "", ("b",)),
        ("a.sh", "a() {\n  x\n}\n", "\nb() {\n  y\n}\n", "", ("b",)),
    ],
)
def test_what_is_added_after_a_function_in_many_languages(
    root: Root, git: Git, start: None, name: str, before: str, added: str, end: str, functions: tuple[str, ...]
) -> None:
    assert changed(root, git, name, before + end, before + added + end) == functions
    assert changed(root, git, f"removed_{name}", before + added + end, before + end) == functions


def test_a_file_that_comes_or_goes_has_what_it_defines_up_to_a_bound(root: Root, git: Git, start: None) -> None:
    put(root, "many.py", "".join(f"def f{number}():\n    def g():\n        pass\n" for number in range(40)))
    put(root, "shop.rb", "module Shop\n  class Till\n    def pay\n    end\n  end\n\n  class Card\n  end\nend\n")
    commit(git)
    names = (tuple(f"f{number}" for number in range(MOST_FUNCTIONS)), ("Shop", "Till", "Card"))
    assert [(file.status, file.functions) for file in last(root).files] == [("A", names[0]), ("A", names[1])]
    git("rm", "-q", "many.py", "shop.rb")
    commit(git)
    assert [(file.status, file.functions) for file in last(root).files] == [("D", names[0]), ("D", names[1])]


def test_lines_that_no_pattern_was_made_for_are_read_in_time(root: Root, git: Git, start: None) -> None:
    hostile = (
        "public " * 9000,
        "a " * 9000 + "(",
        "const a" + "=" * 9000,
        "fn <" * 9000,
        "(" * 9000,
        "\0" * 50,
        "\xa0def a(",
    )
    for ending in ("py", "rb", "js", "go", "rs", "java", "c", "ex", "lua", "jl", "zig", "pl", "sh", "hs"):
        put(root, f"a.{ending}", "\n".join(hostile) + "\r\n\r")
    commit(git)
    assert len(last(root).files) == 14


def test_prose_and_data_have_no_functions(root: Root, git: Git, start: None) -> None:
    for name in ("a.md", "a.json", "a.txt", "a.min.js", "LICENSE"):
        put(root, name, "def looks(like):\n    one\n")
    commit(git)
    for name in ("a.md", "a.json", "a.txt", "a.min.js", "LICENSE"):
        put(root, name, "def looks(like):\n    two\n")
    commit(git)
    assert [file.functions for file in last(root).files] == [()] * 5


def test_lines_of_a_file_that_look_like_a_diff_are_none(root: Root, git: Git, start: None) -> None:
    evil = "def real():\n    one\n\n"
    fakes = f"diff --git a/x b/x\nrename to evil.py\n@@ -1 +1 @@ def evil():\n{'a' * 40}\n++ b/evil.py\n-- a/evil\n"
    put(root, "a.py", evil)
    commit(git)
    put(root, "a.py", evil.replace("one", f"two\n{fakes}"))
    commit(git)
    assert last(root).files == (TouchedFile("M", "a.py", functions=("real",)),)


def test_a_merge_has_what_it_brought(root: Root, git: Git, start: None) -> None:
    git("switch", "-qc", "side")
    put(root, "side.py", "side = 1\n")
    commit(git, "On the side")
    git("switch", "-q", "main")
    put(root, "main.py", "main = 1\n")
    commit(git, "On main")
    git("merge", "-q", "--no-ff", "-m", "Merge pull request #12 from a/side", "side")
    assert last(root).files == (TouchedFile("A", "side.py"),)
    assert {each.message.strip() for each in listed(root)} == {
        "Begin", "On the side", "On main", "Merge pull request #12 from a/side",
    }  # fmt: skip


def test_an_empty_commit_has_no_files(root: Root, git: Git, start: None) -> None:
    git("commit", "-q", "--allow-empty", "-m", "Nothing")
    assert (last(root).files, last(root).file_count) == ((), 0)


def test_the_limit_keeps_the_newest(root: Root, git: Git, start: None) -> None:
    for number in range(5):
        git("commit", "-q", "--allow-empty", "-m", f"{number}")
    assert [each.message for each in listed(root, limit=2)] == ["4\n", "3\n"]


def test_of_many_files_the_first_are_listed(root: Root, git: Git, start: None) -> None:
    for number in range(MOST_FILES + 20):
        put(root, f"many/f{number:03}.py", f"x = {number}\n")
    commit(git)
    assert (len(last(root).files), last(root).file_count) == (MOST_FILES, MOST_FILES + 20)
    assert last(root).files[0].path == "many/f000.py"


def test_binary_and_huge_files_cost_nothing(root: Root, git: Git, start: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for content in (b"a", b"b"):
        put(root, "image.png", b"\0\1" + content)
        put(root, "huge.py", b"def huge():\n    pass\n" + content * 2_000_000)
        commit(git)
    assert [(file.status, file.functions) for file in last(root).files] == [("M", ()), ("M", ())]


# --- hostile contents ---


def raw_commit(root: Root, content: bytes) -> str:
    """A commit object as it stands, made the new HEAD."""
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
        cwd=root.path,
        input=content,
        capture_output=True,
        check=True,
    )
    digits = made.stdout.decode().strip()
    subprocess.run(["git", "update-ref", "--no-deref", "HEAD", digits], cwd=root.path, check=True)
    return digits


def header(git: Git, more: bytes = b"", author: bytes = b"A <a@b.c> 1709251200 +0000") -> bytes:
    tree = git("rev-parse", "HEAD^{tree}").strip().encode()
    parent = git("rev-parse", "HEAD").strip().encode()
    return (
        b"tree "
        + tree
        + b"\nparent "
        + parent
        + b"\nauthor "
        + author
        + b"\ncommitter "
        + author
        + b"\n"
        + more
        + b"\n"
    )


@pytest.mark.parametrize(
    ("encoding", "message", "expected"),
    [
        (b"", "Größe".encode(), "Größe"),
        (b"", "Größe".encode("latin-1"), "Größe"),
        (b"encoding ISO-8859-1\n", "Größe".encode("latin-1"), "Größe"),
        (b"encoding SHIFT_JIS\n", "日本語".encode("shift_jis"), "日本語"),
        (b"encoding no-such-thing\n", "Größe".encode(), "Größe"),
        (b"encoding hex\n", b"zz", "zz"),
        (b"encoding \xff\xfe\n", b"plain", "plain"),
        (b"encoding utf-8\n", b"bad \xff\xff", "bad ÿÿ"),
    ],
)
def test_encodings(root: Root, git: Git, start: None, encoding: bytes, message: bytes, expected: str) -> None:
    raw_commit(root, header(git, encoding) + message)
    assert last(root).message == expected


def test_a_message_that_looks_like_another_commit(root: Root, git: Git, start: None) -> None:
    other = git("rev-parse", "HEAD").strip()
    evil = f"Evil\n\n{other} commit 10\ntree {'0' * 40}\n\n{other} missing\n\0A\0evil.py\0".encode()
    raw_commit(root, header(git) + evil)
    found = listed(root)
    assert [each.message.split("\n")[0] for each in found] == ["Evil", "Begin"]
    assert found[0].files == ()
    assert "\0" not in found[0].message


def test_a_message_of_megabytes_is_cut_and_the_next_one_is_whole(root: Root, git: Git, start: None) -> None:
    raw_commit(root, header(git) + b"Huge\n\n" + b"x" * 5_000_000)
    huge, begin = listed(root)
    assert len(huge.message) < 100_000
    assert begin.message == "Begin\n"


@pytest.mark.parametrize(
    "author", [b"", b"no date", b"A <a@b.c> 99999999999999999999 +0000", b"A <a@b.c> 999999999999 +9999", b"> x -0000"]
)
def test_dates_that_are_none(root: Root, git: Git, start: None, author: bytes) -> None:
    raw_commit(root, header(git, author=author) + b"When?")
    assert last(root).date == "unknown"


def test_names_of_files_that_are_no_text(root: Root, git: Git, start: None) -> None:
    names = [b"tab\there.py", b"line\nbreak.py", b'"q".py', b"back\\slash.py", b"latin-\xff.py", "日本.py".encode()]
    for content in (b"def f():\n    one\n", b"def f():\n    two\n"):
        for name in names:
            with open(os.path.join(os.fsencode(root.path), name), "wb") as file:  # noqa: PTH118, PTH123 - bytes
                file.write(content)
        commit(git)
    found = {file.path: file.functions for file in last(root).files}
    assert found == {os.fsdecode(name): ("f",) for name in names}


def test_settings_and_attributes_do_not_change_what_a_commit_says(
    root: Root, git: Git, start: None, home: Path
) -> None:
    """A citation is checked against the commit, and would break when somebody edits .gitattributes."""
    put(root, "server/client.py", CLIENT.replace("range(5)", "range(3)"))
    digits = commit(git)
    before = read_file(root, f"{COMMIT}{digits}", max_bytes=1)
    put(root, ".gitattributes", "*.py -diff\n*.py diff=mine\n")
    for setting in ("diff.mine.xfuncname ^nothing$", "diff.external false", "diff.mine.textconv false",
                    "diff.renames false", "diff.noprefix true", "color.ui always", "diff.mnemonicPrefix true",
                    "diff.mine.command false", "log.showSignature true", "core.quotePath true"):  # fmt: skip
        git("config", *setting.split(" ", 1))
    git("add", "-A")
    assert read_file(root, f"{COMMIT}{digits}", max_bytes=1) == before
    assert isinstance(before, FileContent)
    assert "M server/client.py: retry" in before.text


def test_nothing_is_executed_and_nothing_written(root: Root, git: Git, start: None, tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    program = tmp_path / "evil"
    program.write_text(f"#!/bin/sh\ntouch {mark}\n")
    program.chmod(0o755)
    put(root, ".gitattributes", "* diff=evil filter=evil\n")
    put(root, "server/client.py", CLIENT.replace("range(5)", "range(3)"))
    digits = commit(git)
    for name in ("diff.evil.command", "diff.evil.textconv", "diff.external", "core.fsmonitor", "core.pager",
                 "filter.evil.smudge", "filter.evil.clean", "core.sshCommand", "core.editor"):  # fmt: skip
        git("config", name, str(program))
    mark.unlink(missing_ok=True)
    before = {path: path.stat().st_mtime_ns for path in root.path.rglob("*")}
    assert listed(root)
    read_file(root, f"{COMMIT}{digits}", max_bytes=1)
    assert not mark.exists()
    assert {path: path.stat().st_mtime_ns for path in root.path.rglob("*")} == before


# --- shapes of repositories ---


def test_without_a_repository_or_a_commit_there_is_no_history(root: Root, git: Git) -> None:
    assert (history_of(root), state_of(root)) == (None, "")
    git("init", "-q")
    assert (history_of(root), state_of(root)) == (None, "")


def test_without_git_there_are_no_commits(
    root: Root, git: Git, start: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = history_of(root)
    assert found is not None
    monkeypatch.setenv("PATH", str(tmp_path))
    assert reachable(found, 10, CancelToken()) is None
    assert read_commits(found, [found.head]) == []


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("detached", [False, True])
def test_head_is_found_by_looking_at_files(root: Root, git: Git, start: None, packed: bool, detached: bool) -> None:
    git("switch", "-qc", "feature/with/slashes")
    head = commit_empty(git)
    if packed:
        git("pack-refs", "--all", "--prune")
    if detached:
        git("checkout", "-q", "--detach")
    repository = repository_above(root.path.as_posix())
    assert repository is not None
    assert head_commit_by_files(repository) == head


def commit_empty(git: Git) -> str:
    git("commit", "-q", "--allow-empty", "-m", "Empty")
    return git("rev-parse", "HEAD").strip()


def test_a_ref_that_begins_as_another_is_not_taken_for_it(root: Root, git: Git, start: None) -> None:
    git("branch", "-m", "main-two")
    git("switch", "-q", "--orphan", "main")
    git("pack-refs", "--all", "--prune")
    assert history_of(root) is None


@pytest.mark.parametrize("content", ["", "ref: refs/heads/../../../etc/passwd", "ref: HEAD", "ref:", "x" * 100, "\0"])
def test_a_damaged_head_is_no_history(root: Root, git: Git, start: None, content: str) -> None:
    (root.path / ".git/HEAD").write_text(content)
    assert history_of(root) is None


def test_a_worktree_has_its_own_head(root: Root, git: Git, start: None, tmp_path: Path) -> None:
    linked = tmp_path / "linked"
    git("worktree", "add", "-q", "-b", "side", str(linked))
    (linked / "side.py").write_text("def side():\n    pass\n")
    commit(git, "On the side", cwd=linked)
    there = Root(linked.resolve(), "linked")
    assert [each.message for each in listed(there)] == ["On the side\n", "Begin\n"]
    assert [each.message for each in listed(root)] == ["Begin\n"]


def test_a_root_below_the_top_has_the_commits_that_touch_it(root: Root, git: Git, start: None) -> None:
    put(root, "server/client.py", CLIENT.replace("range(5)", "range(3)"))
    put(root, "docs/other.md", "x\n")
    commit(git, "Both")
    put(root, "docs/other.md", "y\n")
    commit(git, "Docs only")
    put(root, "serverless/a.py", "x\n")
    commit(git, "A folder that begins alike")
    (root.path / "docs/limits.md").rename(root.path / "server/limits.md")
    commit(git, "Into it")
    found = listed(Root(root.path / "server", "server"))
    assert [each.message for each in found] == ["Into it\n", "Both\n", "Begin\n"]
    assert [file for each in found for file in each.files] == [
        TouchedFile("A", "limits.md"),
        TouchedFile("M", "client.py", functions=("retry",)),
        TouchedFile("A", "client.py", functions=("Client", "backoff")),
    ]


def test_a_submodule_has_the_history_of_its_own(root: Root, git: Git, start: None, tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    git("init", "-q", cwd=library)
    (library / "call.py").write_text("def call():\n    pass\n")
    commit(git, "In the library", cwd=library)
    git("submodule", "--quiet", "add", str(library), "lib")
    commit(git, "Add it")
    assert [each.message for each in listed(Root(root.path / "lib", "lib"))] == ["In the library\n"]
    assert TouchedFile("A", "lib") in last(root).files


def test_a_shallow_clone_ends_without_claiming_that_all_files_came_then(
    root: Root, git: Git, start: None, tmp_path: Path
) -> None:
    for number in range(3):
        put(root, "server/client.py", f"{CLIENT}# {number}\n")
        commit(git, f"Change {number}")
    shallow = tmp_path / "shallow"
    git("clone", "-q", "--depth", "2", f"file://{root.path}", str(shallow))
    there = Root(shallow.resolve(), "shallow")
    newest, oldest = listed(there)
    assert [file.path for file in newest.files] == ["server/client.py"]
    assert (oldest.message, oldest.files) == ("Change 1\n", ())
    before = state_of(there)
    git("fetch", "-q", "--unshallow", cwd=shallow)
    assert state_of(there) != before
    assert len(listed(there)) == 4


def test_a_clone_without_contents_has_the_names_of_files(
    root: Root, git: Git, start: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, "server/client.py", CLIENT.replace("range(5)", "range(3)"))
    (root.path / "docs/limits.md").rename(root.path / "docs/retries.md")
    commit(git, "Change")
    git("config", "uploadpack.allowFilter", "true")
    partial = tmp_path / "partial"
    git("clone", "-q", "--filter=blob:none", "--no-checkout", f"file://{root.path}", str(partial))
    there = Root(partial.resolve(), "partial")
    assert last(there).files == (
        TouchedFile("R", "docs/retries.md", "docs/limits.md"),
        TouchedFile("M", "server/client.py"),
    )
    missing = git("rev-list", "--objects", "--all", "--missing=print", cwd=partial)
    assert missing.count("?") > 0  # and nothing was fetched for it
    assert last(there).is_whole, "what is lacking for good is not looked for again and again"
    run = commits.running

    def without_diffs(folder: str, arguments: list[str], **rest: Any) -> Any:
        if "diff-tree" in arguments:
            raise git_stream.GitNotStartedError
        return run(folder, arguments, **rest)

    monkeypatch.setattr(commits, "running", without_diffs)
    assert not last(there).is_whole, "but git was not asked this time"


def test_a_damaged_object_costs_only_its_commits(root: Root, git: Git, start: None) -> None:
    for number in range(6):
        put(root, "server/client.py", CLIENT.replace("range(5)", f"range({number + 10})"))
        commit(git, f"Change {number}")
    blob = git("rev-parse", "HEAD~2:server/client.py").strip()
    os.chmod(root.path / ".git/objects" / blob[:2], 0o755)  # noqa: PTH101
    (root.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    found = listed(root)
    assert len(found) == 7
    assert [bool(file.functions) for each in found[:6] for file in each.files] == [True, False, False, True, True, True]
    assert [each.is_damaged for each in found] == [False, True, True, False, False, False, False]
    assert all(each.is_whole for each in found), "another look would tell no more"


def test_another_git_folder_in_the_environment_is_not_followed(
    root: Root, git: Git, start: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git("init", "-q", cwd=other)
    git("commit", "-q", "--allow-empty", "-m", "Other", cwd=other)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert [each.message for each in listed(root)] == ["Begin\n"]


# --- one commit as a file ---


def test_a_commit_is_read_as_a_file_of_the_index(root: Root, git: Git, start: None) -> None:
    digits = git("rev-parse", "HEAD").strip()
    content = read_file(root, f"{COMMIT}{digits}", max_bytes=1)
    assert isinstance(content, FileContent)
    assert content.text.startswith(f"commit {digits[:10]}: Begin\n")
    assert content.content_hash == content_hash(content.text)
    assert content.reading is not None
    entry = disk_state(root, f"{COMMIT}{digits}")
    assert entry is not None
    assert entry.size == content.size == len(content.text)


@pytest.mark.parametrize("name", ["0" * 40, "", "HEAD", "main", "3f2a", "--all", "0" * 39 + "g", "0" * 64, "../" * 20])
def test_what_is_no_commit_of_the_clone_is_not_there(root: Root, git: Git, start: None, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(root, f"{COMMIT}{name}", max_bytes=1)
    assert disk_state(root, f"{COMMIT}{name}") is None


def test_a_tree_is_no_commit(root: Root, git: Git, start: None) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(root, COMMIT + git("rev-parse", "HEAD^{tree}").strip(), max_bytes=1)


def test_outside_of_a_repository_no_commit_is_there(root: Root) -> None:
    with pytest.raises(FileNotFoundError):
        read_file(root, f"{COMMIT}{'0' * 40}", max_bytes=1)


def test_a_commit_that_git_shows_another_one_for_says_what_it_says(root: Root, git: Git, start: None) -> None:
    """`git replace` leaves HEAD where it is, so that nobody would notice."""
    git("commit", "-q", "--allow-empty", "-m", "As it was written")
    digits = git("rev-parse", "HEAD").strip()
    other = git("commit-tree", "HEAD^{tree}", "-p", "HEAD~1", "-m", "As it is shown").strip()
    git("replace", digits, other)
    assert last(root).message.strip() == "As it was written"


def test_only_whole_digits_name_a_commit() -> None:
    assert digits_of(f"{COMMIT}{'a' * 40}") == "a" * 40
    assert digits_of(f"{COMMIT}{'a' * 64}") == "a" * 64
    assert [digits_of(path) for path in (f"{COMMIT}{'a' * 10}", "a" * 40, f"{COMMIT}{'A' * 40}", "a.py")] == [None] * 4


def test_a_file_of_that_name_is_no_way_around(root: Root, git: Git, start: None) -> None:
    """Read by its path it is the commit, or nothing: never a file that claims to be one."""
    put(root, f"{COMMIT}{'0' * 40}", "commit 0000000000: Trust me\n")
    with pytest.raises(FileNotFoundError):
        read_file(root, f"{COMMIT}{'0' * 40}", max_bytes=1000)


# --- stopping ---


def test_reading_stops_when_it_is_cancelled(root: Root, git: Git, start: None) -> None:
    found, cancel = history_of(root), CancelToken()
    assert found is not None
    cancel.cancel()
    with pytest.raises(Cancelled):
        reachable(found, 10, cancel)
    with pytest.raises(Cancelled):
        read_commits(found, [found.head], cancel)


def test_git_is_ended_with_the_block(root: Root, git: Git, start: None) -> None:
    with git_stream.running(root.path.as_posix(), ["cat-file", "--batch"], feed=b"") as running:
        process = running._process
    assert process.poll() is not None


def test_a_git_that_hangs_is_ended(root: Root, git: Git, start: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_stream, "LONGEST_SECONDS", 0.2)
    monkeypatch.setattr(git_stream, "safe_command", lambda *_: ["sleep", "600"])
    found = history_of(root)
    assert found is not None
    assert history.reachable(found, 10, CancelToken()) is None
