"""Secrets are found by name, kept where nobody else reads them, and masked in every form."""

from __future__ import annotations

import base64
import io
import itertools
import json
import logging
import stat
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from assistant.masking import MaskedLines, Masker
from assistant.secrets import SecretMissing, Secrets, SecretWrong

AWKWARD = 'p@ss/w+rd "ü" &<\\n>'


class BoxKeyring:
    """A keyring in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class LockedKeyring(BoxKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise OSError("locked")


def no_keyring() -> None:
    return None


def test_a_variable_wins_over_what_is_stored(tmp_path: Path) -> None:
    secrets = Secrets(
        tmp_path, environ={"ASSISTANT_SECRET_SMTP_PASSWORD": "from-env"}, keyring=no_keyring
    )
    secrets.put("smtp_password", "from-file")
    assert (secrets["smtp_password"], secrets.where("smtp_password")) == (
        "from-env",
        "ASSISTANT_SECRET_SMTP_PASSWORD",
    )


def test_a_service_s_own_variable_is_known(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, environ={"BRAVE_API_KEY": "brave-1234"}, keyring=no_keyring)
    assert dict(secrets) == {"brave_api_key": "brave-1234"}


def test_without_a_keyring_the_file_is_for_this_user_only(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, environ={}, keyring=no_keyring)
    assert secrets.put("brave_api_key", "brave-1234") == "file"
    assert stat.S_IMODE(secrets.path.stat().st_mode) == 0o600
    assert Secrets(tmp_path, environ={}, keyring=no_keyring)["brave_api_key"] == "brave-1234"


def test_with_a_keyring_the_file_holds_only_the_name(tmp_path: Path) -> None:
    box = BoxKeyring()
    secrets = Secrets(tmp_path, environ={}, keyring=lambda: box)
    assert secrets.put("brave_api_key", "brave-1234") == "keyring"
    assert json.loads(secrets.path.read_text()) == {"brave_api_key": {"in": "keyring"}}
    assert secrets["brave_api_key"] == "brave-1234"
    secrets.remove("brave_api_key")
    assert (box.kept, list(secrets)) == ({}, [])


def test_a_locked_keyring_is_no_reason_to_lose_a_secret(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, environ={}, keyring=LockedKeyring)
    assert secrets.put("brave_api_key", "brave-1234") == "file"
    assert secrets["brave_api_key"] == "brave-1234"


def test_a_missing_secret_says_how_to_give_one(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, environ={}, keyring=no_keyring)
    with pytest.raises(SecretMissing) as missing:
        secrets["smtp_password"]
    assert str(missing.value) == "There is no secret named 'smtp_password'."
    assert "assistant secrets set smtp_password" in missing.value.hint
    assert "ASSISTANT_SECRET_SMTP_PASSWORD" in missing.value.hint
    assert secrets.get("smtp_password") is None


@pytest.mark.parametrize("name", ["", "Up", "a b", "../x", "1a", "a" * 65])
def test_a_name_that_cannot_be_a_variable_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SecretWrong):
        Secrets(tmp_path, environ={}, keyring=no_keyring).put(name, "value-1234")


@pytest.mark.parametrize("value", ["", "abc", " padded ", "nul\x00nul"])
def test_a_value_that_could_not_be_masked_is_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(SecretWrong):
        Secrets(tmp_path, environ={}, keyring=no_keyring).put("name", value)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{not json")
    with pytest.raises(SecretWrong, match=r"secrets\.json"):
        Secrets(tmp_path, environ={}, keyring=no_keyring)["brave_api_key"]


def test_a_reference_in_a_setting_is_replaced(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, environ={"ASSISTANT_SECRET_TEAM": "xoxb-1234"}, keyring=no_keyring)
    assert secrets.reveal("slack://secret:team/#news") == "slack://xoxb-1234/#news"


def test_showing_the_secrets_shows_only_names(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path, environ={"BRAVE_API_KEY": "brave-1234"}, keyring=no_keyring)
    assert repr(secrets) == "Secrets(brave_api_key)"


@pytest.mark.parametrize(
    "written",
    [
        AWKWARD,
        quote(AWKWARD),
        quote(AWKWARD, safe=""),
        quote(AWKWARD, safe="").lower(),
        json.dumps({"p": AWKWARD}),
        json.dumps({"p": AWKWARD}, ensure_ascii=False),
        f"Basic {base64.b64encode(f'u:{AWKWARD}'.encode()).decode()}",
        f"Basic {base64.b64encode(f'me:{AWKWARD}'.encode()).decode()}",
        f"Basic {base64.b64encode(f'you:{AWKWARD}'.encode()).decode()}",
        base64.urlsafe_b64encode(AWKWARD.encode()).decode(),
    ],
)
def test_a_secret_is_masked_however_it_is_written(written: str) -> None:
    masked = Masker({"smtp_password": AWKWARD}).mask(f"login {written} ok")
    assert "[secret smtp_password]" in masked
    assert not any(form in masked for form in Masker({"x": AWKWARD}).forms)
    assert masked.startswith("login ")
    assert masked.endswith(" ok")


def test_data_is_masked_in_depth_keys_too() -> None:
    masker = Masker({"key": "s3cret!"})
    assert masker.mask_data({"a": ["s3cret!", 1, None], "s3cret!": {"b": "xs3cret!x"}}) == {
        "a": ["[secret key]", 1, None],
        "[secret key]": {"b": "x[secret key]x"},
    }


def test_a_log_line_with_its_traceback_holds_no_secret() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(MaskedLines(lambda: Masker({"key": "s3cret!"}), "%(message)s"))
    log = logging.Logger("letters", logging.WARNING)
    log.addHandler(handler)
    try:
        raise ValueError("token=s3cret%21")
    except ValueError:
        log.exception("call with %s failed", "s3cret!")
    lines = out.getvalue()
    assert lines.startswith("call with [secret key] failed\nTraceback")
    assert lines.endswith("ValueError: token=[secret key]\n")


def test_a_secret_that_begins_with_another_is_masked_whole() -> None:
    masker = Masker({"short": "token", "long": "token-1234"})
    assert masker.mask("token token-1234") == "[secret short] [secret long]"


@trying(deadline=None)
@given(
    text=st.lists(
        st.sampled_from(
            ["tok", "token", "token-12", "34", "-1234", "x", " ", "dG9rZW", "4tMTIzNA"]
        ),
        max_size=12,
    ).map("".join),
    cuts=st.lists(st.integers(0, 60), max_size=8),
)
def test_a_stream_cut_anywhere_masks_what_the_whole_text_masks(text: str, cuts: list[int]) -> None:
    masker = Masker({"short": "token", "long": "token-1234"})
    stream = masker.stream()
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [text[a:b] for a, b in itertools.pairwise(places)]
    shown = "".join(map(stream.feed, pieces)) + stream.flush()
    assert shown == masker.mask(text)


@pytest.mark.parametrize("password", ["elevenchars", "a long enough password\nin two lines"])
def test_a_password_that_the_panel_would_refuse_is_refused_at_once(
    tmp_path: Path, password: str
) -> None:
    kept = Secrets(tmp_path, environ={}, keyring=no_keyring)
    with pytest.raises(SecretWrong, match="at least 12 characters"):
        kept.put("panel_password", password)
    assert "panel_password" not in kept
