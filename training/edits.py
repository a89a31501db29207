"""Changes to a job in focus, and the jobs that are in focus."""

from __future__ import annotations

import random
from typing import Any

from assistant.builder.terms import Field
from training import times, words
from training.catalogue import FIELDS
from training.grammar import Grammar, Step
from training.languages.english_edits import FRONT, NAMED, TAGS, TEXTS
from training.requests import _finish
from training.samples import Sample, fresh, lines, say, wrap

Focused = tuple[str, list[Step], str, list[str]]


def focused(rng: random.Random) -> Focused:
    """(name, steps with plain values, when, structure tags) of some job."""
    chain: list[Step] = []
    source = rng.random()
    if source < 0.62:
        n = rng.choice([1, 1, 1, 2])
        chain.append(Step("fetch_feed", {"urls": [words.feed_url(rng) for _ in range(n)]}))
        if rng.random() < 0.35:
            chain[-1].args["limit"] = rng.randint(3, 50)
    elif source < 0.75:
        chain.append(Step("scrape_page", {"url": words.page_url(rng)}))
    elif source < 0.85:
        chain.append(Step("web_search", {"query": words.topic(rng)}))
        if rng.random() < 0.4:
            chain[-1].args["limit"] = rng.randint(3, 20)
    elif source < 0.92:
        chain.append(
            Step(
                "query_database",
                {
                    "question": f"how many {rng.choice(words.TABLES)} came in",
                    "database": rng.choice(words.DATABASES),
                },
            )
        )
    else:
        chain.append(Step("http_request", {"url": words.api_url(rng)}))
    if source < 0.85 and rng.random() < 0.65:
        args: dict[str, Any] = {}
        if rng.random() < 0.7:
            args["topic"] = words.topic(rng)
        if rng.random() < 0.75 or not args:
            args["limit"] = rng.randint(2, 20)
        chain.append(Step("rank_items", args))
    if rng.random() < 0.35:
        chain.append(
            Step("summarize_items", {"sentences": rng.randint(1, 5)} if rng.random() < 0.6 else {})
        )
    if rng.random() < 0.45:
        chain.append(
            Step("compile_newsletter", {"title": words.title(rng)} if rng.random() < 0.6 else {})
        )
    if rng.random() < 0.75:
        args = {"to": [words.mail(rng) for _ in range(rng.choice([1, 1, 2]))]}
        if rng.random() < 0.3:
            args["subject"] = words.title(rng)
        chain.append(Step("send_email", args))
    if rng.random() < 0.25:
        chain.append(Step("save_file", {"name": words.filename(rng)}))
    if rng.random() < 0.2 or len(chain) == 1:
        chain.append(Step("notify", {"channel": "#" + words.channel(rng)}))
    tags = [tag for tag in ("retry", "timeout", "alert", "approve") if rng.random() < 0.06]
    return words.job_name(rng), chain, "scheduled" if rng.random() < 0.7 else "", tags


class _Slots:
    """Values of an edit's text: prepared surfaces by name."""

    def __init__(self, surfaces: dict[str, str]) -> None:
        self.surfaces = surfaces

    def __call__(self, rng: random.Random, slot: str) -> str:
        return self.surfaces[slot]


def _text(rng: random.Random, op: str, surfaces: dict[str, str], texts: dict[str, str]) -> str:
    options = lines(texts[op])
    for _ in range(20):
        told = rng.choice(options)
        try:
            return Grammar({"X": [told]}, _Slots(surfaces)).say(rng, "X").text
        except KeyError:
            continue  # this wording needs a value that the job does not have
    raise KeyError(op)


