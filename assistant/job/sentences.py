"""Sentences of what people say, and what kind they are: goals, limits, facts, wishes for later.

Reading them needs no model: a few plain signs are looked for. A model that can does it better;
this is what there is without one.
"""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?…])\s+(?=[^\s])|\n+")
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_CONSTRAINT = re.compile(
    r"\b(must|never|always|only|at most|at least|no more than|not? (?:more|less|later|earlier)|"
    r"without|don'?t|do not|cannot|can'?t|may not|before|until|within|budget|limit|deadline|"
    r"require[sd]?|forbid|avoid|except|instead of)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"\b(later|next time|next week|next month|some ?day|afterwards?|follow[- ]?up|to ?do|"
    r"(?:we|i|you) (?:also )?(?:should|need to|want to|could) also|another time|still (?:open|to do|missing)|"
    r"remains? to be|not yet|outstanding|once (?:this|that) is done)\b",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"\b(?:before (?:this|it|that|the \w+)(?: job| work)? (?:is|can be|may be|counts as) "
    r"(?:done|completed?|finished|closed)|(?:is|are|was|were) needed first|must come first|"
    r"has to (?:be done|come) first|this (?:job |work )?(?:waits for|depends on|is blocked by))\b",
    re.IGNORECASE,
)
_MANNER = re.compile(
    r"\b(from now on|in (?:a )?\w+ (?:tone|style|voice)|(?:be|keep it|make it) (?:more |less )?"
    r"(?:short|shorter|brief|formal|friendly|concise|plain|simple)\w*|always (?:write|use|ask|begin|end|say)|"
    r"never (?:write|use|ask|say)|prefer(?:s|red)?|rather than)\b",
    re.IGNORECASE,
)
_ASSISTANT = re.compile(
    r"\b(the assistant (?:should|must|needs)|you (?:should|must) (?:learn|remember|be able)|"
    r"(?:add|write|install|needs?) (?:a|another|the) (?:skill|tool|model|plugin))\b",
    re.IGNORECASE,
)
_FACT = re.compile(
    r"(https?://\S+|\S+@\S+\.\w+|[\w./-]+\.(?:md|txt|html|yaml|csv|json|pdf|db)\b|\d|"
    r"\b(?:is|are|was|were|has|have|uses?|lives?|stands? (?:in|at)|named|called|means)\b)",
    re.IGNORECASE,
)


def sentences(text: str) -> list[str]:
    """The sentences and lines of a text, without bullets."""
    parts = (_BULLET.sub("", part).strip() for part in _END.split(text))
    return [part for part in parts if part]


def is_constraint(sentence: str) -> bool:
    """It limits what may be done or how."""
    return bool(_CONSTRAINT.search(sentence))


def is_later(sentence: str) -> bool:
    """It speaks of work that is left for another time."""
    return bool(_LATER.search(sentence))


def is_needed_first(sentence: str) -> bool:
    """It speaks of work without which what is being done is not complete."""
    return bool(_FIRST.search(sentence))


def is_manner(sentence: str) -> bool:
    """It says in which manner the work shall be done from now on."""
    return bool(_MANNER.search(sentence))


def is_of_assistant(sentence: str) -> bool:
    """It asks for a change of the assistant itself."""
    return bool(_ASSISTANT.search(sentence))


def is_fact(sentence: str) -> bool:
    """It states something that can be known: a place, a number, what a thing is."""
    return bool(_FACT.search(sentence)) and not sentence.endswith("?")


def words_in(text: str) -> int:
    """How many words a text has."""
    return len(re.findall(r"\w+", text))
