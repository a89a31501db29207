"""Failures of one cause share a signature; of different causes they do not."""

from __future__ import annotations

import pytest

from assistant.insight.faults import FAULTS, MEANINGS, Diagnosis, Look, by_words_of, classify
from assistant.insight.incidents import IncidentLog
from assistant.insight.signatures import Failure, failure_of, normalised, signature_of, status_of
from assistant.store.database import Store

FEED = {"url": "https://news.example.org/feed.xml"}


def failed(
    message: str,
    kind: str = "CannotDo",
    code: str = "skill_failed",
    *,
    run: str = "r1",
    job: str = "digest",
    skill: str = "fetch_feed",
    hint: str = "",
    errors: tuple[dict, ...] = (),
    arguments: dict | None = None,
    at: str = "2026-03-02T07:00:00.000Z",
) -> Failure:
    error = {"message": message, "kind": kind, "code": code, "hint": hint}
    return failure_of(
        error, run_id=run, job=job, at=at, path="read", skill=skill,
        arguments=FEED if arguments is None else arguments, errors=(*errors, error),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            "https://a.example.org/x?id=77 answered 503 Service Unavailable.",
            "<url> answered # service unavailable.",
        ),
        (
            "The selector 'li.story-9f' matches nothing in https://a.example.org/. On 2026-03-01 "
            "'li.story-9f' matched 25 records.",
            "the selector <…> matches nothing in <url> on <time> <…> matched # records.",
        ),
        (
            "mail.example.org takes no message for jo@example.org: 550 5.1.1 no such user",
            "mail.example.org takes no message for <address>: # # no such user",
        ),
        (
            "Request 7d9f8a3c-11aa-4cce-9d2b-0123456789ab failed after 3.5 s",
            "request <id> failed after # s",
        ),
        ("There is no database file /home/jo/data/shop.db.", "there is no database file <path>."),
    ],
)
def test_what_varies_is_taken_out_of_a_message(message: str, told: str):
    assert normalised(message) == told


def test_two_days_of_one_trouble_have_one_signature_and_another_host_has_another():
    monday = failed("https://news.example.org/feed.xml answered 503 Busy.", "TryAgain")
    tuesday = failed("https://news.example.org/feed.xml answered 503 Busy.", "TryAgain", run="r2")
    other = failed(
        "https://b.example.org/feed.xml answered 503 Busy.", "TryAgain",
        arguments={"url": "https://b.example.org/feed.xml"},
    )  # fmt: skip
    first, second, third = (signature_of(f, "transient") for f in (monday, tuesday, other))
    assert first == second
    assert third.id != first.id
    assert (first.host, first.status, first.skill) == ("news.example.org", 503, "fetch_feed")


def test_the_status_is_read_from_what_http_and_mail_servers_answer():
    assert status_of("https://a.example/ answered 404 Not Found.") == 404
    assert status_of("mail.example.org did not accept the message: 552 too large") == 552
    assert status_of("the step took 404 s") == 0


CLASSES = [
    ("https://x.example/ answered 503 Busy.", "TryAgain", "skill_failed", "transient"),
    ("https://x.example/ cannot be reached: its server refused the connection.", "TryAgain",
     "skill_failed", "transient"),
    ("https://x.example/ answered 429 Too Many Requests.", "TryAgain", "skill_failed",
     "rate_limited"),
    ("x.example asked for a pause; it is left alone for another 90 s.", "TryAgain", "skill_failed",
     "rate_limited"),
    ("https://x.example/ answered 401 Unauthorized.", "CannotDo", "skill_failed", "auth"),
    ("mail.example.org does not accept the login of jo.", "CannotDo", "skill_failed", "auth"),
    ("There is no secret 'token'.", "CannotDo", "skill_failed", "auth"),
    ("https://x.example/ answered 404 Not Found.", "CannotDo", "skill_failed", "not_found"),
    ("There is no host named x.example.", "CannotDo", "skill_failed", "not_found"),
    ("https://x.example/feed is a web page, not a feed.", "CannotDo", "skill_failed", "moved"),
    ("https://x.example/a redirects the POST to another site, https://y.example.", "CannotDo",
     "skill_failed", "moved"),
    ("The selector 'li' matches nothing in https://x.example/.", "CannotDo", "skill_failed",
     "shape_changed"),
    ("no 'stories' in steps.api.response.data", "NameMissing", "job_execution_failed",
     "shape_changed"),
    ("no such column: price", "CannotDo", "skill_failed", "shape_changed"),
    ("size(steps.best.items) > 0 does not hold", "ExpectationFailed", "job_expectation_failed",
     "empty_result"),
    ("skill 'rank_items': limit: Input should be less than or equal to 500", "BadArguments",
     "skill_failed", "bad_arguments"),
    ("Skill 'summarize_items' took longer than 30 s.", "StepTimeout", "job_timeout", "timeout"),
    ("https://x.example/ is larger than 10 MB.", "CannotDo", "skill_failed", "too_large"),
    ("the conversation is too long for big-model: 9000", "ContextTooLong", "skill_failed",
     "too_large"),
    ("https://x.example/ answered 403 Forbidden.", "CannotDo", "skill_failed", "blocked"),
    ("https://x.example/ is not read: the site's robots.txt asks programs to leave it alone.",
     "PolicyDenied", "job_policy_denied", "blocked"),
    ("the answer of m does not fit its schema, also when asked again: no JSON", "AnswerInvalid",
     "skill_failed", "model_output"),
    ("the account with p has nothing left", "QuotaSpent", "model_unavailable", "quota"),
    ("the run has used its tokens", "BudgetExhausted", "budget_exhausted", "quota"),
    ("Skill 'x' failed unexpectedly: KeyError.", "SkillError", "skill_failed", "bug"),
    ("KeyError: 'a'", "InternalError", "internal_error", "bug"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "kind", "code", "fault"), CLASSES)
