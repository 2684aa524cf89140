"""Trains the static embedder: `python evals/train/train.py`, which `make embedder` runs.

A text is the sum of the vectors of its tokens, each times the square root of its count, as the package reads it. A
question is drawn to the chunk that it was said of, and away from all others of its batch (InfoNCE, van den Oord et al.
2018), in both directions. Half of a batch comes in groups out of one package, because telling apart the functions of
one project is what search has to do.

Invariant: every run is seeded, and its settings, losses and figures are written beside its weights.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any, NamedTuple

import numpy as np
import torch
from distill import Settings as Distillation
from distill import fetch_teacher, reduce
from measure import golden, held_out
from numpy.typing import NDArray
from packages import CACHE
from pairs import ASKED, BAGS, Pairs, load
from torch import Tensor
from torch.nn import functional
from vocabulary import beginnings, built, in_tokens

RUNS = CACHE / "runs"


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be varied; the defaults are what is shipped."""

    dimension: int = 256
    vocabulary: int = 36_000
    pieces: int = 6_000
    batch: int = 2_048
    grouped: float = 0.5  # of a batch
    group: int = 64  # questions out of one package
    epochs: int = 3
    rate: float = 0.003  # of what is learnt of each token
    turn_rate: float = 0.001
    weight_rate: float = 0.02
    sif: float = 1e-3  # with which the weights begin
    warmup: float = 0.05
    temperature: float = 0.05
    drop: float = 0.1  # tokens of a question that are forgotten
    asked_words: float = 0.3  # questions that get words of asking in front
    show_name: float = 0.8  # how often a chunk shows each bag beside its code
    show_sentence: float = 0.5
    show_doc: float = 0.4
    show_comments: float = 0.6
    beginning: str = "distilled"  # or "random"
    anchor: float = 0.5  # how far the direction of each vector is taken back to the teacher's
    share: float = 1.0  # of the packages
    whitening: float = 0.75
    seed: int = 0


ASKING = (
    "where is", "how does", "what", "where do we", "how do i", "which function", "why does", "what happens when",
    "where", "how is", "when is", "code that", "find the place where", "who", "is there something that",
)  # fmt: skip


class Batch(NamedTuple):
    """Questions and their chunks as bags of tokens; `same` says which chunks are one and the same."""

    questions: tuple[Tensor, Tensor, Tensor]
    chunks: tuple[Tensor, Tensor, Tensor]
    about: Tensor


