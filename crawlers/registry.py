"""What can be watched: the families on disk, the shipped sources, and which software a page is of.

A source file is checked strictly; an error names the file, the field and the mend. The JSON Schema for editors stands
in `docs/reference/source.schema.json`.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

import crawlers.families
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from domain.errors import UndercutError
from domain.plugins import find_plugins
from domain.snapshot import Page
from domain.source import Access, Expectation, Manners, RobotsException, Source

MOST_FILE_BYTES = 20_000
MOST_BRACKETS = 200
LEAST_DELAY_SECONDS = 1.0

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
LEAST_CADENCE = timedelta(minutes=10)

Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Texts = Annotated[tuple[Text, ...], Field(max_length=500)]


class SourceFileError(UndercutError):
    """A source file cannot be used: the message names the file, what is wrong and the mend."""


class UnknownFamilyError(UndercutError):
    """A family is named that is not on disk: the message lists those that are."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RobotsExceptionFile(_Strict):
    """Why a place that robots.txt closes may be read all the same, and where that is written down."""

    reason: Text
    documented_at: Text


class MannersFile(_Strict):
    """How gently the place is read; never rougher than the floors."""

    delay_seconds: float = Field(10.0, ge=LEAST_DELAY_SECONDS, le=86_400)
    pages_per_day: int = Field(500, ge=1, le=100_000)
    robots_exception: RobotsExceptionFile | None = None


class ExpectationFile(_Strict):
    """How many listings one full crawl ought to yield."""

    least_listings: int = Field(0, ge=0)
    most_listings: int = Field(10_000, ge=0)


class SourceFile(_Strict):
    """One watched place, as its YAML file describes it."""

    name: str | None = Field(None, description="`<kind>/<file stem>`; given by the file's place, and may be left out.")
    family: Text = Field(description="The module in crawlers/families that reads the place.")
    start_urls: Texts = Field((), description="Absolute http(s) addresses, where the family wants any.")
    options: dict[str, Text | Texts] = Field({}, description="What the family's first requests are made of.")
    purpose: Text = Field(description="Why this place is watched.")
    owner: Text = Field(description="Who answers for this source.")
    cadence: timedelta = Field(
        timedelta(days=1), description="How often, as an ISO 8601 duration: PT30M, PT6H, P1D.", ge=LEAST_CADENCE
    )
    access: Access = Field(Access.PUBLIC, description="How the place may be read at all.")
    transport: str = Field("plain", description="What asks: plain, browser or replay.", pattern=r"^[a-z_]{1,20}$")
    enabled: bool = Field(True, description="Whether it runs without being asked for by name.")
    terms_limit_programs: bool = Field(
        False, description="Whether the platform's terms limit reading by programs, so that a review must be named."
    )
    token_variable: str | None = Field(
        None, description="The environment variable that holds a token.", pattern=r"^UNDERCUT_[A-Z0-9_]{1,60}$"
    )
    manners: MannersFile = MannersFile()
    expectation: ExpectationFile = ExpectationFile()

    @field_validator("options", mode="before")
    @classmethod
    def _numbers_are_texts(cls, options: Any) -> Any:
        """`pages: 3` is what a person writes; YAML makes a number of it."""
        if not isinstance(options, dict):
            return options
        return {
            key: [_text(v) for v in value] if isinstance(value, list) else _text(value)
            for key, value in options.items()
        }

    @field_validator("start_urls")
    @classmethod
    def _absolute(cls, urls: tuple[str, ...]) -> tuple[str, ...]:
        for url in urls:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError(f"{url!r} is not an absolute http(s) address")
        return urls


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors: a few lines of aliases can stand for gigabytes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("anchors and aliases are not used in source files")
        return super().compose_node(parent, index)


@cache
def families() -> Mapping[str, Family]:
    """Every family on disk by its name, which is its module's."""
    found = find_plugins(crawlers.families, "FAMILY", Family)
    for module, family in found.items():
        if family.name != module:
            raise UnknownFamilyError(f"crawlers/families/{module}.py names itself {family.name!r}; use its file's name")
    return found


def family(name: str) -> Family:
    """The family of that name; raises UnknownFamilyError."""
    found = families().get(name)
    if found is None:
        raise UnknownFamilyError(f"no family {name!r}; there are {', '.join(families())}")
    return found


@cache
def sources() -> Mapping[str, Source]:
    """Every shipped source by its name, `<kind>/<file stem>`; raises SourceFileError at the first that is wrong."""
    found: dict[str, Source] = {}
    for kind in sorted(_children(resources.files("crawlers") / "sources"), key=lambda folder: folder.name):
        if not kind.is_dir() or kind.name.startswith(("_", ".")):
            continue
        for file in sorted(_children(kind), key=lambda entry: entry.name):
            if file.name.endswith((".yml", ".yaml")):
                name = f"{kind.name}/{file.name.rpartition('.')[0]}"
                found[name] = parse_source(name, file.read_bytes(), place=f"crawlers/sources/{kind.name}/{file.name}")
    return found


