"""What an instance may choose: one `hemicycle.toml`, and the environment above it."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from hemicycle.kernel.errors import StartupError

FILE = "hemicycle.toml"
CONFIG = "HEMICYCLE_CONFIG"
BUNDLED = ["votes", "exchange", "territories", "panels", "youtube", "outcomes", "webhooks"]
"""The plugins that ship: enabled, in this order, where an instance does not say otherwise."""


class Strict(BaseModel):
    """A table of settings in which a misspelt name is an error. Plugins derive their own settings from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MailSettings(Strict):
    """How mail leaves. Without a host, it is written to the console (development)."""

    host: str | None = None
    port: int = Field(587, ge=1, le=65535)
    user: str | None = None
    password: str | None = None
    starttls: bool = True
    sender: str = "hemicycle@localhost"


class LimitSettings(Strict):
    """How much a stranger may ask: per account, and, generously, per address (a village hall is one address)."""

    requests_per_minute: int = Field(1200, ge=1)
    mutations_per_minute: int = Field(120, ge=1)
    introspections_per_minute: int = Field(60, ge=1)
    links_per_hour: int = Field(5, ge=1)
    links_per_hour_per_address: int = Field(300, ge=1)
    sign_ins_per_quarter: int = Field(10, ge=1)


class OutboundSettings(Strict):
    """Requests that leave the instance reach public addresses over https alone, but for what is named here."""

    trusted: list[str] = []
    """Origins of one's own network, as `http://10.0.0.5:9000`."""

    @field_validator("trusted")
    @classmethod
    def _origins(cls, value: list[str]) -> list[str]:
        for one in value:
            if not re.fullmatch(r"https?://[^/?#@\s]+", one):
                raise ValueError(f"{one}: an origin is a scheme, a host, perhaps a port: http://10.0.0.5:9000")
        return value


class LogSettings(Strict):
    """Lines of log, on standard error."""

    format: Literal["auto", "json", "console"] = "auto"
    """`auto`: JSON, unless standard error is a terminal."""
    level: Literal["debug", "info", "warning", "error"] = "info"


class MetricsSettings(Strict):
    """Numbers for Prometheus. Without a token there is no `/metrics`."""

    token: str | None = Field(None, min_length=16)
    worker: str | None = Field(None, pattern=r"^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):[0-9]{1,5}$")
    """`HOST:PORT` at which a worker answers, without a token: keep it on a network of your own."""


class TraceSettings(Strict):
    """Spans of OpenTelemetry."""

    endpoint: str | None = Field(None, pattern=r"^https?://")
    """Of a collector that speaks OTLP over HTTP: `http://127.0.0.1:4318/v1/traces`."""
    sample: float = Field(1.0, ge=0, le=1)
    service: str = "hemicycle"


class ActionSettings(Strict):
    """Who has an action here, in place of its default."""

    roles: list[str] | None = None
    criteria: list[dict[str, Any]] | None = None


class Settings(BaseSettings):
    """The settings of one instance. Each can be said in the environment: `HEMICYCLE_NAME`, `HEMICYCLE_MAIL__HOST`."""

    model_config = SettingsConfigDict(env_prefix="HEMICYCLE_", env_nested_delimiter="__", extra="forbid", frozen=True)

    name: str = "hemicycle"
    instance: str = Field("local", pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    locale: Literal["en", "fr"] = "fr"
    production: bool = False
    url: str = "http://127.0.0.1:8000"
    database_url: str = "sqlite:///hemicycle.db"
    listen_url: str | None = None
    secret_key: str = "development"  # noqa: S105  (refused in production)
    plugins: list[str] = BUNDLED
    cors_origins: list[str] = []
    allowed_hosts: list[str] = []
    trusted_proxies: list[str] = []
    sign_in_url: str | None = None
    erasure_journal: Path = Path("erasures.jsonl")
    mail: MailSettings = Field(default_factory=lambda: MailSettings.model_validate({}))
    limits: LimitSettings = Field(default_factory=lambda: LimitSettings.model_validate({}))
    outbound: OutboundSettings = OutboundSettings()
    logs: LogSettings = Field(default_factory=lambda: LogSettings.model_validate({}))
    metrics: MetricsSettings = Field(default_factory=lambda: MetricsSettings.model_validate({}))
    traces: TraceSettings = Field(default_factory=lambda: TraceSettings.model_validate({}))
    actions: dict[str, ActionSettings] = {}
    plugin: dict[str, dict[str, Any]] = {}

    @field_validator("cors_origins")
    @classmethod
    def _no_star(cls, value: list[str]) -> list[str]:
        if "*" in value:
            raise ValueError("'*' would give every site the rights of whoever is signed in: name each origin")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return env_settings, init_settings  # the environment stands above the file


def place(path: Path | None = None) -> Path | None:
    """The file of the settings that `load` reads; None if there is none."""
    named = path or (Path(os.environ[CONFIG]) if CONFIG in os.environ else Path(FILE))
    return named if named.is_file() else None


def load(path: Path | None = None, **given: Any) -> Settings:
    """The settings of the file at `path`, the environment, and `given`.

    path: if it is not said, what HEMICYCLE_CONFIG names, else `hemicycle.toml` here, if there is one. Relative paths
    in the file are read from its folder. `DATABASE_URL` overrides the database everywhere. StartupError names the file
    and every setting that is wrong.
    """
    named = path or (Path(os.environ[CONFIG]) if CONFIG in os.environ else None)
    source = named or Path(FILE)
    if named is not None and not named.is_file():
        raise StartupError(f"There is no {named}: `hemicycle init {named.parent}` writes one.")
    try:
        said = tomllib.loads(source.read_text("utf-8")) if source.is_file() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise StartupError(f"{source}: not valid TOML: {error}") from None
    if source.is_file():
        said = _from_folder(source.parent, said)
    said |= given
    if url := os.environ.get("DATABASE_URL"):
        said["database_url"] = url
    try:
        return Settings(**said)
    except ValidationError as error:
        raise StartupError("\n".join(_sentence(source, one) for one in error.errors())) from None


def _from_folder(folder: Path, said: dict[str, Any]) -> dict[str, Any]:
    """Relative paths of a file are relative to it, wherever the command is called."""
    url, journal = said.get("database_url", "sqlite:///hemicycle.db"), said.get("erasure_journal", "erasures.jsonl")
    prefix, _, path = str(url).partition(":///")
    if prefix.startswith("sqlite") and path and not path.startswith("/") and path != ":memory:":
        url = f"{prefix}:///{(folder / path).resolve()}"
    return said | {"database_url": url, "erasure_journal": (folder / str(journal)).resolve()}


def _sentence(source: Path, error: Any) -> str:
    where = ".".join(str(part) for part in error["loc"]) or "the file"
    hint = "no such setting: remove it, or correct its name" if error["type"] == "extra_forbidden" else error["msg"]
    return f"{source}: {where}: {hint}"
