"""A commit as text that is found and cited: its message, and what it changed, a line for each file.

    commit 3f2a91c0de: Lower the retry limit
    Date: 2024-03-01

    The body of the message.

    Files:
    M server/client.py: Client.retry, backoff
    R docs/old.md -> docs/new.md

Invariant: the same commit always has the same text, however long and whatever its message is. Nobody's name from its
header and no e-mail address is in it, and no line of the message looks like the line of a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from surefoot.domain import Source, SymbolKind
from surefoot.readings import Reading, Record

LANGUAGE = "commit"
NAME_DIGITS = 10  # of those that git has; what people and trackers quote is no longer
MOST_FILES = 60  # that are listed: a commit of more is an import or a renaming of everything
MOST_FUNCTIONS = 12  # of one file
LONGEST_SUBJECT = 300  # characters
LONGEST_LINE = 1000
MOST_LINES = 200  # of a message
FILES = "Files:"  # the line above the files

# Who signed, wrote or reviewed is not what a commit is about.
_PERSONS = re.compile(r"(?:[A-Za-z]+(?:-[A-Za-z]+)*-by|Cc|Author|Committer|From|To|Reviewers?)\s*:.*@.*", re.IGNORECASE)
_SIGNED = re.compile(
    r"(?:signed-off|co-authored|reviewed|acked|tested|reported|suggested|helped)-by\s*:.*", re.IGNORECASE
)
# An address, and with it the brackets around it; `git@host:path` is where a repository is.
_ADDRESS = re.compile(r"<?\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}+(?!:[\w/~])>?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_FILE_LINE = re.compile(r"[AMDRT] |Files:")  # of a message: put out of the way of ours
_UNCLEAR = re.compile(r': | -> |^"|^\s|\s$|,$')  # in a path: where it ends would be anybody's guess
_QUOTED, _BACKSLASHED, _BACKSLASH = re.compile(r'["\\]'), r"\\\g<0>", re.compile(r"\\(.)")
_PATH = r'"(?:[^"\\]|\\.)*"|[^"\s].*?'
_ENTRY = re.compile(rf"([AMDRT]) (?:({_PATH}) -> )?({_PATH})(?:: ([^:]+))?")


@dataclass(frozen=True, slots=True)
class TouchedFile:
    """A file that a commit changed. `status` is A, M, D, R or T as git has it; `before` is the path before a renaming.

    `functions` are those in which git found the changed lines, by its own headers of hunks.
    """

    status: str
    path: str
    before: str = ""
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Commit:
    """What is read of a commit. `message` is as git keeps it, decoded; `date` is the author's day.

    Of more than `MOST_FILES` files the first are in `files`; `file_count` has all, and is 0 where nobody can tell.
    One that is not whole lacks what git failed to tell of it, and may tell the next time; of one that is damaged it
    never will.
    """

    digits: str
    date: str
    time: int  # of the commit, in seconds: what comes before what
    message: str
    files: tuple[TouchedFile, ...] = ()
    file_count: int = 0
    is_whole: bool = True
    is_damaged: bool = False

    @property
    def name(self) -> str:
        """What people call it."""
        return self.digits[:NAME_DIGITS]


def read_commit(commit: Commit) -> Reading:
    """The commit as it is indexed."""
    subject, body = _message(commit.message)
    lines = [f"commit {commit.name}: {subject}", f"Date: {commit.date}"]
    lines += ["", *body] if body else []
    lines += ["", FILES, *map(_line, commit.files)] if commit.files else []
    left_out = commit.file_count - len(commit.files)
    lines += [f"and {left_out:,} more {'file' if left_out == 1 else 'files'}"] if left_out > 0 else []
    record = Record(
        commit.name, SymbolKind.EVENT, 1, len(lines), 1, signature=f"{commit.name} {subject} ({commit.date})"
    )
    return Reading(LANGUAGE, Source.COMMITS, "\n".join(lines), (1,) * len(lines), (record,))


def touched_in(text: str) -> tuple[TouchedFile, ...]:
    """The files that lines of a commit's text are about."""
    found = (_ENTRY.fullmatch(line) for line in text.split("\n"))
    return tuple(
        TouchedFile(
            entry[1], _bare(entry[3]), _bare(entry[2] or ""), tuple((entry[4] or "").split(", ")) if entry[4] else ()
        )
        for entry in found
        if entry is not None
    )


def subject_and_date(signature: str) -> tuple[str, str]:
    """What the signature of a commit's symbol says besides its digits."""
    rest = signature.partition(" ")[2]
    subject, _, date = rest.rpartition(" (")
    return subject, date.removesuffix(")")


def shown_path(path: str) -> str:
    """A path as it stands in the line of a file: nothing in it breaks the line or looks like what comes after it."""
    path = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", path.replace("\n", "\\n").replace("\t", "\\t"))
    return f'"{_QUOTED.sub(_BACKSLASHED, path)}"' if _UNCLEAR.search(path) else path


def _bare(path: str) -> str:
    return _BACKSLASH.sub(r"\1", path[1:-1]) if path.startswith('"') else path


def _line(file: TouchedFile) -> str:
    before = f"{shown_path(file.before)} -> " if file.before else ""
    functions = f": {', '.join(file.functions)}" if file.functions else ""
    return f"{file.status} {before}{shown_path(file.path)}{functions}"


def _message(text: str) -> tuple[str, list[str]]:
    """The subject, and the lines of the body: bounded, and without what no reader would see."""
    lines = [_cleaned(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").lstrip().split("\n", MOST_LINES)]
    if len(lines) > MOST_LINES:
        lines[-1] = "(The message goes on.)"
    subject = lines[0][:LONGEST_SUBJECT].strip() or "(no message)"
    body = [f" {line}" if _FILE_LINE.match(line) else line for line in lines[1:] if not _names_somebody(line)]
    while body and not body[-1]:
        body.pop()
    while body and not body[0]:
        body.pop(0)
    return subject, body


def _names_somebody(line: str) -> bool:
    return _SIGNED.fullmatch(line) is not None


def _cleaned(line: str) -> str:
    line = _CONTROL.sub(" ", line[:LONGEST_LINE]).rstrip()
    if "@" not in line:
        return line
    return "" if _PERSONS.fullmatch(line) else _ADDRESS.sub("", line).rstrip()
