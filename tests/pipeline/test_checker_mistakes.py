"""Fifty mistakes that people make in job files: each is named at its line, with the right cure."""

from __future__ import annotations

import pytest

from assistant.pipeline.checker import check
from assistant.pipeline.loader import load, read_loosely
from assistant.pipeline.skill_table import SkillTable
from assistant.pipeline.spec import Job

GOOD = """\
job: morning-letter
title: Morning letter
inputs:
  topic: {type: string, default: harbour}
  limit: {type: integer, default: 5, minimum: 1, maximum: 50}
schedule:
  cron: "0 7 * * 1-5"
  timezone: Europe/London
triggers:
  - {on: feed_changed, url: "https://example.org/feed.xml", every: 15m}
steps:
  - id: read
    skill: fetch_feed
    with: {url: "https://example.org/feed.xml", limit: 50, since: 24h}
    retry: {attempts: 4, delay: 2s}
    timeout: 30s
  - id: best
    skill: rank_items
    with: {items: "${{ steps.read.items }}", topic: "${{ inputs.topic }}", limit: "${{ inputs.limit }}"}
  - id: none
    if: "${{ size(steps.best.items) == 0 }}"
    stop: nothing new today
  - id: each
    for_each: "${{ steps.best.items }}"
    as: story
    steps:
      - id: words
        skill: ask_model
        with: {prompt: "Sum up ${{ story.title }}"}
    collect: "${{ steps.words.text }}"
  - id: sides
    parallel:
      page: [{id: look, skill: scrape_page, with: {url: "https://example.org", selector: article}}]
      web: [{id: find, skill: web_search, with: {query: "${{ inputs.topic }}"}}]
  - id: poll
    while: "${{ tries < 3 }}"
    max_iterations: 5
    steps:
      - {id: ask, skill: http_request, with: {method: GET, url: "https://example.org/state"}}
    accumulate: {name: tries, start: 0, value: "${{ tries + 1 }}"}
  - id: gate
    if: "${{ steps.poll.tries > 1 }}"
    steps:
      - {id: note, set: {mood: good}}
    else:
      - {id: other, set: {mood: bad}}
  - id: archive
    call_job: archive
    with: {items: "${{ steps.best.items }}"}
  - id: letter
    skill: compile_newsletter
    with: {title: "${{ inputs.topic }} digest", items: "${{ steps.best.items }}", design: cards}
  - id: agree
    approve: "Send ${{ size(steps.best.items) }} stories?"
  - id: send
    skill: send_email
    with: {to: jo@example.org, newsletter: "${{ steps.letter.newsletter }}"}
    on_error: continue
outputs: {newsletter: "${{ steps.letter.newsletter }}", mood: "${{ vars.mood }}"}
expect: ["${{ size(steps.best.items) > 0 }}"]
alerts: {on: [failed, missed], to: [ops]}
budget: {seconds: 1800, tokens: 200000, cost: 0.50}
"""
ARCHIVE = """
job: archive
inputs: {items: {type: array}, folder: {type: string, default: old}}
steps: [{id: keep, skill: save_file, with: {name: a.json, content: "x"}}]
outputs: {kept: "${{ steps.keep.artifact.name }}"}
"""
CIRCLE = """
job: ring
steps: [{id: back, call_job: morning-letter}]
"""
JOBS = {"archive": load(ARCHIVE).job, "ring": load(CIRCLE).job}


def find(name: str) -> Job | None:
    return JOBS.get(name)


