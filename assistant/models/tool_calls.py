"""Calls of tools in what a model wrote: one tolerant parser for the published formats.

Hermes and Qwen, Llama 3, Mistral, Functionary, LFM and other pythonic lists, Phi, Granite,
DeepSeek, GLM, Kimi, gpt-oss, Command R, fenced and bare JSON. Text around the calls is kept,
a block of thoughts before the answer is not. JSON without a marker counts as a call only when
it names a tool that was offered; a marked call that cannot be read is `broken`, never text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.models.call_readers import (
    FIRST_KEYS,
    READERS,
    UNMARKED,
    Reader,
    Schemas,
    bare,
    offered,
)
from assistant.models.protocol import ToolCall

_ANNOUNCERS = ("Action:", "Tool call:")
# Where the prompt has opened the thoughts, only their end shows, and it ends a line.
_THOUGHTS = re.compile(
    r"\A\s*(?:<think>(?:(?!<think>).)*?</think>|(?:(?!<think>).)*?</think>(?=\s*(?:\n|\Z)))\s*",
    re.DOTALL,
)


_OPENERS = tuple(READERS)
MARKS = (
    *_OPENERS, "</tool_call>", "<|from|>", "<|content|>", "<|tool_call_end|>", "<|/tool_call|>",
    "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>", "<｜tool▁sep｜>", "<|tool_call_begin|>",
    "<|tool_call_argument_begin|>", "<|tool_call_end|>", "<|tool_calls_section_end|>", "<|call|>",
    "<|channel|>", "<|message|>", "<|constrain|>", "[ARGS]", "[CALL_ID]", "<think>", "</think>",
)  # fmt: skip
"""Every mark that tells something about calls, also where a vocabulary has it as one token."""


_END = "\ufdd0"
"""No character of any text: stands at the end of a cut answer, so that nothing is mended there."""
_CLOSERS = (
    *MARKS,
    "</function>",
    "</function_call>",
    "[/TOOL_CALLS]",
    "<|eom_id|>",
    "<|stop|>",
    "```",
)


@dataclass(frozen=True)
class Parsed:
    """What an answer says besides its calls, the calls, and marked calls that make no sense."""

    text: str
    calls: tuple[ToolCall, ...] = ()
    broken: tuple[str, ...] = ()


def parse(text: str, tools: Schemas | None = None, *, cut: bool = False) -> Parsed:
    """Read an answer. `tools` are the offered tools, name → JSON Schema of the arguments.

    With None, any name counts. Calls have an id only where the format carries one. `cut` tells
    that the token limit ended the answer: a call that had begun is broken then, and no text.
    """
    text = _THOUGHTS.sub("", text) + (_END if cut else "")
    said, calls, broken, place = list[str](), list[ToolCall](), list[str](), 0
    while (found := _next_mark(text, place, tools)) is not None:
        start, body, reader = found
        result = reader(text, body, tools)
        if cut and result and any(_END in str(call.arguments) for call in result[0]):
            result = None
        if result is None and cut and _is_cut_call(text[start:].removesuffix(_END), tools):
            said.append(_before_call(text[place:start]))
            broken.append(text[start:].removesuffix(_END))
            place = len(text)
            break
        if result is None and reader in UNMARKED:
            # Looked like a call and is none: it stays a text, and the search goes on behind it.
            said.append(text[place : start + 1])
            place = start + 1
            continue
        said.append(_before_call(text[place:start]))
        if result is None:
            broken.append(text[start:].removesuffix(_END))
            place = len(text)
            break
        calls += result[0]
        place = result[1]
    rest = text[place:].removesuffix(_END)
    if cut:
        # Half a mark at the end is no text, be it of a call that begins or of one that ends.
        rest = CallStream(tools).feed(rest)
        closes = bool(calls) and any(mark.startswith(rest.strip()) for mark in _CLOSERS)
        rest = "" if closes else rest
    said.append(rest)
    return Parsed(_joined(said, bool(calls or broken)), tuple(calls), tuple(broken))


class CallStream:
    """An answer as it comes in pieces: gives the text that can be shown at once.

    What may turn out to be a call, or thoughts, is held back until it is clear.
    """

    def __init__(self, tools: Schemas | None = None) -> None:
        self._tools = tools
        self._whole = ""
        self._shown = 0

    def feed(self, piece: str) -> str:
        """Take a piece in; gives what may be shown now, often the piece itself."""
        self._whole += piece
        start = self._after_thoughts()
        if start < 0:
            return ""
        safe = max(self._safe_end(max(start, self._shown)), self._shown)
        shown = self._whole[max(start, self._shown) : safe]
        self._shown = safe
        return shown

    def finish(self, *, cut: bool = False) -> tuple[str, Parsed]:
        """The text that was held back and is text after all, and the whole answer, read.

        `cut` tells that the token limit ended the answer.
        """
        parsed = parse(self._whole, self._tools, cut=cut)
        before = self._whole[max(self._after_thoughts(), 0) : self._shown].strip()
        held = parsed.text[len(before) :] if parsed.text.startswith(before) else ""
        return held if before else held.lstrip(), parsed

    def _after_thoughts(self) -> int:
        """Where the answer begins; -1 while the thoughts before it are not over."""
        if match := _THOUGHTS.match(self._whole):
            return match.end()
        begun = self._whole.lstrip()
        thinks = begun.startswith("<think>") or (begun and "<think>".startswith(begun))
        return -1 if thinks else 0

    def _safe_end(self, start: int) -> int:
        if self._tools is not None and not self._tools:
            return len(self._whole)
        # A little before what has been shown, so that a mark cut in two is seen.
        tail = self._whole[start:]
        places = [start + p for mark in _OPENERS if (p := _mark_begins(tail, mark)) >= 0]
        places += [
            start + match.start()
            for match in re.finditer(r"[\[{]", tail)
            if _may_be_call(tail[match.start() :], self._tools)
        ]
        end = min(places, default=len(self._whole))
        before = self._whole[start:end]
        announced = [at for word in _ANNOUNCERS if (at := _word_begins(before, word)) >= 0]
        end = start + min(announced, default=len(before))
        # Spaces before a call belong to it.
        return start + len(self._whole[start:end].rstrip()) if end < len(self._whole) else end


def _next_mark(text: str, place: int, tools: Schemas | None) -> tuple[int, int, Reader] | None:
    """Where the next call may begin, where its body begins, and who reads it."""
    if tools is not None and not tools:
        return None
    marks = [(at, -len(mark), mark) for mark in _OPENERS if (at := text.find(mark, place)) >= 0]
    first, _, mark = min(marks, default=(len(text), 0, ""))
    for match in re.compile(r"[\[{]").finditer(text, place, first):
        if _may_be_call(text[match.start() :], tools):
            return match.start(), match.start() + 1, bare
    return (first, first + len(mark), READERS[mark]) if mark else None


def _mark_begins(text: str, mark: str) -> int:
    """Where the mark stands, or where its first part stands at the very end; else -1."""
    whole = text.find(mark)
    if whole >= 0:
        return whole
    for length in range(min(len(mark) - 1, len(text)), 0, -1):
        if text.endswith(mark[:length]):
            return len(text) - length
    return -1


def _word_begins(text: str, word: str) -> int:
    """Where the word, or its first part, stands at the very end of the text; else -1."""
    bare = text.rstrip()
    at = len(bare) - len(word) if bare.endswith(word) else -1
    if at < 0:
        at = next((len(text) - n for n in range(len(word), 0, -1) if text.endswith(word[:n])), -1)
    return at if at == 0 or text[at - 1 : at].isspace() else -1


def _may_be_call(text: str, tools: Schemas | None) -> bool:
    """Whether text that begins with a bracket may be, or may become, a bare call."""
    head = re.compile(r"\[?\s*\{\s*(?:[\"']?(\w*))?([\"']?)").match(text)
    if head and head.end() > 0 and "{" in head[0]:
        key, closed = head[1] or "", bool(head[2]) or head.end() < len(text)
        return key in FIRST_KEYS if closed else any(k.startswith(key) for k in FIRST_KEYS)
    head = re.compile(r"\[\s*([\w.\-]*)(\s*\()?").match(text)
    if not head:
        return False
    if head[2]:
        return bool(head[1]) and offered(head[1], tools)
    if head.end() < len(text):
        return False
    return tools is None or any(name.startswith(head[1]) for name in tools)


_FENCED = ("json", "tool_call", "tool_code", "tool", "python")
_CUT_HEAD = re.compile(rf"```(?:{'|'.join(_FENCED)})?[ \t]*\n|functools|>>>")
_OF_A_TYPE = re.compile(r"""["']type["']\s*:\s*["']function["']""")
_A_VALUE = re.compile(r"""["']\s*:\s*["'][^"']*["']""")


