"""Steps that something else takes the place of: "post it instead of mailing it", "swap the mail for
a message", "rather than the feed, search the web"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.builder.edits import Read
from assistant.builder.evidence import evidence
from assistant.builder.texts_said import saying
from assistant.grounding.cues import cues
from assistant.grounding.languages import fold

_FORMER = re.compile(
    r"(?<!\w)(?:instead of|rather than|in place of|in lieu of|not by|anstatt|anstelle|statt|au lieu d[e']|plutot que|a la place d[eu']|en vez de|"
    r"en lugar de|mejor que|invece (?:di|che)|al posto d[ei]l?l?a?|em vez d[eoa]|em lugar d[eoa]|in plaats van)(?!\w)(?P<old>[^.;,!?<]{0,40})"
)
_SWAPPED = re.compile(
    r"(?<!\w)(?:swap|replace|exchange|trade|switch|change|ersetze?|tausche?|remplace\w*|cambia\w*|reemplaza\w*|sostitui\w*|substitu\w*|troca\w*|vervang)"
    r"(?: out)? (?P<old>[^.;,!?<]{2,40}?) (?:with|by|for|to|into|durch|gegen|par|por|con|com|door)(?!\w)"
)
# "Where the search was", "nobody reads that channel", "that search brings in rubbish"
_GIVEN_UP = re.compile(
    r"(?<!\w)(?:where|in the place) (?:the |that |our )?(?P<was>[a-z -]{3,25}?) (?:was|is now|stood|used to be)(?!\w)"
    r"|(?:nobody|no one|no-one|hardly anyone|none of us|we don't|they don't|people don't)(?: \w+)? (?:reads?|looks? (?:at|in|into)|checks?|opens?|uses?|follows?|watch(?:es)?) (?:the |that |this |our |those )?(?P<unread>[a-z -]{3,25}?)(?= any ?more|[.,;!?]|$)"
    r"|(?<!\w)(?:the|that|this|our) (?P<poor>[a-z]{3,12}) (?:(?:only|just|mostly) )?(?:(?:brings?|gives?|finds?|turns?)(?: \w+){0,2} (?:rubbish|junk|nonsense|noise|nothing)|is (?:useless|no use|no good|rubbish|hopeless|worthless))(?!\w)"
)
_ADDABLE = ("web_search", "rank_items", "extract_article", "summarize_items", "ask_model")
_SOURCES = frozenset({"fetch_feed", "scrape_page", "web_search", "http_request", "query_database"})
_GOING_OUT = frozenset({"save_file", "send_email", "notify"})


def replaced(text: str, skills: Sequence[str]) -> list[str]:
    """The skills of a job, in its order, whose steps are spoken of as what is to be no more since
    something else is wanted."""
    folded = fold(text)
    said = [m["old"] for pattern in (_FORMER, _SWAPPED) for m in pattern.finditer(folded)]
    said += [m[m.lastgroup or 0] for m in _GIVEN_UP.finditer(folded)]
    found = {
        cue.name for old in said for section in ("replaced", "steps") for cue in cues(section, old)
    }
    return [skill for skill in dict.fromkeys(skills) if skill in found]


def read_replaced(read: Read, text: str, skills: Sequence[str], known: frozenset[str]) -> None:
    """Lets new steps take the place of those that the words put aside. `skills`: of the job;
    `known`: the skills that may be added."""
    old = replaced(text, skills)
    if not old:
        return
    new = [edit["skill"] for edit in read.edits if edit["do"] == "add_step"]
    for skill in _ADDABLE:
        wanted = skill in known and skill not in (*skills, *new, *old)
        if wanted and skill in evidence(text).sure:
            query = saying("query", text) if skill == "web_search" else ""
            read.add_step(skill, **({"query": query} if query else {}))
            new.append(skill)
    for skill in old:
        number = skills.index(skill) + 1
        heirs = [name for name in new if _takes_place(name, skill)]
        for edit in read.edits:
            if edit["do"] == "add_step" and edit["skill"] in heirs:
                edit.setdefault("before", number)
        if heirs:
            read.add("remove_step", step=number)


def _takes_place(new: str, old: str) -> bool:
    """Whether one step does the work of another: both read, both go out, or both work on items."""
    kinds = [(name in _SOURCES, name in _GOING_OUT) for name in (new, old)]
    return new != old and kinds[0] == kinds[1]
