"""The trainer: reads packs, learns, writes checkpoints from which it goes on.

Matrices are moved by Muon (momentum, made orthogonal by Newton-Schulz), embeddings and norms by
AdamW. The rate warms up, stays, and falls in a straight line over the last part of the budget,
which is given in minutes: the trainer fits what it can into them.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from training.network import Network, Shape

# Without instructions for it a processor works through bfloat16 thirty times as long.
FAST_HALVES = bool(torch.cpu._is_avx512_bf16_supported())


def orthogonal(g: Tensor, steps: int = 5) -> Tensor:
    """About the nearest orthogonal matrix, for a stack of matrices (Newton-Schulz, quintic)."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g.bfloat16() if FAST_HALVES else g
    tall = x.shape[-2] > x.shape[-1]
    x = x.mT if tall else x
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        s = x @ x.mT
        x = a * x + (b * s + c * s @ s) @ x
    return (x.mT if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Momentum of matrices, made orthogonal; matrices of one shape go together."""

    def __init__(
        self, params: list[Tensor], lr: float, momentum: float = 0.95, decay: float = 0.1
    ) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self) -> None:  # type: ignore[override]
        for group in self.param_groups:
            by_shape: dict[tuple[int, ...], list[Tensor]] = {}
            for p in group["params"]:
                by_shape.setdefault(tuple(p.shape), []).append(p)
            for (rows, columns), ps in by_shape.items():
                moved = []
                for p in ps:
                    buffer = self.state[p].setdefault("momentum", torch.zeros_like(p))
                    buffer.lerp_(p.grad, 1 - group["momentum"])
                    moved.append(p.grad.lerp(buffer, group["momentum"]))
                for p, update in zip(ps, orthogonal(torch.stack(moved)), strict=True):
                    p.mul_(1 - group["lr"] * group["decay"])
                    p.add_(update, alpha=-group["lr"] * max(1, rows / columns) ** 0.5)


class Packs:
    """Batches from shards that a second process makes ahead."""

    def __init__(self, work: Path, first: int, maker: bool = True) -> None:
        self.work, self.number, self.makes = work, first, maker
        self.maker: subprocess.Popen[bytes] | None = None
        self._make(first)

    def path(self, number: int) -> Path:
        return self.work / "shards" / f"{number:05}.npz"

    def _make(self, number: int) -> None:
        if self.makes and not self.path(number).exists():
            self.maker = subprocess.Popen(
                [sys.executable, "-m", "training", "shard", str(number), "--work", str(self.work)]
            )

    def shard(self) -> list[dict[str, np.ndarray]]:
        """The next shard's packs; the one after it is begun."""
        tries = 0
        while self.maker is not None and self.maker.wait() != 0:
            tries += 1
            if tries == 3:
                raise SystemExit(f"shard {self.number} could not be made")
            self._make(self.number)
        self.maker = None
        while not self.path(self.number).exists():
            time.sleep(0.2)
        with np.load(self.path(self.number)) as data:
            packs = unpack(data)
        old = self.path(self.number - 3)
        old.unlink(missing_ok=True)
        self.number += 1
        self._make(self.number)
        return packs


def unpack(data: Any) -> list[dict[str, np.ndarray]]:
    """Packs of a shard: prefix (p,), ids and weights (branches, length)."""
    count = int(data["count"])
    return [{key: data[f"{key}{i}"] for key in ("prefix", "ids", "weights")} for i in range(count)]


def _rounded(size: int, step: int) -> int:
    """Few different sizes: kernels are compiled and memory is kept for each."""
    return -(-size // step) * step


def batch(packs: list[dict[str, np.ndarray]], prompt_weight: float) -> tuple[Tensor, ...]:
    """Tensors of some packs: prefixes, lengths, branches, places to learn from, targets, weights."""
    p = _rounded(max(len(k["prefix"]) for k in packs), 64)
    n = _rounded(max(k["ids"].shape[1] for k in packs), 16)
    prefixes = torch.zeros(len(packs), p, dtype=torch.long)
    branches = torch.zeros(len(packs), packs[0]["ids"].shape[0], n, dtype=torch.long)
    weights = torch.zeros(branches.shape)
    for i, pack in enumerate(packs):
        prefixes[i, : len(pack["prefix"])] = torch.from_numpy(pack["prefix"].astype(np.int64))
        width = pack["ids"].shape[1]
        branches[i, :, :width] = torch.from_numpy(pack["ids"].astype(np.int64))
        told = torch.from_numpy(pack["weights"].astype(np.float32))
        weights[i, :, :width] = torch.where(told == 2, 1.0, told * prompt_weight)
    lengths = torch.tensor([len(k["prefix"]) for k in packs])
    after = weights[:, :, 1:]
    keep = after.reshape(-1).nonzero()[:, 0]
    width = n - 1
    flat = (keep // width) * n + keep % width + prefixes.numel()
    targets = branches[:, :, 1:].reshape(-1)[keep]
    return prefixes, lengths, branches, flat, targets, after.reshape(-1)[keep]


class Peers:
    """Processes of one thread each that learn together: they share their gradients.

    On a busy machine this beats several threads in one process, where every single operation
    waits for the slowest thread.
    """

    def __init__(self, work: Path, rank: int, size: int) -> None:
        self.rank, self.size = rank, size
        if size > 1:
            store = torch.distributed.FileStore(str(work / "peers"), size)
            torch.distributed.init_process_group("gloo", store=store, rank=rank, world_size=size)

    def share(self, params: list[Tensor], told: float) -> float:
        """Averages the gradients in place; gives what the first peer told."""
        if self.size == 1:
            return told
        flat = torch.cat(
            [*[p.grad.reshape(-1) for p in params], torch.tensor([told if self.rank == 0 else 0.0])]
        )
        torch.distributed.all_reduce(flat)
        at = 0
        for p in params:
            p.grad.copy_(flat[at : at + p.numel()].view_as(p) / self.size)
            at += p.numel()
        return float(flat[-1])


def learn(work: Path, minutes: float, rate: float, peers: int = 2, cool: float = 0.35) -> None:
    """Trains for about so many minutes of this machine's time, from the last checkpoint on."""
    (work / "peers").unlink(missing_ok=True)
    if peers == 1:
        return _peer(0, work, minutes, rate, 1, cool)
    torch.multiprocessing.spawn(_peer, (work, minutes, rate, peers, cool), nprocs=peers)
    return None


def _peer(rank: int, work: Path, minutes: float, rate: float, size: int, cool: float) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    peers = Peers(work, rank, size)
    run = Run(work, rate)
    packs = Packs(work, run.state["shard"], maker=rank == 0)
    budget, began, spent, saved_at = (
        minutes * 60,
        time.monotonic(),
        run.state["spent"],
        time.monotonic(),
    )
    first = rank == 0
    losses: list[float] = []
    while run.state["spent"] < budget:
        order = packs.shard()
        random.Random(run.state["shard"]).shuffle(order)
        for at in range(0, len(order) - size + 1, size):
            if run.state["step"] % 10 == 0:
                budget = _limit(work, budget)
            done = run.state["spent"] / budget
            if done >= 1:
                break
            factor = min(1.0, (run.state["step"] + 1) / 60) * min(1.0, max(0.02, (1 - done) / cool))
            loss, tokens, rows = run.gradients([order[at + rank]], 0.15 if done < 0.25 else 0.02)
            run.state["spent"] = peers.share(run.params, spent + time.monotonic() - began)
            run.move(factor)
            losses.append(loss)
            run.state["tokens"] += tokens * size
            run.state["samples"] += rows * size
            if first and run.state["step"] % 20 == 0:
                mean = round(sum(losses) / len(losses), 4)
                with (work / "log.jsonl").open("a") as log:
                    log.write(
                        json.dumps(
                            run.state
                            | {
                                "loss": mean,
                                "rate": round(factor, 3),
                                "clock": time.strftime("%H:%M:%S"),
                            }
                        )
                        + "\n"
                    )
                losses.clear()
            if first and time.monotonic() - saved_at > 60:
                run.save()
                saved_at = time.monotonic()
        run.state["shard"] += 1
    if first:
        run.save()
        (work / "learned").write_text(json.dumps(run.state))


def _limit(work: Path, budget: float) -> float:
    """A file `minutes` in the work folder changes the budget of a running training."""
    path = work / "minutes"
    return float(path.read_text()) * 60 if path.exists() else budget


class Run:
    """A network, what moves it, and how far it has come."""

    def __init__(self, work: Path, rate: float) -> None:
        from training import tokenizer

        self.path, self.rate = work / "checkpoint.pt", rate
        shape = replace(
            Shape(), vocabulary=tokenizer.load(work / "tokenizer.json").get_vocab_size()
        )
        self.network = Network(shape)
        self.params = list(self.network.parameters())
        matrices = [
            p for n, p in self.network.named_parameters() if p.ndim == 2 and "embed" not in n
        ]
        self.others = [p for n, p in self.network.named_parameters() if p.ndim != 2 or "embed" in n]
        self.muon = Muon(matrices, lr=rate)
        self.adam = torch.optim.AdamW(
            self.others, lr=rate * 0.25, betas=(0.9, 0.97), weight_decay=0.0
        )
        self.state: dict[str, Any] = {
            "step": 0,
            "tokens": 0,
            "spent": 0.0,
            "shard": 0,
            "samples": 0,
        }
        self.average = {k: v.detach().clone() for k, v in self.network.state_dict().items()}
        if self.path.exists():
            saved = torch.load(self.path, weights_only=True)
            self.network.load_state_dict(saved["network"])
            self.muon.load_state_dict(saved["muon"])
            self.adam.load_state_dict(saved["adam"])
            self.average, self.state = saved["average"], saved["state"]

    def gradients(
        self, packs: list[dict[str, np.ndarray]], prompt_weight: float
    ) -> tuple[float, int, int]:
        """Gradients of some packs: (loss of the answers, tokens, requests)."""
        prefixes, lengths, branches, keep, targets, weights = batch(packs, prompt_weight)
        with torch.autocast("cpu", torch.bfloat16, enabled=FAST_HALVES):
            logits = self.network(prefixes, lengths, branches, keep)
        each = F.cross_entropy(logits.float(), targets, reduction="none")
        ((each * weights).sum() / weights.sum()).backward()
        answers = float(each.detach()[weights == 1].mean())
        return answers, prefixes.numel() + branches.numel(), branches.shape[0] * branches.shape[1]

    def move(self, factor: float) -> None:
        """One step of both optimizers."""
        for optimizer, base in ((self.muon, self.rate), (self.adam, self.rate * 0.25)):
            for group in optimizer.param_groups:
                group["lr"] = base * factor
        torch.nn.utils.clip_grad_norm_(self.others, 1.0)
        self.muon.step()
        self.adam.step()
        self.muon.zero_grad()
        self.adam.zero_grad()
        self.state["step"] += 1
        keep = min(0.99, (1 + self.state["step"]) / (20 + self.state["step"]))
        with torch.no_grad():
            for k, v in self.network.state_dict().items():
                self.average[k].lerp_(v, 1 - keep)

    def save(self) -> None:
        """Writes the checkpoint, never a half one."""
        made = {
            "network": self.network.state_dict(),
            "average": self.average,
            "muon": self.muon.state_dict(),
            "adam": self.adam.state_dict(),
            "state": self.state,
            "shape": self.network.shape.record(),
        }
        new = self.path.with_suffix(".new")
        torch.save(made, new)
        new.replace(self.path)
