"""What a short evaluation found a model good for, as rows: one for each model and ability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.clock import rfc3339
from assistant.store.database import Store


@dataclass(frozen=True)
class Trial:
    """One ability of one model. `file` names the file it was tried with (size and time), so that
    another file of the same name is not judged by it; it is empty for a provider's model."""

    model: str
    ability: str
    right: int
    of: int
    passed: bool
    file: str = ""
    at: str = ""


class ModelTrials:
    """The table `model_trials`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, trial: Trial) -> None:
        """In place of the model's earlier trial of that ability."""
        self._store.run(
            "insert or replace into model_trials (model, ability, right, of, passed, file, at)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            trial.model, trial.ability, trial.right, trial.of, trial.passed, trial.file,
            trial.at or rfc3339(self._store.clock.now()),
        )  # fmt: skip

    def of_model(self, model: str, file: str = "") -> list[Trial]:
        """The trials of a model with this very file."""
        rows = self._store.rows(
            "select model, ability, right, of, passed, file, at from model_trials"
            " where model = ? and file = ? order by ability",
            model, file,
        )  # fmt: skip
        return [_trial(row) for row in rows]

    def failed(self, model: str, ability: str, file: str = "") -> bool:
        """Whether the model was tried and did not pass; one that was never tried has not failed."""
        return any(t.ability == ability and not t.passed for t in self.of_model(model, file))


def _trial(row: dict[str, Any]) -> Trial:
    return Trial(
        row["model"], row["ability"], row["right"], row["of"], bool(row["passed"]), row["file"],
        row["at"],
    )  # fmt: skip
