"""Where things live and what the person has set.

Read from the environment (`ASSISTANT_…`) and from `$ASSISTANT_HOME/settings.toml`; the
environment wins. Secrets are not here: see `secrets.py`.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.errors import RequestWrong

PROJECT = Path(__file__).resolve().parent.parent


class SettingsWrong(RequestWrong):
    """A setting has a value it cannot have, or the home folder cannot be used."""


class Smtp(BaseModel):
    """A mail server. The password is the secret named `smtp_password`."""

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    user: str = ""
    security: str = Field(default="starttls", pattern="^(starttls|tls|none)$")
    sender: str = ""
    ca_file: Path | None = None


class Search(BaseModel):
    """Where `web_search` asks. `brave` needs the secret `brave_api_key`; `searxng` needs `url`."""

    provider: str = Field(default="brave", pattern="^(brave|searxng)$")
    url: str = ""
    """The service's address; empty: the provider's own. A SearXNG is always named here."""


class McpServer(BaseModel):
    """An MCP server whose tools become skills: a command to start (stdio) or a URL to reach.

    `secret:NAME` as a value of `env` or `headers` stands for the secret. `effects` says what a
    person knows of a tool; one that is not named counts as `write`.
    """

    command: str = ""
    args: tuple[str, ...] = ()
    env: dict[str, str] = Field(default_factory=dict[str, str])
    url: str = ""
    headers: dict[str, str] = Field(default_factory=dict[str, str])
    effects: dict[str, Literal["pure", "read", "write"]] = Field(
        default_factory=dict[str, Literal["pure", "read", "write"]]
    )
    seconds: float = Field(default=60.0, gt=0, le=3600)
    start_seconds: float = Field(default=20.0, gt=0, le=600)
    """How long it may take to start, and to name its tools; some download themselves first."""


class Letters(BaseModel):
    """How newsletters go out."""

    image_hosts: tuple[str, ...] = ()
    """Hosts whose images a letter may point to; images from elsewhere are put into the letter."""
    unsubscribe: str = ""
    """`mailto:` or `https:` address behind "Unsubscribe"; empty: a mail to the sender."""
    browser: str = ""
    """Address where letters are published, `{run}` in it is the run's id; empty: no such link."""


def _demo_databases() -> dict[str, str]:
    return {"shop": str(PROJECT / "data" / "demo" / "shop.db")}


