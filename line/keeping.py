"""Keeping and forgetting: what is due, what is held, erasure on request, and the record of processing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.errors import UndercutError
from domain.source import Source
from storage.custody.log import SignedHead
from storage.database import Database
from storage.errors import UnknownRecordError
from storage.retention.erasure import ErasureReport, HeldError
from storage.retention.holds import HoldKind, LegalHold
from storage.retention.policy import DEFAULT_PERIODS, RetentionClass
from storage.retention.purging import PurgeReport
from storage.store import Store

Object = dict[str, object]

WHAT_A_CLASS_IS: Final[Mapping[RetentionClass, str]] = {
    RetentionClass.UNFLAGGED: "nothing on the page alerted; counted from when it was last fetched",
    RetentionClass.DISMISSED: "a person dismissed it; counted from that decision",
    RetentionClass.UNREVIEWED: "an alert that nobody has settled; counted from when its listing was last seen",
    RetentionClass.CONFIRMED: "a person confirmed it; counted from when it was last seen or decided",
}


class NoSellerError(UndercutError):
    """Nothing is remembered of that person or seller."""


@dataclass(frozen=True, slots=True)
class SellerErasure:
    """What became of a request to erase a person: listings erased, rows and bodies gone, and what a hold kept."""

    listings: int
    rows: int
    bodies: int
    held: tuple[str, ...]


def preview_purge(store: Store) -> PurgeReport:
    """What a purge would forget now; nothing is changed."""
    return store.retention.preview()


def purge_bodies(store: Store, *, actor: str) -> PurgeReport:
    """Forget what is due, and note it in the custody log."""
    return store.retention.purge(actor=actor)


def sign_newest_head(store: Store, *, timestamp_token: bytes | None = None) -> SignedHead:
    """Sign the custody log's newest entry with the installation's key."""
    return store.custody.sign_head(store.evidence.signing_key(), timestamp_token=timestamp_token)


def place_hold(
    store: Store,
    subject: str,
    *,
    authority: str,
    reason: str,
    placed_by: str,
    confirmed_by: str,
    expires_at: datetime,
) -> LegalHold:
    """A legal hold on an alert (its id) or a source (its name, which holds a slash)."""
    kind = HoldKind.SOURCE if "/" in subject else HoldKind.ALERT
    if kind is HoldKind.ALERT:
        subject = store.alerts.get(subject).alert_id
    return store.holds.place(
        kind,
        subject,
        authority=authority,
        reason=reason,
        placed_by=placed_by,
        confirmed_by=confirmed_by,
        expires_at=expires_at,
    )


def erase_one(store: Store, source: str, external_id: str, *, actor: str, reason: str) -> ErasureReport:
    """Erase one listing; raises UnknownRecordError, or HeldError while a legal hold is on it."""
    return store.erasure.erase_listing(source, external_id, actor=actor, reason=reason)


def listings_of_person(store: Store, name: str) -> tuple[tuple[str, str], ...]:
    """Every listing that names a person or seller: in a handle, a contact, or anywhere in what it says."""
    return store.erasure.listings_naming(name)


def erase_person(store: Store, name: str, *, actor: str, reason: str) -> SellerErasure:
    """Erase every listing that names a person; what a hold is on is left, and named.

    Raises NoSellerError where nothing names them.
    """
    found = listings_of_person(store, name)
    if not found:
        raise NoSellerError("nothing that is remembered names them; check the spelling, and each of their handles")
    erased, rows, bodies, held = 0, 0, 0, []
    for source, external_id in found:
        try:
            report = erase_one(store, source, external_id, actor=actor, reason=reason)
        except HeldError as error:
            held.append(f"{source} {external_id}: {error}")
        except UnknownRecordError:
            continue
        else:
            erased, rows, bodies = erased + 1, rows + report.rows, bodies + report.bodies
    return SellerErasure(erased, rows, bodies, tuple(held))


def record_of_processing(
    store: Store, sources: Mapping[str, Source], *, contact: str | None, made_at: datetime
) -> Object:
    """What is processed, why, how long, and who gets it: what a data protection officer asks for first."""
    return {
        "made_at": made_at.isoformat(),
        "controller_contact": contact or "not configured: set `contact`",
        "purpose": "finding public offers of resold access to AI models, and reporting them to those who can act",
        "data_subjects": "persons and firms that publicly offer such access",
        "categories": [
            "what a public page says: title, text, prices, addresses, pictures",
            "handles and contacts that the page itself publishes for buyers",
            "what was concluded of it, by which rules and prices, and what people decided",
        ],
        "not_kept": "buyers, commenters and other third persons are masked before anything is stored apart from the "
        "sealed page; secrets are masked, keeping a few characters and a digest",
        "sources": [
            {
                "name": source.name,
                "access": source.access.value,
                "places": list(source.start_urls),
                "purpose": source.purpose,
                "owner": source.owner,
            }
            for source in sorted(sources.values(), key=lambda one: one.name)
        ],
        "retention": [
            {"class": each.value, "what": WHAT_A_CLASS_IS[each], "days_bodies_are_kept": period.days}
            for each, period in DEFAULT_PERIODS.items()
        ],
        "holds_in_force": [
            {"subject": f"{hold.kind} {hold.subject}", "authority": hold.authority,
             "expires_at": hold.expires_at.isoformat()}
            for hold in store.holds.in_force()
        ],
        "erasures": [
            {"at": note.at.isoformat(), "by": note.actor, "reason": note.details.get("reason", "")}
            for note in store.custody.notes("erased", limit=10_000)
        ],
        "purges": [
            {"at": note.at.isoformat(), "what": note.subject, **note.details}
            for note in store.custody.notes("purged", limit=1_000)
        ],
        "recipients": "reports are prepared for a provider or platform that a person chose; nothing is sent by itself",
        "security": "bodies are sealed with AES-256-GCM under a key each; every step stands in a log chained by hash",
        "database": _place(store.database),
    }  # fmt: skip


def _place(database: Database) -> str:
    return "SQLite in a file of this machine" if database.is_sqlite else "PostgreSQL"
