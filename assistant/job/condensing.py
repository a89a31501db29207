"""Condensing a cycle: its notes are made and routed, and the cycle closes, or the person is asked."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.errors import BindingsInvalid, PolicyDenied
from assistant.job import phases
from assistant.job.condense import Line, Routing, Sorted, lines_of, routing, sort
from assistant.job.guide import Guide
from assistant.job.questions import OpenQuestion, Question
from assistant.models.protocol import Model
from assistant.store.guidance import Note, NoteKind
from assistant.store.jobs import JobRecord

KEEP_ALL, DROP_ALL = "Keep them", "Drop them"
ASSISTANT_FILE = "assistant"
"""The knowledge file of agent-updates that the person has approved."""


@dataclass(frozen=True)
class Condensed:
    """What became of a cycle: its notes, how much is routed, and whether it closed."""

    notes: tuple[Note, ...]
    routing: Routing
    closed: bool
    question: OpenQuestion | None = None


class Condenser:
    """Makes and routes notes."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._jobs = guide.jobs
        self._guidance = guide.guidance

    async def condense(self, ident: str, model: Model | None = None) -> Condensed:
        """Sort what this cycle established into notes and route them. The job is in Condense.

        Doing it again after a crash adds nothing twice.
        """
        job = self._jobs.get(ident)
        if job.phase != "condense":
            raise PolicyDenied(f"{job.name!r} is in {job.phase}, not in condense")
        moves = phases.moves(self._jobs, job.id, job.cycle)
        begun = moves[0].id if job.cycle > 1 and moves else 0
        known = {note.text for note in self._guidance.notes(job.id)}
        said = self._jobs.interactions(job.id, after=begun)
        lines = [line for line in lines_of(moves, said) if line.text not in known]
        for one in await sort(lines, model, self._guide.plans.speaker(job)):
            self._route(job, one)
        return self._close(job)

    def decide(self, ident: str, *, keep: bool, number: int = 0) -> Routing:
        """Keep or drop the notes that wait (or one of them). Raises TargetUnresolved."""
        job = self._jobs.get(ident)
        waiting = [n for n in self._guidance.notes(job.id, state="proposed") if number in (0, n.id)]
        if not waiting:
            raise BindingsInvalid(f"no note of {job.name!r} waits", hint="`assistant jobs notes`")
        for note in waiting:
            if keep:
                self._keep(job, note)
            else:
                self._guidance.decide_note(note.id, "dropped")
        return self.routing(job)

    def keep_line(self, job: JobRecord, line: Line, kind: NoteKind, *, first: bool = False) -> None:
        """Make a note of a line that was chosen to be kept, and route it by its class. `first`:
        a pending job that this one waits for."""
        self._route(job, Sorted(line, kind, "durable", first))

    def routing(self, job: JobRecord) -> Routing:
        """How much of the footers of this cycle is routed."""
        told = [text for _, text in phases.footers(self._jobs, job.id, job.cycle)]
        # A line that an earlier cycle has filed is filed.
        return routing(told, self._guidance.notes(job.id))

    def _route(self, job: JobRecord, one: Sorted) -> None:
        """Write a note down and send it where its class goes."""
        if one.kind == "remark":
            self._note(job, one, "dropped")
        elif one.kind == "knowledge" and one.lasting == "durable":
            file = self._guide.knowledge.add(job, one.line.text)
            self._note(job, one, "kept", f"knowledge/{file}.md")
        elif one.kind == "pending-job":
            parent = job.id if one.first else ""
            made = self._guide.dependencies.make(one.line.text, parent=parent, by="condense")
            self._note(job, one, "kept", made.name)
        elif one.kind == "voice-update" and (plan := self._learned(job, one.line)):
            self._note(job, one, "kept", plan)
        elif one.kind == "knowledge":
            self._note(job, one, "dropped")
        else:
            self._note(job, one, "proposed")

    def _learned(self, job: JobRecord, line: Line) -> str:
        """The plan that a voice-update went into; empty when it waits for the person's word: there
        is no plan, a plugin refuses it, or it would change voices and the person did not say it.
        """
        try:
            return self._guide.plans.learn(job, line.text, voices=line.by_person)
        except PolicyDenied:
            return ""

    def _keep(self, job: JobRecord, note: Note) -> None:
        """Route a note that waited, now that the person wants it."""
        match note.kind:
            case "pending-job":
                target = self._guide.dependencies.make(note.text, by="person").name
            case "agent-update":
                target = self._learn(note)
            case "voice-update":
                target = self._guide.plans.learn(job, note.text) or "its voice"
            case _:
                target = f"knowledge/{self._guide.knowledge.add(job, note.text)}.md"
        self._guidance.decide_note(note.id, "kept", target)

    def _learn(self, note: Note) -> str:
        knowledge = self._guide.knowledge
        names = knowledge.names()
        before = (
            knowledge.read(ASSISTANT_FILE) if ASSISTANT_FILE in names else "# The assistant\n\n"
        )
        knowledge.write(ASSISTANT_FILE, f"{before.rstrip()}\n- {note.text}\n")
        return f"knowledge/{ASSISTANT_FILE}.md"

    def _note(self, job: JobRecord, one: Sorted, state: str, target: str = "") -> None:
        self._guidance.note(
            job.id, job.cycle, one.kind, one.lasting, one.line.text, state=state,
            source=one.line.source, target=target,
        )  # fmt: skip

    def _close(self, job: JobRecord) -> Condensed:
        measured = self.routing(job)
        notes = tuple(self._guidance.notes(job.id, cycle=job.cycle))
        if measured.closes:
            return Condensed(notes, measured, True)
        shown = "; ".join(note.text for note in measured.open[:6])
        text = f"{measured.told()}; 80 % closes the cycle. What about these: {shown}?"
        question = Question("PLAN", text, (KEEP_ALL, DROP_ALL), "notes")
        [asked] = self._guide.ask(job.id, [question]) or [None]
        return Condensed(notes, measured, False, asked)
