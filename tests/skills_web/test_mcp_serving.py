"""`assistant mcp` as a client's person would set it up: a program started over stdio."""

from __future__ import annotations

import os
import sys

import pytest
from mcp import Client, StdioServerParameters

from assistant.settings import PROJECT
from assistant.workplace import Workplace
from tests.loopback import page
from tests.skills_web.test_fetch_feed import ATOM

JOB = """\
job: morning
title: Morning
inputs:
  url: {type: string}
steps:
  - id: read
    skill: fetch_feed
    with: {url: "${{ inputs.url }}"}
outputs: {items: "${{ steps.read.items }}"}
"""


@pytest.fixture
def started(settings, site) -> StdioServerParameters:
    site.routes["/f"] = page(ATOM, "application/atom+xml")
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "assistant", "mcp"],
        cwd=str(PROJECT),
        env={
            "ASSISTANT_HOME": str(settings.home),
            "ASSISTANT_ALLOW_ORIGINS": f'["{site.origin}"]',
            "ASSISTANT_DEMO_PORT": "0",
            "PATH": os.environ["PATH"],
        },
    )


@pytest.fixture
def accepted(settings) -> None:
    place = Workplace.open(settings)
    place.lifecycle.save(place.jobs.create("morning").id, JOB)
    place.close_store()


async def test_jobs_and_skills_are_used_from_another_program(started, accepted, site):
    async with Client(started, read_timeout_seconds=120) as client:
        names = {tool.name for tool in (await client.list_tools()).tools}
        jobs = (await client.call_tool("list_jobs", {})).structured_content["jobs"]
        run = (
            await client.call_tool("run_job", {"job": "morning", "inputs": {"url": site.url("/f")}})
        ).structured_content
        status = (
            await client.call_tool("run_status", {"run_id": run["run_id"]})
        ).structured_content
        items = (await client.call_tool("fetch_feed", {"url": site.url("/f")})).structured_content
        asked = (
            await client.call_tool("http_request", {"method": "POST", "url": site.url("/f")})
        ).structured_content
        wrong = await client.call_tool("run_job", {"job": "evening"})
    assert {"draft_job", "run_job", "list_jobs", "run_status", "fetch_feed"} <= names
    assert [(job["name"], job["version"]) for job in jobs] == [("morning", 1)]
    assert (run["status"], run["trigger"]) == ("succeeded", {"kind": "mcp"})
    assert run["outputs"]["items"][0]["title"] == "One"
    assert status["run_id"] == run["run_id"]
    assert items["items"] == run["outputs"]["items"]
    # What writes without a grant waits for the person, whoever asks.
    assert (asked["status"], asked["next"].startswith("A person decides")) == ("waiting", True)
    assert [one.method for one in site.asked] == ["GET", "GET"]
    assert (wrong.is_error, wrong.structured_content["error"]["code"]) == (True, "job_not_found")


async def test_a_job_drafted_by_another_program_runs_only_after_the_person_accepts_it(
    started, settings, site
):
    request = (
        f"every morning at 7 read the feed {site.url('/f')} and save the items as stories.json"
    )
    async with Client(started, read_timeout_seconds=120) as client:
        draft = (await client.call_tool("draft_job", {"request": request})).structured_content
        early = await client.call_tool("run_job", {"job": draft["job"]})
        place = Workplace.open(settings)
        place.lifecycle.approve(draft["draft_id"])
        place.close_store()
        run = (await client.call_tool("run_job", {"job": draft["job"]})).structured_content
    assert draft["next"] == f"A person accepts it: assistant jobs approve {draft['job']}"
    assert "skill: fetch_feed" in draft["yaml"]
    assert "skill: save_file" in draft["yaml"]
    assert early.is_error
    assert [artifact["name"] for artifact in run["artifacts"]] == ["stories.json"]
