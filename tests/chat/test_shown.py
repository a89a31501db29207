"""How what was said in a conversation is shown beside it, and in the lists of runs."""

from __future__ import annotations

from assistant.chat.events import DraftCard, RoutedTo
from assistant.panel.addresses import Address
from assistant.panel.messages import from_interactions
from assistant.panel.pane import Pane
from assistant.panel.places import run_list
from assistant.panel.reading import Reader, parsed
from tests.chat.conftest import Room
from tests.chat.test_repeated import FETCH
from tests.chat.test_turn import NEWSLETTER, newsletter_prompt, only


async def test_the_runs_of_a_job_are_those_asked_once_too(room: Room):
    room.direct(FETCH)
    [routed] = only(await room.say(f"What is new in {room.site.feed} ?"), RoutedTo)
    [run] = room.place.runs.list(job_id=routed.job_id)
    for address in ("#/runs", f"#/runs?job={routed.job}"):
        shown = run_list.show(Reader(room.place), Address.parse(address))
        assert f"<b>{routed.title}</b>" in shown
        assert run.id in shown


async def test_what_it_gave_stands_beside_the_conversation(room: Room):
    room.direct(FETCH)
    [routed] = only(await room.say(f"What is new in {room.site.feed} ?"), RoutedTo)
    pane, record = Pane(room.place), room.place.jobs.get(routed.job)
    assert 'class="plain lines stories"' in pane.output(pane.run_shown(record))


async def test_the_head_tells_the_schedule_in_force_while_a_change_of_it_waits(room: Room):
    room.direct(NEWSLETTER)
    card = only(await room.say(newsletter_prompt(room), dry_run=False), DraftCard)[-1]
    await room.conversation.approve(card.draft_id)
    await room.say("at nine rather", focus=card.job, dry_run=False)
    pane, record = Pane(room.place), room.place.jobs.get(card.job)
    draft = room.place.jobs.open_draft(record.id)
    assert draft is not None
    head = pane.head(record, draft, None, parsed(draft.yaml))
    assert "Every weekday at 07:00 (Europe/London)" in head
    assert "09:00" not in head


async def test_a_changed_draft_tells_its_change_in_the_conversation(room: Room):
    room.direct(NEWSLETTER)
    await room.say(newsletter_prompt(room), dry_run=False)
    [record] = room.place.jobs.list()
    await room.say("at nine rather", focus=record.id, dry_run=False)
    told = from_interactions(room.place.jobs.interactions(record.id))[-1]["content"]
    assert told.splitlines()[:3] == [
        "- When: Every weekday at 07:00, now every weekday at 09:00", "",
        f"Shall {record.name} be like this?",
    ]  # fmt: skip