class Model(torch.nn.Module):
    """What the teacher says of each token, turned by one matrix, plus what is learnt of it; and two weights of each.

    The weights, one where a token stands in a question and one where it stands in a chunk, are most of what is learnt;
    the matrix serves tokens that are rare; `own` is for those that are not.
    """

    def __init__(self, vectors: NDArray[np.float32], weights: NDArray[np.float32]) -> None:
        super().__init__()
        self.first = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(vectors), freeze=True, mode="sum")
        self.turn = torch.nn.Parameter(torch.eye(vectors.shape[1]))
        self.own = torch.nn.EmbeddingBag.from_pretrained(torch.zeros(vectors.shape), freeze=False, mode="sum")
        logs = torch.tensor(np.log(weights))
        self.asked = torch.nn.Parameter(logs.clone())
        self.shown = torch.nn.Parameter(logs.clone())

    def forward(self, bags: tuple[Tensor, Tensor, Tensor], logs: Tensor) -> Tensor:
        """Unit vectors of some bags: tokens, offsets, and the weight of each token."""
        tokens, offsets, counts = bags
        weights = counts * torch.exp(logs[tokens])
        summed = self.first(tokens, offsets, per_sample_weights=weights) @ self.turn
        return functional.normalize(summed + self.own(tokens, offsets, per_sample_weights=weights), dim=1)

    def vectors(self, anchor: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The vector of each token as it stands in a chunk, and the factor that makes it that of a question.

        Each direction is taken back some way to the teacher's, which knows more of the words that people ask with than
        comments do (weight-space ensembling, Wortsman et al. 2022); its length, which is the token's weight, stays.
        """
        with torch.no_grad():
            table = self.first.weight @ self.turn + self.own.weight
            lengths = table.norm(dim=1, keepdim=True)
            learnt, first = functional.normalize(table, dim=1), functional.normalize(self.first.weight, dim=1)
            table = functional.normalize((1 - anchor) * learnt + anchor * first, dim=1) * lengths
            return (
                (table * torch.exp(self.shown)[:, None]).numpy(),
                torch.exp(self.asked - self.shown).numpy(),
            )


# --- batches -----------------------------------------------------------------------------------------------------


class Batches:
    """The pairs in batches, shuffled anew in every epoch."""

    def __init__(self, pairs: Pairs, rows: NDArray[np.int64], settings: Settings, tokenizer: dict[str, Any]) -> None:
        self._pairs, self._rows, self._settings = pairs, rows, settings
        self._rng = np.random.default_rng(settings.seed)
        self._tokens = len(tokenizer["model"]["vocab"])
        vocabulary = tokenizer["model"]["vocab"]
        self._asking = [[vocabulary[word] for word in each.split() if word in vocabulary] for each in ASKING]

    def __len__(self) -> int:
        return len(self._rows) // self._settings.batch

    def epoch(self) -> Iterator[Batch]:
        """All batches of one epoch, made ready in a thread of their own."""
        queue: Queue[Batch | None] = Queue(6)

        def fill() -> None:
            for rows in self._orders():
                queue.put(self._batch(rows))
            queue.put(None)

        Thread(target=fill, daemon=True).start()
        while (batch := queue.get()) is not None:
            yield batch

    def _orders(self) -> Iterator[NDArray[np.int64]]:
        """The rows of each batch: some by lot from everywhere, the others in groups out of one package."""
        size, group = self._settings.batch, self._settings.group
        shuffled = self._rng.permutation(self._rows)
        in_groups = int(len(shuffled) * self._settings.grouped)
        grouped, single = shuffled[:in_groups], shuffled[in_groups:]
        grouped = grouped[np.argsort(self._pairs.packages[self._pairs.about[grouped]], kind="stable")]
        groups = [grouped[start : start + group] for start in range(0, len(grouped), group)]
        order = self._rng.permutation(len(groups))
        grouped = np.concatenate([groups[each] for each in order]) if len(order) else grouped
        per_batch = int(size * self._settings.grouped)
        for number in range(len(self)):
            yield np.concatenate([
                grouped[number * per_batch : (number + 1) * per_batch],
                single[number * (size - per_batch) : (number + 1) * (size - per_batch)],
            ])  # fmt: skip

    def _batch(self, rows: NDArray[np.int64]) -> Batch:
        about = self._pairs.about[rows]
        return Batch(self._asked(rows), self._shown(rows, about), torch.from_numpy(about.astype(np.int64)))

    def _asked(self, rows: NDArray[np.int64]) -> tuple[Tensor, Tensor, Tensor]:
        of, tokens, counts = self._pairs.questions.take(rows)
        kept = self._rng.random(len(of)) >= self._settings.drop
        of, tokens, counts = of[kept], tokens[kept], counts[kept].astype(np.float32)
        if self._settings.asked_words:
            chosen = np.flatnonzero(self._rng.random(len(rows)) < self._settings.asked_words)
            added = [(row, token) for row in chosen for token in self._asking[self._rng.integers(len(self._asking))]]
            if added:
                more = np.array(added)
                of, tokens = np.concatenate([of, more[:, 0]]), np.concatenate([tokens, more[:, 1].astype(np.int32)])
                counts = np.concatenate([counts, np.ones(len(more), np.float32)])
        return self._bags(of, tokens, counts, len(rows))

    def _shown(self, rows: NDArray[np.int64], about: NDArray[np.int32]) -> tuple[Tensor, Tensor, Tensor]:
        """The chunks as they are shown beside their questions: never the sentence or comment that is the question."""
        asked = self._pairs.asked[rows]
        settings = self._settings
        chances = {
            "code": np.ones(len(rows)),
            "name": np.where(asked == ASKED.index("name"), 0.4, settings.show_name),
            "sentence": np.where(asked == ASKED.index("sentence"), 0, settings.show_sentence),
            "doc": np.full(len(rows), settings.show_doc),
            "comments": np.where(asked == ASKED.index("comment"), 0, settings.show_comments),
        }
        chances["name"][asked == ASKED.index("heading")] = 0.0
        parts = []
        for name in BAGS:
            shown = np.flatnonzero(self._rng.random(len(rows)) < chances[name])
            of, tokens, counts = self._pairs.bags[name].take(about[shown].astype(np.int64))
            parts.append((shown[of], tokens, counts.astype(np.float32)))
        return self._bags(*(np.concatenate(each) for each in zip(*parts, strict=True)), len(rows))

    def _bags(self, of: Any, tokens: Any, counts: Any, rows: int) -> tuple[Tensor, Tensor, Tensor]:
        return bags(of, tokens, counts, rows, self._tokens)


def bags(of: Any, tokens: Any, counts: Any, rows: int, vocabulary: int) -> tuple[Tensor, Tensor, Tensor]:
    """Tokens summed per row, and the square roots of their counts, as EmbeddingBag wants them."""
    keys = of.astype(np.int64) * vocabulary + tokens
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    firsts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])) if len(keys) else np.zeros(0, np.int64)
    sums = np.add.reduceat(counts[order].astype(np.float32), firsts) if len(firsts) else np.zeros(0, np.float32)
    distinct = keys[firsts]
    offsets = np.searchsorted(distinct // vocabulary, np.arange(rows))
    return torch.from_numpy(distinct % vocabulary), torch.from_numpy(offsets), torch.from_numpy(np.sqrt(sums))


def loss_of(model: Model, batch: Batch, temperature: float) -> Tensor:
    """InfoNCE in both directions; two questions about one chunk are no negatives of each other."""
    asked, shown = model(batch.questions, model.asked), model(batch.chunks, model.shown)
    scores = asked @ shown.T / temperature
    same = batch.about[:, None] == batch.about[None, :]
    same ^= torch.eye(len(same), dtype=torch.bool)
    scores = scores.masked_fill(same, -torch.inf)
    own = torch.arange(len(scores))
    return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2


# --- a run -------------------------------------------------------------------------------------------------------


class Run(NamedTuple):
    """What a run made."""

    vectors: NDArray[np.float32]
    factors: NDArray[np.float32]  # what makes a token's vector that of a question
    tokenizer: dict[str, Any]
    log: dict[str, Any]


def train(settings: Settings, name: str) -> Run:
    """One run from the pairs to the vectors, with a progress bar; taken up where it was stopped, and never repeated."""
    folder = RUNS / name
    folder.mkdir(parents=True, exist_ok=True)
    if (done := _done(folder, settings)) is not None:
        return done
    torch.manual_seed(settings.seed)
    pairs, tokenizer = prepared(settings.vocabulary, settings.pieces)
    vectors = _first_vectors(settings, tokenizer)
    out = pairs.held_out
    rows = np.flatnonzero(~out & _of_share(pairs, settings.share))
    batches = Batches(pairs, rows, settings, tokenizer)
    model = Model(vectors, first_weights(pairs, len(vectors), settings.sif))
    groups = [
        {"params": [model.own.weight], "lr": settings.rate},
        {"params": [model.turn], "lr": settings.turn_rate},
        {"params": [model.asked, model.shown], "lr": settings.weight_rate},
    ]
    optimizer = torch.optim.Adam(groups, betas=(0.9, 0.99))
    steps = settings.epochs * len(batches)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step / steps, settings.warmup))
    log: dict[str, Any] = {"settings": asdict(settings), "questions": len(rows), "epochs": []}
    first = _taken_up(folder, model, optimizer, scheduler, log)
    begin = time.perf_counter()
    for epoch in range(first, settings.epochs):
        losses = []
        for number, batch in enumerate(batches.epoch()):
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(model, batch, settings.temperature)
            loss.backward()
            optimizer.step()
            scheduler.step()
            losses.append(float(loss.detach()))
            if number % 10 == 0:
                seconds = time.perf_counter() - begin
                print(
                    f"\r{name}: epoch {epoch + 1} of {settings.epochs}, {number} of {len(batches)}, "
                    f"loss {np.mean(losses[-50:]):.3f}, {seconds:.0f} s ",
                    end="", file=sys.stderr, flush=True,
                )  # fmt: skip
        found, factors = model.vectors(settings.anchor)
        figures = {**held_out(found, pairs, factors), **golden(found, tokenizer, factors)}
        log["epochs"].append({"loss": float(np.mean(losses[-100:])), **figures, "seconds": time.perf_counter() - begin})
        print(f"\n{name}: {json.dumps(log['epochs'][-1])}", file=sys.stderr)
        _keep(folder, epoch + 1, model, optimizer, scheduler, log)
    run = Run(*model.vectors(settings.anchor), tokenizer, log)
    np.save(folder / "vectors.npy", run.vectors)
    np.save(folder / "factors.npy", run.factors)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    (folder / "log.json").write_text(json.dumps(log, indent=1), encoding="utf-8")
    (folder / "kept.pt").unlink(missing_ok=True)
    return run


def first_weights(pairs: Pairs, tokens: int, sif: float) -> NDArray[np.float32]:
    """SIF (Arora et al. 2017) over questions and chunks, half and half."""
    shares = np.zeros(tokens)
    for ragged in (pairs.questions, pairs.bags["code"]):
        counted = np.bincount(ragged.items, minlength=tokens) + 1.0
        shares += counted / counted.sum() / 2
    return (sif / (sif + shares)).astype(np.float32)


@cache
def prepared(vocabulary: int, pieces: int) -> tuple[Pairs, dict[str, Any]]:
    """The pairs in the tokens of a vocabulary, and its tokenizer."""
    pairs = load()
    tokenizer = built(pairs, fetch_teacher(), vocabulary, pieces)
    return in_tokens(pairs, tokenizer), tokenizer


def _done(folder: Path, settings: Settings) -> Run | None:
    """What a run with these settings made earlier."""
    if not (folder / "log.json").exists():
        return None
    log = json.loads((folder / "log.json").read_text(encoding="utf-8"))
    if log["settings"] != asdict(settings):
        return None
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    return Run(np.load(folder / "vectors.npy"), np.load(folder / "factors.npy"), tokenizer, log)


def _rate(done: float, warmup: float) -> float:
    return done / warmup if done < warmup else max(0.02, (1 - done) / (1 - warmup))


def _of_share(pairs: Pairs, share: float) -> NDArray[np.bool_]:
    chosen = np.random.default_rng(5).random(len(pairs.package_names)) < share
    return chosen[pairs.packages[pairs.about]]


def _first_vectors(settings: Settings, tokenizer: dict[str, Any]) -> NDArray[np.float32]:
    if settings.beginning == "random":
        shape = (len(tokenizer["model"]["vocab"]), settings.dimension)
        return np.random.default_rng(settings.seed).normal(0, 1 / np.sqrt(settings.dimension), shape).astype(np.float32)
    reduced = reduce(
        beginnings(fetch_teacher(), tokenizer), Distillation(dimension=settings.dimension, whitening=settings.whitening)
    )
    return (reduced / np.linalg.norm(reduced, axis=1).mean()).astype(np.float32)


def _keep(folder: Path, epoch: int, model: Any, optimizer: Any, scheduler: Any, log: dict[str, Any]) -> None:
    states = [each.state_dict() for each in (model, optimizer, scheduler)]
    torch.save({"epoch": epoch, "states": states, "log": log}, folder / "kept.part")
    (folder / "kept.part").replace(folder / "kept.pt")


def _taken_up(folder: Path, model: Any, optimizer: Any, scheduler: Any, log: dict[str, Any]) -> int:
    if not (folder / "kept.pt").exists():
        return 0
    kept = torch.load(folder / "kept.pt", weights_only=False)
    if kept["log"]["settings"] != log["settings"]:
        return 0
    for each, state in zip((model, optimizer, scheduler), kept["states"], strict=True):
        each.load_state_dict(state)
    log["epochs"] = kept["log"]["epochs"]
    return int(kept["epoch"])


def main() -> None:
    """Train with the defaults, or with what is varied on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", default="shipped")
    for field in fields(Settings):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default)
    options = vars(parser.parse_args())
    name = options.pop("name")
    train(Settings(**options), name)


if __name__ == "__main__":
    main()