def _is_cut_call(text: str, tools: Schemas | None) -> bool:
    """Whether text that ends too early was about to be a call of an offered tool."""
    if text.startswith("```") and any(f"```{word}".startswith(text) for word in _FENCED):
        return True
    head = _CUT_HEAD.match(text)
    body = text[head.end() if head else 0 :].strip()
    names = r"[\w.\-/]+" if tools is None else "|".join(map(re.escape, tools))
    keys = "|".join(FIRST_KEYS)
    named = rf"""(?:["'](?:{keys})["']\s*:\s*["']|\A\[?\s*)(?:{names})(?![\w.\-/])"""
    if re.search(named, body):
        return True
    if head and re.fullmatch(r"[\w.\-/]*", body):
        return tools is None or any(name.startswith(body) for name in tools)
    # The name is not there yet, or not whole: nothing that a person could read is lost.
    told = _A_VALUE.search(_OF_A_TYPE.sub("", body))
    return not body or (_may_be_call(body, tools) and not told)


def _before_call(text: str) -> str:
    """The text before a call, without the word that only announces one."""
    return re.sub(rf"(?:\A|\s)\s*(?:{'|'.join(_ANNOUNCERS)})\s*\Z", "", text)


def _joined(said: list[str], has_calls: bool) -> str:
    """The text around the calls, in one piece."""
    if not has_calls:
        return "".join(said)
    return "\n".join(part for part in (piece.strip() for piece in said) if part)
