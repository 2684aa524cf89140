"""Tickets from a local tracker into files: paging, what is fetched again, refusals, limits, faults, interruptions."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from surefoot.errors import Cancelled, SyncError
from surefoot.sync.fetch import Patience
from surefoot.sync.sync import SyncOptions, SyncReport, sync
from surefoot.sync.targets import target_of
from surefoot.trace import CancelToken
from sync.tracker_server import (
    NOW,
    Answer,
    Asked,
    TrackerServer,
    Waits,
    as_json,
    github_issue,
    gitlab_issue,
    jira_issue,
    minutes_ago,
)

SHOP = "acme/shop/issues"
PROJECT = "acme%2Fshop/issues"
MERGES = "acme%2Fshop/merge_requests"


class Syncing:
    """Syncs with a clock that stands still."""

    def __init__(self, server: TrackerServer, root: Path, name: str) -> None:
        self.server, self.root = server, root
        self.target = target_of(name, server.url)
        self.waits, self.cancel = Waits(), CancelToken()
        self.options = SyncOptions(
            {}, root.parent / "locks", patience=Patience(self.cancel, self.waits.sleep, self.waits.now)
        )

    def __call__(self, **changes: object) -> SyncReport:
        return sync(self.root, self.target, replace(self.options, **changes))

    @property
    def folder(self) -> Path:
        return self.root / ".surefoot/tickets" / self.target.tracker / self.target.project

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))

    def text(self, name: str) -> str:
        return (self.folder / name).read_text()

    def listings(self) -> list[Asked]:
        return [asked for asked in self.server.asked if asked.path.endswith(("/issues", "/search", "/search/jql"))]


@pytest.fixture
def github(server: TrackerServer, root: Path) -> Syncing:
    return Syncing(server, root, "github:acme/shop")


@pytest.fixture
def gitlab(server: TrackerServer, root: Path) -> Syncing:
    return Syncing(server, root, "gitlab:acme/shop")


@pytest.fixture
def jira(server: TrackerServer, root: Path) -> Syncing:
    return Syncing(server, root, "jira:PROJ")


# --- what is written ---------------------------------------------------------------------------------------------


def test_an_issue_becomes_a_file_with_its_comments(server: TrackerServer, github: Syncing) -> None:
    server.tickets[SHOP] = [github_issue(7, 60, title='Retry "limit"', comments=1, state="closed", body="Too\r\nlow.")]
    server.comments["acme/shop/issues/7/comments"] = [
        {"created_at": "2024-02-01T09:00:00Z", "body": "Ask ann@example.com.", "user": {"login": "ann"}}
    ]
    report = github()
    assert (report.read, report.written) == (1, 1)
    assert github.text("7.md") == dedent(
        """\
        ---
        tracker: "github"
        key: "#7"
        title: "Retry \\"limit\\""
        state: "closed"
        type: "issue"
        created: "2024-01-02"
        updated: "2024-06-01T11:00:00Z"
        labels: ["bug"]
        url: "https://github.com/acme/shop/issues/7"
        synced: "2024-06-01T12:00:00Z"
        ---

        Too
        low.

        ## Comment, 2024-02-01

        Ask (e-mail address).
        """
    )


def test_a_pull_request_says_its_branch_and_the_commit_that_it_became(server: TrackerServer, github: Syncing) -> None:
    server.tickets[SHOP] = [
        github_issue(8, 60, state="closed", pull_request={"merged_at": "2024-05-01T00:00:00Z"}),
        github_issue(9, 50, pull_request={"merged_at": None}),  # deleted between the list and the look at it
    ]
    sha = "3f2a91c0de" * 4
    server.pulls[8] = {"head": {"ref": "lower-limit"}, "merge_commit_sha": sha, "merged_at": "2024-05-01T00:00:00Z"}
    github()
    assert 'branch: "lower-limit"\n' in github.text("8.md")
    assert f'commits: ["{sha}"]\n' in github.text("8.md")
    assert 'state: "merged"\n' in github.text("8.md")
    assert 'type: "pull request"\n' in github.text("9.md")


def test_merge_requests_have_files_of_their_own(server: TrackerServer, gitlab: Syncing) -> None:
    server.tickets[PROJECT] = [gitlab_issue(1, 60, user_notes_count=1)]
    server.tickets[MERGES] = [gitlab_issue(1, 50, title="Lower it", source_branch="lower", sha="ab" * 20)]
    server.comments[f"{PROJECT}/1/notes"] = [
        {"created_at": "2024-02-01T09:00:00Z", "body": "Seen.", "system": False},
        {"created_at": "2024-02-02T09:00:00Z", "body": "added ~bug label", "system": True},
    ]
    gitlab()
    assert gitlab.names() == ["1.md", "mr-1.md"]
    assert 'key: "!1"\n' in gitlab.text("mr-1.md")
    assert "Seen." in gitlab.text("1.md")
    assert "added ~bug" not in gitlab.text("1.md")


@pytest.mark.parametrize("is_cloud", [False, True])
def test_jira_gives_all_comments_where_the_search_cuts_them(
    server: TrackerServer, jira: Syncing, is_cloud: bool
) -> None:
    server.is_cloud = is_cloud
    comments = [{"created": f"2024-02-{day:02}T09:00:00.000+0000", "body": f"Word {day}."} for day in range(1, 29)]
    server.tickets["PROJ"] = [jira_issue(1, 60, comment={"comments": comments[:20], "total": 28, "startAt": 0})]
    server.comments["PROJ-1"] = comments
    server.per_page = 10
    jira()
    assert jira.text("PROJ-1.md").count("## Comment, 2024-02-") == 28
    assert 'type: "bug"\n' in jira.text("PROJ-1.md")


# --- paging ------------------------------------------------------------------------------------------------------


def many(server: TrackerServer, tracker: str, count: int) -> None:
    """Tickets whose order of change is not that of their numbers, some of them changed in the same second."""
    order = [(number * 7) % count + 1 for number in range(count)]
    if tracker == "github":
        server.tickets[SHOP] = [github_issue(number, 1000 - at // 4) for at, number in enumerate(order)]
    elif tracker == "gitlab":
        server.tickets[PROJECT] = [gitlab_issue(number, 1000 - at // 4) for at, number in enumerate(order)]
        server.tickets[MERGES] = [gitlab_issue(number, 900, source_branch="b") for number in range(1, 8)]
    else:
        server.tickets["PROJ"] = [jira_issue(number, 1000 - at // 4) for at, number in enumerate(order)]


@pytest.mark.parametrize("is_cloud", [False, True])
@pytest.mark.parametrize("per_page", [1, 3, 10, 100])
@pytest.mark.parametrize("tracker", ["github", "gitlab", "jira"])
def test_every_ticket_of_every_page_is_fetched(
    server: TrackerServer, tracker: str, per_page: int, is_cloud: bool, request: pytest.FixtureRequest
) -> None:
    many(server, tracker, 40)
    server.per_page, server.is_cloud = per_page, is_cloud
    syncing = request.getfixturevalue(tracker)
    report = syncing()
    assert report.written == (47 if tracker == "gitlab" else 40)
    assert len(syncing.names()) == report.written
    assert syncing().written == 0


def test_more_tickets_of_one_second_than_a_page_has(server: TrackerServer, github: Syncing) -> None:
    server.tickets[SHOP] = [github_issue(number, 100) for number in range(1, 26)]
    server.per_page = 4
    assert github().written == 25


@pytest.mark.parametrize("tracker", ["github", "gitlab", "jira"])
def test_a_ticket_that_changes_meanwhile_hides_no_other(
    server: TrackerServer, tracker: str, request: pytest.FixtureRequest
) -> None:
    """It moves to the end of the list, and what followed comes one place forward, onto a page that was read."""
    many(server, tracker, 40)
    server.per_page = 10
    name = {"github": SHOP, "gitlab": PROJECT, "jira": "PROJ"}[tracker]
    make = {"github": github_issue, "gitlab": gitlab_issue, "jira": jira_issue}[tracker]
    first = [make(1 + number, 2000 + number) for number in range(40, 60)]
    server.tickets[name] += first
    changed: list[int] = []

    def change(asked: Asked) -> None:
        if asked.path.endswith(("/issues", "/search")) and len(server.asked) > 1 and len(changed) < 8:
            number = 60 - len(changed)
            rows = server.tickets[name]
            rows[:] = [row for row in rows if f"{number}" not in {str(row.get("number", row.get("iid"))), key_of(row)}]
            rows.append(make(number, 1, **({"summary": "New"} if tracker == "jira" else {"title": "New"})))
            changed.append(number)

    server.before = change
    syncing = request.getfixturevalue(tracker)
    syncing()
    assert len(changed) >= 5
    assert len(syncing.names()) == 60 + (7 if tracker == "gitlab" else 0)


def key_of(row: dict[str, object]) -> str:
    return str(row.get("key", "")).rpartition("-")[2]


def test_a_list_in_another_order_is_read_by_its_pages_and_remembered_at_its_end(
    server: TrackerServer, github: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.tickets[SHOP] = [github_issue(number, number) for number in range(1, 31)]
    server.per_page = 7
    answer = server.answer

    def newest_first(asked: Asked) -> tuple[int, dict[str, str], bytes]:
        asked.query["direction"] = "desc"
        server.faults = [as_json({}, 500)] * 9 if len(server.asked) == 3 else server.faults
        return answer(asked)

    monkeypatch.setattr(server, "answer", newest_first)
    with pytest.raises(SyncError, match="status 500"):
        github()
    assert not (github.folder / ".sync-state").exists()
    server.faults = []
    assert github().read == 30
    assert len(github.names()) == 30


# --- pages without end -------------------------------------------------------------------------------------------


LEFT = " and was left there; what came until then is kept, and the same command goes on from it (is --url right?)."


def test_links_that_lead_round_in_a_circle_end(server: TrackerServer, github: Syncing) -> None:
    body = as_json([github_issue(1, 5)])[2]
    circle = f'<{server.url}/api/v3/repos/acme/shop/issues?page=2>; rel="next"'
    server.faults = [(200, {"Link": circle}, body)] * 3
    report = github()
    assert report.read == 1
    assert report.unfinished == ["GitHub's list of issues leads back to a page that was read already," + LEFT]


class Endless:
    """A list that always has another page: of the same tickets, of none, or of ever new ones."""

    def __init__(self, server: TrackerServer, tracker: str, rows_at: Callable[[int], list[int]]) -> None:
        self.server, self.tracker, self.rows_at, self.pages = server, tracker, rows_at, 0
        server.answer = self.answer  # type: ignore[method-assign]

    def answer(self, asked: Asked) -> Answer:
        if asked.path.endswith("serverInfo"):
            return as_json({"deploymentType": "Cloud"})
        self.pages += 1
        numbers = self.rows_at(self.pages)
        if self.tracker == "github":
            rows = [github_issue(number, 10**6 - number) for number in numbers]
            link = f'<{self.server.url}{asked.path}?page={self.pages}>; rel="next"'
            return as_json([] if asked.path.endswith("/comments") else rows, 200, {"Link": link})
        if self.tracker == "gitlab":
            rows = [gitlab_issue(number, 10**6 - number) for number in numbers]
            return as_json(rows, 200, {"X-Next-Page": str(self.pages + 1)})
        rows = [jira_issue(number, 10**6 - number) for number in numbers]
        return as_json({"issues": rows, "nextPageToken": f"t{self.pages}"})


LISTS = {
    "github": ("GitHub's list of issues", "GitHub's list of review comments"),
    "gitlab": ("GitLab's list of issues", "GitLab's list of merge requests"),
    "jira": ("Jira's list of issues",),
}


@pytest.mark.parametrize("rows_at", [lambda _: [1, 2], lambda _: [], lambda at: [1 + at % 2]])
@pytest.mark.parametrize("tracker", ["github", "gitlab", "jira"])
def test_pages_that_bring_nothing_new_are_not_followed_for_ever(
    server: TrackerServer, tracker: str, rows_at: Callable[[int], list[int]], request: pytest.FixtureRequest
) -> None:
    endless = Endless(server, tracker, rows_at)
    report = request.getfixturevalue(tracker)()
    assert report.unfinished == [f"{name} has brought nothing new for 20 pages,{LEFT}" for name in LISTS[tracker]]
    assert endless.pages < 25 * len(LISTS[tracker])


@pytest.mark.parametrize("tracker", ["github", "gitlab", "jira"])
def test_ever_new_tickets_end_at_a_number_of_pages_and_the_next_sync_goes_on_there(
    server: TrackerServer, tracker: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surefoot.sync.trail.MOST_PAGES", 30)
    Endless(server, tracker, lambda at: [3 * at, 3 * at + 1, 3 * at + 2])
    syncing = request.getfixturevalue(tracker)
    report = syncing()
    assert f"{LISTS[tracker][0]} has not come to its end in 30 pages,{LEFT}" in report.unfinished
    assert report.here == report.written >= 90
    before = report.here
    report = syncing()
    assert report.here - before == report.written >= 90


def test_what_is_missing_is_not_told_of_a_list_that_was_left(server: TrackerServer, github: Syncing) -> None:
    many(server, "github", 5)
    github()
    Endless(server, "github", lambda _: [1])
    report = github(all_anew=True)
    assert report.unfinished
    assert report.gone == ()


@pytest.mark.parametrize("tracker", ["github", "gitlab", "jira"])
def test_comments_without_end_are_followed_as_far_as_they_are_kept(
    server: TrackerServer, tracker: str, request: pytest.FixtureRequest
) -> None:
    rows = [{"created_at": "2024-02-01T09:00:00Z", "created": "2024-02-01", "body": f"Word {n}."} for n in range(2000)]
    if tracker == "github":
        server.tickets[SHOP] = [github_issue(1, 60, comments=2000)]
        server.comments["acme/shop/issues/1/comments"] = rows
    elif tracker == "gitlab":
        server.tickets[PROJECT], server.tickets[MERGES] = [gitlab_issue(1, 60, user_notes_count=2000)], []
        server.comments[f"{PROJECT}/1/notes"] = rows
    else:
        server.tickets["PROJ"] = [jira_issue(1, 60, comment={"comments": rows[:20], "total": 2000, "startAt": 0})]
        server.comments["PROJ-1"] = rows
    syncing = request.getfixturevalue(tracker)
    assert syncing().unfinished == []
    assert syncing.text("PROJ-1.md" if tracker == "jira" else "1.md").count("## Comment, 2024-02-01") == 500
    assert len(server.asked) < 12


def test_pages_of_comments_that_are_all_the_same_are_read_once(
    server: TrackerServer, github: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.tickets[SHOP] = [github_issue(1, 60, comments=1)]
    answer = server.answer

    def same(asked: Asked) -> Answer:
        if not asked.path.endswith("/issues/1/comments"):
            return answer(asked)
        server.asked.append(asked)
        link = f'<{server.url}{asked.path}?page={len(server.asked)}>; rel="next"'
        return as_json([{"created_at": "2024-02-01", "body": "Yes."}], 200, {"Link": link})

    monkeypatch.setattr(server, "answer", same)
    github()
    assert github.text("1.md").count("## Comment") == 1


@pytest.mark.parametrize("token", ["x" * 70_000, "\ud800"])
def test_a_name_of_the_next_page_that_is_none_is_one_sentence(server: TrackerServer, jira: Syncing, token: str) -> None:
    server.is_cloud = True
    server.faults = [None, as_json({"issues": [jira_issue(1, 9)], "nextPageToken": token})]
    with pytest.raises(SyncError, match=r"^Jira names a next page that is no address; check --url\.$"):
        jira()
    assert jira.names() == ["PROJ-1.md"]


@pytest.mark.parametrize("token", ["\0", "../..", "t1&jql=project"])
def test_a_name_of_the_next_page_is_nothing_but_its_name(server: TrackerServer, jira: Syncing, token: str) -> None:
    server.is_cloud = True
    server.faults = [None, as_json({"issues": [jira_issue(1, 9)], "nextPageToken": token}), as_json({"issues": []})]
    assert jira().written == 1
    assert server.asked[-1].query["nextPageToken"] == token
    assert server.asked[-1].query["jql"].startswith('project = "PROJ"')


@pytest.mark.parametrize("page", ["9" * 5000, "-1", "²", "x"])
def test_gitlab_s_next_page_has_to_be_a_number(server: TrackerServer, gitlab: Syncing, page: str) -> None:
    headers = {"X-Next-Page": page, "X-Total": page}
    server.faults = [as_json([gitlab_issue(1, 9)], 200, headers)] * 2
    server.tickets[PROJECT] = server.tickets[MERGES] = []
    assert gitlab().written >= 1


# --- comments on lines of code -----------------------------------------------------------------------------------


REVIEWS = "acme/shop/pulls/comments"


def review_comment(pull: int, minutes: float, text: str, **more: object) -> dict[str, object]:
    return {
        "id": 10, "pull_request_review_id": 42, "diff_hunk": "@@ -16,33 +16,40 @@ class Client:", "position": 1,
        "path": "shop/retry.py", "line": 12, "original_line": 11, "start_line": None, "side": "RIGHT", "body": text,
        "subject_type": "line", "user": {"login": "ann"}, "created_at": "2024-02-01T09:00:00Z",
        "updated_at": minutes_ago(minutes).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "pull_request_url": f"https://api.github.com/repos/acme/shop/pulls/{pull}",
    } | more  # fmt: skip


def pull_request(server: TrackerServer, number: int, minutes: float, *comments: dict[str, object]) -> None:
    """A pull request with these comments on its lines, as all the lists have it."""
    server.tickets.setdefault(SHOP, []).append(github_issue(number, minutes, pull_request={"merged_at": None}))
    server.tickets[f"{SHOP}/{number}"] = server.tickets[SHOP][-1]  # type: ignore[assignment]
    server.pulls[number] = {"head": {"ref": "lower-limit"}, "review_comments": len(comments)}
    server.comments[f"acme/shop/pulls/{number}/comments"] = list(comments)
    server.comments.setdefault(REVIEWS, []).extend(comments)


def test_comments_on_lines_say_where_they_stand(server: TrackerServer, github: Syncing) -> None:
    pull_request(
        server, 8, 60,
        review_comment(8, 70, "Why three times? Ask ann@example.com."),
        review_comment(8, 69, "Outdated by now.", line=None),
        review_comment(8, 68, "Was better.", side="LEFT"),
        review_comment(8, 67, "The whole file.", line=None, original_line=None, subject_type="file"),
        review_comment(8, 66, "Odd.", path="a\n# b", line=-4, original_line="x"),
    )  # fmt: skip
    assert github().problems == []
    assert github.text("8.md").split("---\n")[2] == dedent(
        """
        Body of 8.

        ## Comment on shop/retry.py:12, 2024-02-01

        Why three times? Ask (e-mail address).

        ## Comment on shop/retry.py:11, 2024-02-01

        Outdated by now.

        ## Comment on shop/retry.py, 2024-02-01

        Was better.

        ## Comment on shop/retry.py, 2024-02-01

        The whole file.

        ## Comment on a # b, 2024-02-01

        Odd.
        """
    )
    assert 'reviewed: "2024-06-01T10:54:00Z"\n' in github.text("8.md")
    assert "ann" not in github.text("8.md")


def test_reviews_cost_nothing_where_there_are_none_and_one_request_for_a_hundred_where_all_are_here(
    server: TrackerServer, github: Syncing
) -> None:
    pull_request(server, 8, 60, *(review_comment(8, 90 - n / 10, f"Word {n}.") for n in range(150)))
    pull_request(server, 9, 50)
    github()
    asked = [asked.path.removeprefix("/api/v3/repos/acme/shop/") for asked in server.asked]
    assert asked.count("pulls/8/comments") == 2
    assert "pulls/9/comments" not in asked
    assert not [path for path in asked if path.startswith("issues/")]
    assert asked.count("pulls/8") == 1
    assert github.text("8.md").count("## Comment on shop/retry.py:12") == 150


def test_a_pull_request_that_only_a_review_has_changed_is_read_again(server: TrackerServer, github: Syncing) -> None:
    pull_request(server, 8, 600, review_comment(8, 610, "First."))
    pull_request(server, 9, 500, review_comment(9, 510, "Other."))
    github()
    later = review_comment(8, 1, "Second.")
    server.comments["acme/shop/pulls/8/comments"].append(later)
    server.comments[REVIEWS].append(later)
    server.asked.clear()
    report = github()
    assert (report.read, report.written) == (2, 1)
    assert "Second." in github.text("8.md")
    assert 'updated: "2024-06-01T02:00:00Z"\n' in github.text("8.md")
    asked = [asked.path.removeprefix("/api/v3/repos/acme/shop/") for asked in server.asked]
    assert asked[:5] == ["issues", "pulls/comments", "issues/8", "pulls/8", "pulls/8/comments"]
    assert len(asked) <= 6
    assert all("since" in asked.query for asked in server.asked if asked.path.endswith(("/issues", "pulls/comments")))
    assert github().written == 0


def test_tickets_of_an_older_version_get_their_reviews_once(server: TrackerServer, github: Syncing) -> None:
    """Their files have no such comments, and their state knows nothing of that list."""
    pull_request(server, 8, 600)
    github()
    state = json.loads((github.folder / ".sync-state").read_text())
    assert set(state["updated"]) == {"issues"}
    comment = review_comment(8, 700, "Long ago.")
    server.pulls[8]["review_comments"] = 1
    server.comments["acme/shop/pulls/8/comments"] = server.comments[REVIEWS] = [comment]
    assert github().written == 1
    assert "Long ago." in github.text("8.md")
    assert github().written == 0


def test_a_sync_that_stops_among_reviews_goes_on_there(server: TrackerServer, github: Syncing) -> None:
    for number in range(1, 11):
        pull_request(server, number, 600 - number)
    github()
    for number in range(1, 11):
        comment = review_comment(number, 100 - number, f"Late {number}.")
        server.pulls[number]["review_comments"] = 1
        server.comments[f"acme/shop/pulls/{number}/comments"] = [comment]
        server.comments[REVIEWS].append(comment)
    server.per_page = 4
    reset = str(int(NOW.timestamp()) + 3600)

    def used_up(asked: Asked) -> None:
        if asked.path.endswith("/pulls/7"):
            server.faults = [as_json({}, 403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})]
            server.before = lambda _: None

    server.before = used_up
    with pytest.raises(SyncError, match="rate limit"):
        github()
    assert [number for number in range(1, 11) if "Late" in github.text(f"{number}.md")] == [1, 2, 3, 4, 5, 6]
    server.asked.clear()
    assert github().written == 4
    assert not [asked for asked in server.asked if asked.path.endswith("/pulls/6")]


def test_all_anew_reads_a_reviewed_pull_request_once(server: TrackerServer, github: Syncing) -> None:
    pull_request(server, 8, 60, review_comment(8, 70, "First."))
    github()
    server.asked.clear()
    assert github(all_anew=True).read == 1
    assert [asked.path for asked in server.asked if asked.path.endswith("/pulls/8")] == [
        "/api/v3/repos/acme/shop/pulls/8"
    ]


@pytest.mark.parametrize("address", [None, 5, "", "x/pulls/0", "x/pulls/../1", "x/pulls/1/../../e", "x/pulls/9" * 9])
def test_a_review_comment_of_no_pull_request_is_left_out(
    server: TrackerServer, github: Syncing, address: object
) -> None:
    server.tickets[SHOP] = [github_issue(1, 60)]
    server.comments[REVIEWS] = [review_comment(1, 5, "x", pull_request_url=address)]
    report = github()
    assert github.names() == ["1.md"]
    assert not report.unfinished


def test_gitlab_s_notes_on_lines_say_where_they_stand(server: TrackerServer, gitlab: Syncing) -> None:
    server.tickets[PROJECT] = []
    server.tickets[MERGES] = [gitlab_issue(1, 50, source_branch="lower", user_notes_count=4)]
    position = {"position_type": "text", "old_path": "shop/old.py", "new_path": "shop/retry.py", "old_line": 27}
    note = {"type": "DiffNote", "system": False, "created_at": "2024-02-01T09:00:00Z", "author": {"username": "ann"}}
    server.comments[f"{MERGES}/1/notes"] = [
        note | {"body": "Why?", "position": position | {"new_line": 12}},
        note | {"body": "Gone.", "position": position | {"new_line": None}},
        note | {"body": "Seen.", "type": None},
        note | {"body": "Odd.", "position": [3]},
    ]
    gitlab()
    headings = [line for line in gitlab.text("mr-1.md").split("\n") if line.startswith("## ")]
    assert headings == [
        "## Comment on shop/retry.py:12, 2024-02-01",
        "## Comment on shop/retry.py, 2024-02-01",
        "## Comment, 2024-02-01",
        "## Comment, 2024-02-01",
    ]


# --- the second time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tracker", ["github", "gitlab", "jira"])
def test_the_next_sync_asks_for_what_has_changed_since(
    server: TrackerServer, tracker: str, request: pytest.FixtureRequest
) -> None:
    many(server, tracker, 40)
    syncing = request.getfixturevalue(tracker)
    syncing()
    before = {path: path.stat().st_mtime_ns for path in syncing.folder.glob("*.md")}
    server.asked.clear()
    make = {"github": github_issue, "gitlab": gitlab_issue, "jira": jira_issue}[tracker]
    server.tickets[{"github": SHOP, "gitlab": PROJECT, "jira": "PROJ"}[tracker]].append(make(99, 10))
    report = syncing()
    assert report.written == 1
    assert report.read < 40  # some are read again, as lists may be late
    assert {path: path.stat().st_mtime_ns for path in before} == before
    wanted = {"github": "since", "gitlab": "updated_after", "jira": "jql"}[tracker]
    assert all(wanted in asked.query for asked in syncing.listings())
    assert tracker != "jira" or all("updated >= " in asked.query["jql"] for asked in syncing.listings())


def test_what_was_read_is_not_fetched_again_ticket_by_ticket(server: TrackerServer, github: Syncing) -> None:
    server.tickets[SHOP] = [github_issue(number, 5, comments=1) for number in (1, 2)]
    for number in (1, 2):
        server.comments[f"acme/shop/issues/{number}/comments"] = [{"created_at": "2024-02-01", "body": "Yes."}]
    github()
    server.asked.clear()
    assert github().read == 2
    assert [asked.path for asked in server.asked] == [
        "/api/v3/repos/acme/shop/issues",
        "/api/v3/repos/acme/shop/pulls/comments",
    ]


def test_all_anew_fetches_everything_writes_only_what_differs_and_tells_what_is_gone(
    server: TrackerServer, github: Syncing
) -> None:
    server.tickets[SHOP] = [github_issue(number, 500 - number) for number in (1, 2, 3)]
    github()
    server.tickets[SHOP] = [github_issue(1, 499), github_issue(3, 497, body="Rewritten, and nobody was told.")]
    report = github(all_anew=True)
    assert (report.read, report.written, report.gone) == (2, 1, ("2",))
    assert github.names() == ["1.md", "2.md", "3.md"]


def test_a_time_in_the_future_does_not_end_all_syncing(server: TrackerServer, github: Syncing) -> None:
    server.tickets[SHOP] = [github_issue(1, -60 * 24 * 365 * 100)]
    github()
    server.tickets[SHOP].append(github_issue(2, 0))
    assert github().written == 1


def test_jira_is_told_minutes_by_its_own_clock(server: TrackerServer, jira: Syncing) -> None:
    """Ours may be hours late, and a date would be read in the time zone of whoever asks."""
    server.tickets["PROJ"] = [jira_issue(1, 30), jira_issue(2, 20)]
    jira()
    late = Waits()
    late.now = lambda: NOW.timestamp() - 7200  # type: ignore[method-assign]
    server.tickets["PROJ"].append(jira_issue(3, 15))
    assert jira(patience=Patience(sleep=late.sleep, now=late.now)).written == 1


def test_files_of_another_server_are_not_mixed_with_these(server: TrackerServer, github: Syncing) -> None:
    server.tickets[SHOP] = [github_issue(1, 5)]
    github()
    github.target = target_of("github:acme/shop", "https://github.example.org")
    with pytest.raises(SyncError, match="another GitHub"):
        github()


# --- refusals and limits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tracker", "variable"), [("github", "GITHUB_TOKEN"), ("gitlab", "GITLAB_TOKEN"), ("jira", "JIRA_TOKEN")]
)
def test_401_says_which_variable_to_set(
    server: TrackerServer, tracker: str, variable: str, request: pytest.FixtureRequest
) -> None:
    many(server, tracker, 2)
    server.needs = "Bearer right"
    syncing = request.getfixturevalue(tracker)
    with pytest.raises(SyncError, match=rf"set (GH_ENTERPRISE_TOKEN|{variable}) to a token that may read"):
        syncing()
    with pytest.raises(SyncError, match=rf"did not accept the token of {variable} \(401\)"):
        syncing(environ={variable: "wrong"})
    assert syncing(environ={variable: " right\n"}).written


def test_jira_cloud_is_shown_address_and_token(server: TrackerServer, jira: Syncing) -> None:
    many(server, "jira", 2)
    server.needs = "Basic YW5uQGV4YW1wbGUub3JnOnNlY3JldA=="  # ann@example.org:secret
    assert jira(environ={"JIRA_TOKEN": "secret", "JIRA_EMAIL": "ann@example.org"}).written == 2


@pytest.mark.parametrize("status", [403, 404, 410])
def test_what_is_not_shown_is_one_sentence(server: TrackerServer, github: Syncing, status: int) -> None:
    server.faults = [as_json({"message": "Not Found"}, status)]
    with pytest.raises(SyncError, match=rf"^GitHub shows no tickets of acme/shop without a token .*\({status}\)"):
        github()
    assert not github.waits.slept


def test_a_project_that_jira_does_not_have(jira: Syncing) -> None:
    with pytest.raises(SyncError, match=r"did not understand the request for PROJ \(400\); check that the project"):
        jira()


SHORT_LIMITS = {
    "retry-after": (429, {"Retry-After": "7"}, 7),
    "date": (429, {"Retry-After": "Sat, 01 Jun 2024 12:00:09 GMT"}, 9),
    "reset": (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW.timestamp()) + 5)}, 5),
    "gitlab's": (429, {"RateLimit-Remaining": "0", "RateLimit-Reset": str(int(NOW.timestamp()) + 6)}, 6),
    "passed": (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW.timestamp()) - 5)}, 1),
    "unsaid": (429, {}, 60),
    "nonsense": (429, {"Retry-After": "soon"}, 60),
    "huge": (403, {"Retry-After": "9" * 400}, None),
}


@pytest.mark.parametrize("kind", SHORT_LIMITS)
def test_short_limits_are_waited_for(server: TrackerServer, github: Syncing, kind: str) -> None:
    many(server, "github", 30)
    server.per_page = 10
    status, headers, seconds = SHORT_LIMITS[kind]
    server.faults = [None, as_json({"message": "slow down"}, status, headers)]
    if seconds is None:
        with pytest.raises(SyncError, match="rate limit is used up until an unknown time"):
            github()
    else:
        assert github().written == 30
        assert github.waits.slept == [seconds]


def test_github_s_other_limit_is_known_by_its_message(server: TrackerServer, github: Syncing) -> None:
    many(server, "github", 3)
    server.faults = [as_json({"message": "You have exceeded a secondary rate limit."}, 403)]
    assert github().written == 3
    assert github.waits.slept == [60]


def test_a_long_limit_says_when_to_come_back_and_the_next_sync_goes_on_there(
    server: TrackerServer, github: Syncing
) -> None:
    many(server, "github", 30)
    server.per_page = 10
    reset = str(int(NOW.timestamp()) + 32 * 60)
    server.faults = [None, None, as_json({}, 403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})]
    at = time.strftime("%H:%M", time.localtime(NOW.timestamp() + 32 * 60))
    with pytest.raises(
        SyncError,
        match=rf"^GitHub's rate limit is used up until {at} \(in 32 min\).* GH_ENTERPRISE_TOKEN, which allows",
    ):
        github()
    assert not github.waits.slept
    there = len(github.names())
    assert 10 < there < 30
    assert github().written == 30 - there
    assert len(github.names()) == 30


def test_a_limit_that_never_ends_ends(server: TrackerServer, github: Syncing) -> None:
    server.faults = [as_json({}, 429, {"Retry-After": "1"})] * 100
    with pytest.raises(SyncError, match="rate limit"):
        github()
    assert len(github.waits.slept) == 10


# --- faults ------------------------------------------------------------------------------------------------------


HTML = (200, {"Content-Type": "text/html"}, b"<html>Log in</html>")
HALF = (200, {"Content-Type": "application/json"}, as_json([github_issue(1, 5)])[2][:-9])


@pytest.mark.parametrize("fault", [as_json({}, 500), as_json({}, 503), (502, {}, b"<html>"), HTML, HALF])
def test_what_passes_is_tried_again_with_growing_pauses(
    server: TrackerServer, github: Syncing, fault: tuple[int, dict[str, str], bytes]
) -> None:
    many(server, "github", 30)
    server.per_page = 10
    server.faults = [None, fault, fault, fault]
    assert github().written == 30
    assert github.waits.slept == [1, 2, 4]
    server.faults = [fault] * 100
    with pytest.raises(SyncError, match=r"5 times.* run the same command again later: it goes on where it stopped"):
        github()


def test_a_connection_that_breaks_off_is_tried_again(server: TrackerServer, github: Syncing) -> None:
    many(server, "github", 3)
    server.faults = [(200, {"Transfer-Encoding": "chunked"}, b"5\r\nabc")]
    assert github().written == 3


def test_a_server_that_is_not_there_is_told_at_once(root: Path) -> None:
    with TrackerServer().running() as server:
        syncing = Syncing(server, root, "github:acme/shop")
    with pytest.raises(SyncError, match=r"^GitHub cannot be reached \(check the connection and --url\); run"):
        syncing()
    assert not syncing.waits.slept


@pytest.mark.parametrize("value", [None, 5, "text", {}, {"issues": 3}, [[[]]], [1, None, "x"], {"issues": [None, {}]}])
@pytest.mark.parametrize("tracker", ["github", "gitlab", "jira"])
def test_json_of_another_shape_writes_nothing_and_breaks_nothing(
    server: TrackerServer, tracker: str, value: object, request: pytest.FixtureRequest
) -> None:
    server.faults = [as_json(value)] * 3
    syncing = request.getfixturevalue(tracker)
    assert syncing().written == 0
    assert syncing.names() == []


DEEP = b"[" * 200_000


def test_json_too_deep_to_be_read_is_a_fault(server: TrackerServer, github: Syncing) -> None:
    server.faults = [(200, {}, DEEP)] * 5
    with pytest.raises(SyncError, match="something else than JSON"):
        github()


def test_an_answer_without_end_is_cut_off(
    server: TrackerServer, github: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surefoot.sync.fetch.MOST_BYTES", 1000)
    many(server, "github", 30)
    with pytest.raises(SyncError, match="more than 1,000 bytes"):
        github()


# --- names and texts that mean harm ------------------------------------------------------------------------------

HOSTILE = [
    "../../../evil",
    "/etc/passwd",
    "..",
    "1/../../x",
    "C:\\x",
    "a\0b",
    "",
    " ",
    -1,
    0,
    1.5,
    True,
    None,
    [],
    {},
    "1\n2",
]


@pytest.mark.parametrize("bad", HOSTILE, ids=repr)
@pytest.mark.parametrize("tracker", ["github", "gitlab", "jira"])
def test_an_id_is_never_a_path(
    server: TrackerServer, tracker: str, bad: object, root: Path, request: pytest.FixtureRequest
) -> None:
    if tracker == "github":
        server.tickets[SHOP] = [github_issue(1, 9), github_issue(2, 8) | {"number": bad}]
    elif tracker == "gitlab":
        server.tickets[PROJECT] = [gitlab_issue(1, 9), gitlab_issue(2, 8, iid=bad)]
        server.tickets[MERGES] = []
    else:
        server.tickets["PROJ"] = [jira_issue(1, 9), jira_issue(2, 8)]
        server.found = lambda _jql: [jira_issue(1, 9), jira_issue(2, 8) | {"key": bad}]  # type: ignore[method-assign]
    syncing = request.getfixturevalue(tracker)
    report = syncing()
    assert report.written == 1
    assert report.problems
    files = [path for path in root.parent.rglob("*") if path.is_file() and path.suffix != ".lock"]
    assert sorted(path.name for path in files) == [".sync-state", "PROJ-1.md" if tracker == "jira" else "1.md"]


def test_texts_cannot_forge_keys_or_break_the_file(server: TrackerServer, github: Syncing) -> None:
    server.tickets[SHOP] = [
        github_issue(1, 9, title='x"\n---\nkey: "#666"\n', body="a\0b\ud800c\r\nd", labels=[{"name": "a\n---\nb"}])
    ]
    github()
    text = github.text("1.md")
    front = text.split("\n---\n")[0].split("\n")[1:]
    assert [line for line in front if line.startswith("key:")] == ['key: "#1"']
    values = {line.partition(": ")[0]: json.loads(line.partition(": ")[2]) for line in front}
    assert values["labels"] == ["a\n---\nb"]
    assert "\0" not in text
    assert "\r" not in text


def test_a_link_in_the_project_leads_nowhere(
    server: TrackerServer, github: Syncing, root: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    server.tickets[SHOP] = [github_issue(1, 9)]
    (root / ".surefoot/tickets").mkdir(parents=True)
    (root / ".surefoot/tickets/github").symlink_to(outside, target_is_directory=True)
    with pytest.raises(SyncError, match="is a link"):
        github()
    assert not list(outside.iterdir())
    (root / ".surefoot/tickets/github").unlink()
    github.folder.mkdir(parents=True)
    victim = outside / "victim"
    victim.write_text("mine")
    for name in ("1.md", ".sync-state", ".1.md.part", "..sync-state.part"):
        (github.folder / name).symlink_to(victim)
    github()
    assert victim.read_text() == "mine"
    assert "Body of 1." in github.text("1.md")


@pytest.mark.parametrize("state", ["", "{", "[]", "5", '{"updated": 3}', '{"updated": {"issues": "never"}}', "\0"])
def test_a_damaged_state_means_reading_everything(server: TrackerServer, github: Syncing, state: str) -> None:
    many(server, "github", 5)
    github()
    (github.folder / ".sync-state").write_text(state)
    (github.folder / "3.md").unlink()
    assert github().written == 1


# --- interruptions -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tracker", ["github", "gitlab", "jira"])
def test_an_interrupted_sync_loses_nothing_and_repeats_nothing(
    server: TrackerServer, tracker: str, request: pytest.FixtureRequest
) -> None:
    many(server, tracker, 40)
    server.per_page = 10
    syncing = request.getfixturevalue(tracker)
    total = 47 if tracker == "gitlab" else 40
    for stop in (3, 17, 29):
        syncing.cancel = CancelToken()

        def stop_there(done: int, _total: int, stop: int = stop) -> None:
            if len(syncing.names()) >= stop:
                syncing.cancel.cancel()

        patience = Patience(syncing.cancel, syncing.waits.sleep, syncing.waits.now)
        with pytest.raises(Cancelled):
            syncing(progress=stop_there, patience=patience)
        assert len(syncing.names()) == stop
    assert syncing().written == total - 29
    assert len(syncing.names()) == total


KILLED = """
import os, sys
from pathlib import Path
from surefoot.sync import folder
from surefoot.sync.sync import SyncOptions, sync
from surefoot.sync.targets import target_of