# What is written instead of what, and the one problem that follows: line, code, message, cure.
MISTAKES: list[tuple[str, str, int, str, str]] = [
    ("title: Morning", "titel: Morning", 2, "a job file has no key 'titel'", "Did you mean 'title'?"),
    ("job: morning-letter", "job: Morning Letter", 1, "'Morning Letter' is no name of a job", "Use a-z, 0-9 and dashes: 'morning-letter'."),
    ("default: harbour}", "default: 7}", 4, "the default of 'topic' needs text, not a whole number", "Put it into quotes."),
    ("limit: {type: integer, default: 5,", "limit: {type: integer, default: 99,", 5, "the default of 'limit' is 99, more than 50", "Write 50 or less."),
    ("limit: {type: integer", "limit: {type: int", 5, "'int' is no type of an input", "Write 'integer'."),
    ("default: harbour}", "defalt: harbour}", 4, "the input 'topic' has no 'defalt'", "Did you mean 'default'?"),
    ("0 7 * * 1-5", "0 25 * * 1-5", 7, "'25' is no hour", "It goes from 0 to 23; also *, */2, 1-5 and 1,3."),
    ("0 7 * * 1-5", "0 7 * *", 7, "'0 7 * *' has 4 fields, not five", "Five fields: minute, hour, day of the month, month, day of the week."),
    ('"0 7 * * 1-5"', '"@daily"', 7, "'@daily' is no cron line here", 'Write "0 0 * * *".'),
    ("Europe/London", "Europe/Lodnon", 8, "'Europe/Lodnon' is no time zone", "Did you mean 'Europe/London'?"),
    ("Europe/London", "London", 8, "'London' is no time zone", "Did you mean 'Europe/London'?"),
    ("Europe/London", "EST", 8, "'EST' is no time zone", "Did you mean 'America/New_York'?"),
    ("  timezone: Europe/London\n", "", 6, "a schedule needs 'timezone' beside 'cron'", "Write an IANA name: timezone: Europe/London."),
    ("on: feed_changed", "on: feed_change", 10, "there is no trigger 'feed_change'", "Did you mean 'feed_changed'?"),
    ("every: 15m", "every: 15 minuets", 10, "'every' is a length of time, not '15 minuets'", "Write 30s, 5m or 1h."),
    ("skill: fetch_feed", "skill: fetch_fed", 13, "there is no skill 'fetch_fed'", "Did you mean 'fetch_feed'?"),
    ("limit: 50, since", "limit: fifty, since", 14, "'limit' of skill 'fetch_feed' needs a whole number, not text", ""),
    ("limit: 50, since", 'limit: "50", since', 14, "'limit' of skill 'fetch_feed' needs a whole number, not text", "Write the number without quotes."),
    ("limit: 50, since", "limit: 5000, since", 14, "'limit' of skill 'fetch_feed' is 5000, more than 500", "Write 500 or less."),
    ("limit: 50, since", "limt: 50, since", 14, "skill 'fetch_feed' takes no 'limt'", "Did you mean 'limit'?"),
    ("attempts: 4", "attempts: 40", 15, "'attempts' is 40, not between 1 and 20", "Write a number from 1 to 20."),
    ("delay: 2s", "delay: 2 sec onds", 15, "'delay' is a length of time, not '2 sec onds'", "Write 30s, 5m or 1h."),
    ("timeout: 30s", "timout: 30s", 16, "a 'skill' step has no key 'timout'", "Did you mean 'timeout'?"),
    ("steps.read.items }}", "steps.raed.items }}", 19, "no step 'raed'", "Did you mean 'read'?"),
    ("steps.read.items }}", "steps.read.itens }}", 19, "no 'itens'", "Did you mean 'items'?"),
    ("steps.read.items }}", "steps.letter.newsletter }}", 19, "step 'letter' comes later, in line 50", "Move it before this step."),
    ("steps.read.items }}", "steps.read }}", 19, "'items' of skill 'rank_items' needs a list of records, not a record", "Did you mean its 'items'?"),
    ('items: "${{ steps.read.items }}", topic', "topic", 19, "skill 'rank_items' needs 'items'", "Add `items: …`."),
    ("inputs.topic }}\", limit", "inputs.topik }}\", limit", 19, "no input 'topik'", "Did you mean 'topic'?"),
    ("inputs.limit }}", "inputs.topic }}", 19, "'limit' of skill 'rank_items' needs a whole number, not text", ""),
    ("size(steps.best.items) == 0", "len(steps.best.items) == 0", 21, "no function 'len'", "Write size(…)."),
    ("size(steps.best.items) == 0", "steps.best.items == 0 &&  true", 21, "'steps.best.items == 0 &&  true' cannot be read", "Write 'and' for '&&'."),
    ('"${{ size(steps.best.items) == 0 }}"\n', "size(steps.best.items) == 0\n", 21, "'if' is an expression", 'Write "${{ size(steps.best.items) == 0 }}".'),
    ('    if: "${{ size(steps.best.items) == 0 }}"\n', "", 22, "this step is never reached: the run stops in line 20", "Give the stop an `if`."),
    ("for_each: \"${{ steps.best.items }}\"", "for_each: \"${{ steps.best }}\"", 24, "for_each goes over a list, not a record", "Did you mean its 'items'?"),
    ("story.title }}", "stroy.title }}", 29, "no 'stroy' here", "Did you mean 'story'?"),
    ("story.title }}", "story.titel }}", 29, "no 'titel'", "Did you mean 'title'?"),
    ("items: \"${{ steps.best.items }}\", design", "items: \"${{ steps.words.text }}\", design", 52, "step 'words' (line 27) lies inside 'each'", "Give 'each' a `collect`, and write steps.each.items."),
    ("items: \"${{ steps.best.items }}\", design", "items: \"${{ steps.find.items }}\", design", 52, "step 'find' (line 34) lies inside 'sides'", "Write steps.sides.web.find, after 'sides'."),
    ("inputs.topic }} digest", "steps.note.mood }} digest", 52, "step 'note' (line 44) lies inside 'gate', a branch that may not be taken", "Write default(steps.gate.note, …)."),
    (", selector: article", "", 33, "skill 'scrape_page' needs 'selector'", "Add `selector: …`."),
    ("    max_iterations: 5\n", "", 36, "a 'while' step needs 'max_iterations'", "Say how often at most: `max_iterations: 10`."),
    ("tries < 3", "steps.ask.response.status != 200", 36, "step 'ask' runs after this question", "Carry its value on with `accumulate`."),
    ("start: 0", "start: ''", 36, "text cannot be compared with a whole number", ""),
    ("      - {id: other, set: {mood: bad}}", "      - {id: other, set: {temper: bad}}", 59, "there may be no 'mood': it is there only when the branch of 'gate' is taken", "Write default(vars.mood, …)."),
    ("call_job: archive", "call_job: archiv", 48, "there is no job 'archiv'", "Create it first, or mend the name."),
    ("with: {items: \"${{ steps.best.items }}\"}", "with: {things: \"${{ steps.best.items }}\"}", 49, "job 'archive' needs 'items'", "Add `items: …`."),
    ("design: cards", "design: crads", 52, "'design' of skill 'compile_newsletter' is 'crads', which is none of its choices", "Did you mean 'cards'?"),
    ("to: jo@example.org", "to: [1, 2]", 57, "'to[0]' of skill 'send_email' needs text, not a whole number", "Put it into quotes."),
    ("steps.letter.newsletter }}\"}\n    on", "steps.letter }}\"}\n    on", 57, "'newsletter' of skill 'send_email' has no place for 'newsletter'", "Did you mean its 'newsletter'?"),
    ("    on_error: continue", "    cache: 1h", 58, "'send_email' changes the world, so its result cannot be cached", "Leave the key out; cache is for skills that read or compute."),
    ("on_error: continue", "on_error: contnue", 58, "'on_error' cannot be 'contnue'", "Did you mean 'continue'?"),
    ("mood: \"${{ vars.mood }}\"}", "mood: \"${{ steps.send.receipt }}\"}", 59, "there may be no 'receipt': step 'send' may fail, and the run goes on", "Write default(steps.send.receipt, …), or ask with `if` first."),
    ("expect: [\"${{ size(steps.best.items) > 0 }}\"]", "expect: [\"${{ steps.best.items > 0 }}\"]", 60, "a list of records cannot be compared with a whole number", "Compare its size: size(…)."),
    ("on: [failed, missed]", "on: [failed, mised]", 61, "there is no alert 'mised'", "Did you mean 'missed'?"),
    ("id: best\n", "id: read\n", 17, "the id 'read' is taken by the step in line 12", "Choose another, such as 'read_2'."),
]  # fmt: skip


