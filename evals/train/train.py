"""Trains the static embedder: `python evals/train/train.py`, which `make embedder` runs.

A text is the sum of the vectors of its tokens, each times the square root of its count, as the package reads it. The
sum of a question is drawn to what the teacher, which reads the words in their order, says of that question; so learns
each token what it means among others, and how much it weighs. Nothing is contrasted: `README.md` says what came of it.
The idea is that of Tokenlearn (van Dongen and Tulkens, Model2Vec, 2024).

Invariant: every run is seeded, and its settings, losses and figures are written beside its weights.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from distill import Settings as Distillation
from distill import fetch_teacher, reduce
from measure import bags_of, golden, held_out, median_length
from numpy.typing import NDArray
from packages import CACHE
from pairs import Pairs, Ragged, load, said
from teacher import taught
from torch import Tensor
from torch.nn import functional
from vocabulary import beginnings, built, in_tokens

RUNS = CACHE / "runs"
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be varied; the defaults are what is shipped."""

    dimension: int = 256
    vocabulary: int = 36_000
    pieces: int = 6_000
    questions: int = 200_000
    batch: int = 2_048
    epochs: int = 6
    rate: float = 0.003  # of what is learnt of each token
    turn_rate: float = 0.001
    weight_rate: float = 0.02
    sif: float = 1e-3  # with which the weights begin
    warmup: float = 0.06
    drop: float = 0.1  # tokens of a question that are forgotten
    beginning: str = "distilled"  # or "random"
    whitening: float = 0.75  # of the beginning: 0 leaves the axes as PCA has them, 1 gives them equal variance
    evened: float = 0.0  # the same of what is learnt
    shrinkage: float = 0.25  # of the median length of a chunk's sum: what all documents share and no question has
    seed: int = 0


class Model(torch.nn.Module):
    """What the teacher says of each token alone, turned by one matrix, plus what is learnt of it; and its weight.

    The matrix serves tokens that are rare; `own` is for those that are not.
    """

    def __init__(self, vectors: Floats, weights: Floats) -> None:
        super().__init__()
        self.first = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(vectors), freeze=True, mode="sum")
        self.turn = torch.nn.Parameter(torch.eye(vectors.shape[1]))
        self.own = torch.nn.EmbeddingBag.from_pretrained(torch.zeros(vectors.shape), freeze=False, mode="sum")
        self.logs = torch.nn.Parameter(torch.tensor(np.log(weights)))

    def forward(self, bags: tuple[Tensor, Tensor, Tensor]) -> Tensor:
        """Unit vectors of some bags: tokens, offsets, and the weight of each token."""
        tokens, offsets, counts = bags
        weights = counts * torch.exp(self.logs[tokens])
        summed = self.first(tokens, offsets, per_sample_weights=weights) @ self.turn
        return functional.normalize(summed + self.own(tokens, offsets, per_sample_weights=weights), dim=1)

    def vectors(self) -> Floats:
        """The vector of each token, as long as it weighs."""
        with torch.no_grad():
            table = (self.first.weight @ self.turn + self.own.weight) * torch.exp(self.logs)[:, None]
            return table.cpu().numpy()  # type: ignore[no-any-return]


class Batches:
    """The questions as bags, with what is to be said of them; shuffled anew in every epoch."""

    def __init__(self, questions: Ragged, targets: Floats, settings: Settings) -> None:
        self._questions, self._targets, self._settings = questions, torch.from_numpy(targets), settings
        self._rng = np.random.default_rng(settings.seed)

    def __len__(self) -> int:
        return len(self._targets) // self._settings.batch

    def epoch(self) -> Iterator[tuple[tuple[Tensor, Tensor, Tensor], Tensor]]:
        """All batches of one epoch."""
        order = self._rng.permutation(len(self._targets))
        for rows in np.array_split(order[: len(self) * self._settings.batch], len(self)):
            of, tokens, counts = self._questions.take(rows)
            weights = np.sqrt(counts.astype(np.float32)) * (self._rng.random(len(of)) >= self._settings.drop)
            offsets = np.searchsorted(of, np.arange(len(rows)))
            bags = (torch.from_numpy(tokens.astype(np.int64)), torch.from_numpy(offsets), torch.from_numpy(weights))
            tokens_, offsets_, weights_ = (each.to(DEVICE) for each in bags)
            yield (tokens_, offsets_, weights_.float()), self._targets[torch.from_numpy(rows)].to(DEVICE)


# --- a run -------------------------------------------------------------------------------------------------------


