"""Talk that is no work and needs no model: hello, thanks, "what can you do?", "why?", "what now?".

A prompt is one only when it is nothing else: every word of it has to belong to it. It makes no job;
where one is focused, it is written down there with its answer.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.chat import reading
from assistant.chat.answering import STARTER, abilities, words
from assistant.chat.context import TALK
from assistant.chat.events import TextDelta
from assistant.grounding.languages import fold
from assistant.job import gates
from assistant.schedule.cron import next_fires
from assistant.schedule.wording import in_words, moment
from assistant.store.jobs import JobRecord
from assistant.workplace import Workplace

Kind = Literal["thanks", "hello", "abilities", "forget", "why", "next"]
_MOST_WORDS, _LONGEST = 9, 200


def _set(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", text))


_THANKS = _set(
    "thanks thank thankyou thx ty cheers danke dankeschon merci gracias grazie obrigado obrigada "
    "bedankt dank"
)
_HELLO = _set(
    "hello hi hey hiya hallo moin servus bonjour bonsoir salut hola buenos buenas ciao buongiorno "
    "buonasera ola hoi goedemorgen goedemiddag goedenavond goedendag greetings"
)
_PRAISE = _set(
    "you so very much a lot many again that this it was is s great good perfect nice fine wonderful "
    "helpful awesome excellent well done job work really all for now the ok okay everything your help "
    "schon sehr vielen beaucoup muchas mille mil muito je u wel das war super toll genial perfecto "
    "perfetto prima top lovely brilliant and bye goodbye"
)
_WITH_HELLO = _set(
    "there good morning afternoon evening day again assistant everyone all guten tag morgen abend dias "
    "tardes noches bom dia boa tarde noite to you how are today"
)
_ABILITIES = re.compile(
    r"(?:so |and |ok(?:ay)?,? )*(?:what (?:all )?(?:can|do) you (?:do|offer|know)(?: for me)?|what are you(?: for| able to do)?|"
    r"who are you|what is this(?: for)?|how (?:do|can) (?:i|we) (?:use|start|begin|work) ?(?:with )?(?:you|this|it|here)?|"
    r"how does (?:this|it) work|what (?:can|should) i (?:do|say|ask|ask you)(?: here)?|can you help(?: me)?|help me|"
    r"was kannst du(?: alles)?(?: machen| tun)?|was kann ich (?:hier )?(?:tun|machen|fragen)|wie funktioniert (?:das|es)|"
    r"(?:que|qu'est[- ]ce que) (?:peux[- ]tu|tu peux|sais[- ]tu)(?: faire)?|comment ca marche|"
    r"que (?:puedes|sabes) hacer|como funciona(?: esto| isto)?|cosa (?:puoi|sai) fare|come funziona|"
    r"o que (?:voce )?(?:pode|sabe) fazer|wat kun je(?: allemaal)?(?: doen)?|hoe werkt (?:dit|het))"
)
_FORGET = re.compile(
    r"(?:please )?(?:forget|delete|erase|clear|wipe|remove) (?:everything|it all|all(?: of it| jobs)?|my data|all (?:my )?data)"
    r"(?: (?:about|of|on) me| you know(?: about me)?| i said)?|(?:vergiss|losche) alles|(?:oublie|efface) tout|(?:olvida|borra) todo|"
    r"(?:dimentica|cancella) tutto|(?:esqueca|apague) tudo|vergeet alles"
)
_WHY = _set("why warum wieso pourquoi perche waarom")
_OF_CHOICES = _set(
    "but and ok okay so not that this these those steps step order draft like did do you choose chose "
    "pick take use have it is are the many way job plan made make just them ones come"
)
"""Words with which somebody asks why a draft is as it is."""
_NEXT = re.compile(
    r"(?:ok(?:ay)?,? |so |and )*(?:what (?:happens|comes|is|s|do we do|do i do) (?:next|now)|what'?s next|what now|now what|and now|"
    r"what should i do(?: now| next)?|what are you waiting for|what is it waiting for|"
    r"(?:what is |what'?s )?the (?:state|status)|status|where are we(?: now)?|how (?:is|does) it (?:go|going|stand|look)(?: now)?|"
    r"was nun|und (?:jetzt|nun)|wie geht es weiter|et maintenant|y ahora(?: que)?|e adesso|e agora|en nu)"
)


def meant(place: Workplace, text: str, focused: JobRecord | None, model: str = "") -> Kind | None:
    """What a prompt is, when it is nothing but this. A model that converses says itself why."""
    return read(text, focused, converses=(model or place.settings.model) != STARTER)


def told(place: Workplace, text: str, kind: Kind, focused: JobRecord | None) -> TextDelta:
    """The answer; both are written down where a job is focused."""
    said = answer(place, kind, focused)
    if focused is not None:
        add, facts = place.jobs.add_interaction, {TALK: kind}
        add(focused.id, "prompt", "person", text.strip(), facts)
        add(focused.id, "answer", "assistant", said, facts)
    return TextDelta(said)


def read(text: str, focused: JobRecord | None, *, converses: bool) -> Kind | None:
    """What a prompt is by its words alone."""
    if len(text) > _LONGEST:
        return None
    said = " ".join(re.findall(r"[\w'’-]+", fold(text))).replace("’", "'")
    parts = re.findall(r"[^\W\d_]+", said)
    if not parts or len(parts) > _MOST_WORDS:
        return None
    known, rest = set(parts), _PRAISE | _THANKS | _HELLO
    if known & _THANKS and known <= rest:
        return "thanks"
    if known & _HELLO and known <= _HELLO | _WITH_HELLO:
        return "hello"
    if _ABILITIES.fullmatch(said):
        return "abilities"
    if _FORGET.fullmatch(said):
        return "forget"
    if focused is None:
        return None
    if _NEXT.fullmatch(said):
        return "next"
    asks_why = not converses and known & _WHY and known <= _WHY | _OF_CHOICES
    return "why" if asks_why else None


def answer(place: Workplace, kind: Kind, focused: JobRecord | None) -> str:
    """What is said to it, in the person's own words for things."""
    match kind:
        case "why" if focused is not None:
            return place.settings.spoken(_why(place, focused))
        case "next" if focused is not None:
            return place.settings.spoken(_next(place, focused))
        case "forget":
            return place.settings.spoken(words("forget_all", folder=str(place.settings.home)))
        case "abilities":
            return abilities(place)
        case "hello":
            return f"{words('hello')}\n\n{abilities(place)}"
        case _:
            return words("thanks")


