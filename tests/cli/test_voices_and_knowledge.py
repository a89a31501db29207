"""`assistant voices` and `assistant knowledge`: the texts that guide, and the files that were learned."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.job.condense import Line
from assistant.job.condensing import Condenser
from assistant.job.voices import catalogue, get
from assistant.settings import load
from assistant.workplace import Workplace
from tests.cli.conftest import Command

PLAN = "cycles: 2\nverify:\n  reorient: Taste it for {{job_id}}.\n  verify: {mode: replace, text: Taste.}\n"


@pytest.fixture
def soup(home: Path, assistant: Command, tmp_path: Path) -> str:
    """A job in Verify whose plan.yaml changes two voices there, and which has learned something."""
    place = Workplace.open(load())
    job = place.jobs.create("soup", title="A soup")
    Condenser(place.guide).keep_line(job, Line("Soup wants salt and patience."), "knowledge")
    place.guide.enter(job.id, "execute", "to write the plan")
    place.close_store()
    (tmp_path / "plan.yaml").write_text(PLAN)
    assert assistant("jobs", "plan", "soup", "--file", "plan.yaml").code == 0
    place = Workplace.open(load())
    place.guide.enter(job.id, "verify", "on")
    place.close_store()
    return "soup"


# Voices


def test_every_voice_is_listed_with_its_arguments_and_what_it_is_for(assistant: Command) -> None:
    rows = [line.split("\t") for line in assistant("voices", "list").out.splitlines()]
    assert rows[0] == ["voice", "arguments", "what it is for"]
    assert rows[1:] == [[v.id, ", ".join(v.arguments), v.about] for v in catalogue().values()]
    told = assistant("voices", "list", "--json").data["payload"]["voices"]
    assert [voice["id"] for voice in told] == list(catalogue())


@pytest.mark.parametrize("voice", sorted(catalogue()))
def test_a_voice_is_shown_as_it_stands(assistant: Command, voice: str) -> None:
    assert assistant("voices", "show", voice).out.rstrip("\n") == get(voice).text
    shown = assistant("voices", "show", voice, "--json").data["payload"]
    assert (shown["id"], shown["text"]) == (voice, get(voice).text)


def test_a_voice_is_shown_as_the_plan_of_a_job_makes_it(assistant: Command, soup: str) -> None:
    assert assistant("voices", "show", "verify", "--job", soup).out == "Taste.\n"
    again = assistant("voices", "show", "reorient", "--job", soup).out
    assert again == f"{get('reorient').text}\nTaste it for {{{{job_id}}}}.\n"
    # Another phase is not changed by what the plan says of Verify.
    plain = assistant("voices", "show", "observe", "--job", soup).out
    assert plain == f"{get('observe').text}\n"


def test_an_unknown_voice_or_job_is_a_wrong_request_with_the_nearest(
    assistant: Command, soup: str
) -> None:
    wrong = assistant("voices", "show", "obsrve")
    assert (wrong.code, "Did you mean 'observe'?" in wrong.err) == (2, True)
    assert assistant("voices", "show", "observe", "--job", "suop").code == 2


# Knowledge


def test_knowledge_is_listed_shown_searched_edited_and_forgotten(
    assistant: Command, soup: str, home: Path, tmp_path: Path
) -> None:
    file = home / "knowledge" / "soup.md"
    assert assistant("knowledge", "list").out == f"{file}\n"
    assert assistant("knowledge", "list", "--json").data["payload"]["names"] == ["soup"]
    shown = assistant("knowledge", "show", soup).out
    assert shown == file.read_text()
    assert "job: soup" in shown
    found = assistant("knowledge", "search", "patience", "elephants").out.splitlines()
    assert found[1:] == ["soup\tsoup\tSoup wants salt and patience."]
    told = assistant("knowledge", "search", "salt", "--json").data["payload"]["found"]
    assert [(one["name"], one["job"]) for one in told] == [("soup", "soup")]

    (tmp_path / "new.md").write_text(shown.replace("salt", "pepper"))
    assert assistant("knowledge", "edit", soup, "--file", "new.md").out == "soup is kept.\n"
    assert "pepper" in file.read_text()
    assert assistant("knowledge", "search", "salt").out.splitlines()[1:] == []
    assert assistant("knowledge", "edit", "stock", "--file", "new.md").code == 0
    assert assistant("knowledge", "list", "--json").data["payload"]["names"] == ["soup", "stock"]

    assert assistant("knowledge", "delete", soup).out == "soup is forgotten.\n"
    assert not file.exists()
    assert assistant("knowledge", "search", "pepper", "--json").data["payload"]["found"][0][
        "name"
    ] == ("stock")


def test_a_file_that_a_person_deleted_or_wrote_by_hand_is_followed(
    assistant: Command, soup: str, home: Path
) -> None:
    (home / "knowledge" / "stock.md").write_text("Bones give gelatine.\n")
    (home / "knowledge" / "soup.md").unlink()
    assert assistant("knowledge", "list", "--json").data["payload"]["names"] == ["stock"]
    assert assistant("knowledge", "search", "gelatine").out.splitlines()[1:] == [
        "stock\t\tBones give gelatine."
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "suop"), "Did you mean 'soup'?"),
        (("delete", "../soup"), "nothing is known under '../soup'"),
        (("edit", "../soup", "--file", "plan.yaml"), "'../soup'"),
        (("edit", "soup", "--file", "gone.md"), "gone.md cannot be read"),
    ],
)
def test_what_is_not_there_is_a_wrong_request(
    assistant: Command, soup: str, arguments: tuple[str, ...], told: str
) -> None:
    wrong = assistant("knowledge", *arguments)
    assert (wrong.code, told in wrong.err) == (2, True), wrong.err


def test_a_fresh_home_says_where_knowledge_will_come_from(assistant: Command) -> None:
    assert assistant("knowledge", "list").out.startswith("Nothing is known yet.")
