"""What a model is to do, with what stands in another sentence: "ten questions on the article. Have
the model write them."."""

from __future__ import annotations

import re

from assistant.builder.lending import without_lending
from assistant.builder.remains import task_left, telling
from assistant.builder.texts_said import (
    A_MODEL,
    clause_of_model,
    ended,
    into_language,
    outward,
    saying,
)
from assistant.grounding.cues import cues
from assistant.grounding.languages import fold

_THING = r"(?:it|them|that|this|those|these|one|so|das|es|sie|ca|cela|le|la|les|lo|los|las|li|o|os|as|het|dat|ze)"
# "Write them", "tell me, three sentences", "decide that, I'm not going to"
_POINTING = re.compile(
    rf"(?:please |then |also |just )?[a-z]+(?: (?:me|us|up|out|down|about|on|a bit))*(?: {_THING}(?: (?:up|out|down|for (?:me|us)|please|too|in))?| for (?:me|us|him|her|them))?(?=[,.;:]|$)(?P<rest>.*)"
)
_LENGTH = re.compile(
    r"(?:in |no more than |at most |about |max(?:imum)? )?(?:<num\d>|<dur\d>|an?|one|two|three)(?: (?:or|to) <num\d>)?(?: short| plain| good)? (?:sentences?|words?|lines?|paragraphs?|pages?|points?|bullets?)(?: or so| at most| max| each)?"
)
_PIECE = re.compile(r"(?<=[.!?;:])\s+|\n|\s[-–—]+\s")
_READING = re.compile(
    r"^\W*(?:(?:please|then|and|first|so|go|just) )*(?:read|take|get|fetch|open|scrape|pull|grab|look|go|see|use|visit|send|mail|e-?mail|post|save|put|file|lies|lis|lee|leggi)(?!\w)"
)
_WISH = re.compile(
    r"^\W*(?:(?:please|so|and|then|now|also|ok|okay|hi|hey|hello)[ ,]+)*(?:(?:what )?(?:i|we)(?:'d| would| do)?(?: really| only| just)? (?:want|need|like|love|fancy|am after|are after)(?: is)?(?: to have)?|i'm after|we're after|could (?:i|we) have|can (?:i|we) (?:have|get)|get me|give me|"
    r"ich (?:brauche|hatte gern|mochte)|je (?:veux|voudrais)|quiero|vorrei|quero|ik wil(?: graag)?) (?=\w|<)"
)


_JOINT = re.compile(
    r"[\s,;:]*(?:(?<!\w)(?:and|then|so|please|just|i'd|could you|can you|you can|let|have|get|make|ask|tell|use)[\s,;:]*)+$",
    re.I,
)


def prompt_of(text: str, *, alone: bool) -> str:
    """The task of a marked request: all of it where nothing else is wanted (`alone`), else the words
    that put it to the model, with what these only point at."""
    if alone and (whole := task_left(text)):
        return whole
    text = without_lending(text)
    said = saying("prompt", text)
    if said and " " not in said and (clause := ended(clause_of_model(text))):
        said = clause  # "Translate <page1> into Welsh with the model"
    elif said and _bare(said) and (before := _before_model(text)):
        said = f"{before}: {said}"
    told = said if telling(said) else clause_of_model(text)
    led = _LEADS_ON.search(fold(told))
    told = told[: led.start()] if led and telling(told[: led.start()]) else told
    return into_language(told or _before_model(text), text)


_ON_IT = re.compile(
    r"(?<!\w)(?:before|prior to|bevor|avant|antes|prima|voordat|first|vorher|d'abord|eerst)(?!\w)"
    r"|(?:put|translate|turn|rewrite|check|shorten|polish|render|have|read) (?:it|them|that|this|these|the (?:text|letter|message|whole (?:thing|lot)|lot|summary))(?!\w)"
)


_REWORKING = re.compile(
    r"\W*(?:(?:then|please|also|to|have|let|it|the model) )*(?:translat\w*|put|turn|rewrite|rephrase|reword|render|shorten|condense|polish|proofread|correct|simplif\w*|summari[sz]\w*|ubersetz\w*|tradui\w*|traduc\w*|traduz\w*|vertaal\w*)(?!\w)"
)


def reworks(task: str) -> bool:
    """Whether a model's task makes another wording of what there is: "translate it into Welsh"."""
    return _REWORKING.match(fold(task)) is not None


def works_on_it(text: str) -> bool:
    """Whether a model is to work on what there is: "before it goes out have it put into Welsh"."""
    return _ON_IT.search(fold(text)) is not None


# "…, and that goes back as a POST": where the answer goes is no part of the task.
_LEADS_ON = re.compile(
    r",? (?:and )?(?:then )?(?:that|it|this|which|the (?:answer|result|text|lot|record|draft)) (?:then )?(?:goes|is sent|is posted|is put|gets sent|should go|must go|is to go|lands|ends up)(?: \w+){0,4}\W*$"
)


def _bare(told: str) -> bool:
    """Whether a task only points at what stands elsewhere, and says at most how long it is to be."""
    rest = _LENGTH.sub(" ", fold(told))
    said = _POINTING.match(rest)
    beside = re.split(r"[,.;:]", said["rest"]) if said else [rest]
    return not any(
        telling(part)
        and not re.fullmatch(
            r"\W*(?:(?:and|then|it|that) )*(?:goes|go|off|comes|lands|ends)(?: \w+){0,2}\W*", part
        )
        and not re.match(r"\W*(?:i|we|nobody|because|since|so)\b", part.strip())
        for part in beside
    )


def _before_model(text: str) -> str:
    """The last words before those that speak of the model which say what is wanted."""
    spoken = [cue.start for cue in cues("sure", text) if cue.name == "ask_model"]
    spoken += [named.start()] if (named := A_MODEL.search(fold(text))) else []
    pieces = [piece for piece in _PIECE.split(text[: min(spoken)]) if piece] if spoken else []
    for piece in reversed(pieces):
        piece = _JOINT.sub("", piece)
        clauses = [c for c in re.split(r",\s", piece) if not _READING.match(fold(c))]
        told = re.sub(r"\s+,", ",", outward(", ".join(clauses)))
        wish = _WISH.match(fold(told))
        told = told[wish.end() :] if wish else told
        if telling(told):
            return told.strip(" .,;:!?")
    return ""
