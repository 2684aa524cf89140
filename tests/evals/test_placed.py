"""Places that are named instead of numbered."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from surefoot.errors import UsageError
from surefoot.evals import histories
from surefoot.evals.lost import where_links_lost
from surefoot.evals.metrics import Shown, chain_links, link_shown, ranking_figures
from surefoot.evals.placed import placed
from surefoot.evals.recheck import name_problems, place_problem
from surefoot.golden import Case, Place
from surefoot.trace import Trace

TICKETS = ".surefoot/tickets/issues.json"
DRAWING = (
    '<mxfile><diagram name="Shop"><mxGraphModel><root><mxCell id="0"/><mxCell id="1" parent="0"/>'
    '<mxCell id="2" value="Pay button" vertex="1" parent="1"/></root></mxGraphModel></diagram></mxfile>'
)


def ticket(number: int, body: str) -> dict[str, object]:
    return {"number": number, "title": f"Title {number}", "state": "OPEN", "body": body, "createdAt": "2024-01-02"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "made"
    (folder / "over").mkdir(parents=True)
    (folder / "over" / "a.py").write_text("RETRIES = 3\n")
    (folder / "over" / "shop.drawio").write_text(DRAWING)
    (folder / "beside" / ".surefoot" / "tickets").mkdir(parents=True)
    export = [ticket(7, "See #8."), ticket(8, "Lower the retries"), ticket(78, "Another")]
    (folder / "beside" / TICKETS).write_text(json.dumps(export))
    date = "2024-01-01T10:00:00Z"
    (folder / "commits.toml").write_text(f'[[commit]]\nsubject = "Lower it"\ndate = "{date}"\nover = ["."]\n')
    root = tmp_path / "root"
    root.mkdir()
    histories.make(folder, {}, {}, root)
    return root


def case(*places: Place) -> Case:
    return Case(id="one", bucket="ticket", question="?", places=places, corpus="shop")


def test_a_ticket_is_its_own_lines_of_the_export_and_not_those_that_mention_it(root: Path) -> None:
    whole = case(Place(path=TICKETS, record="#7"), Place(path=TICKETS, record="#8"), Place(path=TICKETS, record="#78"))
    spans = [(place.start_line, place.end_line) for place in placed(whole, {"shop": root}).places]
    assert spans == sorted(spans)
    assert all(first <= last for first, last in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))


def test_a_commit_is_found_by_its_subject(root: Path) -> None:
    (place,) = placed(case(Place(path="commit:Lower it")), {"shop": root}).places
    head = histories.subjects(root)["Lower it"]
    assert place.path == f"commit:{head}"
    assert Shown("shop", place.path, 1, 9).overlaps(place)
    assert place_problem({"shop": root}, Shown("shop", place.path, 1, 9), head[:10]) == ""
    assert "no such commit" in place_problem({"shop": root}, Shown("shop", f"commit:{'0' * 40}", 1, 9), "")
    assert name_problems({"shop": root}, "It sets `RETRIES`.", [(Shown("shop", place.path, 1, 9), "")]) == []


@pytest.mark.parametrize(
    ("path", "text", "name", "stands"),
    [
        ("api.yaml", "/shares/{token}:\n  get:\n", "GET /shares/{token}", True),
        ("api.yaml", "/shares/{token}:\n  get:\n", "GET /runs/{run_id}", False),
        ("docs/adr/0004-why.md", "# 4. Why\n", "ADR-4", True),
        ("docs/adr/0004-why.md", "# 4. Why\n", "ADR-5", False),
        ("a.py", "def other(): ...\n", "retry", False),
        ("stores.excalidraw", "{}", "stores", True),
        ("stores.py", "x = 1\n", "stores", False),
    ],
)
def test_a_name_that_is_put_together_needs_all_its_words(
    tmp_path: Path, path: str, text: str, name: str, stands: bool
) -> None:
    file = tmp_path / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    assert (place_problem({"shop": tmp_path}, Shown("shop", path, 1, 1), name) == "") is stands


def test_a_text_in_a_drawing_is_its_line(root: Path) -> None:
    (place,) = placed(case(Place(path="shop.drawio", record="Pay button")), {"shop": root}).places
    assert 1 <= place.start_line == place.end_line


@pytest.mark.parametrize(
    ("place", "why"),
    [
        (Place(path=TICKETS, record="#9"), "names '#9'"),
        (Place(path="shop.drawio", record="Cancel button"), "names 'Cancel button'"),
        (Place(path="commit:Raise it"), "a commit that the history does not have"),
        (Place(path="a.py", record="RETRIES"), "not read as records"),
        (Place(path="gone.json", record="#9"), "not read as records"),
    ],
)
def test_a_name_that_nothing_has_is_told_before_any_question(root: Path, place: Place, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        placed(case(place), {"shop": root})


def test_a_place_needs_lines_or_a_name() -> None:
    with pytest.raises(ValueError, match="needs start_line and end_line, or a record"):
        Place(path="a.py")


CHAIN = case(
    Place(path=TICKETS, start_line=1, end_line=5, record="#7"),
    Place(path=TICKETS, start_line=6, end_line=9, record="#8"),
    Place(path="a.py", start_line=1, end_line=1),
    Place(path="b.py", start_line=1, end_line=1, grade=1),
)


def shown(path: str, start: int) -> Shown:
    return Shown("shop", path, start, start)


def test_a_chain_is_shown_when_every_ticket_and_every_file_that_answers_is() -> None:
    whole = [shown("a.py", 40), shown(TICKETS, 7), shown(TICKETS, 2)]  # another line of a file is that file
    assert ranking_figures([CHAIN], {"one": whole})["one"]["chain"] == 1.0
    assert all(link_shown(places, whole) for places in chain_links(CHAIN).values())


def test_another_ticket_of_the_same_export_is_no_link_of_the_chain() -> None:
    hits = [shown("a.py", 1), shown(TICKETS, 2), shown(TICKETS, 11)]
    figures = ranking_figures([CHAIN], {"one": hits})["one"]
    assert figures["chain"] == 0.0
    assert figures["chain_share"] == pytest.approx(2 / 3)
    assert not link_shown(chain_links(CHAIN)["", f"{TICKETS} #8"], hits)


def test_what_comes_after_the_tenth_hit_does_not_count() -> None:
    hits = [*(shown("c.py", line) for line in range(1, 9)), shown(TICKETS, 7), shown("a.py", 1), shown(TICKETS, 2)]
    assert ranking_figures([CHAIN], {"one": hits})["one"]["chain"] == 0.0


def test_a_drawing_is_a_file_whichever_of_its_texts_is_shown() -> None:
    drawn = case(Place(path="shop.drawio", start_line=3, end_line=3, record="Pay button"))
    assert ranking_figures([drawn], {"one": [shown("shop.drawio", 9)]})["one"]["chain"] == 1.0


@pytest.mark.parametrize(
    ("found", "ranked", "stage"),
    [([], [], "never retrieved"), ([9], [], "rerank"), ([9], [9], "focus")],
)
def test_what_a_chain_lacks_is_told_with_the_stage_that_lost_it(
    found: list[int], ranked: list[int], stage: str
) -> None:
    trace = Trace("search", "?")
    for name, lines in (("link", found), ("fuse", found), ("rerank", ranked)):
        with trace.stage(name) as told:
            told.details["places"] = [["shop", TICKETS, line, line] for line in lines]
    hits = [shown("a.py", 1), shown(TICKETS, 2)]
    assert where_links_lost(CHAIN, hits, trace) == {f"{TICKETS} #8": stage}


@pytest.mark.parametrize(("told", "stage"), [("asked_in_turn", "focus"), ("asked_again", "rerank")])
def test_what_one_of_several_questions_had_is_not_lost_and_what_was_asked_again_counts_alone(
    told: str, stage: str
) -> None:
    trace = Trace("search", "?")
    for details, lines in (({}, [9]), ({told: "a part of it"}, [])):
        with trace.stage("resolve") as resolve:
            resolve.details.update(details)
        for name, its in (("link", [9]), ("fuse", [9]), ("rerank", lines)):
            with trace.stage(name) as ran:
                ran.details["places"] = [["shop", TICKETS, line, line] for line in its]
    hits = [shown("a.py", 1), shown(TICKETS, 2)]
    assert where_links_lost(CHAIN, hits, trace) == {f"{TICKETS} #8": stage}


def test_other_buckets_have_no_chains() -> None:
    other = CHAIN.model_copy(update={"bucket": "symbol"})
    assert "chain" not in ranking_figures([other], {"one": []})["one"]
