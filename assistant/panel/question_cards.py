"""What waits for the person's answer in a conversation: a card for each question, its options as
buttons. Words of one's own, typed below, answer as well; so does an option's number."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.job.questions import OpenQuestion
from assistant.panel import controls
from assistant.panel.html import Html, el, join
from assistant.panel.reading import OF_DRAFT
from assistant.panel.texts import say

ANSWER = "chat.answer"


def cards(waiting: Sequence[OpenQuestion]) -> str:
    """The cards, the oldest question first; empty when nothing is asked."""
    return join([_card(one) for one in waiting if one.about != OF_DRAFT])


def _card(asked: OpenQuestion) -> Html:
    kind = asked.kind.lower().replace("-", "_")
    review = str(asked.facts.get("review", ""))
    command = f"assistant jobs answer {asked.number}"
    buttons = [
        controls.button(
            join(el("kbd", number), " ", option), ANSWER,
            {"number": str(asked.number), "text": option}, cli=f"{command} {number}",
            kind="primary" if number == len(asked.options) and review else "", label=option,
        )
        for number, option in enumerate(asked.options, 1)
    ]  # fmt: skip
    return el(
        "section",
        el("p", el("span", say(f"asked.{kind}"), class_="chip wait"), " ", el("b", asked.text)),
        controls.fold(say("asked.review"), el("div", review, class_="review", tabindex="0", role="region",
                      aria_label=say("asked.review")), open_=True, key=f"review-{asked.number}")
        if review
        else None,
        el("div", *buttons, class_="form-foot") if buttons else None,
        el("small", say("asked.own_words" if buttons else "asked.no_options")),
        class_="asked", aria_label=say(f"asked.{kind}"), data_key=f"asked-{asked.number}",
    )  # fmt: skip