def edit(rng: random.Random, lang: str) -> Sample:
    """One or two changes to a job."""
    fresh()
    texts = TEXTS
    if lang != "en":
        from importlib import import_module

        from training.samples import _MODULES

        texts = import_module(f"training.languages.{_MODULES[lang]}").EDITS
    name, chain, when, tags = focused(rng)
    surfaces = {"name": name}
    parts: list[str] = []
    edits: list[dict[str, Any]] = []
    extra: list[Step] = []
    used: set[str] = set()
    for _ in range(rng.choices([1, 2], weights=[0.82, 0.18])[0]):
        made = _one(rng, lang, chain, tags, surfaces, texts, bool(when), bool(parts))
        if (
            made is None
            or made[1] in used
            or (parts and made[1] in ("delete", "pause", "resume", "run_now"))
        ):
            continue
        used.add(made[1])
        parts.append(made[0])
        also = made[2].pop("also", None)
        edits += [made[2], *([also] if also else [])]
    if not parts:
        return edit(rng, lang)
    joint = {
        "en": [" and ", ", and ", ". ", "; ", " but ", ". Also, "],
        "de": [" und ", ". "],
        "fr": [" et ", ". "],
        "es": [" y ", ". "],
        "it": [" e ", ". "],
        "pt": [" e ", ". "],
        "nl": [" en ", ". "],
    }[lang]
    body = rng.choice(joint).join(parts)
    if lang == "en":
        body = rng.choice(FRONT).format(name=name) + body
    if rng.random() < 0.2 and lang == "en":
        body += rng.choice(
            [
                " please",
                ", please",
                ", thanks",
                ". Thanks",
                " in " + name,
                " for " + name,
                ". That's all.",
                ", the rest is fine",
                ". Rest stays as it is.",
            ]
        )
    sample = _finish(rng, lang, body, "edit", extra, [], None)
    sample.edits, sample.focus, sample.focus_name, sample.focus_when = edits, chain, name, when
    sample.missing = tags
    if rng.random() < 0.3:
        sample.jobs = [words.job_name(rng) for _ in range(rng.randint(1, 3))]
    return sample


def _place(chain: list[Step], skills: tuple[str, ...]) -> int | None:
    """The number of the last step of some skills."""
    return next((i for i in range(len(chain), 0, -1) if chain[i - 1].skill in skills), None)


def _field(skill: str, key: str) -> Field:
    return next(f for f in FIELDS[skill] if f.name == key)


def _set(do: str, number: int, skill: str, key: str, refs: Any) -> dict[str, Any]:
    return {"do": do, "step": number, "key": key, "field": _field(skill, key), "value": refs}


def _one(
    rng: random.Random,
    lang: str,
    chain: list[Step],
    tags: list[str],
    surfaces: dict[str, str],
    texts: dict[str, str],
    scheduled: bool,
    later: bool,
) -> tuple[str, str, dict[str, Any]] | None:
    """(text, op, edit) of one change that this job allows."""
    ops: dict[str, float] = {
        "schedule": 2.2,
        "add_step": 2.0,
        "pause": 0.8,
        "resume": 0.7,
        "run_now": 0.8,
        "delete": 0.7,
        "rename": 0.8,
        "add_structure": 1.0,
        "set_limit": 2.2,
        "swap_to": 0.7,
        "swap_url": 0.5,
        "swap_step": 0.6,
        "double_limit": 0.25,
        "half_limit": 0.25,
        "clear_limit": 0.3,
        "set_topic": 1.5,
        "set_query": 0.6,
        "set_sentences": 0.8,
        "set_url": 1.2,
        "add_url": 1.1,
        "remove_url": 0.6,
        "add_to": 1.6,
        "set_to": 1.3,
        "remove_to": 0.9,
        "set_title": 0.9,
        "set_subject": 0.6,
        "set_name": 0.6,
        "set_channel": 0.6,
        "remove_step": 1.6,
    }
    if scheduled:
        ops["unschedule"] = 0.5
    if tags:
        ops["remove_structure"] = 1.5
    op = rng.choices(list(ops), weights=list(ops.values()))[0]
    s = dict(surfaces)

    def told() -> str:
        return _text(rng, op, s, texts)

    if op in ("pause", "resume", "run_now", "delete", "unschedule"):
        return told(), op, {"do": op}
    if op == "rename":
        new = words.job_name(rng)
        surface, ref = wrap(rng.choice([new, new, f'"{new}"']))
        s["newname"] = surface
        return told(), op, {"do": "rename", "name": ref}
    if op == "schedule":
        surface, ref = wrap(
            times.when(rng, lang)
            if rng.random() < 0.7
            else (
                {
                    "en": "at ",
                    "de": "um ",
                    "fr": "à ",
                    "es": "a las ",
                    "it": "alle ",
                    "pt": "às ",
                    "nl": "om ",
                }[lang]
                + times.clock(rng, lang)
            )
        )
        s["when"] = surface
        return told(), op, {"do": "schedule", "when": ref}
    if op == "remove_structure":
        tag = rng.choice(tags)
        s["tag"] = rng.choice(TAGS[tag].split("|"))
        return told(), op, {"do": "remove_structure", "tag": tag}
    if op == "remove_step":
        number = rng.randint(1, len(chain))
        if sum(step.skill == chain[number - 1].skill for step in chain) > 1:
            return None
        if lang == "en":
            s["thing"] = rng.choice(NAMED[chain[number - 1].skill].split("|"))
        else:
            from importlib import import_module

            from training.samples import _MODULES

            things = import_module(f"training.languages.{_MODULES[lang]}").THINGS
            if chain[number - 1].skill not in things:
                return None
            s["thing"] = rng.choice(things[chain[number - 1].skill].split("|"))
        return told(), op, {"do": "remove_step", "step": number}
    if op == "swap_step":
        return _swapped(rng, lang, chain)
    if op == "add_step":
        return _added(rng, lang, chain)
    if op == "add_structure":
        rule = rng.choice(["RETRYING", "TIMEOUT", "ALERT", "APPROVING"])
        clause = say(rng, lang, rule)
        made = clause.steps[0]
        if made.skill == "@approve":
            number = _place(chain, ("send_email", "notify", "http_request", "save_file"))
            if number:
                made.args["step"] = ("literal", number)
        return clause.text, op, {"do": "add_structure", "tag": made.skill[1:], "fill": made}
    return _value_change(rng, op, chain, s, told)


