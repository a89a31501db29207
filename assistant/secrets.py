"""Secrets by name: from the environment, a keyring when there is one, else a 0600 file; masked wherever text leaves.

A secret is looked up in this order: the variable `ASSISTANT_SECRET_<NAME>`, the well-known
variable of that service (`ANTHROPIC_API_KEY`), then what `put` has stored. What is stored where
stands in `secrets.json` in the home folder (mode 0600), so that nothing asks a keyring, and
nothing imports one, unless a secret lies in it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from assistant.errors import RequestWrong
from assistant.masking import SHORTEST, Masker

SERVICE = "assistant"
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
REFERENCE = re.compile(r"\bsecret:([a-z][a-z0-9_]{0,63})")

PANEL_PASSWORD, SHORTEST_PASSWORD = "panel_password", 12
"""What the panel asks others on the network for, and how short it may be."""
WELL_KNOWN = {
    "anthropic_api_key": "ANTHROPIC_API_KEY",
    "openai_api_key": "OPENAI_API_KEY",
    "openrouter_api_key": "OPENROUTER_API_KEY",
    "gemini_api_key": "GEMINI_API_KEY",
    "mistral_api_key": "MISTRAL_API_KEY",
    "groq_api_key": "GROQ_API_KEY",
    "deepseek_api_key": "DEEPSEEK_API_KEY",
    "brave_api_key": "BRAVE_API_KEY",
}
"""Secrets that other programs know too, and the variables they are commonly given in."""


class SecretMissing(RequestWrong, KeyError):
    """There is no secret of that name; the hint says how to give one."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"There is no secret named {name!r}.",
            hint=f"Set it with `assistant secrets set {name}`, or in the variable {variable(name)}.",
        )

    def __str__(self) -> str:
        return self.message


class SecretWrong(RequestWrong):
    """A name that cannot be one, a value that cannot be masked, or a file that cannot be read."""


