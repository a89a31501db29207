"""From grammar rules to whole requests: order of telling, connectives, schedules, structure, noise."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from training import times, words
from training.grammar import Said, Step
from training.languages.connectives import EACH, IF, JOIN, LAST, SIDE
from training.samples import (
    LANGUAGES,
    Ref,
    Sample,
    fresh,
    known,
    outside,
    say,
    seen_jobs,
    unwrap,
    wrap,
)


def _pick(rng: random.Random, **weights: float) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


# Chains of clauses --------------------------------------------------------------------


def chain(rng: random.Random, lang: str) -> list[Said]:
    """A source and what is done with it, one clause each."""
    clauses = [say(rng, lang, "SRC")]
    skills = {step.skill for step in clauses[0].steps}
    listy = bool(skills & {"fetch_feed", "web_search", "scrape_page"})
    if "fetch_feed" in skills and rng.random() < 0.12:
        clauses.append(say(rng, lang, "SRC"))
    if listy and "rank_items" not in skills and rng.random() < 0.5:
        clauses.append(say(rng, lang, "RANKING"))
    if listy and rng.random() < 0.12:
        clauses.append(say(rng, lang, "EXTRACTING"))
    if rng.random() < (0.35 if listy or "extract_article" in skills else 0.08):
        clauses.append(say(rng, lang, "SUMMING"))
    if rng.random() < 0.1:
        clauses.append(say(rng, lang, "ASKING"))
    if listy and rng.random() < 0.38:
        clauses.append(say(rng, lang, "LETTER"))
    wanted = rng.choices([0, 1, 2, 3], weights=[1.2, 6, 1.7, 0.2])[0]
    if len(clauses) == 1:
        wanted = max(wanted, 1)
    done: set[str] = set()
    for _ in range(wanted):
        clause = say(rng, lang, "DELIVER")
        kind = clause.steps[0].skill
        if kind not in done or rng.random() < 0.1:
            clauses.append(clause)
            done.add(kind)
    return clauses


def told(rng: random.Random, lang: str, clauses: list[Said]) -> str:
    """The clauses as one text: a sentence, arrows, or a list."""
    texts = [clause.text for clause in clauses]
    style = rng.random()
    if len(texts) > 1 and style < 0.08:
        arrow = rng.choice([" -> ", " → ", " => ", " > ", " | ", " / ", " + "])
        return arrow.join(texts)
    if len(texts) > 1 and style < 0.13:
        return "\n".join(f"{i}. {t}" for i, t in enumerate(texts, 1))
    if len(texts) > 1 and style < 0.16:
        return "\n".join(f"- {t}" for t in texts)
    if len(texts) > 1 and style < 0.2:
        return ". ".join(t[:1].upper() + t[1:] for t in texts) + rng.choice([".", ""])
    same = rng.choice(JOIN[lang]) if rng.random() < 0.5 else ""
    out = texts[0]
    for number, text in enumerate(texts[1:], 2):
        if number == len(texts):
            joint = rng.choice(LAST[lang] if rng.random() < 0.7 else JOIN[lang])
        else:
            joint = same or rng.choice(JOIN[lang])
        out += joint + (text[:1].upper() + text[1:] if joint.endswith(". ") else text)
    return out


def steps_of(clauses: list[Said]) -> list[Step]:
    return [step for clause in clauses for step in clause.steps]


# Kinds of request -----------------------------------------------------------------------


def _scheduled(rng: random.Random, lang: str, body: str) -> tuple[str, Ref]:
    """A body with a recurring time, before or behind it."""
    surface, ref = wrap(times.when(rng, lang))
    if rng.random() < 0.12:
        zone = rng.choice(
            [
                f"{rng.choice(words.CITIES_TIME)} time",
                rng.choice(words.ZONES),
                f"({rng.choice(words.ZONES)})",
                f"{rng.choice(words.CITIES_TIME)} time",
            ]
        )
        surface += " " + zone if lang == "en" else f" ({rng.choice(words.ZONES)})"
    front = rng.random()
    if front < 0.5:
        return surface + rng.choice(
            [", ", " ", ": ", ", please ", " I want you to "] if lang == "en" else [" ", ", ", ": "]
        ) + body, ref
    if front < 0.9 or lang != "en":
        return body + rng.choice([" ", ", ", " "]) + surface, ref
    return body + rng.choice(
        [
            ". Do this ",
            ". Run it ",
            ". This should run ",
            ", and do that ",
            ". Schedule: ",
            " - ",
            " (",
            ". When? ",
            ". Repeat ",
        ]
    ) + surface, ref


def work(rng: random.Random, lang: str) -> Sample:
    """One or more steps, perhaps scheduled: no structure."""
    fresh()
    shape = _pick(rng, single=3.0, fused=4.5, chain=4.5)
    if shape == "single":
        clause = say(rng, lang, "SINGLE")
        body, steps = clause.text, clause.steps
    elif shape == "fused":
        clause = say(rng, lang, "FUSED")
        body, steps = clause.text, clause.steps
        if rng.random() < 0.15:
            more = say(rng, lang, "DELIVER")
            if more.steps[0].skill != steps[-1].skill:
                body += rng.choice(LAST[lang]) + more.text
                steps = steps + more.steps
    else:
        clauses = chain(rng, lang)
        body, steps = told(rng, lang, clauses), steps_of(clauses)
    when = None
    if rng.random() < (0.18 if shape == "single" else 0.55):
        body, when = _scheduled(rng, lang, body)
    structure: list[Step] = []
    kind = "call" if len(steps) == 1 and when is None else "job"
    return _finish(rng, lang, body, kind, steps, structure, when)


_EXTRAS = {
    "retry": "RETRYING",
    "timeout": "TIMEOUT",
    "alert": "ALERT",
    "approve": "APPROVING",
    "inputs": "INPUTS",
}


def structured(rng: random.Random, lang: str) -> Sample:
    """Work with a condition, a loop, branches, a trigger or safeguards."""
    fresh()
    shape = _pick(rng, condition=3, loop=2.5, parallel=1.5, call=1.5, trigger=3.5, extras=4.5)
    structure: list[Step] = []
    when: Ref | None = None
    if shape == "condition":
        body, steps, structure = _condition(rng, lang)
    elif shape == "loop":
        body, steps, structure = _loop(rng, lang)
    elif shape == "parallel":
        body, steps, structure = _parallel(rng, lang)
    elif shape == "call":
        body, steps, structure = _call(rng, lang)
    elif shape == "trigger":
        body, steps, structure = _trigger(rng, lang)
    else:
        clauses = (
            chain(rng, lang)
            if rng.random() < 0.6
            else [say(rng, lang, rng.choice(["FUSED", "SINGLE"]))]
        )
        body, steps = told(rng, lang, clauses), steps_of(clauses)
    if shape != "trigger" and rng.random() < 0.4:
        body, when = _scheduled(rng, lang, body)
    chances = rng.choices([0, 1, 2], weights=[0, 4, 1] if shape == "extras" else [6, 1, 0])[0]
    for tag in rng.sample(list(_EXTRAS), chances):
        clause = say(rng, lang, _EXTRAS[tag])
        made = clause.steps[0]
        if tag == "approve":
            write = [
                i
                for i, s in enumerate(steps, 1)
                if s.skill in ("send_email", "notify", "http_request", "save_file")
            ]
            if write:
                made.args["step"] = ("literal", write[-1])
        body += (
            rng.choice([". ", ", ", "; ", " - ", " and ", ", and "]) + clause.text
            if lang == "en"
            else rng.choice([". ", ", ", "; "]) + clause.text
        )
        structure.append(made)
    return _finish(rng, lang, body, "job", steps, structure, when)


def _condition(rng: random.Random, lang: str) -> tuple[str, list[Step], list[Step]]:
    before = chain(rng, lang)[: rng.choice([1, 1, 2])]
    body = told(rng, lang, before)
    steps = steps_of(before)
    cond = say(rng, lang, "COND")
    made = next(s for s in cond.steps if s.skill == "@if")
    then = [say(rng, lang, "DELIVER") for _ in range(rng.choice([1, 1, 1, 2]))]
    if rng.random() < 0.15:
        then.insert(0, say(rng, lang, "LETTER"))
    first = len(steps) + 1
    w = IF[lang]
    text = told_plain(rng, lang, then)
    if rng.random() < 0.65:
        body += (
            rng.choice(w["joint"]) + rng.choice(w["if"]) + cond.text + rng.choice(w["then"]) + text
        )
    else:
        body += rng.choice(w["and"]) + text + rng.choice(w["onlyif"]) + cond.text
    steps += steps_of(then)
    if rng.random() < 0.35:
        other = say(rng, lang, "DELIVER")
        made.args["else"] = ("literal", len(steps) + 1)
        body += rng.choice(w["else"]) + other.text
        steps += other.steps
    made.args["first"] = ("literal", first)
    made.args["last"] = ("literal", len(steps))
    return body, steps, [made]


def told_plain(rng: random.Random, lang: str, clauses: list[Said]) -> str:
    out = clauses[0].text
    for clause in clauses[1:]:
        out += rng.choice(LAST[lang]) + clause.text
    return out


def _loop(rng: random.Random, lang: str) -> tuple[str, list[Step], list[Step]]:
    made = Step("@for_each")
    each = rng.choice(EACH[lang])
    inner = [
        say(
            rng,
            lang,
            rng.choice(["SUMMING", "ASKING", "DELIVER", "EXTRACTING", "SAVING", "POSTING"]),
        )
        for _ in range(rng.choice([1, 2, 2]))
    ]
    if lang == "en" and rng.random() < 0.45:
        kind = rng.choice(["feeds", "pages", "feeds", "sites"])
        parts = [
            wrap(words.feed_url(rng) if kind == "feeds" else words.page_url(rng))
            for _ in range(rng.choice([2, 3, 3, 4]))
        ]
        urls = ", ".join(p[0] for p in parts[:-1]) + rng.choice([" and ", ", "]) + parts[-1][0]
        made.args["over"] = [p[1] for p in parts]
        skill = {
            "feeds": "fetch_feed",
            "pages": rng.choice(["scrape_page", "extract_article"]),
            "sites": "scrape_page",
        }[kind]
        verb = {
            "fetch_feed": [
                "read it",
                "fetch it",
                "get the items",
                "fetch the latest items",
                "take the newest posts",
            ],
            "scrape_page": ["scrape it", "scrape the table", "get the list", "take the prices"],
            "extract_article": ["get the full text", "extract the article", "read the article"],
        }[skill]
        first = Said(rng.choice(verb), [Step(skill)])
        body = (
            rng.choice(
                [
                    f"for each of {urls}",
                    f"for each of these {kind}: {urls}",
                    f"for every one of the {kind} {urls}",
                    f"for each of the {kind} {urls}",
                    f"go through {urls} one by one and for each",
                ]
            )
            + rng.choice([", ", " ", ": "])
            + told_plain(rng, lang, [first, *inner])
        )
        steps = first.steps + steps_of(inner)
        made.args["first"], made.args["last"] = ("literal", 1), ("literal", len(steps))
    else:
        before = chain(rng, lang)[: rng.choice([1, 1, 2])]
        steps = steps_of(before)
        made.args["first"] = ("literal", len(steps) + 1)
        body = (
            told(rng, lang, before)
            + rng.choice([", ", ". ", " and ", ", then ", "; "] if lang == "en" else [", ", ". "])
            + each
            + told_plain(rng, lang, inner)
        )
        steps += steps_of(inner)
        made.args["last"] = ("literal", len(steps))
    if rng.random() < 0.3:
        after = say(rng, lang, "DELIVER")
        body += {
            "en": rng.choice(
                [". At the end ", ". When all are done, ", ", and finally ", ". Afterwards "]
            ),
            "de": ". Am Ende ",
            "fr": ". À la fin, ",
            "es": ". Al final, ",
            "it": ". Alla fine ",
            "pt": ". No final, ",
            "nl": ". Aan het eind ",
        }[lang] + after.text
        steps += after.steps
    return body, steps, [made]


def _parallel(rng: random.Random, lang: str) -> tuple[str, list[Step], list[Step]]:
    branches = [say(rng, lang, "SRC") for _ in range(rng.choice([2, 2, 3]))]
    if lang == "en" and rng.random() < 0.35:
        branches = _alike(rng)
    steps = steps_of(branches)
    side = rng.choice(SIDE[lang])
    text = told_plain(rng, lang, branches)
    body = rng.choice([f"{side} {text}", f"{text} {side}", f"{side}, {text}", f"{side}: {text}"])
    if rng.random() < 0.75:
        after = [say(rng, lang, "RANKING")] if rng.random() < 0.25 else []
        after += [say(rng, lang, "LETTER")] if rng.random() < 0.4 else []
        after.append(say(rng, lang, "DELIVER"))
        body += rng.choice(JOIN[lang]) + told_plain(rng, lang, after)
        steps += steps_of(after)
    return body, steps, [Step("@parallel")]


def _alike(rng: random.Random) -> list[Said]:
    """Several sources of one kind under one verb: `fetch A and B`."""
    skill, verb, make = rng.choice(
        [
            ("fetch_feed", "fetch|read|get|take|load", words.feed_url),
            ("scrape_page", "scrape|read", words.page_url),
            ("extract_article", "read|extract|get the text of", words.page_url),
            ("http_request", "call|query|ping", words.api_url),
        ]
    )
    made: list[Said] = []
    for number in range(rng.choice([2, 2, 3])):
        surface, ref = wrap(make(rng))
        made.append(
            Said(
                f"{rng.choice(verb.split('|'))} {surface}" if number == 0 else surface,
                [Step(skill, {"url": ref})],
            )
        )
    return made


def _call(rng: random.Random, lang: str) -> tuple[str, list[Step], list[Step]]:
    call = say(rng, lang, "CALLJOB")
    clauses = [say(rng, lang, "DELIVER")] if rng.random() < 0.5 else chain(rng, lang)
    if rng.random() < 0.5:
        return (
            call.text + rng.choice(JOIN[lang]) + told(rng, lang, clauses),
            steps_of(clauses),
            call.steps,
        )
    return (
        told_plain(rng, lang, clauses) + rng.choice(JOIN[lang] + LAST[lang]) + call.text,
        steps_of(clauses),
        call.steps,
    )


def _trigger(rng: random.Random, lang: str) -> tuple[str, list[Step], list[Step]]:
    trigger = say(rng, lang, "TRIGGER")
    made = trigger.steps[0]
    middle: list[Said] = []
    if made.skill == "@trigger_feed":
        for rule, chance in (
            ("RANKING", 0.2),
            ("EXTRACTING", 0.15),
            ("SUMMING", 0.4),
            ("ASKING", 0.08),
            ("LETTER", 0.15),
        ):
            if rng.random() < chance:
                middle.append(say(rng, lang, rule))
    elif rng.random() < 0.4:
        middle = chain(rng, lang)[: rng.choice([1, 2])]
    clauses = [*middle, say(rng, lang, "DELIVER")]
    if rng.random() < 0.15:
        clauses.append(say(rng, lang, "DELIVER"))
    text = told_plain(rng, lang, clauses)
    if rng.random() < 0.68:
        body = (
            trigger.text
            + rng.choice([", ", " ", ": ", ", please "] if lang == "en" else [", ", ": "])
            + text
        )
    else:
        body = text + rng.choice([" ", " ", ", "]) + trigger.text
    if made.skill == "@trigger_feed" and lang == "en" and rng.random() < 0.15:
        surface, ref = wrap(times.duration(rng, lang))
        made.args["every"] = ref
        body += (
            rng.choice(
                [", checking every ", " (check every ", ". Check it every ", ", look every "]
            )
            + surface
        )
        body += ")" if "(check" in body else ""
    return body, steps_of(clauses), [made]


# Noise and finish ---------------------------------------------------------------------------


def _finish(
    rng: random.Random,
    lang: str,
    body: str,
    kind: str,
    steps: list[Step],
    structure: list[Step],
    when: Ref | None,
    missing: list[str] | None = None,
) -> Sample:
    """Openings, closings, typos; then the marks are taken off."""
    work_kind = kind in ("call", "job")
    opening = say(rng, lang, "OPEN").text if work_kind and rng.random() < 0.55 else ""
    if opening and body[:2] not in ("1.", "- "):
        joint = "" if opening.endswith("\n") else " "
        body = (
            opening
            + joint
            + (body[0].lower() + body[1:] if body[0].isalpha() and body[1:2].islower() else body)
        )
    if work_kind and rng.random() < 0.3:
        closing = say(rng, lang, "CLOSE" if rng.random() < 0.7 else "PLEASE").text
        body += closing if closing[:1] in ".,;:!?" else f" {closing}" if closing else ""
    text = noise(rng, body)
    plain, spans = unwrap(text)
    plain = plain.strip() if not spans else plain
    found = [s for s in steps if s.skill.startswith("@")]
    return Sample(
        plain,
        kind,
        lang,
        [s for s in steps if not s.skill.startswith("@")],
        found + structure,
        when,
        spans,
        missing or [],
        jobs=seen_jobs(),
    )


def noise(rng: random.Random, text: str) -> str:
    """How people type: capitals, stops, slips."""
    style = rng.random()
    if style < 0.3:
        text = _capital(text)
    elif style < 0.42:
        text = outside(text, str.lower)
    elif style < 0.44:
        text = outside(text, lambda t: t.replace(",", ""))
    elif style < 0.45:
        text = outside(text, str.upper)
    if rng.random() < 0.3 and text[-1:].isalnum():
        text += rng.choice([".", ".", ".", "!", " ."])
    if rng.random() < 0.1:
        text = outside(text, lambda t: typo(rng, t))
    return text


def _capital(text: str) -> str:
    for i, char in enumerate(text):
        if "\ue000" <= char <= "\uf8ff":
            if text[i + 2 : i + 3].islower() and not re.match(
                r"[\w.-]*[@/:.]", text[i + 2 : i + 60]
            ):
                return text[: i + 2] + text[i + 2].upper() + text[i + 3 :]
            return text
        if char.isalpha():
            return text[:i] + char.upper() + text[i + 1 :]
    return text


def typo(rng: random.Random, text: str) -> str:
    """One slip in a word or two."""
    for _ in range(rng.choice([1, 1, 2])):
        spots = [m.start() for m in re.finditer(r"(?<=[a-z])[a-z](?=[a-z])", text)]
        if not spots:
            return text
        at = rng.choice(spots)
        text = rng.choice(
            [
                text[:at] + text[at + 1 :],
                text[:at] + text[at + 1] + text[at] + text[at + 2 :],
                text[:at] + text[at] + text[at:],
                text[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + text[at + 1 :],
            ]
        )
    return text


def talk(rng: random.Random, lang: str) -> Sample:
    """Answer, clarify or unsupported."""
    fresh()
    kind = _pick(rng, answer=3.2, unsupported=2.8, clarify=3)
    if kind == "clarify":
        return lacking(rng, lang)
    said = say(rng, lang, kind.upper())
    text = said.text
    if kind == "unsupported" and rng.random() < 0.4:
        text = say(rng, lang, "OPEN").text + " " + text
    if kind == "unsupported" and rng.random() < 0.2:
        text, _ = _scheduled(rng, lang, text)
    return _finish(rng, lang, text.strip(), kind, [], [], None)


def lacking(rng: random.Random, lang: str) -> Sample:
    """Work in which something needed is missing: its value is cut out of the sentence."""
    if rng.random() < 0.45:
        said = say(rng, lang, "CLARIFY")
        return _finish(rng, lang, said.text, "clarify", [], [], None, ["what"])
    said = say(rng, lang, "LACKING")
    missing = [s.skill.removeprefix("@miss_") for s in said.steps if s.skill.startswith("@miss_")]
    when = next((s.args["says"] for s in said.steps if s.skill == "@when"), None)
    text = said.text
    if when is None and rng.random() < 0.35:
        text, _ = _scheduled(rng, lang, text)
    return _finish(rng, lang, text, "clarify", [], [], None, missing)


MAKERS: list[tuple[float, Callable[[random.Random, str], Sample]]] = [
    (5.4, work),
    (3.8, structured),
    (1.5, talk),
]


def language(rng: random.Random) -> str:
    """Mostly English."""
    return "en" if rng.random() < 0.82 else rng.choice([x for x in LANGUAGES if known(x)])
