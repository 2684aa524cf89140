"""What the head of a GGUF file says about it, read without any runtime.

Invariant: reading never loads weights, and a damaged head is one `ModelInvalidError`, never a crash.
"""

from __future__ import annotations

import mmap
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surefoot.errors import ModelInvalidError, ModelNotFoundError

MAGIC = b"GGUF"
VERSIONS = (2, 3)  # 1 was never in wide use and has other field widths
SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
STRING, ARRAY = 8, 9
MOST_FIELDS = 1_000_000  # a larger count can only be noise, and would keep us reading for minutes
DEFAULT_ALIGNMENT = 32  # of the tensor data, unless the file says otherwise


@dataclass(frozen=True, slots=True)
class GgufHead:
    """The facts that decide whether a file can be used, and what for."""

    architecture: str
    name: str
    file_type: str  # "model", "adapter", "mmproj" or empty
    context_length: int
    pools: bool  # made for embeddings: it pools its outputs
    chat_template: bool
    smallest_size: int  # bytes; a smaller file is truncated


def read_head(path: Path) -> GgufHead:
    """Read the head of `path`, and check that the file is long enough for the tensors that it announces."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            head = _parse(data, path)
            length = len(data)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise ModelNotFoundError(f"There is no model file {path}.") from error
    except (struct.error, UnicodeDecodeError, KeyError, IndexError, ValueError, OverflowError) as error:
        raise _damaged(path) from error
    except OSError as error:
        raise ModelInvalidError(f"The model file {path} cannot be read ({error.strerror}).") from error
    if length < head.smallest_size:
        raise _damaged(path)
    return head


def usable_context(head: GgufHead, wanted: int) -> int:
    """Beyond the length that it was trained for, a model writes noise."""
    return min(wanted, head.context_length or wanted)


def _damaged(path: Path) -> ModelInvalidError:
    return ModelInvalidError(f"The model file {path} is truncated or damaged; delete it and download it again.")


def _parse(data: mmap.mmap, path: Path) -> GgufHead:
    if not MAGIC.startswith(data[:4]):
        raise ModelInvalidError(f"{path} is not a GGUF file; choose a model in GGUF format.")
    reader = _Reader(data)
    version, tensors, count = reader.unpack("<IQQ")
    if version not in VERSIONS:
        raise ModelInvalidError(f"{path} is GGUF version {version}, which is not supported; convert it to version 3.")
    if max(tensors, count) > MOST_FIELDS:
        raise ValueError("impossible counts")
    fields = dict(reader.field() for _ in range(count))
    offsets = [reader.tensor_offset() for _ in range(tensors)]
    alignment = fields.get("general.alignment", DEFAULT_ALIGNMENT) or DEFAULT_ALIGNMENT
    start = -(-reader.position // alignment) * alignment
    architecture = str(fields.get("general.architecture", ""))
    return GgufHead(
        architecture=architecture,
        name=str(fields.get("general.name", "")),
        file_type=str(fields.get("general.type", "")),
        context_length=int(fields.get(f"{architecture}.context_length", 0) or 0),
        pools=bool(fields.get(f"{architecture}.pooling_type")),
        chat_template="tokenizer.chat_template" in fields,
        # The last tensor's own size is left to the runtime, which checks it against the file.
        smallest_size=start + max(offsets, default=0) + (1 if tensors else 0),
    )


class _Reader:
    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self.position = len(MAGIC)

    def unpack(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._data, self.position)
        self.position += struct.calcsize(layout)
        return values

    def text(self) -> str:
        (length,) = self.unpack("<Q")
        end = self.position + length
        if end > len(self._data):
            raise ValueError("a string runs past the end")
        raw = self._data[self.position : end]
        self.position = end
        return raw.decode("utf-8", errors="replace")

    def field(self) -> tuple[str, Any]:
        name = self.text()
        (kind,) = self.unpack("<I")
        return name, self.value(kind)

    def value(self, kind: int) -> Any:
        if kind == STRING:
            return self.text()
        if kind == ARRAY:
            return self.skip_array()
        return self.unpack("<" + SCALARS[kind])[0]

    def skip_array(self) -> None:
        """Vocabularies have hundreds of thousands of entries, and nobody here asks for them."""
        kind, length = self.unpack("<IQ")
        if kind in SCALARS:
            self.position += length * struct.calcsize("<" + SCALARS[kind])
            return
        if kind != STRING:
            raise ValueError("an array of arrays")
        data, position, size = self._data, self.position, len(self._data)
        for _ in range(length):
            position += 8 + struct.unpack_from("<Q", data, position)[0]
            if position > size:
                raise ValueError("a string runs past the end")
        self.position = position

    def tensor_offset(self) -> int:
        self.text()
        (dimensions,) = self.unpack("<I")
        *_, offset = self.unpack(f"<{dimensions}QIQ")
        return int(offset)