def test_the_good_file_has_no_mistake(skills: SkillTable):
    assert check(read_loosely(GOOD), skills, find) == []


CONSEQUENCES = {"start: ''": 2, "to: [1, 2]": 2, "id: read\n": 7,
                'with: {things: "${{ steps.best.items }}"}': 2}  # fmt: skip
"""Mistakes that are wrong in more than one place: how many problems they make."""


@pytest.mark.parametrize(("old", "new", "line", "message", "cure"), MISTAKES)
def test_a_mistake_is_named_at_its_line_with_its_cure(
    skills: SkillTable, old: str, new: str, line: int, message: str, cure: str
):
    assert GOOD.count(old) == 1
    problems = check(read_loosely(GOOD.replace(old, new)), skills, find)
    assert [(p.line, p.message, p.hint) for p in problems[:1]] == [(line, message, cure)]
    assert len(problems) == CONSEQUENCES.get(new, 1)


def test_all_mistakes_of_a_file_are_found_in_one_pass(skills: SkillTable):
    text, expected = GOOD, list[tuple[int, str]]()
    for old, new, line, message, _ in MISTAKES:
        apart = text.count(old) == 1 and text.count("\n") == text.replace(old, new).count("\n")
        hides_more = new.startswith("skill:")  # nobody knows what an unknown skill takes
        if (
            apart
            and not hides_more
            and new not in CONSEQUENCES
            and line not in {n for n, _ in expected}
        ):
            text = text.replace(old, new)
            expected.append((line, message))
    assert len(expected) >= 15
    found = [(p.line, p.message) for p in check(read_loosely(text), skills, find)]
    assert [place for place in expected if place not in found] == []


