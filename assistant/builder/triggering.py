"""What starts a job besides its schedule: a feed or page that has changed, another job's end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.builder.drafts import Ask
from assistant.builder.wiring import Part
from assistant.grounding.marks import url_kind

_OF_PAGES = ("scrape_page", "extract_article")
_OF_JOBS = {"trigger_job_done": "job_succeeded", "trigger_job_failed": "job_failed"}


@dataclass
class Triggered:
    """Triggers as they stand in the file; none when something is to be asked first."""

    triggers: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    asks: list[Ask] = field(default_factory=list[Ask])


def triggered(tag: str, values: Mapping[str, Any], parts: Sequence[Part]) -> Triggered:
    """The triggers of a tag: `trigger_feed`, `trigger_job_done` or `trigger_job_failed`. Of feeds
    that are read together each starts the job."""
    if tag in _OF_JOBS:
        job = values.get("job")
        if not job:
            return Triggered(asks=[Ask("triggers.job", "Which job should it wait for?")])
        return Triggered([{"on": _OF_JOBS[tag], "job": job}], {"trigger.job": job})
    url = values.get("url") or next(
        (_urls(p)[0] for p in parts if p.skill.name in ("fetch_feed", *_OF_PAGES) and _urls(p)), None,
    )  # fmt: skip
    if not url:
        return Triggered(asks=[Ask("triggers.url", "Which feed should be watched?")])
    # A page is looked at less often than a feed, as `page_changed` does by itself.
    page = url_kind(str(url)) == "page" and any(p.skill.name in _OF_PAGES for p in parts)
    often = values.get("every") or ("1h" if page else "15m")
    on = "page_changed" if page else "feed_changed"
    together = next((urls for urls in map(_urls, parts) if url in urls), [url])
    triggers = [{"on": on, "url": one, "every": often} for one in together]
    return Triggered(triggers, {"trigger.feed": url if len(together) == 1 else together})


def _urls(part: Part) -> list[Any]:
    """What a step reads."""
    value: Any = part.arguments.get("urls") or part.arguments.get("url")
    return value if isinstance(value, list) else [value] if value else []
