"""The recipients directory: who takes reports, in what form, within what limits, from whom, and under which rule.

Recipients are data (`reports/recipients/<id>.yml`); an operator's own, from the store, overlay the shipped ones. An
entry says where each fact stands and when that was read; what was not found is said not to be known.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from domain.report import Submission
from reports.dossier import Reporter
from reports.errors import DirectoryError
from reports.prepare import ReportOptions


class RecipientKind(StrEnum):
    """What a recipient is to a case."""

    PROVIDER = "provider"
    PLATFORM = "platform"
    HOST = "host"
    REGISTRAR = "registrar"
    COMMUNITY = "community"


class Strict(BaseModel):
    """A part of a recipient's file: unknown members are refused, so that a slip of the pen is seen."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Way(Strict):
    """One way in: an address or a form, what it is for, and where that stands."""

    email: str | None = Field(default=None, pattern=r"^[^\s@<>]{1,64}@[^\s@<>]{1,190}$")
    form: str | None = Field(default=None, pattern=r"^https://")
    account: str | None = Field(default=None, max_length=200)
    accepts: tuple[str, ...]
    note: str = ""
    source: str = Field(pattern=r"^https://")
    checked: date


class Rule(Strict):
    """A clause of the recipient's own rules that a report rests on, in our words, dated."""

    document: str
    clause: str
    gist: str
    url: str = Field(pattern=r"^https://")
    as_of: date


class Recipient(Strict):
    """One recipient.

    `formats` are in the order the desk can use them. `needs_handles` says that it cannot act on pseudonyms.
    `most_links` and `most_links_without_account` limit one complaint. `submission` is how it takes reports: a
    recipient that forbids programs is `person_only`, and the program never submits to it.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")
    name: str
    kind: RecipientKind
    domains: tuple[str, ...]
    submission: Submission
    who_may_file: str
    languages: tuple[str, ...]
    formats: tuple[str, ...]
    needs_handles: bool
    ways: tuple[Way, ...]
    rules: tuple[Rule, ...] = ()
    most_links: int | None = Field(default=None, ge=1)
    most_links_without_account: int | None = Field(default=None, ge=1)
    requires: tuple[str, ...] = ()
    limits: str = ""

    @field_validator("domains")
    @classmethod
    def _plain_domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        for domain in domains:
            if domain != domain.lower() or "/" in domain or "." not in domain:
                raise ValueError(f"{domain!r} is no plain domain")
        return domains


def read_recipient(content: str, name: str) -> Recipient:
    """One recipient from its YAML; raises DirectoryError that names the file and every fault in it."""
    try:
        value: Any = yaml.safe_load(content)
        return Recipient.model_validate(value)
    except (yaml.YAMLError, ValidationError) as error:
        raise DirectoryError(f"recipient file {name}: {error}") from error


@lru_cache(maxsize=1)
def shipped_recipients() -> Mapping[str, Recipient]:
    """The recipients that come with Undercut, by id."""
    found: dict[str, Recipient] = {}
    for entry in sorted(files("reports").joinpath("recipients").iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".yml"):
            recipient = read_recipient(entry.read_text(encoding="utf-8"), entry.name)
            if f"{recipient.id}.yml" != entry.name:
                raise DirectoryError(f"recipient file {entry.name} holds the id {recipient.id}; name it for its id")
            found[recipient.id] = recipient
    return found


def load_directory(overlay: Iterable[Recipient] = ()) -> Mapping[str, Recipient]:
    """The shipped recipients with the operator's own over them."""
    return dict(shipped_recipients()) | {recipient.id: recipient for recipient in overlay}


def recipient(identifier: str, overlay: Iterable[Recipient] = ()) -> Recipient:
    """The recipient of that id; raises DirectoryError that lists the known ones."""
    known = load_directory(overlay)
    if identifier not in known:
        raise DirectoryError(f"no recipient {identifier!r}; known: {', '.join(sorted(known))}")
    return known[identifier]


def recipients_for(hosts: Iterable[str], provider: str, overlay: Iterable[Recipient] = ()) -> tuple[Recipient, ...]:
    """Who should hear of a case: the provider, and whoever runs the places it was seen at, in order of id."""
    places = set(hosts)
    return tuple(
        entry
        for _, entry in sorted(load_directory(overlay).items())
        if entry.id == provider or any(_within(host, domain) for host in places for domain in entry.domains)
    )


def _within(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def options_for(
    chosen: Recipient,
    reporter: Reporter,
    prepared_at: datetime,
    pseudonym_key: bytes | None,
    *,
    with_account: bool = True,
) -> ReportOptions:
    """What a report for that recipient must keep to: handles only where needed, and its limit of links."""
    limit = chosen.most_links if with_account else chosen.most_links_without_account or chosen.most_links
    return ReportOptions(
        reporter=reporter, recipient=chosen.id, recipient_name=chosen.name, prepared_at=prepared_at,
        show_handles=chosen.needs_handles, pseudonym_key=pseudonym_key, most_links=limit,
    )  # fmt: skip
