"""The guarded client against real servers: pinning, redirects, credentials, cookies, limits."""

from __future__ import annotations

import asyncio
import ssl
import zlib

import pytest
import trustme

from assistant.errors import CannotDo, PolicyDenied, TryAgain
from assistant.net.client import USER_AGENT, good, open_client
from assistant.net.transport import BrokenOff
from tests.loopback import Page, Site, allowing, page, redirect


class Names:
    """A resolver whose answers are scripted, and that remembers what it was asked."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers, self.asked = list(answers), list[str]()

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


def headers_back(asked):
    return page("\n".join(f"{k}: {v}" for k, v in asked.headers.items()), "text/plain")


async def test_a_page_is_fetched_under_our_own_name(settings, site):
    site.routes["/"] = headers_back
    async with open_client(allowing(settings, site)) as http:
        assert f"user-agent: {USER_AGENT}" in (await http.get(site.url())).text


async def test_an_address_on_loopback_is_refused_unless_named(settings, site):
    async with open_client(settings) as http:
        with pytest.raises(PolicyDenied, match=r"port \d+ is not one of 80, 443"):
            await http.get(site.url())
    async with open_client(settings.model_copy(update={"ports": (80, 443, site.port)})) as http:
        with pytest.raises(PolicyDenied, match="is not a public address"):
            await http.get(site.url())
    assert site.asked == []


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["93.184.215.14", "10.0.0.1"],
        ["::1"],
        ["::ffff:169.254.169.254"],
        ["fe80::1%2"],
    ],
)
async def test_a_name_that_points_inside_is_refused_whatever_else_it_answers(settings, answers):
    async with open_client(settings, resolver=Names(answers)) as http:
        with pytest.raises(PolicyDenied, match=r"rebind\.example is not fetched"):
            await http.get("http://rebind.example/")


async def test_the_connection_goes_to_the_judged_address_and_keeps_the_name(settings):
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(server)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    names = Names(["127.0.0.1"])
    with Site({"/": headers_back}, tls=server) as site:
        origin = f"https://news.example:{site.port}"
        allowed = settings.model_copy(update={"allow_origins": (origin,)})
        async with open_client(allowed, resolver=names, ssl_context=trusting) as http:
            # The certificate is for the name, so this passes only when SNI and check use it.
            answer = await http.get(f"{origin}/")
            await http.get(f"{origin}/")
        assert f"host: news.example:{site.port}" in answer.text
    assert names.asked == ["news.example"]


async def test_a_certificate_nobody_vouches_for_is_final(settings):
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(server)
    with Site({"/": page("x")}, tls=server) as site:
        async with open_client(allowing(settings, site)) as http:
            with pytest.raises(CannotDo, match="has no valid TLS certificate"):
                await http.get(site.url())


async def test_a_name_that_changes_its_address_after_the_check_changes_nothing(settings):
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    with Site({"/": page("judged")}) as site:
        origin = f"http://news.example:{site.port}"
        allowed = settings.model_copy(update={"allow_origins": (origin,)})
        async with open_client(allowed, resolver=names) as http:
            assert (await http.get(origin)).text == "judged"
    assert names.asked == ["news.example"]


async def test_no_server_at_all_is_passing_trouble_and_no_such_name_is_final(settings):
    with Site() as gone:
        origin = gone.origin
    allowed = settings.model_copy(update={"allow_origins": (origin, "http://no-such.invalid")})
    async with open_client(allowed) as http:
        with pytest.raises(TryAgain, match="refused the connection") as told:
            await http.get(origin)
        assert not isinstance(told.value, BrokenOff)
        assert "Nothing listens at that port of this machine" in (told.value.hint or "")
        with pytest.raises((CannotDo, TryAgain), match=r"no-such\.invalid"):
            await http.get("http://no-such.invalid/")


async def test_a_connection_is_kept_and_one_that_its_server_closed_is_not_used_again(
    settings, site
):
    site.routes["/stay"] = page("here")
    site.routes["/leave"] = Page(body=b"here", cut_after=4)
    async with open_client(allowing(settings, site)) as http:
        for path, ends in (("/stay", 1), ("/stay", 1), ("/leave", 1), ("/stay", 2)):
            assert (await http.get(site.url(path))).text == "here"
            assert site.lines == ends
            await asyncio.sleep(0.05)


async def test_five_redirects_are_followed_and_six_are_not(settings, site):
    site.routes |= {f"/{n}": redirect(f"/{n + 1}") for n in range(6)} | {"/5": page("there")}
    async with open_client(allowing(settings, site)) as http:
        answer = await http.get(site.url("/0"))
        assert (answer.text, len(answer.history)) == ("there", 5)
        site.routes["/5"] = redirect("/6")
        with pytest.raises(CannotDo, match="redirects more than 5 times"):
            await http.get(site.url("/0"))


@pytest.mark.parametrize(
    "place", ["http://127.0.0.1:1/", "http://[::1]/", "http://localhost/", "ftp://example.org/",
              "http://user:pw@example.org/", "//169.254.169.254/latest", "http://0x7f.1/"]
)  # fmt: skip
async def test_a_redirect_is_judged_again(settings, site, place):
    site.routes["/"] = redirect(place)
    async with open_client(allowing(settings, site)) as http:
        with pytest.raises(PolicyDenied):
            await http.get(site.url())


async def test_a_page_outside_cannot_send_us_inside(settings, site):
    """An origin that the operator named is for jobs to name, not for strangers' redirects."""
    client = open_client(allowing(settings, site))
    start = client.build_request("GET", "https://example.org/")
    onward = client.build_request("GET", site.url("/admin"))
    with pytest.raises(PolicyDenied, match="redirects to http://127"):
        client._may_go_on(start, onward)
    await client.aclose()


