"""What names a project of a tracker, what does not, and where its API is."""

from __future__ import annotations

import pytest

from surefoot.errors import UsageError
from surefoot.sync.targets import target_of


@pytest.mark.parametrize(
    ("name", "url", "api"),
    [
        ("github:owner/repo", "", "https://api.github.com"),
        ("GitHub:owner/repo", "https://github.com/", "https://api.github.com"),
        ("github:owner/.github", "https://ghe.example.org", "https://ghe.example.org/api/v3"),
        ("github:o/r", "https://ghe.example.org/api/v3/", "https://ghe.example.org/api/v3"),
        ("gitlab:group/sub/project", "", "https://gitlab.com/api/v4"),
        ("gitlab:group/project", "https://example.org/gitlab", "https://example.org/gitlab/api/v4"),
        ("jira:proj", "https://example.atlassian.net", "https://example.atlassian.net/rest/api/2"),
        ("jira:A_1", "https://example.org/jira/", "https://example.org/jira/rest/api/2"),
        ("github:o/r", "http://localhost:8080", "http://localhost:8080/api/v3"),
    ],
)
def test_where_its_api_is(name: str, url: str, api: str) -> None:
    assert target_of(name, url).api == api


@pytest.mark.parametrize(
    "name",
    ["", "github", "github:", "github:owner", "github:a/b/c", "github:../x", "github:a/..", "github:a/.git",
     "github:a b/c", "github:a/b\n", "github:a/b?x=1", "github:a\\b/c", "gitlab:a", "gitlab:a/../b", "gitlab:a//b",
     "jira:A-1", "jira:A B", 'jira:A" OR project = "B', "jira:1A", "svn:a/b", "jira:"],
)  # fmt: skip
def test_what_names_no_project_is_told_with_an_example(name: str) -> None:
    with pytest.raises(UsageError, match=r"github:owner/repository|gitlab:group/project|jira:PROJ"):
        target_of(name, "https://example.org")


@pytest.mark.parametrize(
    "url", ["http://example.org", "example.org", "ftp://example.org", "https://", "file:///etc", "x", "https:///a"]
)
def test_an_address_that_no_token_may_be_sent_to(url: str) -> None:
    with pytest.raises(UsageError, match="--url"):
        target_of("jira:PROJ", url)


def test_jira_has_no_usual_place() -> None:
    with pytest.raises(UsageError, match="jira:PROJ --url https://"):
        target_of("jira:PROJ")
