"""A new name that is a title becomes the title, in the draft and in what it makes."""

from __future__ import annotations

from assistant.chat.renaming import titled
from tests.chat.conftest import Room


def test_a_title_changes_wherever_it_stands_as_one():
    text = "title: News\nsteps:\n- {id: a, with: {title: News, intro: News}}\n- with: {title: 'News'}\n# title: Newsroom\n"
    assert titled(text, "News", "“Our” letter") == (
        'title: "“Our” letter"\nsteps:\n- {id: a, with: {title: "“Our” letter", intro: News}}\n'
        '- with: {title: "“Our” letter"}\n# title: Newsroom\n'
    )


async def test_a_draft_and_a_version_take_the_title_that_is_said(room: Room):
    from assistant.chat import renaming

    jobs = room.place.jobs
    record = jobs.create("school-news", title="School news")
    text = 'job: school-news\ntitle: School news\nsteps:\n- {id: a, skill: save_file, with: {name: a.txt, content: "x"}}\n'
    card = await room.conversation.propose(record.id, text, request="…")

    async def rename(said: str) -> None:
        async for _ in renaming.rename(room.conversation, jobs.get(record.id), said):
            pass

    await rename("The school letter")
    draft = jobs.open_draft(record.id)
    assert draft is not None
    assert (draft.yaml.splitlines()[:2], draft.card["title"], jobs.get(record.id).name) == (
        ["job: the-school-letter", 'title: "The school letter"'], "The school letter", "the-school-letter",
    )  # fmt: skip
    assert card.draft_id != draft.id
    await room.conversation.approve(draft.id)
    await rename("The Friday letter")
    assert jobs.version(record.id).yaml.splitlines()[:2] == ["job: the-friday-letter", 'title: "The Friday letter"']  # fmt: skip
    await rename("plain-name")
    assert (jobs.get(record.id).name, jobs.get(record.id).title) == ("plain-name", "The Friday letter")  # fmt: skip