def _added(
    rng: random.Random, lang: str, chain: list[Step]
) -> tuple[str, str, dict[str, Any]] | None:
    have = {step.skill for step in chain}
    rule, skill = rng.choice(
        [
            ("MAILING", "send_email"),
            ("SAVING", "save_file"),
            ("SAVING", "save_file"),
            ("NOTIFYING", "notify"),
            ("NOTIFYING", "notify"),
            ("SUMMING", "summarize_items"),
            ("LETTER", "compile_newsletter"),
            ("RANKING", "rank_items"),
            ("EXTRACTING", "extract_article"),
            ("POSTING", "http_request"),
        ]
    )
    if skill in have:
        return None
    clause = say(rng, lang, rule)
    made: dict[str, Any] = {"do": "add_step", "skill": "", "fill": clause.steps[0]}
    text = clause.text
    late = _place(chain, ("send_email", "notify", "save_file"))
    first = next(
        (
            i
            for i, step in enumerate(chain, 1)
            if step.skill in ("send_email", "notify", "save_file", "compile_newsletter")
        ),
        None,
    )
    also = {
        "en": ["also ", "and also ", "in addition, ", "additionally ", ""],
        "de": ["außerdem ", ""],
        "fr": ["aussi : ", ""],
        "es": ["además, ", ""],
        "it": ["inoltre ", ""],
        "pt": ["além disso, ", ""],
        "nl": ["verder: ", ""],
    }[lang]
    if skill in ("send_email", "save_file", "notify", "http_request"):
        text = rng.choice(also) + text
        if lang == "en" and rng.random() < 0.25:
            text += rng.choice([" as well", " too", " in the end", " at the end", " afterwards"])
    elif first is not None and late is not None:
        made["before"] = first
        if lang == "en" and rng.random() < 0.6:
            text += rng.choice(
                [
                    " first",
                    " before sending",
                    " before that",
                    " before mailing it",
                    " beforehand",
                    " before it goes out",
                ]
            )
    return text, "add_step", made


