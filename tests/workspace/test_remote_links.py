"""From a remote's address to the address of lines in a browser."""

from __future__ import annotations

import pytest

from surefoot.workspace.remote_links import Place, repository_of

SHA = "0123456789abcdef0123456789abcdef01234567"


def link(remote: str, path: str = "src/a.py", start: int = 12, end: int = 30) -> str:
    repository = repository_of(remote)
    return "" if repository is None else repository.to(Place(SHA, path, start, end))


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("https://github.com/owner/repo.git", f"https://github.com/owner/repo/blob/{SHA}/src/a.py#L12-L30"),
        ("https://github.com/owner/repo/", f"https://github.com/owner/repo/blob/{SHA}/src/a.py#L12-L30"),
        ("git@github.com:owner/repo.git", f"https://github.com/owner/repo/blob/{SHA}/src/a.py#L12-L30"),
        ("ssh://git@ssh.github.com:443/owner/repo", f"https://github.com/owner/repo/blob/{SHA}/src/a.py#L12-L30"),
        ("git@GitHub.example.org:o/r.git", f"https://github.example.org/o/r/blob/{SHA}/src/a.py#L12-L30"),
        ("git@gitlab.com:group/sub/repo.git", f"https://gitlab.com/group/sub/repo/-/blob/{SHA}/src/a.py#L12-30"),
        ("http://gitlab.local.net:8080/g/r", f"http://gitlab.local.net:8080/g/r/-/blob/{SHA}/src/a.py#L12-30"),
        ("git@bitbucket.org:team/repo.git", f"https://bitbucket.org/team/repo/src/{SHA}/src/a.py#lines-12:30"),
        ("ssh://git@codeberg.org/o/r.git", f"https://codeberg.org/o/r/src/commit/{SHA}/src/a.py#L12-L30"),
        ("https://gitea.example.org:3000/o/r", f"https://gitea.example.org:3000/o/r/src/commit/{SHA}/src/a.py#L12-L30"),
        ("git@github.com:~me/it's%20odd.git", f"https://github.com/~me/it%27s%20odd/blob/{SHA}/src/a.py#L12-L30"),
    ],
)
def test_every_form_of_address_leads_to_the_lines(remote: str, expected: str) -> None:
    assert link(remote) == expected


@pytest.mark.parametrize(
    ("remote", "one_line"),
    [
        ("https://github.com/o/r", "#L7"),
        ("https://gitlab.com/o/r", "#L7"),
        ("https://bitbucket.org/o/r", "#lines-7"),
        ("https://codeberg.org/o/r", "#L7"),
    ],
)
def test_one_line_is_no_range(remote: str, one_line: str) -> None:
    assert link(remote, start=7, end=7).endswith(f"a.py{one_line}")


@pytest.mark.parametrize("remote", ["https://me:secret@github.com/o/r", "https://ghp_token@github.com/o/r.git"])
def test_credentials_stay_out(remote: str) -> None:
    assert link(remote).startswith("https://github.com/o/r/blob/")


def test_a_path_is_encoded() -> None:
    odd = "a b/ü#?%&'\"<>\\.py"
    tail = link("https://github.com/o/r", path=odd).partition(f"{SHA}/")[2]
    assert tail == "a%20b/%C3%BC%23%3F%25%26%27%22%3C%3E%5C.py#L12-L30"
    undecodable = b"caf\xe9.py".decode("utf-8", "surrogateescape")
    assert "/caf%E9.py#" in link("https://github.com/o/r", path=undecodable)


def test_a_page_that_would_be_rendered_is_asked_for_as_text() -> None:
    assert link("https://github.com/o/r", path="README.md").endswith("README.md?plain=1#L12-L30")
    assert link("https://gitlab.com/o/r", path="docs/a.RST").endswith("a.RST?plain=1#L12-30")
    assert link("https://codeberg.org/o/r", path="README.md").endswith("README.md?display=source#L12-L30")


@pytest.mark.parametrize(
    "remote",
    [
        "", "/srv/git/repo.git", "../repo", "file:///srv/github.com/o/r", "C:\\repos\\r", "https://github.com/",
        "https://github.com/lonely", "git@work-github:o/r.git", "https://git.example.org/o/r", "https://[github.com/o/r",
        "https://github.com:port/o/r", "git@github.com.evil\n.org:o/r", "javascript://github.com/o/r",
        "https://bitbucket.example.org/scm/o/r.git", "https://notgithub.com/o/r", "ext::sh -c github.com/o/r",
    ],
)  # fmt: skip
def test_what_is_not_known_gets_no_link(remote: str) -> None:
    assert link(remote) == ""
