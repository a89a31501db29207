"""The conversation as Gradio's Chatbot takes it: from the store, and from a turn in progress."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.chat.events import (
    DraftCard,
    KnowledgeOffered,
    Notice,
    PhaseChanged,
    QuestionCard,
    RoutedTo,
    RunCard,
    TextDelta,
    Thinking,
    ToolDone,
    ToolStarted,
    TurnEvent,
)
from assistant.job.questions import OVERTAKEN
from assistant.panel.addresses import to
from assistant.panel.cards import plainly
from assistant.panel.cures import as_markdown
from assistant.panel.reading import OF_DRAFT
from assistant.panel.screen import ChatMessage
from assistant.panel.texts import as_sentence, in_own_words, say
from assistant.store.jobs import Interaction


def from_interactions(spoken: Sequence[Interaction]) -> list[ChatMessage]:
    """What was said in a job, oldest first; an answer follows its question."""
    messages = list[ChatMessage]()
    for one in spoken:
        if (message := _spoken(one)) is not None:
            messages.append(message)
        if one.kind == "question" and one.answer and one.answer != OVERTAKEN:
            messages.append({"role": "user", "content": one.answer})
    return messages


def unspoken(title: str) -> list[ChatMessage]:
    """What stands in a job in which nothing was said yet: one that was brought in, or made from a form."""
    return [{"role": "assistant", "content": say("chat.unspoken", title=title)}]


def from_turn(said: str, events: Sequence[TurnEvent], notice: Notice | None) -> list[ChatMessage]:
    """A turn that is not in the store yet. `said` is the prompt, when it is not there either."""
    messages: list[ChatMessage] = [{"role": "user", "content": said}] if said else []
    tools: dict[str, ChatMessage] = {}
    text, thinking = "", ""
    for event in events:
        match event:
            case Thinking():
                thinking = event.text
            case ToolStarted():
                tools[event.id] = _tool(event.skill, "", "pending")
                messages.append(tools[event.id])
            case ToolDone():
                done = _tool(event.skill, event.summary, "done", event.seconds)
                if event.id in tools:
                    tools[event.id].update(done)
                else:
                    messages.append(done)
            case TextDelta():
                text += event.text
            case RoutedTo() | DraftCard() | QuestionCard() | RunCard() | Notice():
                pass
            case PhaseChanged() | KnowledgeOffered():
                pass
    if text:
        messages.append({"role": "assistant", "content": text})
    elif thinking and notice is None:
        messages.append(
            {
                "role": "assistant",
                "content": "",
                "metadata": {"title": thinking, "status": "pending"},
            }
        )
    if notice is not None:
        messages.append(_notice(notice))
    return messages


def _spoken(one: Interaction) -> ChatMessage | None:
    if not one.text or one.kind == "summary" or _is_card(one):
        return None
    if one.kind == "result":
        title = str(one.data.get("skill") or one.data.get("title") or say("card.result")).replace(
            "_", " "
        )
        made: ChatMessage = {
            "role": "assistant",
            "content": one.text,
            "metadata": {"title": title, "status": "done"},
        }
        if isinstance(seconds := one.data.get("seconds"), int | float):
            made["metadata"]["duration"] = _shown(seconds)
        return made
    if one.kind == "notice":
        return _notice(
            Notice(str(one.data.get("code", "")), one.text, str(one.data.get("hint", "")))
        )
    if one.kind == "decision":
        return {"role": "assistant", "content": f"*{one.text}*"}
    steps = one.data.get("steps")
    if one.kind == "question" and isinstance(steps, list):
        listed = "\n".join(f"{n}. {step}" for n, step in enumerate(steps, 1))
        return {
            "role": "assistant",
            "content": f"{_changes(one)}{one.text}\n\n{listed}{_twin(one)}",
        }
    return {"role": "user" if one.role == "person" else "assistant", "content": one.text}


def _changes(one: Interaction) -> str:
    """What the draft changes of the version in force, or of the draft before it."""
    changes = one.data.get("changes")
    if not isinstance(changes, list) or not changes:
        return ""
    return "\n".join(f"- {plainly(change)}" for change in changes) + "\n\n"


def _twin(one: Interaction) -> str:
    """A job that does the same already, with the way to it."""
    name = str(one.data.get("twin", ""))
    return "\n\n" + say("card.twin", job=f"[{name}]({to('jobs', name)})") if name else ""


def _is_card(one: Interaction) -> bool:
    """Whether a question still waits: its card is then above the composer."""
    return one.kind == "question" and not one.answer and one.data.get("about", OF_DRAFT) != OF_DRAFT


def _tool(skill: str, summary: str, status: str, seconds: float | None = None) -> ChatMessage:
    metadata: dict[str, object] = {"title": skill.replace("_", " "), "status": status}
    if seconds is not None:
        metadata["duration"] = _shown(seconds)
    return {"role": "assistant", "content": summary, "metadata": metadata}


def _shown(seconds: float) -> float:
    """How long a call took, in hundredths of a second. Gradio shows no duration for 0."""
    return max(0.01, round(seconds, 2))


def _notice(notice: Notice) -> ChatMessage:
    cure = f"\n\n{as_markdown(in_own_words(notice.hint))}" if notice.hint else ""
    return {
        "role": "assistant",
        "content": f"**{as_sentence(notice.message)}**{cure}\n\n`{notice.code}`",
    }
