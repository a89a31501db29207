"""What a model is given in guided work fits its context, whatever there is, and says what is not there."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.chat.answering import ANSWER
from assistant.chat.guided_tools import own_tools, skills_of
from assistant.chat.guided_view import MOST_SKILLS, Material
from assistant.chat.guided_view import given as given_to
from assistant.job.voices import Speaker
from assistant.models.protocol import Message, Tool, ToolCall
from assistant.settings import Settings
from assistant.store.interactions import Interaction
from tests.chat.conftest import Room

SPEAKER = Speaker("soup", "execute")
OWN = tuple(Tool(name, "Moves the job.", {"type": "object"}) for name in ("phase_done", "go_back"))


def tool(number: int, size: int = 40) -> Tool:
    return Tool(f"skill_{number:03}", "does things " * size, {"type": "object"})


def call(number: int, told: str) -> list[Message]:
    """An exchange: a call and its answer."""
    asked = ToolCall(f"skill_{number:03}", {"text": told}, id=str(number))
    return [
        Message("assistant", "", (asked,)),
        Message("tool", told, tool_call_id=str(number), name=asked.name),
    ]


def said(count: int, text: str = "about soup") -> list[Interaction]:
    return [Interaction(n, "j", "", "prompt", "person", f"{n} {text}") for n in range(1, count + 1)]


def material(**facts: object) -> Material:
    whole = {
        "speaker": SPEAKER, "voices": [SPEAKER.opening()], "plan": "", "cycle": 1, "cycles": 1,
        "outstanding": (), "known": (), "said": said(1), "since": (), "own": OWN, "skills": (),
    } | facts  # fmt: skip
    return Material(**whole)  # type: ignore[arg-type]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    context=st.sampled_from([2048, 4096, 8192, 32_768]),
    plan=st.integers(0, 60_000),
    skills=st.integers(0, 60),
    calls=st.lists(st.integers(0, 9000), max_size=24),
    talk=st.integers(1, 300),
    items=st.integers(0, 200),
)
def test_it_fits_whatever_there_is(
    context: int, plan: int, skills: int, calls: list[int], talk: int, items: int
) -> None:
    whole = material(
        plan="Cook, then taste. " * (plan // 18), outstanding=["a photo"] * items,
        known=["From stew: salt."] * items, said=said(talk, "we spoke about soup"),
        since=[m for n, size in enumerate(calls) for m in call(n, "x y " * (size // 4))],
        skills=[tool(n) for n in range(skills)],
    )  # fmt: skip
    made = given_to(whole, context, Settings())
    assert made.tokens <= context - ANSWER.max_tokens
    assert made.messages[0].role == "system"
    assert made.messages[0].text.startswith(SPEAKER.opening())
    assert [t.name for t in made.tools][: len(OWN)] == [t.name for t in OWN]
    assert len(made.tools) <= len(OWN) + MOST_SKILLS
    # Every answer of a tool follows the call that asked for it.
    asked = [c.id for m in made.messages for c in m.tool_calls]
    assert [m.tool_call_id for m in made.messages if m.role == "tool"] == asked
    assert not calls or asked[-1] == str(len(calls) - 1)


def test_what_is_left_out_is_stated() -> None:
    whole = material(
        plan="Cook, then taste. " * 4000, skills=[tool(n) for n in range(40)], said=said(500),
        since=[m for n in range(20) for m in call(n, "x y " * 700)],
    )  # fmt: skip
    made = given_to(whole, 4096, Settings())
    told = "\n".join(m.text for m in made.messages if m.role == "system")
    left = 40 + len(OWN) - len(made.tools)
    assert f"{left} more skills are not offered here: there is no room." in told
    assert "19 earlier calls of this turn are left out." in told
    assert "(The rest of the plan does not fit and is left out.)" in told
    assert "earlier messages are left out." in told


def test_what_fits_is_there_whole_and_nothing_is_said_of_it() -> None:
    whole = material(
        plan="Cook.", cycle=2, cycles=5, outstanding=("a photo", "salt"), known=("From stew: salt.",),
        since=call(1, "It boils."), skills=[tool(1, size=2)],
    )  # fmt: skip
    made = given_to(whole, 8192, Settings())
    assert made.messages[0].text == "\n\n".join(
        [
            SPEAKER.opening(),
            "Cycle 2 of 5. The plan:\nCook.",
            SPEAKER.speak("outstanding", items="- salt\n- a photo"),
            SPEAKER.speak("known-before", facts="From stew: salt."),
        ]
    )
    assert [m.text for m in made.messages[1:]] == ["1 about soup", "", "It boils."]
    assert [t.name for t in made.tools] == ["phase_done", "go_back", "skill_001"]


def test_the_likeliest_skills_are_offered_when_not_all_fit() -> None:
    skills = [tool(n) for n in (7, 3, 9, 1)]

    def offered(context: int) -> list[str]:
        made = given_to(material(skills=skills), context, Settings())
        return [t.name for t in made.tools if t not in OWN]

    assert offered(200_000) == ["skill_001", "skill_003", "skill_007", "skill_009"]
    assert offered(1700) == ["skill_003", "skill_007"]
    assert offered(1500) == ["skill_007"]


@pytest.mark.parametrize(
    ("phase", "own", "writes"),
    [
        ("observe", "phase_done ask_person", False),
        ("plan", "phase_done ask_person go_back", False),
        ("execute", "phase_done ask_person go_back write_plan", True),
        ("verify", "phase_done ask_person go_back edit_plan add_outstanding", False),
        ("condense", "phase_done ask_person go_back add_outstanding keep_note", False),
    ],
)
async def test_the_tools_offered_depend_on_the_phase(
    room: Room, phase: str, own: str, *, writes: bool
) -> None:
    place = room.place
    job = place.jobs.create("soup")
    place.guide.plans.set_file(job.id, "plan.md")
    if phase in ("verify", "condense"):
        place.guide.enter(job.id, "execute", "to write it")
        place.guide.put_plan(job.id, "# Soup\n")
    record = place.guide.enter(job.id, phase, "on")
    may = place.guide.plans.state(record).may
    assert [tool.name for tool in own_tools(place, record, may)] == own.split()
    offered = {tool.name for tool in skills_of(place, phase, ())}
    effects = {place.library.get(name).effect for name in offered}
    assert ("send_email" in offered, "write" in effects) == (writes, writes)
    assert ("read" in effects) == (phase != "condense")
