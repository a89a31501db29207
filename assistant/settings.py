"""Where things live and what the person has set.

Read from the environment (`ASSISTANT_…`) and from `$ASSISTANT_HOME/settings.toml`; the
environment wins. Secrets are not here: see `secrets.py`.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from assistant.errors import RequestWrong
from assistant.noun import spoken

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

    def connection(self) -> dict[str, Any]:
        """What decides which server is talked to, and how: all but the word on its tools."""
        return self.model_dump(exclude={"effects"})


class Letters(BaseModel):
    """How newsletters go out."""

    image_hosts: tuple[str, ...] = ()
    """Hosts whose images a letter may point to; images from elsewhere are put into the letter."""
    unsubscribe: str = ""
    """`mailto:` or `https:` address behind "Unsubscribe"; empty: a mail to the sender."""
    browser: str = ""
    """Address where letters are published, `{run}` in it is the run's id; empty: no such link."""


_SPAN = r"^(\d{1,4}[smhd]|([01]\d|2[0-3]):[0-5]\d)?$"
_HOURS = r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$"


class Channel(BaseModel):
    """A way to reach a person: an Apprise URL, or `secret:NAME` for the secret that is one.

    In settings.toml a text is enough: `ops = "secret:ops_channel"`. What is more concerns alerts
    alone; the skill `notify` sends at once.
    """

    url: str
    quiet: str = Field(default="", pattern=_HOURS)
    """Hours in which no alert is sent, in the zone of the settings: `22:00-07:00`."""
    digest: str = Field(default="", pattern=_SPAN)
    """Alerts are gathered into one message: every so long (`1h`), or at a time of day (`08:00`)."""
    urgent: tuple[str, ...] = ()
    """Kinds of alert that neither quiet hours nor a digest hold back."""


class AlertSettings(BaseModel):
    """What is told of jobs whose file has no `alerts` of its own, and how often."""

    on: tuple[str, ...] = ("failed", "missed", "waiting", "budget", "healed", "recovered")
    to: tuple[str, ...] = ()
    """Channels by name, or e-mail addresses, which go through the mail server of the settings."""
    remind_hours: float = Field(default=24.0, gt=0)
    """Trouble that goes on is told again after so long."""


class Keeping(BaseModel):
    """How long runs are kept when a job's file does not say; None: for ever."""

    runs: int | None = Field(default=10_000, ge=1)
    days: int | None = Field(default=None, ge=1)


def demo_databases() -> dict[str, str]:
    """The databases of a fresh machine: the demo shop."""
    return {"shop": str(PROJECT / "data" / "demo" / "shop.db")}