def load_source(path: Path) -> Source:
    """A source from an operator's own file; its name is `<folder>/<file stem>`."""
    return parse_source(f"{path.resolve().parent.name}/{path.stem}", path.read_bytes(), place=str(path))


def parse_source(name: str, body: bytes, *, place: str) -> Source:
    """A source from the bytes of its YAML file; `place` is what errors call it. Raises SourceFileError."""
    for part in name.split("/"):
        if not _NAME.fullmatch(part):
            raise SourceFileError(f"{place}: {part!r} is no name; use lower-case letters, digits, - and _")
    if len(body) > MOST_FILE_BYTES:
        raise SourceFileError(f"{place}: {len(body)} bytes; a source file has at most {MOST_FILE_BYTES}")
    if body.count(b"[") + body.count(b"{") > MOST_BRACKETS:
        raise SourceFileError(f"{place}: more than {MOST_BRACKETS} brackets; a source file is flat")
    try:
        stated = yaml.load(body, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise SourceFileError(f"{place}: not YAML: {_first_line(error)}") from error
    if not isinstance(stated, dict):
        raise SourceFileError(f"{place}: a source file holds `family:`, `purpose:`, `owner:` and so on")
    try:
        file = SourceFile.model_validate(stated)
    except ValidationError as error:
        raise SourceFileError(f"{place}: {_told(error)}") from error
    if file.name is not None and file.name != name:
        raise SourceFileError(f"{place}: name: {file.name!r} is not {name!r}, which its place gives; leave it out")
    if file.family not in families():
        raise SourceFileError(f"{place}: family: no family {file.family!r}; there are {', '.join(families())}")
    source = _source(name, file)
    _check_first_requests(source, place)
    return source


def source_schema() -> dict[str, Any]:
    """The JSON Schema of a source file."""
    schema = SourceFile.model_json_schema()
    return {**schema, "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A source of Undercut"}


def write_source_schema(path: Path) -> None:
    """Writes the schema for editors; a test fails where it is not current."""
    path.write_text(json.dumps(source_schema(), indent=2, sort_keys=True) + "\n", encoding="utf-8")


def recognise(page: Page) -> tuple[Recognition, ...]:
    """What every family that knows the page says of it, the surest first."""
    found = [recognition for each in families().values() if (recognition := each.recognise(page)) is not None]
    return tuple(sorted(found, key=lambda recognition: (-recognition.confidence, recognition.family)))


def proposed_source(url: str, recognition: Recognition) -> str:
    """The YAML of a source for a place that was recognised, switched off until a person has approved it."""
    marks = "".join(f"# - {one_line(mark)[:150]}\n" for mark in recognition.marks[:8])
    settings = {
        "family": recognition.family,
        "start_urls": [url],
        "purpose": f"to be said: why {families()[recognition.family].software} at this address is watched",
        "owner": "to be said",
        "cadence": "P1D",
        "enabled": False,
    }
    head = f"# Recognised as {recognition.family} with confidence {recognition.confidence:.2f} by\n{marks}"
    return head + yaml.safe_dump(settings, sort_keys=False, allow_unicode=True, width=110)


def _children(folder: Traversable) -> list[Traversable]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _source(name: str, file: SourceFile) -> Source:
    exception = file.manners.robots_exception
    return Source(
        name=name,
        family=file.family,
        start_urls=file.start_urls,
        purpose=file.purpose,
        owner=file.owner,
        cadence=file.cadence,
        options={key: (value,) if isinstance(value, str) else value for key, value in file.options.items()},
        manners=Manners(
            delay_seconds=file.manners.delay_seconds,
            pages_per_day=file.manners.pages_per_day,
            robots_exception=RobotsException(exception.reason, exception.documented_at) if exception else None,
        ),
        access=file.access,
        expectation=Expectation(file.expectation.least_listings, file.expectation.most_listings),
        transport=file.transport,
        enabled=file.enabled,
        terms_limit_programs=file.terms_limit_programs,
        token_variable=file.token_variable,
    )


def _check_first_requests(source: Source, place: str) -> None:
    """A source that runs must ask for something, unless its pages are imported."""
    first_requests: Callable[[Source], tuple[Any, ...]] = families()[source.family].first_requests
    try:
        requests = first_requests(source)
    except UndercutError as error:
        raise SourceFileError(f"{place}: options: {error}") from error
    if not requests and source.enabled and source.access is not Access.IMPORT_ONLY:
        raise SourceFileError(f"{place}: asks for nothing; give start_urls or the options that {source.family} wants")


def _told(error: ValidationError) -> str:
    """Every field that is wrong, in words, with what stands in its place in a good file."""
    return "; ".join(_told_of(detail["loc"], detail["msg"]) for detail in error.errors())


def _told_of(place: tuple[int | str, ...], message: str) -> str:
    field = SourceFile.model_fields.get(str(place[0])) if place else None
    mend = f" ({field.description})" if field is not None and field.description else ""
    return f"{'.'.join(str(step) for step in place) or 'the file'}: {message}{mend}"


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:300]
