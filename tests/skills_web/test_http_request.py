"""http_request against a real server."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from assistant.errors import BadArguments, CannotDo, PolicyDenied, TryAgain
from assistant.skills.calling import call, preview
from assistant.skills.folders import load_code
from assistant.skills.library import BUNDLED
from tests.loopback import Page, Site, page, redirect

HTTP_REQUEST = load_code(BUNDLED / "http_request")


def echo(asked):
    told = {"method": asked.method, "body": asked.body.decode(), "headers": asked.headers}
    return page(json.dumps(told), "application/json")


async def test_json_is_sent_and_read(site, context):
    site.routes["/echo"] = echo
    given = await call(
        HTTP_REQUEST,
        {"method": "POST", "url": site.url("/echo"), "headers": {"X-A": "1"}, "body": {"a": "é"}},
        replace(context, idempotency_key="run-1/step"),
    )
    data = given["response"]["data"]
    assert (given["response"]["status"], data["method"], data["body"]) == (
        200,
        "POST",
        '{"a": "é"}',
    )
    assert data["headers"]["x-a"] == "1"
    assert data["headers"]["content-type"] == "application/json"
    assert data["headers"]["idempotency-key"] == "run-1/step"


def test_get_reads_and_other_methods_write():
    assert [HTTP_REQUEST.effect_of({"url": "u", **m}) for m in ({}, {"method": "HEAD"})] == [
        "read",
        "read",
    ]
    assert HTTP_REQUEST.effect_of({"url": "u", "method": "DELETE"}) == "write"
    assert HTTP_REQUEST.effect_of({"url": "u", "method": "${{ inputs.method }}"}) == "write"


async def test_a_preview_sends_nothing(site, context):
    arguments = {
        "method": "PUT",
        "url": site.url("/x"),
        "headers": {"Authorization": "s"},
        "body": "hi",
    }
    assert await preview(HTTP_REQUEST, arguments, context) == {
        "would_send": f"PUT {site.url('/x')}",
        "headers": ["authorization"],
        "body": "hi",
    }
    assert site.asked == []


@pytest.mark.parametrize(
    ("status", "kind"), [(404, CannotDo), (401, CannotDo), (500, TryAgain), (429, TryAgain)]
)
async def test_an_error_status_is_an_error(site, context, status, kind):
    site.routes["/x"] = Page(status)
    with pytest.raises(kind, match=f"answered {status}"):
        await call(HTTP_REQUEST, {"url": site.url("/x")}, context)


async def test_a_post_that_breaks_off_is_not_repeated_blindly(site, context):
    site.routes["/x"] = Page(200, {}, b"x" * 100, cut_after=10)
    with pytest.raises(CannotDo, match="Whether the POST was acted on is not known"):
        await call(HTTP_REQUEST, {"method": "POST", "url": site.url("/x")}, context)
    with pytest.raises(TryAgain):
        await call(HTTP_REQUEST, {"method": "GET", "url": site.url("/x")}, context)


@pytest.mark.parametrize(
    "headers", [{"Host": "evil"}, {"X\r\nY": "1"}, {"X": "a\r\nY: b"}, {"Content-Length": "3"}]
)
async def test_headers_cannot_smuggle(site, context, headers):
    with pytest.raises(BadArguments):
        await call(HTTP_REQUEST, {"url": site.url("/x"), "headers": headers}, context)
    assert site.asked == []


async def test_credentials_stay_with_their_origin(desk):
    with Site() as first, Site({"/there": echo}) as second:
        first.routes["/here"] = redirect(second.url("/there"))
        context = desk(first, second)
        headers = {"Authorization": "Bearer s", "X-Api-Key": "k", "Cookie": "c=1"}
        given = await call(HTTP_REQUEST, {"url": first.url("/here"), "headers": headers}, context)
        got = given["response"]["data"]["headers"]
        assert set(got) & {"authorization", "x-api-key", "cookie"} == set()
        assert first.asked[0].headers["x-api-key"] == "k"


async def test_a_place_inside_is_refused(context):
    with pytest.raises(PolicyDenied, match="is not a public address"):
        await call(HTTP_REQUEST, {"url": "http://169.254.169.254/latest/meta-data/"}, context)


async def test_a_secret_goes_to_the_origin_named_for_it_and_nowhere_else(desk):
    with Site({"/": echo}) as mine, Site({"/": echo}) as other:
        context = desk(mine, other)
        settings = context.settings.model_copy(update={"http_secrets": {"token": mine.origin}})
        held = replace(context, settings=settings, secrets={"token": "t0p", "mail": "pw"})
        headers = {"Authorization": "Bearer secret:token"}
        given = await call(HTTP_REQUEST, {"url": mine.url("/"), "headers": headers}, held)
        assert given["response"]["data"]["headers"]["authorization"] == "Bearer t0p"
        for url, told in (
            (other.url("/"), headers),
            (mine.url("/"), {"X": "secret:mail"}),
        ):
            with pytest.raises(PolicyDenied, match="may not be sent to"):
                await call(HTTP_REQUEST, {"url": url, "headers": told}, held)
        assert other.asked == []