def test_a_problem_carries_its_place_its_step_its_key_and_a_code(skills: SkillTable):
    text = GOOD.replace("steps.read.items }}", "steps.raed.items }}").replace("0 7 *", "0 25 *")
    assert [vars(p) for p in check(read_loosely(text), skills, find)] == [
        {"code": "job_trigger_invalid", "message": "'25' is no hour", "line": 7, "column": 9, "step": "",
         "key": "schedule.cron", "hint": "It goes from 0 to 23; also *, */2, 1-5 and 1,3."},
        {"code": "job_invalid_spec", "message": "no step 'raed'", "line": 19, "column": 30, "step": "best",
         "key": "with.items", "hint": "Did you mean 'read'?"},
    ]  # fmt: skip


def test_jobs_that_call_one_another_in_a_circle_are_refused(skills: SkillTable):
    text = GOOD.replace(
        'call_job: archive\n    with: {items: "${{ steps.best.items }}"}', "call_job: ring"
    )
    assert [(p.line, p.message) for p in check(read_loosely(text), skills, find)] == [
        (48, "the jobs call one another in a circle: morning-letter → ring → morning-letter")
    ]


def test_a_job_that_calls_itself_is_refused(skills: SkillTable):
    text = "job: self\nsteps: [{call_job: self}]\n"
    for known in (None, find):  # the file may be new
        assert [p.message for p in check(load(text), skills, known)] == [
            "the jobs call one another in a circle: self → self"
        ]


def test_calls_may_be_eight_levels_deep_and_no_more(skills: SkillTable):
    chain = {f"j{n}": load(f"job: j{n}\nsteps: [{{call_job: j{n + 1}}}]\n").job for n in range(8)}
    chain["j8"] = load("job: j8\nsteps: [{stop: done}]\n").job
    assert check(load("job: top\nsteps: [{call_job: j1}]\n"), skills, chain.get) == []
    deeper = check(load("job: top\nsteps: [{call_job: j0}]\n"), skills, chain.get)
    assert [p.message[:52] for p in deeper] == [
        "jobs call one another more than 8 levels deep: top →"
    ]


def test_a_trigger_names_a_job_that_is_there_and_is_another(skills: SkillTable):
    def triggered(by: str) -> str:
        return f"job: me\ntriggers:\n  - {{on: nothing}}\n  - {{on: job_failed, job: {by}}}\nsteps: [{{stop: done}}]\n"

    def told(by: str) -> list[tuple[str, int, int, str]]:
        problems = check(read_loosely(triggered(by)), skills, find)
        return [(p.code, p.line, p.column, p.message) for p in problems[1:]]

    assert told("archive") == []
    assert told("nobody") == [("job_not_found", 4, 27, "there is no job 'nobody'")]
    assert told("me") == [
        ("job_trigger_invalid", 4, 27, "the end of 'me' would start 'me' again and again")
    ]
    assert len(check(read_loosely(triggered("nobody")), skills)) == 1