def _swapped(
    rng: random.Random, lang: str, chain: list[Step]
) -> tuple[str, str, dict[str, Any]] | None:
    """One way of delivery for another: `don't mail it, save it as x.md instead`."""
    if lang != "en":
        return None
    here = [
        i for i, step in enumerate(chain, 1) if step.skill in ("send_email", "save_file", "notify")
    ]
    rule, skill = rng.choice(
        [("MAILING", "send_email"), ("SAVING", "save_file"), ("NOTIFYING", "notify")]
    )
    if len(here) != 1 or chain[here[0] - 1].skill == skill:
        return None
    away = {
        "send_email": "don't mail it|do not send a mail|no mail|don't email it|instead of mailing it|rather than a mail|stop mailing it",
        "save_file": "don't save it|no file|do not store it|instead of the file|rather than saving it",
        "notify": "don't post it|no notification|don't tell the channel|instead of the channel message",
    }[chain[here[0] - 1].skill]
    clause = say(rng, lang, rule)
    text = (
        rng.choice(away.split("|"))
        + rng.choice([", ", ", but ", "; ", " - "])
        + clause.text
        + rng.choice(["", " instead", " instead", " please"])
    )
    gone = {"do": "remove_step", "step": here[0]}
    return (
        text,
        "swap_step",
        gone | {"also": {"do": "add_step", "skill": "", "fill": clause.steps[0]}},
    )


def _value_change(
    rng: random.Random, op: str, chain: list[Step], s: dict[str, str], told: Any
) -> tuple[str, str, dict[str, Any]] | None:
    do, _, what = op.partition("_")
    where = {
        "limit": ("rank_items", "fetch_feed", "web_search", "scrape_page"),
        "topic": ("rank_items",),
        "query": ("web_search",),
        "sentences": ("summarize_items",),
        "url": ("fetch_feed", "scrape_page", "http_request"),
        "to": ("send_email",),
        "title": ("compile_newsletter",),
        "subject": ("send_email",),
        "name": ("save_file",),
        "channel": ("notify",),
    }[what]
    number = None
    for skill in where:
        number = _place(chain, (skill,))
        if number and (
            what != "limit" or "limit" in chain[number - 1].args or skill == "rank_items"
        ):
            break
    if not number:
        return None
    step = chain[number - 1]
    key = "urls" if what == "url" and step.skill == "fetch_feed" else what
    old = step.args.get(key)
    if op in ("double_limit", "half_limit", "clear_limit"):
        if old is None:
            return None
        if op == "clear_limit":
            return told(), op, {"do": "clear", "step": number, "key": key}
        return told(), op, {"do": "set", "step": number, "key": key, "value": do}
    if old is not None:
        s["old"] = str(old[0] if isinstance(old, list) else old)
    if do in ("add", "remove") and step.skill not in ("fetch_feed", "send_email"):
        return None
    if do == "swap":
        if not isinstance(old, list):
            return None
        new = words.mail(rng) if what == "to" else words.feed_url(rng)
        gone, was = wrap(rng.choice(old))
        surface, ref = wrap(new)
        s |= {"oldmail": gone, "oldurl": gone, "mail": surface, "url": surface}
        if len(old) == 1:
            return told(), op, _set("set", number, step.skill, key, ref)
        s["second"] = ""
        text = told()
        return (
            text,
            op,
            _set("remove", number, step.skill, key, was)
            | {"also": _set("add", number, step.skill, key, ref)},
        )
    if do == "remove":
        if not isinstance(old, list):
            return None
        surface, ref = wrap(rng.choice(old))
        s["oldurl" if what == "url" else "oldmail"] = surface
        return told(), op, _set("remove", number, step.skill, key, ref)
    made = {
        "limit": lambda: words.number(rng), "sentences": lambda: words.number(rng, 2, 6), "topic": lambda: words.topic(rng), "query": lambda: words.topic(rng),
        "url": lambda: words.feed_url(rng) if step.skill == "fetch_feed" else words.api_url(rng) if step.skill == "http_request" else words.page_url(rng),
        "to": lambda: words.mail(rng), "title": lambda: rng.choice(['"{}"', "{}"]).format(words.title(rng)), "subject": lambda: rng.choice(['"{}"', "{}"]).format(words.title(rng)),
        "name": lambda: words.filename(rng), "channel": lambda: "#" + words.channel(rng),
    }[what]()  # fmt: skip
    surface, ref = wrap(made)
    s[
        {
            "limit": "n",
            "sentences": "n",
            "topic": "topic",
            "query": "topic",
            "url": "url",
            "to": "mail",
            "title": "title",
            "subject": "title",
            "name": "file",
            "channel": "chan",
        }[what]
    ] = surface
    text = told()
    if isinstance(old, list) and len(old) > 1 and do == "set":
        return None
    return text, op, _set(do, number, step.skill, key, ref)
