"""Which URLs may be asked for, and which addresses be reached."""

from __future__ import annotations

import ipaddress
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import PolicyDenied
from assistant.net.guard import Origin, Rules, canonical_host, origin_of, refusal

RULES = Rules.of()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "http://example.org:80/a?b=c#d",
        "https://EXAMPLE.org./",
        "https://bücher.example/straße",
        "http://8.8.8.8/",
        "http://134744072/",
        "https://[2606:4700:4700::1111]/",
        "https://example.org/@user",
        "https://example.org/a%20b",
    ],
)
def test_a_public_address_is_admitted(url):
    assert RULES.admit(url).scheme in ("http", "https")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://example.org/", "scheme is 'ftp'"),
        ("file:///etc/passwd", "scheme is 'file'"),
        ("gopher://example.org/", "scheme is 'gopher'"),
        ("//example.org/", "no scheme"),
        ("example.org", "no scheme"),
        ("http://user@example.org/", "user name"),
        ("http://@example.org/", "user name"),
        ("http://example.org:80@127.0.0.1/", "user name"),
        ("http://example.org\\@127.0.0.1/", "backslashes"),
        ("http://example.org/\r\nHost: inside", "control characters"),
        ("http://example.org/a b", "spaces"),
        ("http://exa\u00admple.org/\u2028", "control characters"),
        ("http://example.org:22/", "port 22"),
        ("http://example.org:8080/", "port 8080"),
        ("http://localhost/", "local network"),
        ("http://printer/", "local network"),
        ("http://db.internal/", "local network"),
        ("http://a.localhost/", "local network"),
        ("http://127.0.0.1/", "not a public address"),
        ("http://127.1/", "not a public address"),
        ("http://2130706433/", "not a public address"),
        ("http://0x7f000001/", "not a public address"),
        ("http://0177.0.0.1/", "no URL"),
        ("http://①②⑦.⓪.⓪.①/", "not"),
        ("http://127.0.0.1./", "not a public address"),
        ("http://[::1]/", "not a public address"),
        ("http://[::ffff:10.0.0.1]/", "not a public address"),
        ("http://[fe80::1%25eth0]/", "one network link"),
        ("http://300.1.1.1/", "no URL"),
        ("http://1.2.3.4.5/", "no address"),
        ("http://exa_mple..org/", "no"),
        ("http://example.org%2e.evil/", "no"),
        ("http:///path", "no host name"),
        ("http://", "no host name"),
    ],
)
def test_a_url_that_hides_something_is_refused_with_its_reason(url, reason):
    with pytest.raises(PolicyDenied, match="is not fetched") as told:
        RULES.admit(url)
    assert reason in told.value.message
    assert told.value.hint


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1",
        "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "168.63.129.16", "198.18.0.1",
        "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::", "2002:a00:1::",
        "3fff::1", "5f00::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1",
        "2606:4700::5efe:127.0.0.1", "fe80::1%eth0", "no address",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_not_reached(address):
    assert refusal(address)


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808",
     "2002:808:808::1"],
)  # fmt: skip
def test_a_public_address_is_reached(address):
    assert refusal(address) == ""


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_every_spelling_of_an_ipv4_address_is_judged_alike(address):
    number = int(address)
    octets = [int(part) for part in str(address).split(".")]
    spellings = [
        str(number),
        hex(number),
        f"0{number:o}",
        ".".join(f"0{part:o}" for part in octets),
        ".".join(map(hex, octets)),
        f"{octets[0]}.{number & 0xFFFFFF}",
    ]
    assert {canonical_host(spelling) for spelling in spellings} == {str(address)}
    assert bool(refusal(str(address))) == bool(refusal(f"::ffff:{address}"))


@settings(deadline=None)
@given(st.ip_addresses(v=6))
def test_judging_an_ipv6_address_never_fails_and_local_ones_never_pass(address):
    verdict = refusal(str(address))
    if not address.is_global and not address.ipv4_mapped:
        assert verdict


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_admitted_or_refused_and_nothing_else(text):
    for url in (text, f"http://{text}", f"http://example.org/{text}"):
        try:
            host = RULES.admit(url).host
        except PolicyDenied:
            continue
        assert host == canonical_host(host)


def test_an_operator_names_internal_origins_exactly():
    rules = Rules.of(allow_origins=("http://127.0.0.1:8808", "https://wiki.internal"))
    assert rules.admit("http://127.0.0.1:8808/feed.xml") == Origin("http", "127.0.0.1", 8808)
    assert rules.admit("https://WIKI.internal:443/") == Origin("https", "wiki.internal", 443)
    for url in (
        "http://127.0.0.1:8809/",
        "https://127.0.0.1:8808/",
        "http://localhost:8808/",
        "http://wiki.internal/",
        "https://a.wiki.internal/",
    ):
        with pytest.raises(PolicyDenied):
            rules.admit(url)


def test_an_origin_in_the_settings_has_no_path():
    with pytest.raises(PolicyDenied, match="an origin has no path"):
        Rules.of(allow_origins=("http://127.0.0.1:8808/private",))


def test_more_ports_are_the_operators_choice():
    assert Rules.of(ports=(80, 443, 8443)).admit("https://example.org:8443/").port == 8443


def test_an_origin_is_written_as_browsers_write_it():
    urls = ("HTTP://Example.org:80/a", "https://example.org:8443", "http://[2606:4700::1]/")
    assert [str(origin_of(url)) for url in urls] == [
        "http://example.org", "https://example.org:8443", "http://[2606:4700::1]",
    ]  # fmt: skip


@pytest.mark.external
def test_no_published_payload_is_admitted(shared_data):
    lines = (shared_data / "security_payloads" / "ssrf_urls.jsonl").read_text().splitlines()
    payloads = [json.loads(line) for line in lines]
    assert len(payloads) > 30
    admitted = []
    for payload in payloads:
        try:
            origin = RULES.admit(payload["url"])
        except PolicyDenied:
            continue
        admitted.append((payload["label"], str(origin)))
    assert admitted == []


def test_ipaddress_still_calls_global_what_our_own_list_must_deny():
    """The list of ranges exists because the standard library does not deny these."""
    for text in ("192.88.99.1", "168.63.129.16", "2002:7f00:1::"):
        assert ipaddress.ip_address(text).is_global
        assert refusal(text)
