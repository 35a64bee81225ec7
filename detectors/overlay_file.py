"""The operator's own lists, from the text they are kept as: words, channels known to be authorised, denials."""

import hashlib
from collections.abc import Mapping
from datetime import date

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from detectors.authorisation import Denial, Overlay
from domain.errors import UndercutError
from rates.catalogue import Channel

VERSION_CHARACTERS = 16


class OverlayFileError(UndercutError):
    """A list of the operator's cannot be read; the message names it, the place and the mend."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ChannelRow(_Strict):
    name: str = Field(min_length=1)
    domains: tuple[str, ...] = Field(min_length=1)
    providers: tuple[str, ...] = Field(min_length=1)
    source: str = Field(description="where it stands that this channel may sell")
    checked: date
    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")
    note: str = ""


class _DenialRow(_Strict):
    provider: str
    who: str = Field(min_length=1)
    said_on: date
    source: str


class _File(_Strict):
    channels: tuple[_ChannelRow, ...] = ()
    denials: tuple[_DenialRow, ...] = ()


def parse_overlay(words: Mapping[str, str], lists: Mapping[str, str]) -> Overlay:
    """The overlay of lexicon files (TOML, by name) and of lists of channels and denials (YAML, by name).

    Raises OverlayFileError for a list that cannot be read; words are checked when the lexicon is loaded.
    """
    files = [_parse(name, lists[name]) for name in sorted(lists)]
    return Overlay(
        words=tuple(sorted(words.items())),
        channels=tuple(_channel(row) for file in files for row in file.channels),
        denials=tuple(Denial(r.provider, r.who, r.said_on, r.source) for file in files for r in file.denials),
        version=_version(words, lists),
    )


def _parse(name: str, text: str) -> _File:
    try:
        return _File.model_validate(yaml.safe_load(text) or {})
    except yaml.YAMLError as error:
        raise OverlayFileError(f"{name} is not YAML: {error}") from error
    except ValidationError as error:
        places = "; ".join(f"{'.'.join(str(part) for part in p['loc'])}: {p['msg']}" for p in error.errors())
        raise OverlayFileError(f"{name}: {places}") from error


def _channel(row: _ChannelRow) -> Channel:
    return Channel(
        name=row.name,
        basis="operator",
        domains=row.domains,
        providers=row.providers,
        source_url=row.source,
        checked_on=row.checked,
        valid_from=row.start,
        valid_to=row.end,
        note=row.note,
    )


def _version(words: Mapping[str, str], lists: Mapping[str, str]) -> str:
    if not words and not lists:
        return Overlay().version
    digest = hashlib.sha256()
    for name, text in (*sorted(words.items()), *sorted(lists.items())):
        digest.update(f"{name}\0{text}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:VERSION_CHARACTERS]
