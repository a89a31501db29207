"""send_email: outbox and SMTP, one message for one step, and no way to smuggle a header in."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP as POLICY
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from assistant.errors import BadArguments, CannotDo, OutcomeUnknown, PolicyDenied, TryAgain
from assistant.secrets import SecretMissing
from assistant.settings import Letters, Smtp
from assistant.skills.calling import call, preview
from assistant.skills.door import Skill
from assistant.skills.library import Library

LETTER = {
    "title": "Morning",
    "html": '<p>Hi</p><img src="data:image/png;base64,iVBORw0KGgo="><!--slot:browser--><!--slot:unsubscribe-->',
    "markdown": "Hi\n",
    "text": "Hi\n",
}


class Postman:
    """Keeps what a server took; `say` is asked first at each recipient and message."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.encrypted: list[bool] = []
        self.recipients: dict[str, str] = {}
        self.answer = "250 taken"
        self.cut = False

    async def handle_RCPT(
        self, server: Server, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        said = self.recipients.get(address, "250 OK")
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:
        if self.cut:
            server.transport.abort()
            return "421 gone"
        if self.answer.startswith("250"):
            self.taken.append(envelope)
            self.encrypted.append(server.transport.get_extra_info("cipher") is not None)
        return self.answer


class MailServer(Controller):
    """A controller on a port that the system chooses."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def login(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
    good = isinstance(given, LoginPassword) and given.password == b"s3cret-word"
    return AuthResult(success=good, handled=good)


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def certificate(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture
def postman() -> Postman:
    return Postman()


@pytest.fixture
def server(postman: Postman, certificate: ssl.SSLContext) -> Iterator[Controller]:
    """A mail server that insists on STARTTLS and a login."""
    controller = MailServer(
        postman, hostname="127.0.0.1", port=0, tls_context=certificate, require_starttls=True,
        authenticator=login, auth_required=True, auth_require_tls=True,
    )  # fmt: skip
    controller.start()
    yield controller
    controller.stop()


def smtp(controller: Controller, authority: Path, **more: Any) -> dict[str, Any]:
    made = {
        "host": "localhost", "port": controller.port, "user": "me", "security": "starttls",
        "sender": "me@example.org", "ca_file": authority,
    } | more  # fmt: skip
    return {"smtp": Smtp(**made)}


@pytest.fixture
def send(library: Library) -> Skill:
    return library.get("send_email")


PASSWORD = {"smtp_password": "s3cret-word"}


async def test_without_a_server_the_message_waits_in_the_outbox(send: Skill, make_context) -> None:
    context = make_context()
    given = {"to": "Jo <jo@example.org>", "bcc": ["kim@example.org"], "newsletter": LETTER}
    out = await call(send, given, context)
    (path,) = context.outbox.glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=POLICY)
    assert out["receipt"] == {
        "channel": "outbox",
        "recipients": ["jo@example.org", "kim@example.org"],
        "message_id": message["Message-ID"].strip(),
        "subject": "Morning",
        "uri": path.as_uri(),
        "sent_at": "2026-03-02T12:00:00.000Z",
        "state": "sent",
    }
    assert path.stem == message["Message-ID"].strip().strip("<>").split("@")[0]
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
    ]  # fmt: skip
    assert message["To"] == "Jo <jo@example.org>"
    html = message.get_body(("html",)).get_content()
    assert 'src="cid:image1.' in html
    assert "data:" not in html
    assert ">Unsubscribe</a>" in html
    assert "slot:" not in html
    # Nobody follows a `mailto:` with its escapes in plain text.
    plain = message.get_body(("plain",)).get_content()
    assert "Unsubscribe: write to " in plain
    assert "mailto:" not in plain


async def test_the_same_step_tried_again_writes_nothing_twice(send: Skill, make_context) -> None:
    context = make_context()
    given = {"to": "jo@example.org", "subject": "Hi", "body": "Hello"}
    first = await call(send, given, context)
    again = await call(send, given, context)
    assert again == first
    assert send.already_done is not None
    assert send.already_done(context, **send.check(given)).model_dump() == first
    assert len(list(context.outbox.glob("*.eml"))) == 1


async def test_another_step_or_run_is_another_message(send: Skill, make_context) -> None:
    given = {"to": "jo@example.org", "subject": "Hi", "body": "Hello"}
    contexts = [make_context(), make_context(path="send2"), make_context(run_id="run-2")]
    sent = [await call(send, given, context) for context in contexts]
    assert len({out["receipt"]["message_id"] for out in sent}) == 3
    assert len(list(contexts[0].outbox.glob("*.eml"))) == 3


async def test_a_step_that_never_began_is_known_to_be_undone(send: Skill, make_context) -> None:
    assert send.already_done is not None
    arguments = send.check({"to": "jo@example.org", "body": "Hello"})
    assert send.already_done(make_context(), **arguments) is None


async def test_a_server_gets_it_encrypted_and_nobody_sees_the_blind_copy(
    send: Skill, make_context, server: Controller, postman: Postman, ca_file: Path
) -> None:
    context = make_context(change=smtp(server, ca_file), secrets=PASSWORD)
    context.artifacts.save("table.csv", "a,b\n1,2\n")
    given = {
        "to": ["Jo Müller <jo@example.org>", "kim@example.org"],
        "cc": "lee@example.org",
        "bcc": "secret@example.org",
        "subject": "Grüße",
        "body": "**Hello**\n<script>alert(1)</script>",
        "attachments": ["table.csv"],
    }
    out = await call(send, given, context)
    (envelope,) = postman.taken
    assert envelope.rcpt_tos == [
        "jo@example.org", "kim@example.org", "lee@example.org", "secret@example.org",
    ]  # fmt: skip
    assert out["receipt"]["recipients"] == envelope.rcpt_tos
    assert (out["receipt"]["channel"], postman.encrypted) == ("smtp", [True])
    raw = envelope.original_content
    assert b"secret@example.org" not in raw
    message = message_from_bytes(raw, policy=POLICY)
    assert (message["Subject"], message["Cc"]) == ("Grüße", "lee@example.org")
    assert message["To"].addresses[0].display_name == "Jo Müller"
    assert "<strong>Hello</strong>" in message.get_body(("html",)).get_content()
    assert "<script" not in message.get_body(("html",)).get_content()
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("table.csv", "a,b\n1,2\n")


async def test_what_a_server_took_is_not_given_to_it_again(
    send: Skill, make_context, server: Controller, postman: Postman, ca_file: Path
) -> None:
    context = make_context(change=smtp(server, ca_file), secrets=PASSWORD)
    given = {"to": "jo@example.org", "body": "Hello"}
    first = await call(send, given, context)
    assert await call(send, given, context) == first
    assert len(postman.taken) == 1


async def test_a_cut_at_the_moment_of_handing_over_is_unknown_and_stays_so(
    send: Skill, make_context, server: Controller, postman: Postman, ca_file: Path
) -> None:
    postman.cut = True
    context = make_context(change=smtp(server, ca_file), secrets=PASSWORD)
    given = {"to": "jo@example.org", "body": "Hello"}
    with pytest.raises(OutcomeUnknown):
        await call(send, given, context)
    assert send.already_done is not None
    with pytest.raises(OutcomeUnknown):
        send.already_done(context, **send.check(given))
    # A person says: send it again. It goes out under the name it had.
    postman.cut = False
    sent = await call(send, given, context)
    message = message_from_bytes(postman.taken[0].original_content, policy=POLICY)
    assert message["Message-ID"].strip() == sent["receipt"]["message_id"]


async def test_a_busy_server_is_passing_and_leaves_no_doubt(
    send: Skill, make_context, server: Controller, postman: Postman, ca_file: Path
) -> None:
    postman.answer = "451 later please"
    context = make_context(change=smtp(server, ca_file), secrets=PASSWORD)
    given = {"to": "jo@example.org", "body": "Hello"}
    with pytest.raises(TryAgain, match="451 later please"):
        await call(send, given, context)
    assert send.already_done is not None
    assert send.already_done(context, **send.check(given)) is None
    postman.answer = "250 taken"
    await call(send, given, context)
    assert len(postman.taken) == 1


async def test_a_refused_recipient_is_told_and_the_others_get_it(
    send: Skill, make_context, server: Controller, postman: Postman, ca_file: Path, heard
) -> None:
    postman.recipients = {"gone@example.org": "550 no such mailbox"}
    context = make_context(change=smtp(server, ca_file), secrets=PASSWORD)
    given = {"to": ["jo@example.org", "gone@example.org"], "body": "Hello"}
    out = await call(send, given, context)
    assert out["receipt"]["recipients"] == ["jo@example.org"]
    assert heard.warnings == ["localhost refused gone@example.org: 550 no such mailbox"]


async def test_when_every_recipient_is_refused_nothing_is_sent(
    send: Skill, make_context, server: Controller, postman: Postman, ca_file: Path
) -> None:
    postman.recipients = {"gone@example.org": "550 no such mailbox"}
    context = make_context(change=smtp(server, ca_file), secrets=PASSWORD)
    with pytest.raises(CannotDo, match="550 no such mailbox"):
        await call(send, {"to": "gone@example.org", "body": "Hello"}, context)
    assert postman.taken == []


async def test_a_wrong_password_names_the_secret(
    send: Skill, make_context, server: Controller, ca_file: Path
) -> None:
    context = make_context(change=smtp(server, ca_file), secrets={"smtp_password": "wrong-word"})
    with pytest.raises(CannotDo) as wrong:
        await call(send, {"to": "jo@example.org", "body": "Hello"}, context)
    assert "smtp_password" in wrong.value.hint
    assert "wrong-word" not in str(wrong.value)


async def test_a_missing_password_says_how_to_give_it(
    send: Skill, make_context, server: Controller, ca_file: Path
) -> None:
    context = make_context(change=smtp(server, ca_file))
    with pytest.raises(SecretMissing, match="smtp_password"):
        await call(send, {"to": "jo@example.org", "body": "Hello"}, context)


async def test_a_server_that_nobody_vouches_for_gets_nothing(
    send: Skill, make_context, server: Controller, postman: Postman, ca_file: Path
) -> None:
    context = make_context(change=smtp(server, ca_file, ca_file=None), secrets=PASSWORD)
    with pytest.raises(CannotDo, match="TLS"):
        await call(send, {"to": "jo@example.org", "body": "Hello"}, context)
    assert postman.taken == []


async def test_a_server_with_tls_from_the_start_is_used_too(
    send: Skill, make_context, postman: Postman, certificate: ssl.SSLContext, ca_file: Path
) -> None:
    controller = MailServer(
        postman, hostname="127.0.0.1", port=0, ssl_context=certificate, authenticator=login
    )
    controller.start()
    try:
        context = make_context(change=smtp(controller, ca_file, security="tls", user=""))
        await call(send, {"to": "jo@example.org", "body": "Hello"}, context)
    finally:
        controller.stop()
    assert postman.encrypted == [True]


async def test_a_password_never_crosses_the_network_in_the_open(send: Skill, make_context) -> None:
    change = {"smtp": Smtp(host="mail.example.org", user="me", security="none")}
    with pytest.raises(PolicyDenied, match="not encrypted"):
        await call(
            send,
            {"to": "jo@example.org", "body": "Hello"},
            make_context(change=change, secrets=PASSWORD),
        )


async def test_a_server_that_is_down_is_worth_another_try(send: Skill, make_context) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    change = {"smtp": Smtp(host="127.0.0.1", port=port, security="none")}
    with pytest.raises(TryAgain, match=f"127.0.0.1:{port}"):
        await call(send, {"to": "jo@example.org", "body": "Hello"}, make_context(change=change))


async def test_a_preview_shows_the_message_and_writes_nothing(send: Skill, make_context) -> None:
    context = make_context(dry=True)
    shown = await preview(send, {"to": "Jo <jo@example.org>", "newsletter": LETTER}, context)
    assert {key: shown[key] for key in ("via", "to", "subject")} == {
        "via": "outbox", "to": ["Jo <jo@example.org>"], "subject": "Morning",
    }  # fmt: skip
    assert shown["text"].startswith("Hi\n")
    assert list(context.outbox.rglob("*.eml")) == []


async def test_the_slots_lead_where_the_settings_say(send: Skill, make_context) -> None:
    letters = Letters(
        unsubscribe="https://example.org/off", browser="https://example.org/letters/{run}"
    )
    context = make_context(change={"letters": letters})
    await call(send, {"to": "jo@example.org", "newsletter": LETTER}, context)
    (path,) = context.outbox.glob("*.eml")
    message = message_from_bytes(path.read_bytes(), policy=POLICY)
    html = message.get_body(("html",)).get_content()
    assert 'href="https://example.org/letters/run-1"' in html
    assert 'href="https://example.org/off"' in html
    assert message["List-Unsubscribe"] == "<https://example.org/off>"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"body": "  "},
        {"body": "Hello", "newsletter": LETTER},
    ],
)
async def test_a_message_is_a_letter_or_a_text(send: Skill, make_context, given: dict) -> None:
    with pytest.raises(BadArguments, match="either newsletter or body"):
        await call(send, {"to": "jo@example.org", **given}, make_context())


@pytest.mark.parametrize(
    "to",
    [
        "", [], "jo", "jo@", "@example.org", "jo@example", "jo@[127.0.0.1]", "jo@127.0.0.1",
        "jo smith@example.org", '"jo smith"@example.org', "jo@exa mple.org", "jo@@example.org",
        "jo@example.org; kim@example.org", "jo@example.org\nBcc: kim@example.org",
        "jo@example.org\r\nSubject: x", "jo@example.org\x00", "jo..smith@example.org",
        ".jo@example.org", f"{'j' * 65}@example.org", f"jo@{'e' * 64}.org",
        "kim@example.org <jo@example.org>", "Jo (x) <jo@example.org>", "<jo@example.org",
        "jo@example.org>", "Jo\u2028 <jo@example.org>", "jo@exam\u200bple.org", "jö@example.org",
        ["jo@example.org"] * 1 + [f"p{n}@example.org" for n in range(60)],
        "group: jo@example.org;",
    ],
)  # fmt: skip
async def test_an_address_that_is_none_is_refused(send: Skill, make_context, to: Any) -> None:
    context = make_context()
    with pytest.raises(BadArguments):
        await call(send, {"to": to, "body": "Hello"}, context)
    assert list(context.outbox.rglob("*")) == []


@pytest.mark.parametrize(
    ("to", "plain"),
    [
        ("jo@example.org", ["jo@example.org"]),
        ("jo@example.org, kim@example.org", ["jo@example.org", "kim@example.org"]),
        ('"Smith, Jo" <jo@example.org>', ["jo@example.org"]),
        ("Jo <jo+news@sub.example.co.uk>", ["jo+news@sub.example.co.uk"]),
        ("jo@bücher.example", ["jo@xn--bcher-kva.example"]),
        (["jo@example.org", "JO@example.org", "kim@example.org"], ["jo@example.org", "kim@example.org"]),
    ],
)  # fmt: skip
async def test_addresses_as_people_write_them(
    send: Skill, make_context, to: Any, plain: list[str]
) -> None:
    out = await call(send, {"to": to, "body": "Hello"}, make_context())
    assert out["receipt"]["recipients"] == plain


EVIL = st.text(
    alphabet=st.sampled_from([*"ab@.:<>,\"' ;=?()", "\r", "\n", "\x00", "\u2028", "ü", "é"]),
    max_size=60,
) | st.sampled_from(
    [
        "x\r\nBcc: victim@example.net",
        "x\nBcc: victim@example.net\n\nbody",
        "=?utf-8?q?x=0D=0ABcc:_victim@example.net?=",
        "x\u2028Bcc: victim@example.net",
        "x\x0bBcc: victim@example.net",
    ]
)


@given(subject=EVIL, title=EVIL, body=EVIL, to=EVIL)
@trying(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_text_becomes_a_header(
    send: Skill, make_context, subject: str, title: str, body: str, to: str
) -> None:
    context = make_context(run_id=f"run-{abs(hash((subject, title, body, to)))}")
    letter = {"newsletter": LETTER | {"title": title}} if not body.strip() else {"body": body}
    try:
        out = await call(
            send, {"to": ["jo@example.org", to], "subject": subject, **letter}, context
        )
    except BadArguments:
        out = await call(send, {"to": "jo@example.org", "subject": subject, **letter}, context)
    receipt = out["receipt"]
    raw = (context.outbox / f"{receipt['message_id'].strip('<>').split('@')[0]}.eml").read_bytes()
    head = raw.split(b"\r\n\r\n", 1)[0]
    names = [line.split(b":")[0] for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert set(names) <= {
        b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Auto-Submitted",
        b"List-Unsubscribe", b"MIME-Version", b"Content-Type", b"Content-Transfer-Encoding",
    }  # fmt: skip
    assert len(names) == len(set(names))
    assert b"\n" not in head.replace(b"\r\n", b"")
    message = message_from_bytes(raw, policy=POLICY)
    assert [a.addr_spec for a in message["To"].addresses] == receipt["recipients"]
    assert message["Bcc"] is None