class Settings(BaseSettings):
    """All settings, with the defaults a fresh machine runs on."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_nested_delimiter="__", extra="ignore", frozen=True
    )

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("assistant")))
    database_url: str = ""
    """Empty: SQLite files in the home folder. `postgresql://…`: the durable state moves there."""
    model: str = "starter"
    timezone: str = ""
    """IANA zone for schedules whose words name none; empty: the machine's."""
    sender: str = "assistant@localhost"
    smtp: Smtp = Smtp()
    letters: Letters = Letters()
    channels: dict[str, str] = Field(default_factory=dict[str, str])
    """Channels of `notify` by name: an Apprise URL, or `secret:NAME` for the secret that is one."""
    search: Search = Search()
    databases: dict[str, str] = Field(default_factory=_demo_databases)
    """Databases by name: an SQLite file, or a `postgresql:` or `mysql:` URL; `secret:NAME` in it
    stands for the secret."""
    embedding_model: str = ""
    """A model that turns text into vectors, for ranking by meaning; empty: words only."""
    mcp: dict[str, McpServer] = Field(default_factory=dict[str, McpServer])
    """MCP servers by name: their tools are the skills `mcp/<server>/<tool>`."""
    http_secrets: dict[str, str] = Field(default_factory=dict[str, str])
    """Secrets that http_request may send, each with the one origin it may be sent to:
    `tracker_token = "https://api.tracker.example"`."""
    robots: bool = True
    """Whether scrape_page honours the robots.txt of sites."""
    allow_origins: tuple[str, ...] = ()
    """Internal origins (`http://127.0.0.1:8808`) that the guarded client may reach."""
    ports: tuple[int, ...] = (80, 443)
    demo_port: int = Field(default=8808, ge=0, le=65535)
    """Where the demo newspaper is served on loopback; 0: nowhere, and its origin stays closed."""
    panel_port: int = 7860
    noun: str = "job"
    max_parallel_runs: int = 8
    model_threads: int = 0
    """0: as many as the machine has cores."""
    model_context: int = Field(0, ge=0)
    """0: what the model was trained for, 8192 tokens at most, and less on a small machine."""
    model_memory_mb: int = Field(0, ge=0)
    """What a local model may take; 0: what is free when it is asked for."""
    model_fallbacks: tuple[str, ...] = ()
    """Models that are asked when the first one cannot answer, in this order."""
    model_bases: dict[str, str] = Field(default_factory=dict[str, str])
    """Base URLs of providers: `{openai: "http://127.0.0.1:8000/v1"}`."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings

    @property
    def demo_origin(self) -> str:
        return f"http://127.0.0.1:{self.demo_port}" if self.demo_port else ""

    @property
    def reachable_origins(self) -> tuple[str, ...]:
        """The internal origins that the guarded client lets through, the demo's among them."""
        return (*self.allow_origins, self.demo_origin) if self.demo_origin else self.allow_origins

    # Where things live. Nothing is created here; `prepare` does that.
    @property
    def store_path(self) -> Path:
        return self.home / "assistant.db"

    @property
    def engine_path(self) -> Path:
        return self.home / "engine.db"

    @property
    def jobs_dir(self) -> Path:
        return self.home / "jobs"

    @property
    def runs_dir(self) -> Path:
        return self.home / "runs"

    @property
    def outbox_dir(self) -> Path:
        return self.home / "outbox"

    @property
    def models_dir(self) -> Path:
        return self.home / "models"

    @property
    def skills_dir(self) -> Path:
        return self.home / "skills"

    @property
    def knowledge_dir(self) -> Path:
        return self.home / "knowledge"

    @property
    def locks_dir(self) -> Path:
        return self.home / "locks"

    def run_dir(self, job: str, run_id: str) -> Path:
        return self.runs_dir / job / run_id

    def job_dir(self, job: str) -> Path:
        return self.jobs_dir / job


def load(**given: Any) -> Settings:
    """The settings in force: `given`, then the environment, then `settings.toml`, then defaults.

    Raises SettingsWrong naming the file or variable, and what would be right.
    """
    try:
        first = Settings(**given)
        stored = _stored(first.home / "settings.toml")
        overridden = {key for key in stored if f"ASSISTANT_{key.upper()}" in os.environ}
        kept = {key: value for key, value in stored.items() if key not in overridden}
        return Settings(**(kept | given))
    except ValidationError as wrong:
        first_error = wrong.errors()[0]
        name = ".".join(str(part) for part in first_error["loc"])
        raise SettingsWrong(
            f"setting {name!r}: {first_error['msg']}",
            hint=f"Mend ASSISTANT_{name.upper()} or the line {name!r} in settings.toml.",
        ) from wrong


def _stored(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise SettingsWrong(
            f"{path}: {wrong}", hint="Mend the line named, or move the file away."
        ) from wrong


def prepare(settings: Settings) -> None:
    """Make the home folder and its rooms. Raises SettingsWrong when it cannot be written."""
    home = settings.home
    try:
        for folder in (
            settings.jobs_dir, settings.runs_dir, settings.outbox_dir, settings.models_dir,
            settings.skills_dir, settings.knowledge_dir, settings.locks_dir,
        ):  # fmt: skip
            folder.mkdir(parents=True, exist_ok=True)
        probe = home / ".writable"
        probe.write_text("")
        probe.unlink()
    except OSError as wrong:
        raise SettingsWrong(
            f"the home folder {home} cannot be written: {wrong.strerror}",
            hint="Give it to this user, or set ASSISTANT_HOME to a folder that can be written.",
        ) from wrong
