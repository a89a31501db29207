"""Telling stories apart: what makes two of them the same one, and which ones a job has sent.

A story is remembered as sent by the skill that delivers it (`send_email`), so that a run that
fails before its delivery loses nothing. A job that only compiles letters and never mails them
counts a compiled story as sent.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode, urlsplit

from assistant.skills.context import Memory, SkillContext
from assistant.skills.records import Item
from assistant.store.files import sha256

_LETTERS, _COMPILED, _MAILED, _MAILS = "letters", "stories compiled", "stories mailed", "mails"
# Parameters that say where a reader came from, not what the page is.
_TRACKING = ("utm_", "mc_", "at_")
_TRACKERS = frozenset({"fbclid", "gclid", "igshid", "ref", "ref_src", "cmpid", "ns_campaign"})

WHY = "why: "
ALSO = "also: "
"""Tags that begin so are notes of `rank_items`: why an item scored, and who else had the story."""


def story_key(url: str, title: str = "") -> str:
    """The same for the same story: its address without trackers, or its title."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        parts = urlsplit("")
    if not parts.hostname:
        return " ".join(title.casefold().split())
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith(_TRACKING) and name.lower() not in _TRACKERS
    ]
    host = parts.hostname.removeprefix("www.")
    path = parts.path.rstrip("/")
    query = f"?{urlencode(sorted(kept))}" if kept else ""
    return f"{host}{path}{query}"


def note_compiled(context: SkillContext, html: str, items: Iterable[Item]) -> None:
    """Remember which stories stand in a letter, known by its HTML."""
    if not context.job:
        return
    keys = sorted({key for item in items if (key := story_key(item.url, item.title))})
    context.memory.put(_LETTERS, sha256(html), keys)
    for key in keys:
        _remember(context, _COMPILED, key)


def note_mailing(context: SkillContext) -> None:
    """Remember that this job mails its letters: from now on only mailed stories count as sent."""
    if context.job:
        context.memory.put(_MAILS, "yes", True)


def note_mailed(context: SkillContext, html: str) -> None:
    """Remember the stories of a letter as sent, whichever run compiled it."""
    if context.job:
        for key in context.memory.get(_LETTERS, sha256(html)) or ():
            _remember(context, _MAILED, key)


class SentBefore:
    """Answers whether an earlier run of the job has sent a story."""

    def __init__(self, memory: Memory, run_id: str) -> None:
        self._memory = memory
        self._run_id = run_id
        self._name = _MAILED if memory.get(_MAILS, "yes") else _COMPILED

    def __contains__(self, item: Item) -> bool:
        run = self._memory.get(self._name, story_key(item.url, item.title))
        return run is not None and run != self._run_id


def _remember(context: SkillContext, name: str, key: str) -> None:
    # The first run that had a story keeps it: a later one must not make it new again.
    if key and context.memory.get(name, key) is None:
        context.memory.put(name, key, context.run_id)
