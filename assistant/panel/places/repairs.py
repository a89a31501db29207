"""Repairs that healing made or proposes, and suggestions: what each rests on, and the person's word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.errors import BindingsInvalid
from assistant.healing import applying
from assistant.healing.record import HealingRecord, PatchView
from assistant.panel import controls
from assistant.panel.addresses import to
from assistant.panel.controls import button, chip, link
from assistant.panel.html import Html, el, join
from assistant.panel.place import Said, Values
from assistant.panel.reading import Reader
from assistant.panel.texts import say
from assistant.store.patches import Patch
from assistant.suggestions.shelf import Suggestion
from assistant.workplace import Workplace

TONES = {
    "kept": "succeeded",
    "canary": "running",
    "asked": "waiting",
    "proving": "running",
    "undone": "failed",
}
MOST = 60


def repairs(reader: Reader, job: str) -> Html:
    """Every repair, the newest first; those that wait for a word carry buttons."""
    place = reader.place
    found = HealingRecord(place.jobs, place.runs, place.patches).patches(job=job, limit=MOST)
    if not found:
        return controls.empty(say("insight.no_healing"), say("insight.no_healing_sub"))
    return join([_repair(reader, one) for one in found])


def _repair(reader: Reader, one: PatchView) -> Html:
    acts = {
        word: button(
            say(f"heal.{word}"), f"insight.{word}", {"patch": one.id}, cli=f"assistant heal {word} {one.id}",
            kind="primary" if word == "accept" else "", label=f"{say(f'heal.{word}')} {one.job}",
        )
        for word in ("accept", "reject", "undo")
        if word in one.can
    }  # fmt: skip
    changes = [el("span", words + "\n", class_=_mark(words)) for words in one.words]
    return controls.card(
        el("p", join(chip(TONES.get(one.state, ""), one.standing or one.state), " ", el("b", one.meaning or one.fault))),
        el("pre", changes, class_="code diff") if changes else None,
        controls.facts([
            (say("heal.why"), one.why), (say("heal.proof"), one.proof),
            (say("heal.proof_run"), link(one.proof_run, to("runs", one.proof_run)) if one.proof_run else ""),
            (say("heal.failed_run"), link(one.run_id, to("runs", one.run_id)) if one.run_id else ""),
            (say("heal.source"), one.source), (say("heal.decision"), one.decision or one.reason),
            (say("insight.last"), reader.when(one.created_at)),
        ]),
        el("div", *acts.values(), class_="form-foot") if acts else None,
        title=join(link(one.job, to("jobs", one.job)), f" · {one.step}"),
    )  # fmt: skip


def _mark(words: str) -> str | None:
    return {"+": "plus", "-": "minus"}.get(words[:1])


async def decide(place: Workplace, values: Values, word: str) -> Said:
    """Accept, reject or take back a repair."""
    patch = place.patches.get(values.text("patch"))
    works: dict[str, Callable[[Any, Patch], object]] = {
        "accept": lambda desk, one: applying.apply(desk, one, by="person"),
        "reject": lambda desk, one: applying.reject(desk, one, by="person"),
        "undo": lambda desk, one: applying.take_back(desk, one, by="person"),
    }
    if word not in works:
        raise BindingsInvalid(f"{word!r} cannot be done with a repair")
    desk = place.healing_desk()
    try:
        works[word](desk, patch)
    finally:
        await desk.http.aclose()
    return Said(say(f"heal.done_{word}", job=patch.job))


# Suggestions


def suggestions(reader: Reader, job: str) -> Html:
    """Open suggestions with what each rests on."""
    found = reader.place.adviser.suggestions(job=job)
    look = button(say("suggest.look"), "insight.look", cli="assistant insight suggestions", kind="")
    if not found:
        return controls.empty(say("suggest.empty"), say("suggest.empty_sub"), el("div", look, class_="actions"))  # fmt: skip
    return join([_suggestion(one) for one in found], el("p", look))


def _suggestion(one: Suggestion) -> Html:
    values = {"suggestion": one.id}
    command = f"assistant insight suggestions accept {one.id}"
    acts = [
        button(say("suggest.snooze"), "insight.snooze", values, cli=f"assistant insight suggestions snooze {one.id}", kind=""),
        button(say("suggest.never"), "insight.never", values, cli=f"assistant insight suggestions never {one.id}"),
    ]  # fmt: skip
    if one.change.does != "tell":
        acts.insert(
            0, button(say("suggest.accept"), "insight.agree", values, cli=command, kind="primary")
        )
    return controls.card(
        el("p", el("b", one.text)), controls.facts([(fact.what, fact.value) for fact in one.evidence]),
        el("p", one.change.words), el("div", acts, class_="form-foot"),
        title=link(one.job, to("jobs", one.job)) if one.job else "",
    )  # fmt: skip


def answer(place: Workplace, values: Values, word: str) -> Said:
    """The person's word on a suggestion; `look` looks at everything anew."""
    if word == "look":
        return Said(say("suggest.looked", n=len(place.adviser.look())))
    ident = values.text("suggestion")
    match word:
        case "agree":
            return Said(say("suggest.agreed"), hint=place.adviser.accept(ident).result)
        case "snooze":
            place.adviser.snooze(ident)
        case _:
            place.adviser.never(ident)
    return Said(say(f"suggest.said_{word}"))
