"""What `surefoot trace replay` and `trace list` print stays short where one cause has many effects."""

from __future__ import annotations

from surefoot.cli import replay, trace
from surefoot.domain import Change, ChangeKind, StageDifference, TraceSummary


def lines_of(path, first, last, by, longer=0):
    before, after = f"{path}:{first}-{last}", f"{path}:{first + by}-{last + by + longer}"
    return Change(ChangeKind.LINES, f"{before} name", before, after)


def test_places_that_a_new_line_moved_are_told_once_for_each_file(capsys):
    moved = Change(ChangeKind.MOVED, "a.py:1-2 f", "rank 1", "rank 9")
    shifted = [lines_of("a.py", start, start + 5, 1) for start in (10, 30, 50)]
    others = [lines_of("b.py", 3, 9, -2), lines_of("a.py", 80, 99, 1, longer=4)]
    replay._print_stage(StageDifference("lexical", (moved, *shifted, *others), True, "the index has changed"))
    told = capsys.readouterr().out
    assert told.count("lines ") == 3
    assert "  lines  3 places of a.py by +1, such as a.py:10-15 name:" in told.splitlines()
    assert "a.py:30" not in told
    assert "b.py:1-7" in told
    assert "a.py:81-104" in told
    assert "moved  a.py:1-2 f" in told


def test_the_lines_of_a_single_place_and_of_one_line_are_told_as_they_are(capsys):
    one = Change(ChangeKind.LINES, "C:\\x.py:7", "C:\\x.py:7", "C:\\x.py:8")
    replay._print_stage(StageDifference("fuse", (one,), False, "follows from lexical"))
    assert "lines  C:\\x.py:7: C:\\x.py:7, now C:\\x.py:8" in capsys.readouterr().out


def test_a_long_failure_does_not_push_the_questions_of_the_others_away(capsys, monkeypatch):
    class Engine:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def traces(self, *_):
            rows = [("ModelNotFoundError: " + "there is no such model " * 20, "a" * 12), ("abstained", "b" * 12)]
            return [TraceSummary(id_, "ask", "where?", 0.0, 1.0, outcome, "cli") for outcome, id_ in rows]

    monkeypatch.setattr(trace, "opened", lambda _: Engine())
    trace.list_traces(5, json=False)
    lines = capsys.readouterr().out.splitlines()
    assert [line.index("where?") for line in lines] == [lines[0].index("where?")] * 2
    assert max(map(len, lines)) < 120
    assert "ModelNotFoundError: there" in lines[0]