def _why(place: Workplace, record: JobRecord) -> str:
    """What a draft or version rests on: the words, what each step does, what was assumed."""
    draft = place.jobs.open_draft(record.id)
    card = draft.card if draft else None
    if draft is None or not card:
        return (
            words("why_nothing", name=record.name)
            if not record.version
            else _in_force(place, record)
        )
    lines = [words("why_words", request=" ".join(draft.request.split())[:300])]
    lines += [f"- {step['sentence']}" for step in card["steps"]]
    if card["assumptions"]:
        lines += [words("why_assumed"), *(f"- {one}" for one in card["assumptions"])]
    return "\n".join([*lines, "", words("why_change")])


def _in_force(place: Workplace, record: JobRecord) -> str:
    version = place.jobs.version(record.id)
    return words("why_version", name=record.name, number=str(version.number), by=version.author,
                 message=" ".join((version.message or "").split())[:300])  # fmt: skip


def _next(place: Workplace, record: JobRecord) -> str:
    """What a job waits for, or does next, in a line or two."""
    standing = place.guide.standing(record.id)
    if place.jobs.open_draft(record.id) is not None:
        return words("next_draft", name=record.name)
    asked = reading.questions(place, record)
    if asked:
        return "\n".join(
            [words("waits", what=gates.waits_for(standing)), *(f"- {q.question}" for q in asked)]
        )
    if waits := gates.waits_for(standing):
        return words("waits", what=waits)
    lines = list[str]()
    schedule = place.ledger.schedule(record.id)
    if record.enabled and schedule is not None:
        [due] = next_fires(schedule.cron, schedule.timezone, place.clock.now(), 1)
        lines.append(words("next_fires", name=record.name, when=moment(due.local),
                           schedule=in_words(schedule.cron, schedule.timezone)))  # fmt: skip
    if record.status == "completed":
        lines.append(words("completed", name=record.name))
    elif standing.phase == "verify" and standing.ran == "succeeded":
        lines.append(words("next_judge", name=record.name))
    elif not lines:
        lines.append(words("next_version" if record.version else "next_prompt", name=record.name))
    return "\n".join(lines)
