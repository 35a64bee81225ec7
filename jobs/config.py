"""The operator's configuration: `undercut.toml` and the environment; with neither, everything still runs.

Secrets are never arguments: they come from environment variables (`UNDERCUT_...`) or from files named here.
"""

import os
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from domain.errors import UndercutError
from domain.source import TermsReview

CONFIG_FILE = "undercut.toml"
CONFIG_VARIABLE = "UNDERCUT_CONFIG"


class ConfigError(UndercutError):
    """The configuration cannot be used; the message names the file, the setting and the mend."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TermsReviewSetting(_Strict):
    """Who read a platform's terms, and when; without it the platform's sources do not run."""

    reviewed_by: str = Field(min_length=1)
    reviewed_on: date


class ChannelSetting(_Strict):
    """One alert channel: its kind (a file in `alerts/channels/`), settings, and who hears what through it."""

    kind: str
    settings: dict[str, str] = {}
    secrets_from: dict[str, str] = Field(
        default={}, description="setting name to the environment variable, or to file:PATH, that holds its secret"
    )
    routes: dict[str, Any] = {}


class ReportsSetting(_Strict):
    """Who reports. Recipients see organisation, address and domain, never a person; without it nothing can be sent."""

    organisation: str = Field(min_length=1, max_length=120)
    email: str = Field(pattern=r"^[^\s@<>]{1,64}@[^\s@<>]{1,190}$")
    domain: str = Field(pattern=r"^[a-z0-9.-]{3,190}$")
    trusted_flagger_id: str | None = None
    mail_channel: str | None = Field(default=None, description="the email channel that reports go out through")


class Config(BaseSettings):
    """Everything an operator may set."""

    model_config = SettingsConfigDict(
        env_prefix="UNDERCUT_", env_nested_delimiter="__", extra="forbid", frozen=True, validate_default=True
    )

    data_folder: Path = Field(default=Path("data"), description="database, evidence, logs and keys")
    database_url: str | None = Field(default=None, description="SQLAlchemy URL; SQLite in the data folder without it")
    engine_url: str | None = Field(default=None, description="the job engine's own database; SQLite without it")
    contact: str | None = Field(
        default=None,
        description="web or mail address in the user agent, so that a site's owner can reach you; "
        "places that are not in allowed_hosts are not read without it",
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=(), description="loopback or private hosts, as host:port, that may be read; none unless named here"
    )
    sources_folder: Path | None = Field(default=None, description="further source files beside the shipped ones")
    only_sources: tuple[str, ...] = Field(default=(), description="watch these sources only; all enabled ones without")
    terms_reviews: dict[str, TermsReviewSetting] = Field(
        default={}, description="family to the review of its platform's terms; needed where terms limit programs"
    )
    policy: Path | None = Field(default=None, description="the alert policy; the shipped one without it")
    channels: dict[str, ChannelSetting] = Field(default={}, description="channel name to its settings")
    workers: int = Field(default=2, ge=1, le=64, description="crawls at one time")
    crawl_deadline_seconds: float = Field(default=1800.0, gt=0, description="a crawl that takes longer is ended")
    issuer_keys: dict[str, Path] = Field(
        default={}, description="provider to the file (PEM) of the X25519 public key that it lodged for leaked keys"
    )
    reports: ReportsSetting | None = Field(default=None, description="who reports, and through which mail channel")
    master_key_file: Path | None = Field(default=None, description="key that seals evidence; made in the data folder")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment over file over defaults."""
        path = _file_in_use()
        file_source = (TomlConfigSettingsSource(settings_cls, toml_file=path),) if path is not None else ()
        return (init_settings, env_settings, *file_source)

    @property
    def database(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database_url or f"sqlite:///{(self.data_folder / 'undercut.sqlite').absolute()}"

    @property
    def engine(self) -> str:
        """The job engine's database URL; never the application's own file."""
        return self.engine_url or f"sqlite:///{(self.data_folder / 'engine.sqlite').absolute()}"

    def terms_review(self, family: str) -> TermsReview | None:
        """The operator's review of the platform's terms, None where there is none."""
        setting = self.terms_reviews.get(family)
        return TermsReview(setting.reviewed_by, setting.reviewed_on) if setting else None


def load_config(path: Path | None = None) -> Config:
    """The configuration from `path`, from the file the environment names, or from `undercut.toml` here.

    Relative paths in a file are relative to the file's folder. Raises ConfigError for a file that cannot be read or a
    setting that is not understood.
    """
    if path is not None:
        os.environ[CONFIG_VARIABLE] = str(path)
    in_use = _file_in_use()
    if in_use is not None:
        _check_readable(in_use)
    try:
        config = Config()
    except ValidationError as error:
        raise ConfigError(_explain(error, in_use)) from error
    if in_use is None:
        return config
    return config.model_copy(update=_absolute_paths(config, in_use.parent))


def _file_in_use() -> Path | None:
    named = os.environ.get(CONFIG_VARIABLE)
    if named:
        return Path(named)
    return Path(CONFIG_FILE) if Path(CONFIG_FILE).is_file() else None


def _check_readable(path: Path) -> None:
    try:
        tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read the configuration {path}: {error.strerror}; check --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error


def _explain(error: ValidationError, path: Path | None) -> str:
    places = [
        f"{'.'.join(str(part) for part in problem['loc']) or 'configuration'}: {problem['msg']}"
        for problem in error.errors()
    ]
    return f"{path or 'the environment'} is not a usable configuration: " + "; ".join(places)


def _absolute_paths(config: Config, folder: Path) -> dict[str, Any]:
    """Paths of a file are meant from where the file lies."""
    names = ("data_folder", "sources_folder", "policy", "master_key_file")
    chosen = {name: getattr(config, name) for name in names if getattr(config, name) is not None}
    paths: dict[str, Any] = {
        name: value if value.is_absolute() else (folder / value).absolute() for name, value in chosen.items()
    }
    paths["issuer_keys"] = {name: (folder / path).absolute() for name, path in config.issuer_keys.items()}
    return paths


def read_secret(place: str) -> str:
    """The secret that `place` names: an environment variable, or `file:PATH`; ConfigError where it is missing."""
    if place.startswith("file:"):
        path = Path(place.removeprefix("file:"))
        try:
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"cannot read the secret file {path}: {error.strerror}") from error
    value = os.environ.get(place)
    if not value:
        raise ConfigError(f"the environment variable {place} is not set; the configuration says it holds a secret")
    return value
