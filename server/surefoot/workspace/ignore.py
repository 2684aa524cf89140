"""Which paths git would leave out, and which ones `.surefootignore` leaves out.

Invariant: one function judges an entry of a folder, and the walk and the check of a single path both ask it.

As git has it: `.gitignore` of every level up to the top of the work tree, `info/exclude`, `core.excludesFile`, and
a tracked file is never ignored. Beyond git:

- `.surefootignore` has the same syntax at every level and is stronger in both directions: it hides tracked files,
  and `!name` shows what git hides.
- A nested repository or submodule is read as files, by its own rules, where git would show one entry.
- A folder that is no repository is judged as if `git init` had been run in it.
- A folder of tickets is read whatever git ignores: exports are rarely committed. Of it only what may hold tickets
  comes in, and `.surefootignore` still counts.
- A root that its surrounding repository ignores was opened on purpose: the rules outside of it do not count.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from surefoot.workspace import git
from surefoot.workspace.names import may_hold_tickets
from surefoot.workspace.paths import crosses_link, parts_of
from surefoot.workspace.patterns import PatternList, parse_patterns

if TYPE_CHECKING:
    from surefoot.domain import Root

GIT_IGNORE = ".gitignore"
OWN_IGNORE = ".surefootignore"

# What version control keeps for itself. Git never lists its own, and the others are no more anybody's source.
_VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".jj"})

_Signature = tuple[int, int, int, int]


class Tracked:
    """What is in one repository's index, as absolute paths: the files, and every folder above one.

    It is read when a pattern would leave out something: of most repositories, and of most saved files, never.
    """

    def __init__(self, repository: git.GitFolder | None) -> None:
        self._repository = repository
        self.is_read = repository is None
        self._files: frozenset[bytes] = frozenset()
        self._folders: frozenset[bytes] = frozenset()

    def has(self, path: bytes, *, is_dir: bool) -> bool:
        """Whether an entry is tracked itself. A folder is so as a submodule, and not where it took a file's place."""
        self.read()
        return path in self._files and (not is_dir or os.path.lexists(path + b"/.git"))

    @property
    def folders(self) -> frozenset[bytes]:
        """The folders that hold any, however deep."""
        self.read()
        return self._folders

    def read(self) -> None:
        """Have git list them, unless it has."""
        if not self.is_read and self._repository is not None:
            self._files, self._folders = _tracked(self._repository.top, git.tracked_paths(self._repository))
            self.is_read = True


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder and the rules that hold for its entries; the strongest list of patterns comes first."""

    path: str  # absolute, `/`-separated
    prefix: bytes  # the path with a final slash
    own_lists: tuple[PatternList, ...]
    git_lists: tuple[PatternList, ...]
    tracked: Tracked
    ignore_case: bool
    hidden: bool = False  # git ignores the folder itself: only tracked files below it count


class IgnoreRules:
    """The verdict on any path below one root. Files of patterns and git's index are read again when they change."""

    def __init__(self, root: Root) -> None:
        self._root = root
        self._tickets = tuple(f"{root.path.as_posix().rstrip('/')}/{folder}/" for folder in root.tickets)
        self._patterns: dict[str, tuple[tuple[_Signature, bool], PatternList]] = {}
        self._tracked: dict[str, tuple[_Signature | None, Tracked]] = {}
        self._configs: dict[str, tuple[tuple[_Signature | None, ...], git.GitConfig]] = {}

    @property
    def root(self) -> Root:
        """The root that the verdicts are about."""
        return self._root

    def is_ignored(
        self,
        path: str,
        is_dir: bool = False,  # noqa: FBT001, FBT002 - called as in the walk
        top: Folder | None = None,
    ) -> bool:
        """Whether the walk leaves this path out. Also true for whatever is not plainly inside the root.

        That is: absolute paths, `..`, empty parts, and paths with a symbolic link anywhere in them. `top` is what
        `root_folder` has just said, for those who ask of many paths.
        """
        parts = parts_of(path)
        if parts is None or crosses_link(self._root, parts):
            return True
        folder = top or self.root_folder()
        for part in parts[:-1]:
            if self.ignores(folder, part, is_dir=True):
                return True
            folder = self.enter(folder, part)
        return self.ignores(folder, parts[-1], is_dir=is_dir)

    def root_folder(self) -> Folder:
        """The root, with the rules of the repository around it."""
        path = self._root.path.as_posix().rstrip("/")
        repository = git.repository_above(path or "/")
        if repository is None:
            return self._folder(path, None, None)
        top = repository.top.rstrip("/")
        folder = self._folder(top, None, repository)
        for part in path[len(top) :].split("/")[1:]:
            if self.ignores(folder, part, is_dir=True):
                return self._folder(path, None, None)
            folder = self.enter(folder, part)
        return self._folder(path, None, None) if folder.hidden else folder

    def enter(self, folder: Folder, name: str, names: Collection[str] | None = None) -> Folder:
        """The folder `name` inside `folder`. `names` are its entries, where the caller has listed them already."""
        path = f"{folder.path}/{name}"
        repository = git.repository_at(path) if names is None or ".git" in names else None
        return self._folder(path, folder, repository, names, hidden=self._judge(folder, name, is_dir=True)[1])

    def ignores(self, folder: Folder, name: str, *, is_dir: bool) -> bool:
        """The verdict on one entry of a folder that is itself not ignored."""
        is_ignored, by_git = self._judge(folder, name, is_dir=is_dir)
        return is_ignored and not (by_git and self._leads_to_tickets(f"{folder.path}/{name}", name, is_dir=is_dir))

    def _leads_to_tickets(self, path: str, name: str, *, is_dir: bool) -> bool:
        """Whether a folder is one of tickets, in one or above one, or a file in one may hold tickets."""
        if name.lower() in _VERSION_CONTROL:
            return False
        if is_dir:
            inside, above = f"{path}/", [folder for folder in self._tickets if folder.startswith(f"{path}/")]
            # Where there are no tickets, what git ignores isn't looked into.
            return inside.startswith(self._tickets) or any(map(os.path.isdir, above))
        return may_hold_tickets(name) and path.startswith(self._tickets)

    def _judge(self, folder: Folder, name: str, *, is_dir: bool) -> tuple[bool, bool]:
        """Whether the entry is left out, and whether git's patterns alone would leave it out."""
        if name.startswith(".") and name.lower() in _VERSION_CONTROL:
            return True, True
        if not (folder.git_lists or folder.own_lists or folder.hidden):
            return False, False
        encoded = name.encode("utf-8", "surrogateescape")
        path = folder.prefix + encoded
        own = _first_verdict(folder.own_lists, path, encoded, is_dir=is_dir)
        if own is not None:
            return own, False
        if folder.tracked.is_read and folder.tracked.has(path, is_dir=is_dir):
            return False, False
        hidden = folder.hidden or _first_verdict(folder.git_lists, path, encoded, is_dir=is_dir) is True
        if not hidden or folder.tracked.has(path, is_dir=is_dir):
            return False, False
        return not (is_dir and path in folder.tracked.folders), True

    def _folder(
        self,
        path: str,
        parent: Folder | None,
        repository: git.GitFolder | None,
        names: Collection[str] | None = None,
        *,
        hidden: bool = False,
    ) -> Folder:
        """Gather the rules of one folder: those of its parent, and what lies in it."""
        if parent is None or repository is not None:
            config = self._config(repository, path)
            ignore_case, hidden = config.ignore_case, False
            tracked = Tracked(None) if repository is None else self._tracked_in(repository)
            git_lists = self._shared_lists(path, repository, config)
        else:
            ignore_case, tracked, git_lists = parent.ignore_case, parent.tracked, parent.git_lists
        own_lists = () if parent is None else parent.own_lists
        if names is None or GIT_IGNORE in names:
            git_lists = (*self._list(f"{path}/{GIT_IGNORE}", path, ignore_case=ignore_case), *git_lists)
        if names is None or OWN_IGNORE in names:
            own_lists = (*self._list(f"{path}/{OWN_IGNORE}", path, ignore_case=ignore_case), *own_lists)
        prefix = path.encode("utf-8", "surrogateescape") + b"/"
        return Folder(path, prefix, own_lists, git_lists, tracked, ignore_case, hidden)

    def _shared_lists(
        self, path: str, repository: git.GitFolder | None, config: git.GitConfig
    ) -> tuple[PatternList, ...]:
        """`info/exclude` and the user's own file, which hold for the whole work tree."""
        files = [] if repository is None else [f"{repository.common_dir}/info/exclude"]
        files += [] if config.excludes_file is None else [config.excludes_file]
        found = (self._list(file, path, ignore_case=config.ignore_case, follow=True) for file in files)
        return tuple(patterns for lists in found for patterns in lists)

    def _list(self, file: str, base: str, *, ignore_case: bool, follow: bool = False) -> tuple[PatternList, ...]:
        """The patterns of one file, or nothing; like git, a link in a work tree is not followed."""
        signature = _signature(file, follow=follow)
        key = f"{base}\0{file}"
        if signature is None:
            self._patterns.pop(key, None)
            return ()
        known = self._patterns.get(key)
        if known is None or known[0] != (signature, ignore_case):
            try:
                with open(file, "rb") as opened:  # noqa: PTH123 - the path is text here
                    content = opened.read()
            except OSError:
                return ()
            known = ((signature, ignore_case), parse_patterns(content, base, ignore_case=ignore_case))
            self._patterns[key] = known
        return (known[1],)

    def _tracked_in(self, repository: git.GitFolder) -> Tracked:
        signature = _signature(f"{repository.git_dir}/index")
        known = self._tracked.get(repository.top)
        if known is None or known[0] != signature:
            known = (signature, Tracked(None if signature is None else repository))
            self._tracked[repository.top] = known
        return known[1]

    def _config(self, repository: git.GitFolder | None, path: str) -> git.GitConfig:
        signatures = tuple(_signature(file, follow=True) for file in git.config_files(repository))
        known = self._configs.get(path)
        if known is None or known[0] != signatures:
            known = (signatures, git.read_config(path))
            self._configs[path] = known
        return known[1]


def _first_verdict(lists: tuple[PatternList, ...], path: bytes, name: bytes, *, is_dir: bool) -> bool | None:
    for patterns in lists:
        verdict = patterns.verdict(path, name, is_dir=is_dir)
        if verdict is not None:
            return verdict
    return None


def _tracked(top: str, paths: frozenset[bytes]) -> tuple[frozenset[bytes], frozenset[bytes]]:
    prefix = top.rstrip("/").encode("utf-8", "surrogateescape") + b"/"
    folders: set[bytes] = set()
    for path in paths:
        folder = path.rpartition(b"/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition(b"/")[0]
    return frozenset(prefix + path for path in paths), frozenset(prefix + folder for folder in folders)


def _signature(file: str, *, follow: bool = False) -> _Signature | None:
    """What changes when a file changes; None where there is no regular file."""
    try:
        status = os.stat(file, follow_symlinks=follow)  # noqa: PTH116 - the path is text here
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
