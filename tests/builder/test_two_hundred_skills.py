"""With two hundred skill folders installed, a request costs the model no more than with twelve."""

from __future__ import annotations

import asyncio

import pytest

from assistant.builder.drafting import Builder
from assistant.builder.evaluation import BUNDLED, read_cases
from assistant.grounding.marks import mark
from assistant.models.registry import ModelRegistry
from assistant.settings import Settings
from assistant.skills.library import Library
from assistant.store.database import Store

THINGS = ("invoice", "warehouse", "parcel", "recipe", "tide", "orbit", "genome", "ticket", "lease",
          "vaccine", "bridge", "choir", "forest", "patent", "ferry", "museum", "battery", "coin",
          "translation", "podcast")  # fmt: skip
DEEDS = ("count", "compare", "merge", "rename", "rotate", "classify", "validate", "estimate",
         "archive", "convert")  # fmt: skip
MOST_TOKENS = 2000


def install(settings: Settings, count: int) -> Library:
    """The bundled skills, and so many folders of other ones in the home."""
    pairs = [(deed, thing) for thing in THINGS for deed in DEEDS]
    for deed, thing in pairs[: count - len(Library.open(settings).all())]:
        folder = settings.skills_dir / f"{deed}_{thing}"
        folder.mkdir(parents=True)
        about = f"Use it to {deed} a {thing} from a text and give the result as a text."
        (folder / "SKILL.md").write_text(
            f"---\nname: {deed}_{thing}\ndescription: {about}\n---\n\n# {deed}_{thing}\n\n{about}\n"
        )
        (folder / "skill.py").write_text(
            'from assistant.skills.door import skill\n\n\n@skill(effect="read")\n'
            f'def {deed}_{thing}(text: str, limit: int = 5) -> str:\n    """{about}"""\n    return text[:limit]\n'
        )
    library = Library.open(settings)
    for entry in library.entries():
        if entry.state == "disabled":
            library.enable(entry.name)  # a skill from outside waits for a person's review
    return Library.open(settings)


@pytest.fixture
def library_of_two_hundred(settings: Settings) -> Library:
    return install(settings, 200)


def test_the_right_skills_are_offered_among_two_hundred_folders(
    library_of_two_hundred: Library, settings: Settings, store: Store
) -> None:
    builder = Builder(
        library_of_two_hundred, ModelRegistry(settings, store), timezone=lambda: "Europe/London"
    )
    index, right, total = builder.candidates(), 0, 0
    assert len(index.offers) == 200
    for case in read_cases(BUNDLED):
        if case.get("split") != "look" or "context" in case:
            continue
        wanted = set(case["expect"].get("skills") or ())
        offered = {o.name for o in index.offers_for(mark(case["request"]).text)}
        right, total = right + len(wanted & offered), total + len(wanted)
    assert right / total >= 0.98


def test_the_prompt_stays_under_two_thousand_tokens(
    library_of_two_hundred: Library, settings: Settings, store: Store
) -> None:
    builder = Builder(
        library_of_two_hundred, ModelRegistry(settings, store), timezone=lambda: "Europe/London"
    )
    asked = (
        "Every weekday at 7 make me a newsletter of the five best stories about batteries from"
        " https://example.org/feed.xml and mail it to jo@example.org",
        "Count the parcels in https://example.org/a.html and tell #ops when there are more than 3",
        "so " * 400 + "mail the stories of https://example.org/feed.xml to jo@example.org",
    )
    assert len(builder.candidates().offers) == 200
    for text in asked:
        drafted = asyncio.run(builder.draft(text))
        assert 0 < drafted.largest_prompt <= MOST_TOKENS
