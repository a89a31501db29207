"""Skills that a model may use by itself while it answers: "it may use web_search for that"."""

from __future__ import annotations

import re

from assistant.grounding.languages import fold

_SPOKEN = {
    "web_search": r"web[ _-]?search|(?:the )?(?:web|internet)",
    "fetch_feed": r"fetch_feed",
    "scrape_page": r"scrape_page",
    "extract_article": r"extract_article",
    "query_database": r"query_database|(?:the )?data ?base",
    "http_request": r"http_request",
    "rank_items": r"rank_items",
    "summarize_items": r"summarize_items",
}
# "It may use web_search", "with web_search at hand", "given the web_search skill as a tool"
_LENT = (
    r"(?<!\w)(?:(?:it|that|model|llm|ai|<model\d>) (?:may|can|could|should|must|is allowed to|is free to|has leave to)(?: also)? (?:use|call|reach for|turn to)|"
    r"(?:let it|letting it|allowed to|free to) (?:use|call)|with|given|using) (?:the )?(?:skills? |tools? )?(?:{0})(?: (?:skill|tool))?(?P<behind> (?:at hand|to hand|as (?:a|its) tool|allowed|available|if it (?:likes|needs|wants)|for (?:that|this|it)))?(?!\w)"
)


def without_lending(text: str) -> str:
    """A marked request without the words that lend a model its skills."""
    for skill in lent(text):
        said = re.search(rf",?\s*(?:and )?{_LENT.format(_SPOKEN[skill])}", fold(text))
        if said:
            text = text[: said.start()] + text[said.end() :]
    return text


def lent(text: str) -> set[str]:
    """The skills that a marked request lets a model use; no steps of their own."""
    folded = fold(text)
    if not re.search(r"(?<!\w)(?:model|llm|ai)(?!\w)|<model", folded):
        return set()
    found: set[str] = set()
    for skill, spoken in _SPOKEN.items():
        for said in re.finditer(_LENT.format(spoken), folded):
            if said["behind"] or re.search(
                r"(?:use|call|reach for|turn to)(?: (?:the|skills?|tools?))* ", said[0]
            ):
                found.add(skill)
    return found
