"""The order of what goes out: as it was said, unless words say that something comes before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.builder.methods import called
from assistant.grounding.languages import fold

_MARK_OF = {"save_file": "file", "send_email": "mail", "notify": "chan"}
# What is told behind it comes before what was told so far: "and before that keep a copy".
_BEFORE_THAT = re.compile(
    r"(?<!\w)(?:before (?:that|this|you do(?: (?:that|this|so|it))?|it does(?: (?:that|this|so))?|doing (?:so|that|this)|it goes(?: out)?|any of (?:that|this))(?=[\s,:]|$)(?! \w+(?:s|ed) )"
    r"|beforehand|but first(?! (?:of|thing))|first,? though|(?:und )?(?:vorher|davor|zuvor)|avant (?:cela|ca)|antes de (?:eso|ello)|prima di cio|antes disso|daarvoor)(?!\w)"
)
_EDGE = re.compile(r"[.;!?](?=\s)|, (?:and|but|oh|ah|und|et|y|e|en|aber) ")


def ordered(steps: Sequence[str], text: str) -> list[str]:
    """The steps with those that keep, mail and tell in the order in which a marked request names
    their places. A step of which there are several keeps its place."""
    made = list(steps)
    places = [n for n, step in enumerate(made) if step in _MARK_OF and made.count(step) == 1]
    if len(places) < 2 or not all(_MARK_OF[made[n]] in text for n in places):
        return made
    marks = {made[n]: _spoken(_MARK_OF[made[n]], text) for n in places}
    if any(len(found) != 1 for found in marks.values()):
        return made
    at = {step: found[0] for step, found in marks.items()}
    for start, end in _moved(text):
        late = [step for step, place in at.items() if start <= place < end]
        earlier = [place for place in at.values() if place < start]
        for step in late if earlier else ():
            at[step] = min(earlier) - len(text) + at[step]
    if all(at[made[a]] < at[made[b]] for a, b in pairwise(places)):
        return made
    for place, step in zip(places, sorted(at, key=lambda step: at[step]), strict=True):
        made[place] = step
    return made


def _spoken(kind: str, text: str) -> list[int]:
    """Where each mark of a kind stands first."""
    found = dict.fromkeys(re.findall(rf"<{kind}\d>", text))
    return [text.index(mark) for mark in found]


def _moved(text: str) -> list[tuple[int, int]]:
    """The stretches of a text that come before what stands ahead of them."""
    folded = fold(text)
    found: list[tuple[int, int]] = []
    for said in _BEFORE_THAT.finditer(folded):
        edges = [m.end() for m in _EDGE.finditer(folded[: said.start()])]
        start = said.start() if said[0].startswith("but") else edges[-1] if edges else 0
        stop = re.search(r"[.;!?](?=\s|$)", folded[said.end() :])
        found.append((start, said.end() + stop.start() if stop else len(text)))
    return found


_GIVING = (
    "fetch_feed",
    "scrape_page",
    "web_search",
    "query_database",
    "extract_article",
    "ask_model",
)
_OUT = ("save_file", "send_email", "notify")


def sent_last(steps: list[str], text: str) -> list[str]:
    """What is sent to an interface goes there when it has been made: "POST the viewings to <api>.
    They're in the diary database"."""
    methods = called(text)
    sends = bool(methods) and set(methods.values()) <= {"POST", "PUT"}
    if not sends or steps.count("http_request") != 1 or not set(_GIVING) & set(steps):
        return steps
    rest = [step for step in steps if step != "http_request"]
    place = max(n for n, step in enumerate(rest) if step not in _OUT) + 1
    at = text.index(next(iter(methods)))
    for step in rest[place:]:
        spoken = _spoken(_MARK_OF[step], text)
        place += bool(spoken) and spoken[0] < at
    return [*rest[:place], "http_request", *rest[place:]]


_KEPT = re.compile(
    r"(?<!\w)(?:keep|save|store|file|put|dump|write)(?:s|d|ed)? (?:it|that|this|them|these|those|the (?:answer|response|result|rows|list|lot|reply|data|export))(?: (?:down|away|all|whole))? (?:as|in|into|to|under) <file\d>(?=[.,;:]|$| (?:and|then|,)\b)"
)
_MODEL = re.compile(r"(?<!\w)(?:model|llm|ai)(?!\w)|<model\d>")


def kept_as_read(steps: list[str], text: str) -> list[str]:
    """What is kept before anything is said of a model is kept as it was read: "keep it as
    claims.csv, ask the model which look odd"."""
    if steps.count("save_file") != 1 or steps.count("ask_model") != 1:
        return steps
    folded = fold(text)
    said, asked = _KEPT.search(folded), _MODEL.search(folded)
    at, model = steps.index("save_file"), steps.index("ask_model")
    if said is None or asked is None or asked.start() < said.end() or not 0 < model < at:
        return steps
    rest = [step for step in steps if step != "save_file"]
    return [*rest[:model], "save_file", *rest[model:]]


# The file is what the letter carries.
_AS_FILE = re.compile(
    r"attach\w*|as (?:a |the )?file|with the file|anhang|angehangt|anlage|piece jointe|adjunt\w*|allegat\w*|anexo|anexad\w*|bijlage"
)


def saved_first(steps: list[str], text: str) -> list[str]:
    """What a letter has attached is saved before it goes."""
    if not {"save_file", "send_email"} <= set(steps) or not _AS_FILE.search(fold(text)):
        return steps
    if steps.index("save_file") < steps.index("send_email"):
        return steps
    rest = [step for step in steps if step != "save_file"]
    at = rest.index("send_email")
    return [*rest[:at], *["save_file"] * steps.count("save_file"), *rest[at:]]
