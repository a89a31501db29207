"""How well the builder drafts: a file of requests with what is right, and figures with intervals."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.builder.assembly import assemble
from assistant.builder.drafting import Builder
from assistant.builder.drafts import Draft
from assistant.builder.focusing import focused_job, rounds_written_out
from assistant.builder.questions import FocusedJob, LastResult, Surroundings
from assistant.builder.scoring import Score, score, wilson
from assistant.builder.wiring import parts_of
from assistant.errors import AssistantError, BindingsInvalid
from assistant.grounding.marks import mark
from assistant.ids import slug
from assistant.job.templates import offered
from assistant.models.protocol import Model
from assistant.pipeline.loader import read_loosely
from assistant.pipeline.writer import dump
from assistant.settings import PROJECT, demo_databases
from assistant.skills.databases.spoken import SpokenDatabases
from assistant.skills.library import Library

BUNDLED = PROJECT / "tests" / "evals" / "requests.jsonl"
ZONE = "Europe/London"
Told = Callable[[int, int], None]


async def evaluate(
    model: Model,
    skills: Library,
    cases: Path | None = None,
    *,
    out: Path | None = None,
    split: str = "",
    told: Told | None = None,
) -> dict[str, Any]:
    """Draft every request of a file and score the drafts.

    `split` takes only the requests marked so. `out` gets one JSON line for each prediction.
    Raises BindingsInvalid for a file that cannot be read, ModelUnavailable without the model.
    """
    wanted = [c for c in read_cases(cases or BUNDLED) if not split or c.get("split") == split]
    databases = SpokenDatabases(demo_databases(), {})
    builder = Builder(
        skills, _Only(model), timezone=lambda: ZONE, databases=databases.all, templates=offered
    )
    scores: list[Score] = []
    lines: list[dict[str, Any]] = []
    for number, case in enumerate(wanted, 1):
        line = await _predicted(builder, skills, case)
        made = score(case, line)
        scores.append(made)
        lines.append(line | {"score": asdict(made)})
        if told:
            told(number, len(wanted))
    if out is not None:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        out.write_text(text, encoding="utf-8")
    return {"model": model.name, "file": str(cases or BUNDLED)} | figures(wanted, lines, scores)


def read_cases(path: Path) -> list[dict[str, Any]]:
    """The requests of a JSONL file. Raises BindingsInvalid naming the line that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as wrong:
        raise BindingsInvalid(f"{path} cannot be read: {wrong}") from wrong
    cases: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            _ = (case["id"], case["request"], case["expect"]["kind"])
        except (ValueError, KeyError, TypeError) as wrong:
            raise BindingsInvalid(
                f"{path}, line {number}: {wrong}",
                hint='A line is {"id": …, "request": …, "expect": {"kind": …}}.',
            ) from wrong
        cases.append(case)
    return cases


async def _predicted(builder: Builder, skills: Library, case: Mapping[str, Any]) -> dict[str, Any]:
    around = surroundings(case.get("context") or {}, skills)
    start = time.perf_counter()
    try:
        draft = await builder.draft(case["request"], around)
        error = ""
    except AssistantError as wrong:
        if wrong.code == "model_unavailable":
            raise
        draft, error = Draft("error"), wrong.message
    seconds = time.perf_counter() - start
    return prediction(case["id"], draft) | {
        "seconds": round(seconds, 3),
        "largest_prompt": draft.largest_prompt,
        "invented": invented(case, draft),
        "problems": [str(problem) for problem in draft.problems],
        "error": error,
    }


def prediction(ident: str, draft: Draft) -> dict[str, Any]:
    """A draft in the format of request files. Its steps have what the job's file holds: also what
    a loop goes through and the texts that came into being when the steps were put together."""
    held = {step.id: step.arguments for step in rounds_written_out(draft.yaml)}
    return {
        "id": ident,
        "kind": draft.kind,
        "steps": [
            {"skill": step.skill, "with": _told(step.arguments | held.get(step.id, {}))}
            for step in draft.steps
        ],
        "cron": draft.cron or None,
        "timezone": draft.timezone or None,
        "structure": list(draft.structure),
        "settings": dict(draft.settings),
        "asks": [ask.text for ask in draft.asks],
        "edits": list(draft.edits),
        "confidence": draft.confidence,
    }