class Keyring(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


def system_keyring() -> Keyring | None:
    """The machine's keyring; None when it has no backend that can keep anything."""
    import keyring  # slow, it looks for backends: only when a secret is put there or lies there
    from keyring.backends import fail, null

    try:
        backend = keyring.get_keyring()
    except Exception:  # a broken backend's own errors have no common root; it counts as none
        return None
    unusable = isinstance(backend, (fail.Keyring, null.Keyring)) or backend.priority <= 0
    return None if unusable else cast("Keyring", backend)


def variable(name: str) -> str:
    """The environment variable that gives the secret of that name."""
    return f"ASSISTANT_SECRET_{name.upper()}"


class Secrets(Mapping[str, str]):
    """The secrets of one home folder, by name. Reading one that is missing raises SecretMissing.

    `environ` and `keyring` are arguments so that a test can hold them still; `keyring` is asked
    for its backend only when one is needed.
    """

    def __init__(
        self,
        home: Path,
        *,
        environ: Mapping[str, str] | None = None,
        keyring: Any = system_keyring,
    ) -> None:
        self.path = home / "secrets.json"
        self._environ = os.environ if environ is None else environ
        self._find_keyring = keyring
        self._lock = threading.Lock()

    def __getitem__(self, name: str) -> str:
        from_variable = self._from_environment(name)
        if from_variable:
            return from_variable
        entry = self._stored().get(name)
        value = self._value(name, entry) if entry else None
        if not value:
            raise SecretMissing(name)
        return value

    def __iter__(self) -> Iterator[str]:
        yield from sorted(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def __contains__(self, name: object) -> bool:
        return name in self._names()

    def __repr__(self) -> str:
        return f"Secrets({', '.join(self)})"

    def where(self, name: str) -> str:
        """Where the secret comes from: a variable's name, `keyring` or `file`."""
        for known in (variable(name), WELL_KNOWN.get(name, "")):
            if known and self._environ.get(known):
                return known
        entry = self._stored().get(name)
        if not entry:
            raise SecretMissing(name)
        return "keyring" if entry.get("in") == "keyring" else "file"

    def put(self, name: str, value: str) -> str:
        """Keep a secret; gives `keyring` or `file`, where it went. Raises SecretWrong."""
        if not NAME.fullmatch(name):
            raise SecretWrong(
                f"{name!r} cannot be the name of a secret.",
                hint="Use small letters, digits and underscores, beginning with a letter.",
            )
        if len(value) < SHORTEST or value != value.strip() or "\x00" in value:
            raise SecretWrong(
                f"The value for {name!r} is shorter than {SHORTEST} characters or has blanks around it.",
                hint="So short a value could not be masked; copy the whole value once more.",
            )
        if name == PANEL_PASSWORD and (len(value) < SHORTEST_PASSWORD or "\n" in value):
            raise SecretWrong(
                f"The password of the panel has at least {SHORTEST_PASSWORD} characters, in one line.",
                hint="Four or five words that nobody would put together are easy to keep in mind.",
            )
        entry = {"in": "keyring"} if self._into_keyring(name, value) else {"value": value}
        with self._lock:
            self._write(self._stored() | {name: entry})
        return "keyring" if "in" in entry else "file"

    def remove(self, name: str) -> None:
        """Forget a stored secret. Raises SecretMissing; a variable is not touched."""
        with self._lock:
            stored = self._stored()
            if name not in stored:
                raise SecretMissing(name)
            if stored[name].get("in") == "keyring" and (backend := self._find_keyring()):
                with contextlib.suppress(Exception):  # already gone there: what was wanted
                    backend.delete_password(SERVICE, name)
            self._write({key: entry for key, entry in stored.items() if key != name})

    def masker(self) -> Masker:
        """Masks every secret there is now."""
        known = dict[str, str]()
        for name in self:
            with contextlib.suppress(SecretMissing):
                known[name] = self[name]
        return Masker(known)

    def reveal(self, text: str) -> str:
        """`secret:NAME` references in a setting, replaced by the secrets. Raises SecretMissing.

        Only for text of the person's own settings: in a text that came from a page or a model a
        reference would carry the secret to whoever wrote it.
        """
        return REFERENCE.sub(lambda found: self[found.group(1)], text)

    def _names(self) -> set[str]:
        prefix = variable("")
        named = {
            key.removeprefix(prefix).lower()
            for key, value in self._environ.items()
            if key.startswith(prefix) and value
        }
        known = {name for name, key in WELL_KNOWN.items() if self._environ.get(key)}
        return named | known | set(self._stored())

    def _from_environment(self, name: str) -> str:
        return (
            self._environ.get(variable(name)) or self._environ.get(WELL_KNOWN.get(name, "")) or ""
        )

    def _value(self, name: str, entry: Mapping[str, str]) -> str | None:
        if entry.get("in") != "keyring":
            return entry.get("value")
        backend = self._find_keyring()
        try:
            return backend.get_password(SERVICE, name) if backend else None
        except Exception:  # a locked or vanished keyring: its errors have no common root
            return None

    def _into_keyring(self, name: str, value: str) -> bool:
        backend = self._find_keyring()
        if backend is None:
            return False
        try:
            backend.set_password(SERVICE, name, value)
            return backend.get_password(SERVICE, name) == value
        except Exception:  # locked, refused, no session: the file is the next best place
            return False

    def _stored(self) -> dict[str, dict[str, str]]:
        try:
            raw = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return {}
        except OSError as wrong:
            raise SecretWrong(
                f"{self.path} cannot be read: {wrong.strerror}", hint="Give it back to this user."
            ) from wrong
        try:
            entries = json.loads(raw)
            return {str(name): dict(entry) for name, entry in entries.items()}
        except (ValueError, AttributeError, TypeError) as wrong:
            raise SecretWrong(
                f"{self.path} is not readable as JSON.",
                hint="Move it away, and set the secrets again.",
            ) from wrong

    def _write(self, entries: Mapping[str, Mapping[str, str]]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=self.path.parent, prefix=".secrets-")  # 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(entries, file, indent=1, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            Path(partial).replace(self.path)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise
