"""The edits that were read in a request, in order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from assistant.builder.editing import Added


@dataclass
class Read:
    """The edits in order, and what those that add something are given (marks, not meanings)."""

    edits: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    news: list[Added] = field(default_factory=list[Added])
    same: bool = False
    """Whether nothing is wanted but what the job says already."""

    def add(self, do: str, **keys: Any) -> None:
        edit = {"do": do, **keys}
        if edit not in self.edits:
            self.edits.append(edit)

    def add_step(self, skill: str, **values: Any) -> None:
        self.edits.append({"do": "add_step", "skill": skill})
        self.news.append(Added(skill, values))

    def first(self) -> None:
        """The step that was added last comes before the others that come anew."""
        adding = [edit for edit in self.edits if edit["do"] in ("add_step", "add_structure")]
        steps = [n for n, edit in enumerate(adding) if edit["do"] == "add_step"]
        self.news.insert(steps[0], self.news.pop(steps[-1]))
        places = [n for n, edit in enumerate(self.edits) if edit["do"] == "add_step"]
        self.edits.insert(places[0], self.edits.pop(places[-1]))

    def give(self, skill: str, name: str, value: Any) -> bool:
        """Gives a value to a step that comes anew, where one of that skill does and lacks it."""
        if not value:
            return False
        for number, new in enumerate(self.news):
            if new.name == skill:
                self.news[number] = replace(new, values={name: value, **new.values})
                return True
        return False