class Settings(BaseSettings):
    """All settings, with the defaults a fresh machine runs on."""

    model_config = SettingsConfigDict(
        env_prefix="ASSISTANT_", env_nested_delimiter="__", extra="ignore", frozen=True
    )

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("assistant")))
    database_url: str = ""
    """Empty: SQLite files in the home folder. `postgresql://…`: the durable state moves there."""
    artifacts_url: str = ""
    """Where the files of runs lie when several machines share the work: an fsspec URL, a folder
    (`file:///mnt/runs`) or S3-compatible storage (`s3://bucket/runs`). Empty: this machine alone."""
    queues: dict[str, tuple[str, ...]] = Field(default_factory=dict[str, tuple[str, ...]])
    """Queues by name, each with the jobs that wait in it (`heavy = ["research-*"]`); every other
    job waits in `default`. `assistant worker --queues` says which a worker serves."""
    model: str = "starter"
    timezone: str = ""
    """IANA zone for schedules whose words name none; empty: the machine's."""
    sender: str = "assistant@localhost"
    smtp: Smtp = Smtp()
    letters: Letters = Letters()
    channels: dict[str, Channel] = Field(default_factory=dict[str, Channel])
    """Channels by name, for `notify` and for alerts."""
    alerts: AlertSettings = AlertSettings()
    retention: Keeping = Keeping()
    search: Search = Search()
    databases: dict[str, str] = Field(default_factory=demo_databases)
    """Databases by name: an SQLite file, or a `postgresql:` or `mysql:` URL; `secret:NAME` in it
    stands for the secret."""
    writable_databases: tuple[str, ...] = ()
    """Those of `databases` whose rows change_database may change; none: that skill is off."""
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
    hook_host: str = "127.0.0.1"
    """Where `assistant worker` takes what is posted to jobs; the panel takes it at its own address."""
    hook_port: int = Field(default=7861, ge=0, le=65535)
    """0: a worker takes nothing."""
    panel_address: str = ""
    """Where a signed link to an approval leads (`https://desk.example.org`), when a proxy carries
    that address to the panel; empty: the panel's own address on this machine."""
    noun: str = "job"
    """The word that people see for a job; code and files keep `job`."""
    noun_plural: str = ""
    """Empty: the noun with an s."""
    prompt_strategy: Literal["summarised", "all", "last", "topic"] = "summarised"
    """What of a long conversation a model reads."""
    prompt_last: int = Field(12, ge=1)
    """How many interactions the strategy `last` keeps."""
    summary_tokens: int = Field(500, ge=100)
    """Unsummarised text of so many tokens is summarised, for a context of 8192; larger ones scale."""
    reorientations: int = Field(2, ge=0, le=10)
    """How often a turn that would end with work left is taken up again by itself."""
    guard_seconds: float = Field(5.0, gt=0, le=60)
    """How long a plugin's guard may take; then it denies."""
    max_parallel_runs: int = 8
    """How many runs a process works on at once; one that waits for a person counts as none."""
    max_parallel_runs_per_job: int = Field(0, ge=0)
    """Of these, how many may be of one job; 0: no limit of its own."""
    parallel_runs: dict[str, int] = Field(default_factory=dict[str, int])
    """The same for some jobs by name: `{letters = 1}`."""
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

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, given: str) -> str:
        """A zone that is none would stop every place that tells a time, and every schedule."""
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        try:
            return given and ZoneInfo(given).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
            raise ValueError(
                f"{given[:40]!r} is no time zone; write one as Europe/London"
            ) from wrong

    @field_validator("channels", mode="before")
    @classmethod
    def _short_channels(cls, given: Any) -> Any:
        """`ops = "secret:ops_channel"` is a channel with nothing but an address."""
        if not isinstance(given, dict):
            return given
        return {n: {"url": c} if isinstance(c, str) else c for n, c in given.items()}

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
    def nouns(self) -> str:
        """The plural of the noun."""
        return self.noun_plural or f"{self.noun}s"

    def spoken(self, text: str) -> str:
        """What is said to a person, with their own word for a job."""
        return spoken(text, self.noun, self.nouns)

    @property
    def demo_origin(self) -> str:
        return f"http://127.0.0.1:{self.demo_port}" if self.demo_port else ""

    @property
    def reachable_origins(self) -> tuple[str, ...]:
        """The internal origins that the guarded client lets through, the demo's among them."""
        return (*self.allow_origins, self.demo_origin) if self.demo_origin else self.allow_origins

    def parallel_runs_of(self, job: str) -> int:
        """How many runs of a job a process works on at once; 0: as many as there are places."""
        return self.parallel_runs.get(job, self.max_parallel_runs_per_job)

    # Where things live. Nothing is created here; `prepare` does that.
    @property
    def store_path(self) -> Path:
        return self.home / "assistant.db"

    @property
    def engine_path(self) -> Path:
        return self.home / "engine.db"

    @property
    def templates_dir(self) -> Path:
        """The home's own templates; it need not be there."""
        return self.home / "templates"

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


def refreshed(settings: Settings) -> Settings:
    """The settings with the channels and alerts that settings.toml names now.

    For processes that stay: a channel that was added meanwhile is used without a restart.
    Raises SettingsWrong as `load` does.
    """
    path = settings.home / "settings.toml"
    if not path.exists():
        return settings
    stored = _stored(path)
    named = [key for key in ("channels", "alerts") if f"ASSISTANT_{key.upper()}" not in os.environ]
    now = load(home=settings.home, **{key: stored[key] for key in named if key in stored})
    return settings.model_copy(update={key: getattr(now, key) for key in named})


def renew(held: Settings) -> None:
    """Read the settings again, into the same object: whoever holds it sees the new values.

    What was made from a setting at the start (ports, the database's address) stays as it was.
    Raises SettingsWrong, and changes nothing, when they do not hold.
    """
    fresh = load(home=held.home)
    # The model is frozen for everyone else: only this one place may move it, and whole.
    vars(held).update(vars(fresh))


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
        with tempfile.TemporaryFile(dir=home):  # Its name is its own: others may look just now.
            pass
    except OSError as wrong:
        raise SettingsWrong(
            f"the home folder {home} cannot be written: {wrong.strerror}",
            hint="Give it to this user, or set ASSISTANT_HOME to a folder that can be written.",
        ) from wrong
