"""What the panel shows, as HTML made here and nowhere else. Every text from outside is escaped.

Pure functions of plain data: a test can call them, and no screen decides anything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from assistant.events import (
    ApprovalAsked,
    ApprovalDecided,
    ArtifactSaved,
    Event,
    ExpectationChecked,
    ModelCalled,
    RunEnded,
    RunPaused,
    RunQueued,
    RunResumed,
    RunStarted,
    StepDone,
    StepFailed,
    StepProgress,
    StepRetrying,
    StepSkipped,
    StepStarted,
    StepWarned,
)
from assistant.panel.addresses import to
from assistant.panel.cures import as_html
from assistant.panel.html import Html, el, join
from assistant.panel.texts import say

MARK = (
    '<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9" fill="var(--a-accent)"/>'
    '<path d="M9 21l7-11 7 11M12 17h8" fill="none" stroke="var(--a-accent-ink)" stroke-width="2.6"'
    ' stroke-linecap="round" stroke-linejoin="round"/></svg>'
)
TONES = {
    "succeeded": "ok", "active": "", "scheduled": "ok", "running": "run", "queued": "run",
    "waiting": "wait", "draft": "wait", "paused": "wait", "failed": "bad", "timed_out": "bad",
    "cancelled": "", "pending": "", "completed": "ok", "unknown": "bad",
}  # fmt: skip


KNOWN_PHASES = frozenset({"observe", "plan", "execute", "verify", "condense"})


@dataclass(frozen=True)
class JobRow:
    """A line of the list of jobs. `state` is a key of TONES."""

    id: str
    title: str
    name: str = ""
    state: str = ""
    when: str = ""
    current: bool = False


@dataclass(frozen=True)
class PaneHead:
    """The top of the focused job."""

    title: str
    name: str
    state: str
    facts: Sequence[tuple[str, str]] = field(default_factory=tuple[tuple[str, str], ...])
    done: int = 0
    total: int = 0
    phases: Sequence[str] = ()
    phase: str = ""
    """The phases of a cycle in order, and the one it is in."""
    through: bool = False
    """All of them are done."""
    notes: Sequence[tuple[str, str]] = field(default_factory=tuple[tuple[str, str], ...])
    """(tone, text) lines under the facts: what went wrong, and what to do."""


def brand() -> str:
    words = el("div", say("shell.brand"), el("small", say("shell.brand_sub")))
    return el("div", Html(MARK), words, class_="brand")


def job_list(rows: Sequence[JobRow]) -> str:
    """The list beside the chat; each line carries the words that its search looks in.

    The words of the shell that name jobs come with it: the person may choose others meanwhile.
    """
    words = el("i", hidden=True, data_tab=say("shell.jobs"), data_search=say("shell.search_jobs"),
               data_new=say("shell.new_job"))  # fmt: skip
    if not rows:
        return join(words, el("p", say("shell.no_jobs"), class_="jobs-head"))
    lines = [
        el(
            "li",
            el("a",
               el("span", class_=f"dot {TONES.get(row.state, '')}", title=row.state),
               el("span", row.title, class_="name"), el("span", row.when, class_="when"),
               href=to("chat", row.id), data_job=row.id, aria_current=str(row.current).lower()),
            data_words=f"{row.title} {row.name} {row.state}".lower(), data_key=f"job-{row.id}",
        )
        for row in rows
    ]  # fmt: skip
    head = el("p", say("shell.jobs"), class_="jobs-head")
    none = el("p", say("shell.no_such_jobs"), class_="jobs-none", hidden=True)
    return join(words, head, el("ul", lines, class_="jobs"), none)


def state_word(state: str) -> str:
    """A status as it is told."""
    return say(f"status.{state}") if state in TONES else state.replace("_", " ")


def chip(state: str) -> str:
    return f'<span class="chip {TONES.get(state, "")}">{escape(state_word(state))}</span>'


def note(tone: str, text: str) -> str:
    return f'<div class="note {tone}" role="status">{as_html(text)}</div>'


def pane_head(head: PaneHead) -> str:
    facts = [el("span", name, " ", el("b", value)) for name, value in head.facts]
    bar = (
        el("div", el("i", style=f"width:{100 * head.done / head.total:.0f}%"), class_="bar", role="progressbar",
           aria_valuemin=0, aria_valuemax=head.total, aria_valuenow=head.done, aria_label=say("chat.steps_done"))
        if head.total
        else None
    )  # fmt: skip
    return el(
        "div",
        el("div", el("h2", head.title), Html(chip(head.state)), class_="pane-title"),
        el("div", facts, class_="facts"),
        phase_strip(head.phases, head.phase, through=head.through) if head.phase in head.phases else None,
        bar, [Html(note(tone, text)) for tone, text in head.notes],
        class_="pane-head",
    )  # fmt: skip


def phase_strip(phases: Sequence[str], now: str, *, through: bool = False) -> Html:
    """The phases of a cycle, with the one that the job is in; with none when it is through."""
    here = len(phases) if through else phases.index(now)
    items = [
        el("li", say(f"phase.{phase}") if phase in KNOWN_PHASES else phase.capitalize(), class_="now" if n == here else "past" if n < here else None,
           aria_current="step" if n == here else None)
        for n, phase in enumerate(phases)
    ]  # fmt: skip
    label = say("chat.phases_done" if through else "chat.phases")
    return el("ol", items, class_="phases through" if through else "phases", aria_label=label)


def pane_empty() -> str:
    return (
        f'<div class="pane-empty">{MARK.replace("<svg", "<svg width=44 height=44")}'
        f"{el('h2', say('pane.empty'))}{el('p', say('pane.empty_sub'))}</div>"
    )


def section(title: str, body: str) -> str:
    return f"<h3>{escape(title)}</h3>{body}"


def body(*sections: str) -> str:
    return f'<div class="pane-body">{"".join(sections)}</div>'


def steps_card(sentences: Sequence[str]) -> str:
    lines = "".join(f"<li><span>{escape(sentence)}</span></li>" for sentence in sentences)
    return f'<div class="card"><ol>{lines}</ol></div>'


def facts_card(facts: Mapping[str, str]) -> str:
    rows = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items()
    )
    return f'<div class="card"><dl>{rows}</dl></div>'


def times(moments: Sequence[str]) -> str:
    return f'<div class="times">{"".join(f"<span>{escape(m)}</span>" for m in moments)}</div>'


def letter(html: str, title: str) -> str:
    """A made page in a frame without scripts, forms or an origin of its own."""
    return (
        f'<iframe class="letter" sandbox="" title="{escape(title, quote=True)}"'
        f' srcdoc="{escape(html, quote=True)}"></iframe>'
    )


def plain(text: str) -> str:
    return f'<div class="card"><pre class="yaml">{escape(text)}</pre></div>'


def links(targets: Sequence[tuple[str, str]]) -> str:
    """(text, address) pairs; addresses are ours and begin with a slash."""
    made = "".join(
        f'<a href="{escape(a, quote=True)}" download>{escape(t)}</a>' for t, a in targets
    )
    return f'<div class="links">{made}</div>'


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{join(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f'<div class="card"><table><tr>{top}</tr>{lines}</table></div>'


def log(events: Sequence[Event], clock: Callable[[str], str]) -> str:
    """Events, the newest first, one line each; `clock` gives the time of day of a moment."""
    if not events:
        return el("p", say("event.none"), class_="note calm")
    lines = "".join(_log_line(event, clock) for event in reversed(events))
    return f'<ul class="log">{lines}</ul>'


def _log_line(event: Event, clock: Callable[[str], str]) -> str:
    kind, tone, what = told(event, clock)
    return (
        f"<li><time>{escape(clock(event.at))}</time>"
        f'<span class="kind {tone}">{escape(kind)}</span><span class="what">{escape(what)}</span></li>'
    )


def told(event: Event, clock: Callable[[str], str]) -> tuple[str, str, str]:
    """(kind, tone, sentence) of an event."""
    kind, tone, what = _of_run(event) or _of_step(event, clock)
    return kind if isinstance(event, RunEnded) else say(f"event.{kind}"), tone, what


def _of_run(event: Event) -> tuple[str, str, str] | None:
    match event:
        case RunQueued():
            return "queued", "", say("event.dry") if event.dry else say("event.version", n=event.version)  # fmt: skip
        case RunStarted():
            return "started", "", event.worker
        case RunResumed():
            return "resumed", "wait", say("event.taken_up")
        case RunPaused():
            return "paused", "wait", f"{event.when} {event.path}"
        case RunEnded():
            tone = TONES.get(event.status, "")
            return state_word(event.status), tone, event.reason or _message(event.error)
        case ApprovalAsked():
            return "asks", "wait", f"{event.path}: {event.question}"
        case ApprovalDecided():
            word = say("event.approved" if event.approved else "event.rejected")
            return "decided", "", f"{event.path}: {word}"
        case ArtifactSaved():
            return "file", "ok", say("event.bytes", name=event.name, n=f"{event.size:,}")
        case ModelCalled():
            told = say("event.tokens", model=event.model, read=event.tokens_in, written=event.tokens_out)  # fmt: skip
            return "model", "", told
        case ExpectationChecked():
            return "expects", "ok" if event.held else "bad", event.message or event.expression
        case _:
            return None


def _of_step(event: Any, clock: Callable[[str], str]) -> tuple[str, str, str]:
    path = event.path
    match event:
        case StepStarted():
            return "step", "", path if event.attempt == 1 else say("event.try", step=path, n=event.attempt)  # fmt: skip
        case StepProgress():
            return "progress", "", f"{path}: {event.message}"
        case StepWarned():
            return "warning", "wait", f"{path}: {event.message}"
        case StepRetrying():
            again = say("event.again", step=path, time=clock(event.due))
            return "retry", "wait", f"{again}: {_message(event.error)}"
        case StepDone():
            how = say("event.kept") if event.seeded else say("event.cached") if event.cached else ""
            how = how or (say("event.preview") if event.preview else f"{event.seconds:.1f} s")
            return "done", "ok", f"{path}, {how}"
        case StepFailed():
            return "failed", "bad", f"{path}: {_message(event.error)}"
        case StepSkipped():
            return "skipped", "", f"{path} {event.reason}".strip()
        case _:
            return "unknown", "bad", say("event.cut_off", step=path)


def _message(error: Mapping[str, Any] | None) -> str:
    if not error:
        return ""
    return " ".join(str(error[key]) for key in ("message", "hint") if error.get(key))