class Run(NamedTuple):
    """What a run made."""

    vectors: Floats
    tokenizer: dict[str, Any]
    log: dict[str, Any]


def train(settings: Settings, name: str) -> Run:
    """One run to the vectors, with a progress bar; taken up where it was stopped, and never repeated."""
    folder = RUNS / name
    folder.mkdir(parents=True, exist_ok=True)
    if (done := _done(folder, settings)) is not None:
        return done
    torch.manual_seed(settings.seed)
    pairs, tokenizer = prepared(settings.vocabulary, settings.pieces)
    texts = said(settings.questions)
    batches = Batches(bags_of(tokenizer, texts), _targets(texts, settings), settings)
    vectors = _first_vectors(settings, tokenizer)
    model = Model(vectors, first_weights(pairs, len(vectors), settings.sif)).to(DEVICE)
    groups = [
        {"params": [model.own.weight], "lr": settings.rate},
        {"params": [model.turn], "lr": settings.turn_rate},
        {"params": [model.logs], "lr": settings.weight_rate},
    ]
    optimizer = torch.optim.Adam(groups, betas=(0.9, 0.99))
    steps = settings.epochs * len(batches)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step / steps, settings.warmup))
    log: dict[str, Any] = {"settings": asdict(settings), "questions": len(texts), "epochs": []}
    first = _taken_up(folder, model, optimizer, scheduler, log)
    begin = time.perf_counter()
    for epoch in range(first, settings.epochs):
        losses = []
        for number, (bags, wanted) in enumerate(batches.epoch(), 1):
            optimizer.zero_grad(set_to_none=True)
            loss = 1 - (model(bags) * wanted).sum(1).mean()
            loss.backward()
            optimizer.step()
            scheduler.step()
            losses.append(float(loss.detach()))
            print(
                f"\r{name}: epoch {epoch + 1} of {settings.epochs}, {number} of {len(batches)}, "
                f"loss {np.mean(losses[-50:]):.3f}, {time.perf_counter() - begin:.0f} s ",
                end="", file=sys.stderr, flush=True,
            )  # fmt: skip
        log["epochs"].append({"loss": float(np.mean(losses)), "seconds": time.perf_counter() - begin})
        _keep(folder, epoch + 1, model, optimizer, scheduler, log)
    vectors = model.vectors()
    vectors[:, -1] = 0  # the axis of what documents share
    log["shrinkage"] = round(settings.shrinkage * median_length(vectors, pairs), 3)
    figures = held_out(vectors, pairs, log["shrinkage"]) | golden(vectors, tokenizer, log["shrinkage"])
    log["epochs"][-1] |= figures
    print(f"\n{name}: {json.dumps(log['epochs'][-1])}", file=sys.stderr)
    run = Run(vectors, tokenizer, log)
    np.save(folder / "vectors.npy", run.vectors)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    (folder / "log.json").write_text(json.dumps(log, indent=1), encoding="utf-8")
    (folder / "kept.pt").unlink(missing_ok=True)
    return run


def first_weights(pairs: Pairs, tokens: int, sif: float) -> Floats:
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


def _targets(texts: Sequence[str], settings: Settings) -> Floats:
    """What the teacher says of the texts, in as few dimensions as the student has."""
    outputs = taught(texts)
    reduced = reduce(outputs, Distillation(dimension=settings.dimension, whitening=settings.evened))
    return (reduced / np.maximum(np.linalg.norm(reduced, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def _first_vectors(settings: Settings, tokenizer: dict[str, Any]) -> Floats:
    if settings.beginning == "random":
        shape = (len(tokenizer["model"]["vocab"]), settings.dimension)
        return np.random.default_rng(settings.seed).normal(0, 1 / np.sqrt(settings.dimension), shape).astype(np.float32)
    reduced = reduce(
        beginnings(fetch_teacher(), tokenizer), Distillation(dimension=settings.dimension, whitening=settings.whitening)
    )
    return (reduced / np.linalg.norm(reduced, axis=1).mean()).astype(np.float32)


def _rate(done: float, warmup: float) -> float:
    return min(done / warmup, (1 - done) / (1 - warmup))


def _done(folder: Path, settings: Settings) -> Run | None:
    """The run, where it was finished with the same settings."""
    if not (folder / "log.json").exists():
        return None
    log = json.loads((folder / "log.json").read_text(encoding="utf-8"))
    if log["settings"] != asdict(settings):
        return None
    return Run(
        np.load(folder / "vectors.npy"), json.loads((folder / "tokenizer.json").read_text(encoding="utf-8")), log
    )


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