def _told(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as people say them: of schemas the names."""
    told = dict(arguments)
    if isinstance(told.get("schema"), dict):
        told["schema"] = ", ".join(told["schema"].get("properties", {}))
    return told


def surroundings(context: Mapping[str, Any], skills: Library) -> Surroundings:
    """The `context` of a case as the builder knows it."""
    jobs = [job if isinstance(job, str) else job["name"] for job in context.get("jobs") or ()]
    focus: FocusedJob | None = None
    if isinstance(context.get("job"), Mapping):
        focus = focused_job(context["job"]["name"], job_file(context["job"], skills))
        jobs.append(focus.name)
    elif isinstance(context.get("job"), str):
        focus = _whole_job(context["job"])
        jobs.append(focus.name if focus else context["job"])
    last = context.get("last_result")
    return Surroundings(
        tuple(dict.fromkeys(jobs)),
        focus=focus,
        last=LastResult(last["type"], last.get("by", ""), last.get("count")) if last else None,
    )


def _whole_job(text: str) -> FocusedJob | None:
    """The job whose file is written out in a case; None when the text is a job's name alone."""
    data = read_loosely(text).document.data if "\n" in text else None
    if not isinstance(data, dict) or "job" not in data:
        return None
    return focused_job(str(data.get("title") or data["job"]), text)


def job_file(job: Mapping[str, Any], skills: Library) -> str:
    """A case's job, which names only what people said, as a whole file. Its name, as people see it, is
    the title; the file has the name that the product would give it."""
    parts = parts_of([(skills.get(s["skill"]), s.get("with") or {}) for s in job["steps"]])
    data: dict[str, Any] = {"job": slug(str(job["name"])), "title": str(job["name"])}
    schedule = job.get("schedule") or {}
    if schedule.get("cron"):
        zone = schedule.get("timezone") or ZONE
        data["schedule"] = {"cron": schedule["cron"], "timezone": zone}
    return dump(data | assemble(parts, ()).data)


def invented(case: Mapping[str, Any], draft: Draft) -> list[str]:
    """Links, addresses and numbers of the draft that stand neither in the request nor around it."""
    known = f"{case['request']} {json.dumps(case.get('context') or {}, ensure_ascii=False)}".lower()
    numbers = {str(v.meant) for v in mark(case["request"]).of("num")}
    wrong: list[str] = []
    for step in draft.steps:
        for name, inner in step.arguments.items():
            for value in _leaves(inner):
                text = str(value).lower().removeprefix("https://").removeprefix("http://")
                told = text in known or str(value) in numbers
                precise = isinstance(value, int | float) or "@" in text or "://" in str(value)
                if precise and not isinstance(value, bool) and not told and "${{" not in text:
                    wrong.append(f"{step.skill}.{name}={value}")
    return wrong if draft.kind != "edit" else []


def _leaves(value: Any) -> list[Any]:
    """What stands inside a value, keys too: a record is judged by its parts."""
    if isinstance(value, dict):
        return [leaf for pair in value.items() for part in pair for leaf in _leaves(part)]
    if isinstance(value, list):
        return [leaf for part in value for leaf in _leaves(part)]
    return [value]


# Figures ---------------------------------------------------------------------------------


def figures(
    cases: Sequence[Mapping[str, Any]], lines: Sequence[Mapping[str, Any]], scores: Sequence[Score]
) -> dict[str, Any]:
    """All figures of a run: shares with intervals, times, and what must never happen."""
    doing = [(c, ln) for c, ln in zip(cases, lines, strict=True) if c["expect"]["kind"] in _DOING]
    lacking = [ln for c, ln in zip(cases, lines, strict=True) if c["expect"]["kind"] == "clarify"]
    needless = [
        ln["kind"] == "clarify" and "clarify" not in c["expect"].get("kind_alt", ())
        for c, ln in doing
    ]
    seconds = sorted(float(line["seconds"]) for line in lines)
    return {
        "cases": len(cases),
        **_shares(scores),
        "asked_when_needed": _share([line["kind"] == "clarify" for line in lacking]),
        "asked_needlessly": _share(needless),
        "checked": _share(
            [not line["problems"] for line in lines if line["kind"] in ("job", "edit")]
        ),
        "invented": sum(len(line["invented"]) for line in lines),
        "errors": sum(bool(line["error"]) for line in lines),
        "seconds": {"p50": _at(seconds, 0.5), "p95": _at(seconds, 0.95)},
        "largest_prompt": max((int(line["largest_prompt"]) for line in lines), default=0),
        "by_category": _by(scores, [str(c.get("category", "")) for c in cases]),
        "by_language": _by(scores, [str(c.get("lang") or "en") for c in cases]),
    }


_DOING = frozenset({"call", "job", "edit"})


def _shares(scores: Iterable[Score]) -> dict[str, Any]:
    scores = list(scores)
    right = sum(s.arguments[0] for s in scores)
    return {
        "full": _share([s.full for s in scores]),
        "kind": _share([s.kind for s in scores]),
        "chain": _share([s.chain for s in scores if s.chain is not None]),
        "cron": _share([s.cron for s in scores if s.cron is not None]),
        "arguments": wilson(right, sum(s.arguments[1] for s in scores)),
        "structure": _share([s.structure for s in scores if s.structure is not None]),
    }


def _by(scores: Sequence[Score], groups: Sequence[str]) -> dict[str, Any]:
    return {
        name: _shares(s for s, group in zip(scores, groups, strict=True) if group == name)
        for name in dict.fromkeys(groups)
    }


def _share(marks: Iterable[bool]) -> dict[str, Any]:
    listed = list(marks)
    return wilson(sum(listed), len(listed))


def _at(values: Sequence[float], share: float) -> float:
    if not values:
        return 0.0
    return round(values[min(len(values) - 1, int(share * len(values)))], 3)


class _Only:
    """A `Models` that knows one model."""

    def __init__(self, model: Model) -> None:
        self._model = model

    def get(self, name: str = "") -> Model:
        return self._model
