"""Models that a text names: "with claude-sonnet", "ask gpt-5", "the starter model"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_BESIDE = re.compile(r"\(|model|with|w|using|mit|avec|con|com|met|via|by")
_MODEL = re.compile(
    r"\b(?:claude|gpt|o[134]|gemini|llama|mistral|mixtral|qwen|phi|gemma|deepseek|starter)"
    r"(?:-?\d[\w.:-]*|[-/][\w.:-]+)?(?: \d[\w.]*)?(?: (?:opus|sonnet|haiku|mini|pro|flash|turbo))?\b"
    r"|\b(?:local|anthropic|openai|ollama|openrouter|gemini|mistral|groq)/[\w.:/-]+",
    re.I,
)
_ACTING = re.compile(
    r"\)? (?:for (?:that|those|it|this|them)|does|writes|should|must|may|can|thinks|makes|says|gives)(?!\w)"
)
_PLAIN_MODEL = frozenset({"starter", "phi"})


def model_names(text: str, models: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, name) of every model in a text: those that are known (`models`), and names of the
    known families where they are spoken of as models."""
    for name in sorted(models, key=len, reverse=True):
        for match in re.finditer(rf"(?<![\w/-]){re.escape(name)}(?![\w/])", text, re.I):
            yield match.start(), match.end(), name
    for match in re.finditer(r"(?<!\w)starter(?= model(?!\w))", text, re.I):
        yield match.start(), match.end(), match.group().lower()
    for match in _MODEL.finditer(text):
        raw = match.group().rstrip(":.,")
        before = text[: match.start()].rstrip().rsplit(" ", 1)[-1].lower()
        beside = _BESIDE.fullmatch(before) is not None
        named = any(sign.isdigit() or sign in "/-" for sign in raw) or " " in raw
        if raw.lower() in _PLAIN_MODEL and before != "model" and before != "the":
            continue
        if (
            named
            or beside
            or _ACTING.match(text, match.end())
            or before in ("ask", "let", "have", "frag", "demande", "chiedi", "vraag")
        ):
            yield match.start(), match.end(), raw
