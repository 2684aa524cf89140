"""Ways to search vectors, at growing numbers of them: milliseconds, how many of the 50 nearest are found, memory.

    python evals/bench/bench_vectors.py INDEX.db... --sizes 10000 100000 500000 1000000

The vectors are those of chunks in ready indexes (`surefoot status --details` tells where one lies), the questions those
of evals/cases. Where there are fewer real vectors than wanted, the rest are real ones moved by noise. Milliseconds are
processor time of the thread that asks, on one core, so that a busy machine changes little; recall is against the exact
order by the int8 components. Megabytes are what a way keeps in memory, the components that it orders its best by
included; what is read from a database is not. Inserting is measured for the ways that have a database.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import apsw
import numpy as np
import numpy.typing as npt
import sqlite_vec
from measured import write

from surefoot.domain import EmbedderIdentity, Scope
from surefoot.models.static_embedder import StaticEmbedder
from surefoot.store import code_memory
from surefoot.store.codes import encoded
from surefoot.store.connections import connect, transaction
from surefoot.store.database import IndexStore
from surefoot.store.vectors import VectorChanges
from surefoot.words import index_words

Vectors = npt.NDArray[np.int8]
Rows = npt.NDArray[np.intp]
Search = Callable[[bytes, int], Sequence[int] | Rows]

CASES = Path(__file__).parent.parent / "cases"
K = 50
PER_FILE = 27  # chunks of a file, as in a large C tree
PER_WRITE = 256  # files
NOISE = 4.0  # of components whose root mean square is 8
VEC0 = "vec0 int8 MATCH"  # what Surefoot's inserts are set beside
INSERTING = "s_per_10,000_inserts"
MOST_OF_VEC0 = 4096  # it allows no larger k
SLOW_BEYOND = 200_000  # vectors, where a scan of vec0 takes so long that few questions are asked


@dataclass(frozen=True, slots=True)
class Way:
    """One way to search. `load` is what its first use costs, `memory` what it keeps, `inserting` seconds per 10,000."""

    name: str
    search: Search
    memory: int
    load: float
    is_slow: bool = False
    inserting: float | None = None


def main() -> None:
    """Measure every way at every size, and print a table for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("indexes", nargs="+", type=Path, help="databases of ready indexes, or .npy files of vectors")
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 100_000, 500_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--only", default="", help="names of ways begin with this")
    parser.add_argument("--folder", type=Path, help="where to put the databases that are measured")
    parser.add_argument("--json", type=Path, help="where the result is written")
    arguments = parser.parse_args()
    rows: list[dict[str, Any]] = []
    embedder = StaticEmbedder.builtin()
    texts = [json.loads(line)["question"] for path in sorted(CASES.glob("*.jsonl")) for line in path.open()]
    step = max(1, len(texts) // arguments.questions)
    questions = [embedder.embed_query(text) for text in texts[::step]][: arguments.questions]
    real = np.concatenate([_vectors_of(path) for path in arguments.indexes])
    for size in arguments.sizes:
        vectors = _sized(real, size)
        print(f"\n{size:,} vectors, {min(size, len(real)):,} of them real, {len(questions)} questions")
        with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
            found = _report(vectors, questions, Path(folder), embedder.identity, arguments.only)
            rows += [{"vectors": size, **row} for row in found]
    write(arguments.json, "vectors", {"rows": rows})


def _report(
    vectors: Vectors, questions: list[bytes], folder: Path, identity: EmbedderIdentity, only: str
) -> list[dict[str, Any]]:
    rows = []
    nearest = [_exact(vectors, question) for question in questions]
    store, inserting = _filled_store(vectors, folder / "index-1.db", identity)
    makers: list[tuple[str, Callable[[], Way]]] = [
        ("surefoot", partial(_ours, store, inserting)),
        ("exact float32", partial(_floats, vectors)),
        ("exact int8", partial(_blocks, vectors)),
        ("leading 64", partial(_leading, vectors, 64)),
        ("leading 128", partial(_leading, vectors, 128)),
        ("signs, 2,048", partial(_signs, vectors, 2048)),
        ("signs, 8,192", partial(_signs, vectors, 8192)),
        ("vec0 int8", partial(_vec0, vectors, folder)),
        ("vec0 bit", partial(_vec0_bit, vectors, folder)),
    ]
    print(f"{'':32} {'p50':>7} {'p95':>7} {'recall':>7} {'lowest':>7} {'MB':>6} {'load':>7}")
    for name, make in makers:
        if name.startswith(only):
            way = make()
            rows.append(_row(way, questions[:8] if way.is_slow else questions, nearest))
    _report_following(store, questions, vectors)
    store.close()
    return _with_ratios(rows)


def _with_ratios(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How many times as long as into vec0 an insert takes, where both were measured."""
    beside = next((row[INSERTING] for row in rows if row["way"] == VEC0), None)
    if beside:
        rows = [{**row, "inserts_beside_vec0": round(row[INSERTING] / beside, 2)} if INSERTING in row else row
                for row in rows]  # fmt: skip
        ours = [row["inserts_beside_vec0"] for row in rows if row["chosen"]]
        print(f"  surefoot: an insert takes {', '.join(map(str, ours))} times as long as into {VEC0}")
    return rows


def _row(way: Way, questions: list[bytes], nearest: list[npt.NDArray[np.float32]]) -> dict[str, Any]:
    way.search(questions[0], K)
    times, recalls = [], []
    for question, scores in zip(questions, nearest, strict=False):
        start = time.thread_time()
        found = way.search(question, K)
        times.append((time.thread_time() - start) * 1000)
        last = np.partition(scores, len(scores) - K)[len(scores) - K]
        recalls.append(sum(scores[row] >= last for row in found) / K)
    p50, p95 = np.quantile(times, [0.5, 0.95])
    figures = f"{p50:7.1f} {p95:7.1f} {np.mean(recalls):7.4f} {min(recalls):7.2f} {way.memory / 1e6:6.0f}"
    print(f"{way.name:32} {figures} {way.load:7.0f}", flush=True)
    # `chosen` is what Surefoot does.
    facts = {
        "way": way.name,
        "questions": len(recalls),
        "p50_ms": round(p50, 2),
        "p95_ms": round(p95, 2),
        "mb": round(way.memory / 1e6, 1),
    }
    recall = {"recall_at_50": round(float(np.mean(recalls)), 4), "lowest": min(recalls)}
    inserting = {} if way.inserting is None else {INSERTING: round(way.inserting, 4)}
    ends = {"load_ms": round(way.load, 1), "chosen": way.name.startswith("surefoot")}
    return {**facts, **recall, **inserting, **ends}


# --- the ways ---


def _ours(store: IndexStore, inserting: float) -> Way:
    dimension, loads = store.embedder.dimension, []
    for _ in range(3):
        with closing(connect(store.location)) as connection:
            start = time.thread_time()
            state = code_memory.CodeMemory().at(connection, dimension)
            loads.append((time.thread_time() - start) * 1000)
    memory = state.count * (state.ids.itemsize + state.planes.shape[0] * state.planes.itemsize)
    search = partial(_found, store)
    return Way("surefoot: signs, two bits, int8", search, memory, min(loads), inserting=inserting)


def _found(store: IndexStore, question: bytes, limit: int) -> list[int]:
    return [number - 1 for number, _ in store.nearest(question, Scope(), limit)]


def _floats(vectors: Vectors) -> Way:
    start = time.thread_time()
    floats = vectors.astype(np.float32)
    load = (time.thread_time() - start) * 1000

    def search(question: bytes, limit: int) -> Rows:
        return _top(floats @ np.frombuffer(question, np.int8).astype(np.float32), limit)

    return Way("exact float32 in memory", search, floats.nbytes, load)


def _blocks(vectors: Vectors) -> Way:
    return Way(
        "exact int8 in memory", lambda question, limit: _top(_exact(vectors, question), limit), vectors.nbytes, 0
    )


def _leading(vectors: Vectors, components: int) -> Way:
    floats = np.ascontiguousarray(vectors[:, :components]).astype(np.float32)

    def search(question: bytes, limit: int) -> Rows:
        wanted = np.frombuffer(question, np.int8)[:components].astype(np.float32)
        return _rescored(vectors, question, _top(floats @ wanted, 2048), limit)

    return Way(f"leading {components} components, 2,048 int8", search, floats.nbytes + vectors.nbytes, 0)


def _signs(vectors: Vectors, most: int) -> Way:
    words = vectors.shape[1] // 64
    planes = np.ascontiguousarray(encoded(vectors)[:, :words].T)

    def search(question: bytes, limit: int) -> Rows:
        wanted = np.packbits(np.frombuffer(question, np.int8) > 0).view(np.uint64)
        far = np.zeros(planes.shape[1], np.uint16)
        for begin in range(0, len(far), 16_384):
            for plane, word in zip(planes, wanted, strict=True):
                far[begin : begin + 16_384] += np.bitwise_count(plane[begin : begin + 16_384] ^ word)
        return _rescored(vectors, question, np.argpartition(far, min(most, len(far) - 1))[:most], limit)

    return Way(f"signs (XOR), {most:,} int8", search, planes.nbytes + vectors.nbytes, 0)


def _vec0(vectors: Vectors, folder: Path) -> Way:
    connection = _with_vec0(folder / "int8.db")
    connection.execute("CREATE VIRTUAL TABLE v USING vec0 (vector int8[256] distance_metric=cosine)")
    rows = ((n, row.tobytes()) for n, row in enumerate(vectors))
    statement = "INSERT INTO v (rowid, vector) VALUES (?, vec_int8(?))"
    inserting = _inserted("vec0 int8", connection, statement, rows) / len(vectors) * 10_000
    _report_points("vec0 int8", connection, "v", "rowid", len(vectors))

    def search(question: bytes, limit: int) -> Sequence[int]:
        found = connection.execute("SELECT rowid FROM v WHERE vector MATCH vec_int8(?) AND k = ?", (question, limit))
        return [row[0] for row in found]

    return Way(VEC0, search, 0, 0, len(vectors) > SLOW_BEYOND, inserting)


def _vec0_bit(vectors: Vectors, folder: Path) -> Way:
    connection = _with_vec0(folder / "bits.db")
    connection.execute("CREATE VIRTUAL TABLE v USING vec0 (bits bit[256])")
    bits = np.packbits(vectors > 0, axis=1)
    rows = ((n, row.tobytes()) for n, row in enumerate(bits))
    statement = "INSERT INTO v (rowid, bits) VALUES (?, vec_bit(?))"
    inserting = _inserted("vec0 bit", connection, statement, rows) / len(vectors) * 10_000

    def search(question: bytes, limit: int) -> Rows:
        wanted = np.packbits(np.frombuffer(question, np.int8) > 0).tobytes()
        statement = "SELECT rowid FROM v WHERE bits MATCH vec_bit(?) AND k = ?"
        rows = [row[0] for row in connection.execute(statement, (wanted, MOST_OF_VEC0))]
        return _rescored(vectors, question, np.array(rows), limit)

    return Way("vec0 bit MATCH, 4,096 int8", search, vectors.nbytes, 0, len(vectors) > SLOW_BEYOND, inserting)


# --- writing ---


def _filled_store(vectors: Vectors, location: Path, identity: EmbedderIdentity) -> tuple[IndexStore, float]:
    """It, and the seconds that 10,000 inserts took."""
    store = IndexStore.open(location, identity, lock_timeout=5, lexer=index_words)
    at_once = PER_FILE * PER_WRITE
    start = time.thread_time()
    with closing(connect(location, create=True)) as connection:
        for begin in range(0, len(vectors), at_once):
            _write(connection, begin + 1, vectors[begin : begin + at_once])
        seconds = (time.thread_time() - start) / len(vectors) * 10_000
        size = connection.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'vector%'").get
        print(f"  surefoot: {seconds:.3f} s per 10,000 inserts with codes, {size / len(vectors):.0f} bytes each")
    with closing(connect(location)) as connection:
        _report_points("surefoot", connection, "vectors", "id", len(vectors))
    return store, seconds


def _write(connection: apsw.Connection, first: int, vectors: Vectors, gone: Sequence[int] = ()) -> None:
    with transaction(connection):
        connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
        generation = connection.execute("SELECT value FROM meta WHERE name = 'generation'").get
        changes = VectorChanges(connection, vectors.shape[1])
        changes.remove(gone)
        changes.put([(first + n, row.tobytes()) for n, row in enumerate(vectors)])
        changes.finish(generation)


def _report_following(store: IndexStore, questions: list[bytes], vectors: Vectors) -> None:
    """What a question costs more after a file of 27 chunks was written anew by someone else."""
    after, before = list[float](), list[float]()
    first = len(vectors) + 1
    with closing(connect(store.location, create=True)) as connection:
        for number, question in enumerate(questions[:30]):
            gone = range(number * 1000 + 1, number * 1000 + 1 + PER_FILE)
            _write(connection, first, vectors[:PER_FILE], gone)
            first += PER_FILE
            for times in (after, before):
                start = time.thread_time()
                store.nearest(question, Scope(), K)
                times.append((time.thread_time() - start) * 1000)
    more = np.median(np.subtract(after, before))
    print(
        f"  surefoot: a question after a write takes {more:.2f} ms more, at worst {max(np.subtract(after, before)):.1f}"
    )


def _inserted(name: str, connection: apsw.Connection, statement: str, rows: Iterable[tuple[int, bytes]]) -> float:
    """The seconds that all of them took."""
    start = time.thread_time()
    with transaction(connection):
        connection.executemany(statement, rows)
    seconds = time.thread_time() - start
    print(f"  {name}: {seconds:.3f} s for its inserts")
    return seconds


def _report_points(name: str, connection: apsw.Connection, table: str, key: str, number: int) -> None:
    ids = json.dumps(sorted(int(n) for n in np.random.default_rng(1).integers(1, number, 2048)))
    statement = f"SELECT v.{key}, v.vector FROM json_each(?) CROSS JOIN {table} v ON v.{key} = value"
    times = []
    for _ in range(5):
        start = time.thread_time()
        connection.execute(statement, (ids,)).fetchall()
        times.append((time.thread_time() - start) * 1000)
    print(f"  {name}: {min(times):.1f} ms for reading 2,048 vectors by their ids")


# --- vectors ---


def _vectors_of(path: Path) -> Vectors:
    if path.suffix == ".npy":
        return np.asarray(np.load(path))
    with closing(connect(path)) as connection:
        blobs = [row[0] for row in connection.execute("SELECT vector FROM vectors ORDER BY id")]
    return np.frombuffer(b"".join(blobs), np.int8).reshape(len(blobs), -1)


def _sized(real: Vectors, size: int) -> Vectors:
    random = np.random.default_rng(7)
    if size <= len(real):
        return np.ascontiguousarray(real[np.sort(random.choice(len(real), size, replace=False))])
    moved = []
    for begin in range(len(real), size, 65_536):
        rows = real[random.integers(len(real), size=min(65_536, size - begin))]
        drawn = rows + NOISE * random.normal(size=rows.shape)
        drawn *= 127 / np.linalg.norm(drawn, axis=1, keepdims=True)
        moved.append(np.round(drawn).astype(np.int8))
    return np.concatenate([real, *moved])


def _exact(vectors: Vectors, question: bytes) -> npt.NDArray[np.float32]:
    wanted = np.frombuffer(question, np.int8).astype(np.float32)
    parts = [vectors[begin : begin + 1024].astype(np.float32) @ wanted for begin in range(0, len(vectors), 1024)]
    return np.concatenate(parts)


def _rescored(vectors: Vectors, question: bytes, rows: Rows, limit: int) -> Rows:
    scores = vectors[rows].astype(np.float32) @ np.frombuffer(question, np.int8).astype(np.float32)
    return rows[_top(scores, limit)]


def _top(scores: npt.NDArray[np.float32], limit: int) -> Rows:
    if limit >= len(scores):
        return np.arange(len(scores))
    return np.argpartition(-scores, limit)[:limit]


def _with_vec0(location: Path) -> apsw.Connection:
    connection = connect(location, create=True)
    connection.enable_load_extension(True)  # noqa: FBT003 - positional in apsw
    connection.load_extension(sqlite_vec.loadable_path())
    return connection


if __name__ == "__main__":
    main()
