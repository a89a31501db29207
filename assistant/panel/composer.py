"""The line under the composer: which model answers, a file to attach, the keys."""

from __future__ import annotations

from assistant.panel import controls
from assistant.panel.html import el, lines
from assistant.panel.texts import say
from assistant.workplace import Workplace

SHOWN_KEYS = (("Shift+Enter", "chat.key_line"), ("?", "chat.key_all"))


def under(place: Workplace, model: str) -> str:
    """The line as HTML. `model` is the browser's own choice; empty: the settings' one."""
    chosen = model or place.settings.model
    names = list(dict.fromkeys([chosen, place.settings.model, *place.models.names()]))
    choice = controls.select(
        "model", [(name, _named(name)) for name in names], chosen,
        data_change="chat.model", aria_label=say("chat.model"), id="model",
    )  # fmt: skip
    keys = lines(
        [el("span", lines([el("kbd", k) for k in keys.split("+")], "+"), " ", say(text)) for keys, text in SHOWN_KEYS],
        " · ",
    )  # fmt: skip
    return el(
        "div",
        el("span", choice, class_="choose"),
        el(
            "label",
            say("chat.attach"),
            el("input", type="file", data_upload="chat.attach", aria_label=say("chat.attach")),
            id="attach",
            title=say("chat.attach_about"),
        ),
        el("span", keys, class_="keys"),
        el("span", say("chat.promise"), class_="promise"),
    )


def _named(name: str) -> str:
    local = name == "starter" or name.startswith("local/")
    return f"{name} · {say('shell.model_here' if local else 'shell.model_cloud')}"
