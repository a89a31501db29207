"""`python -m training`: makes the starter model from nothing.

Stages, each of which goes on where it stopped: tokenizer, learn (with shards made beside it),
export, score. Without a stage all of them run in turn.
"""

from __future__ import annotations

import argparse
from pathlib import Path

ROOT = Path(__file__).resolve().parent
WORK = ROOT / "work"
TARGET = ROOT.parent / "data" / "models" / "starter.gguf"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument(
        "stage",
        nargs="?",
        default="all",
        choices=("all", "tokenizer", "shard", "learn", "export", "score"),
    )
    parser.add_argument("number", nargs="?", type=int, default=0, help="of the shard")
    parser.add_argument("--work", type=Path, default=WORK, help="checkpoints, shards and the log")
    parser.add_argument("--minutes", type=float, default=75.0, help="to learn")
    parser.add_argument("--rate", type=float, default=0.01, help="of learning")
    parser.add_argument("--peers", type=int, default=2, help="processes that learn together")
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument(
        "--cases", type=Path, help="requests to score, in the format of tests/evals"
    )
    parser.add_argument("--kind", default="q8_0", choices=("q8_0", "f16", "f32"))
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    stages = ("tokenizer", "learn", "export", "score") if given.stage == "all" else (given.stage,)
    for stage in stages:
        globals()[f"_{stage}"](given)


def _tokenizer(given: argparse.Namespace) -> None:
    from training import shards, tokenizer

    path = given.work / "tokenizer.json"
    if not path.exists():
        tokenizer.train(shards.texts(12_000)).save(str(path))


def _shard(given: argparse.Namespace) -> None:
    from training import shards, tokenizer

    path = given.work / "shards" / f"{given.number:05}.npz"
    if not path.exists():
        shards.make(given.number, tokenizer.load(given.work / "tokenizer.json"), path)


def _learn(given: argparse.Namespace) -> None:
    from training import learning

    learning.learn(given.work, given.minutes, given.rate, given.peers)


def _export(given: argparse.Namespace) -> None:
    from training import export, tokenizer

    given.target.parent.mkdir(parents=True, exist_ok=True)
    network = export.network_of(given.work / "checkpoint.pt")
    export.write(network, tokenizer.load(given.work / "tokenizer.json"), given.target, given.kind)
    print(f"{given.target}: {given.target.stat().st_size / 1e6:.1f} MB")


def _score(given: argparse.Namespace) -> None:
    from training import scoring

    if given.cases:
        scoring.main(given.target, given.cases, "")
    else:
        scoring.main(given.target)


if __name__ == "__main__":
    main()
