"""notify: a file on a fresh machine, Apprise for the rest, each message once."""

from __future__ import annotations

import json

import pytest

from assistant.errors import BadArguments, CannotDo, OutcomeUnknown, TryAgain
from assistant.secrets import SecretMissing
from assistant.skills.calling import call, preview
from assistant.skills.door import Skill
from assistant.skills.library import Library
from tests.hooks import Hook


@pytest.fixture
def notify(library: Library) -> Skill:
    return library.get("notify")


async def test_on_a_fresh_machine_a_message_goes_into_the_file(notify: Skill, make_context) -> None:
    context = make_context()
    out = await call(notify, {"message": "Done.\nAll of it.", "title": "Backup"}, context)
    path = context.outbox / "notifications.jsonl"
    (line,) = [json.loads(line) for line in path.read_text().splitlines()]
    assert line == {
        "id": out["receipt"]["message_id"],
        "at": "2026-03-02T12:00:00.000Z",
        "channel": "outbox",
        "title": "Backup",
        "message": "Done.\nAll of it.",
        "state": "sent",
    }
    assert out["receipt"]["uri"] == path.as_uri()


async def test_the_same_step_says_it_once(notify: Skill, make_context) -> None:
    context = make_context()
    first = await call(notify, {"message": "Done."}, context)
    assert await call(notify, {"message": "Done."}, context) == first
    assert len((context.outbox / "notifications.jsonl").read_text().splitlines()) == 1
    assert notify.already_done is not None
    assert notify.already_done(context, message="Done.").model_dump() == first
    assert notify.already_done(make_context(path="other"), message="Done.") is None


async def test_a_channel_is_told_through_apprise(notify: Skill, make_context, hook: Hook) -> None:
    context = make_context(
        change={"channels": {"ops": "secret:ops_channel"}}, secrets={"ops_channel": hook.url}
    )
    out = await call(
        notify, {"message": "Late orders: 3", "channel": "ops", "title": "Shop"}, context
    )
    (told,) = hook.told
    assert (told["title"], told["message"]) == ("Shop", "Late orders: 3")
    assert out["receipt"]["channel"] == "ops"
    assert "s3cret" not in json.dumps(out)
    assert "s3cret" not in (context.outbox / "notifications.jsonl").read_text()


async def test_a_channel_that_is_down_is_worth_another_try_and_hides_its_address(
    notify: Skill, make_context, hook: Hook
) -> None:
    hook.status = 500
    context = make_context(change={"channels": {"ops": hook.url}})
    with pytest.raises(TryAgain) as down:
        await call(notify, {"message": "Hello", "channel": "ops"}, context)
    assert "s3cret" not in str(down.value)
    assert notify.already_done is not None
    assert notify.already_done(context, message="Hello", channel="ops") is None
    hook.status = 200
    await call(notify, {"message": "Hello", "channel": "ops"}, context)
    assert len(hook.told) == 1


async def test_an_interruption_in_the_middle_is_unknown(
    library: Library, notify: Skill, make_context
) -> None:
    context = make_context(change={"channels": {"ops": "json://127.0.0.1:1/"}})
    library.get("notify")
    from assistant.store.notices import Notice, Notices
    from skills.notify.skill import _id

    Notices(context.outbox).add(Notice(_id(context), "", "ops", "", "Hello", "sending"))
    assert notify.already_done is not None
    with pytest.raises(OutcomeUnknown):
        notify.already_done(context, message="Hello", channel="ops")


@pytest.mark.parametrize("channel", ["nowhere", "json://127.0.0.1/", "file:///etc/passwd", ""])
async def test_a_channel_is_one_of_the_settings(notify: Skill, make_context, channel: str) -> None:
    context = make_context(change={"channels": {"ops": "json://127.0.0.1:1/"}})
    with pytest.raises(CannotDo, match="no channel") as unknown:
        await call(notify, {"message": "Hello", "channel": channel}, context)
    assert "outbox, ops" in unknown.value.hint


async def test_an_address_of_no_known_kind_is_told(notify: Skill, make_context) -> None:
    context = make_context(change={"channels": {"ops": "nonsense"}})
    with pytest.raises(CannotDo, match="no kind that Apprise knows"):
        await call(notify, {"message": "Hello", "channel": "ops"}, context)


async def test_a_missing_secret_is_named(notify: Skill, make_context) -> None:
    context = make_context(change={"channels": {"ops": "secret:ops_channel"}})
    with pytest.raises(SecretMissing, match="ops_channel"):
        await call(notify, {"message": "Hello", "channel": "ops"}, context)


async def test_nothing_to_say_is_refused(notify: Skill, make_context) -> None:
    with pytest.raises(BadArguments):
        await call(notify, {"message": ""}, make_context())


async def test_a_preview_sends_nothing(notify: Skill, make_context, hook: Hook) -> None:
    context = make_context(change={"channels": {"ops": hook.url}})
    shown = await preview(notify, {"message": "Hello", "channel": "ops"}, context)
    assert shown == {"channel": "ops", "title": "", "message": "Hello"}
    assert hook.told == []