async def test_credentials_stay_at_home_and_go_along_within_it(settings, site):
    site.routes |= {"/a": redirect("/b"), "/b": headers_back}
    secret = {"Authorization": "Bearer s", "X-Token": "t", "Cookie": "c=1"}
    with Site({"/": headers_back}) as other:
        site.routes["/away"] = redirect(other.url("/"))
        async with open_client(allowing(settings, site, other)) as http:
            home = (await http.get(site.url("/a"), headers=secret)).text
            away = (await http.get(site.url("/away"), headers=secret)).text
    assert ("authorization: Bearer s" in home, "x-token: t" in home) == (True, True)
    assert [word for word in ("authorization", "x-token", "cookie", "Bearer") if word in away] == []


async def test_what_is_posted_is_not_sent_on_to_another_site(settings, site):
    with Site({"/": headers_back}) as other:
        site.routes["/"] = redirect(other.url("/"), 307)
        async with open_client(allowing(settings, site, other)) as http:
            with pytest.raises(CannotDo, match="redirects the POST to another site"):
                await http.post(site.url(), content="private")
        assert other.asked == []


async def test_a_cookie_lives_as_long_as_its_request(settings, site):
    site.routes["/in"] = Page(302, {"location": "/out", "set-cookie": "seen=1"})
    site.routes["/out"] = headers_back
    async with open_client(allowing(settings, site)) as http:
        assert "cookie: seen=1" in (await http.get(site.url("/in"))).text
        assert "cookie" not in (await http.get(site.url("/out"))).text


async def test_nothing_is_taken_from_the_environment(settings, site, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password mine\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    site.routes["/"] = headers_back
    async with open_client(allowing(settings, site)) as http:
        assert "authorization" not in (await http.get(site.url())).text


async def test_a_compressed_page_comes_decoded(settings, site):
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    text = b"plain words " * 100
    site.routes["/zlib"] = Page(200, {"content-encoding": "deflate"}, zlib.compress(text))
    site.routes["/raw"] = Page(
        200, {"content-encoding": "deflate"}, raw.compress(text) + raw.flush()
    )
    async with open_client(allowing(settings, site)) as http:
        for path in ("/zlib", "/raw"):
            answer = await http.get(site.url(path))
            assert (answer.content, answer.headers.get("content-encoding")) == (text, None)


async def test_a_stream_is_bounded_as_well(settings, site):
    site.routes["/"] = page(b"x" * 50_000)
    client = open_client(allowing(settings, site), body_limit=10_000)
    async with client as http, http.stream("GET", site.url()) as answer:
        with pytest.raises(CannotDo, match="is larger than"):
            _ = [piece async for piece in answer.aiter_bytes()]


async def test_the_status_becomes_an_error_when_asked_for(settings, site):
    site.routes["/busy"] = Page(503, {"retry-after": "3"})
    async with open_client(allowing(settings, site)) as http:
        answer = await http.get(site.url("/busy"))
        assert answer.status_code == 503
        with pytest.raises(TryAgain) as told:
            good(answer)
        assert (told.value.retry_after, told.value.hint[:23]) == (3, "The server is busy or b")