root, url, kill_at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
written = 0
replace = Path.replace

def dying(self, target):
    global written
    written += 1
    if written == kill_at:
        os.kill(os.getpid(), 9)
    return replace(self, target)

Path.replace = dying
sync(root, target_of("github:acme/shop", url), SyncOptions({}, root.parent / "locks"))
"""


@pytest.mark.parametrize("kill_at", [1, 5, 11, 12, 23])
def test_a_killed_sync_leaves_whole_files_and_goes_on(
    server: TrackerServer, github: Syncing, root: Path, kill_at: int
) -> None:
    many(server, "github", 30)
    server.per_page = 10
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(root), server.url, str(kill_at)], env=environment, check=False
    )
    assert ended.returncode == -signal.SIGKILL
    there = github.names()
    assert len(there) < 30
    assert all(github.text(name).endswith(f"Body of {name[:-3]}.\n") for name in there)
    assert github().written == 30 - len(there)
    assert len(github.names()) == 30
    assert not list(github.folder.glob("*.part"))


def test_a_disk_that_is_full_is_told_and_the_next_sync_goes_on(
    server: TrackerServer, github: Syncing, monkeypatch: pytest.MonkeyPatch
) -> None:
    many(server, "github", 30)
    replace_file = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target.name == "15.md":
            raise OSError(28, "No space left on device")
        return replace_file(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        with pytest.raises(SyncError, match=r"15\.md cannot be written \(No space left on device\)"):
            github()
    github()
    assert len(github.names()) == 30


def test_two_syncs_of_one_folder_do_not_run_at_once(server: TrackerServer, github: Syncing, root: Path) -> None:
    many(server, "github", 3)
    failed: list[str] = []

    def second(_done: int, _total: int) -> None:
        if not failed:
            with pytest.raises(SyncError) as caught:
                github()
            failed.append(str(caught.value))

    github(progress=second)
    assert failed == ["Another process is syncing github:acme/shop; wait for it to finish."]