def test_each_failure_gets_its_class(message: str, kind: str, code: str, fault: str):
    assert classify(failed(message, kind, code, arguments={})).fault == fault


def test_every_class_has_a_failure_above_and_a_meaning():
    assert {fault for *_, fault in CLASSES} == set(FAULTS) == set(MEANINGS)


def test_an_attempt_that_was_told_to_slow_down_decides_over_what_came_after():
    earlier = ({"kind": "TryAgain", "message": "https://x.example/ answered 429 Slow Down."},)
    last = failed("https://x.example/ broke off in the middle.", "BrokenOff", errors=earlier)
    assert classify(last).fault == "rate_limited"


def test_a_look_at_the_source_tells_what_the_error_cannot():
    gone = failed("https://news.example.org/feed.xml answered 404 Not Found.")
    page = failed("https://news.example.org/feed.xml is a web page, not a feed.")
    url = FEED["url"]
    away = Look(url, 200, "https://new.example.org/feed.xml", permanent=True, kind="feed")
    assert classify(gone, away).fault == "moved"
    assert classify(page, Look(url, 200, url, kind="login")).fault == "auth"
    assert classify(page, Look(url, 200, url, kind="consent")).fault == "blocked"
    assert classify(page, Look(url, 200, url, kind="gone")).fault == "not_found"
    assert classify(page, Look(url, 200, url, kind="list")).fault == "moved"


def test_an_incident_counts_its_failures_once_and_names_the_jobs(store: Store):
    log = IncidentLog(store)
    message = "https://news.example.org/feed.xml answered 404 Not Found."
    why = Diagnosis("not_found", "the answer had the status 404")
    for run, job, day in (("r1", "digest", "02"), ("r2", "digest", "03"), ("r3", "brief", "04")):
        failure = failed(message, run=run, job=job, at=f"2026-03-{day}T07:00:00.000Z")
        log.note(failure, why)
        log.note(failure, why)
    (incident,) = log.list()
    assert (incident.count, incident.jobs) == (3, ("brief", "digest"))
    assert (incident.first_at, incident.last_at) == (
        "2026-03-02T07:00:00.000Z",
        "2026-03-04T07:00:00.000Z",
    )
    assert log.of_failure("r2", "read") == incident
    assert log.list(job="brief") == [incident]
    assert log.list(since="2026-03-05") == []


def test_a_failure_whose_class_is_seen_better_later_changes_its_incident(store: Store):
    log = IncidentLog(store)
    failure = failed("https://news.example.org/feed.xml answered 404 Not Found.")
    log.note(failure, Diagnosis("not_found", "the answer had the status 404"))
    log.note(failure, Diagnosis("moved", "it sends its visitors elsewhere"))
    assert [(i.fault, i.count) for i in log.list()] == [("moved", 1)]


def test_a_refusal_that_says_no_call_is_left_is_a_rate_limit_and_no_block():
    refused, url = (
        failed("https://a.example.org/x answered 403 Forbidden."),
        "https://a.example.org/x",
    )
    assert classify(refused, Look(url, 403, url, kind="challenge")).fault == "blocked"
    assert (
        classify(refused, Look(url, 403, url, kind="challenge", spent=True)).fault == "rate_limited"
    )


def test_a_mail_account_that_has_sent_all_it_may_is_a_quota():
    told = "mail.example.org did not accept the message for jo@example.org: 550 "
    for words, fault in {
        "5.4.5 Daily user sending limit exceeded": "quota",
        "5.7.1 Relaying denied": "blocked",
    }.items():
        assert classify(failed(told + words, skill="send_email", arguments={})).fault == fault


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"error": {"code": "invalid_key"}}, "auth"),
        ({"status": "error", "message": "Temporary failure, please try again."}, "transient"),
        ({"ok": False, "message": "Too many requests"}, "rate_limited"),
        ({"errors": ["The monthly limit is used up"]}, "quota"),
        ({"error": "Unavailable here, see https://a.example.org/v2"}, None),
        ({"error": None, "items": [{"title": "Temporary key"}]}, None),
        ({"error": "Temporary failure in one shard", "items": [1]}, None),
        (["error"], None),
    ],
)
def test_an_answer_of_200_that_tells_of_an_error_is_classed_by_its_words(
    answer: object, fault: str | None
):
    told = by_words_of(answer)
    assert (told.fault if told else None) == fault
