"""Every place by name, as something that makes it: its module is loaded when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.panel.place import Place
from assistant.panel.works import Works
from assistant.workplace import Workplace

if TYPE_CHECKING:
    from assistant.chat.turn import Conversation


def makers(
    place: Workplace, works: Works, conversation: Callable[[], Conversation]
) -> dict[str, Callable[[], Place]]:
    def jobs() -> Place:
        from assistant.panel.places.jobs import JobsPlace

        return JobsPlace(place, conversation)

    def runs() -> Place:
        from assistant.panel.places.runs import RunsPlace

        return RunsPlace(place)

    def insight() -> Place:
        from assistant.panel.places.insight import InsightPlace

        return InsightPlace(place)

    def skills() -> Place:
        from assistant.panel.places.skills import SkillsPlace

        return SkillsPlace(place)

    def models() -> Place:
        from assistant.panel.places.models import ModelsPlace

        return ModelsPlace(place, works)

    def settings() -> Place:
        from assistant.panel.places.settings import SettingsPlace

        return SettingsPlace(place)

    return {"jobs": jobs, "runs": runs, "insight": insight, "skills": skills, "models": models,
            "settings": settings}  # fmt: skip
