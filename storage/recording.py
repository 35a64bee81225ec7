"""Writing one page: snapshot, listings, versions, sightings and findings, in as few statements as there are tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from domain.listing import Listing
from storage.batches import insert_rows, update_rows
from storage.codec import dump_history, dump_listing, dump_reach
from storage.custody.chain import Sealed, append
from storage.custody.seeing import SEEN, Seen, commit_seen, new_seen, seen_item, seen_on
from storage.identity import listing_key
from storage.leads import add_leads
from storage.leaked_keys import add_leaked_keys
from storage.placing import Placement, known_listings, place
from storage.raising import raise_alerts
from storage.ranking import exposure_high_usd
from storage.records import PageRecord, Recorded
from storage.snapshots import add_snapshot
from storage.sources import note_page
from storage.statements import take_turn
from storage.tables import gone_signs, listings, sightings
from storage.types import to_nano_range

SIGNS_OF_BEING_GONE = 2
Row = dict[str, Any]

_CURRENT_COLUMNS = (
    "first_seen_at", "last_seen_at", "gone_signs", "gone_at", "versions", "current_version_id", "current_content_hash",
    "current_finding_id", "current_finding_digest", "current_lowest_share", "url", "platform",
)  # fmt: skip


def record_page(connection: Connection, page: PageRecord, now: datetime, actor: str) -> Recorded:
    """Write everything that follows from a page, inside the caller's transaction.

    Recording the same page again changes nothing but sightings.
    """
    # Two pages of one source at once would both find a listing unknown.
    take_turn(connection, f"record {page.snapshot.source}")
    sealed = Sealed()
    snapshot_id, salt = add_snapshot(connection, page.snapshot, page.reading, len(page.assessed), now, sealed)
    repeated = salt is None
    before = seen_on(connection, [snapshot_id])[snapshot_id] if repeated else Seen()
    placements = place(connection, page.assessed)
    _write_listings(connection, placements, sealed)
    sealed.insert(connection, "finding", [finding_row(one, now) for one in placements if one.new_finding])
    seen = _write_sightings(connection, placements, snapshot_id)
    raised = raise_alerts(connection, placements, now, sealed, repeated=repeated)
    add_leaked_keys(connection, page.leaked_keys)
    if not repeated:
        note_page(connection, page, len(placements), now)
    gone, signs = _note_gone(connection, page, placements, snapshot_id, now)
    recorded = Recorded(
        snapshot_id=snapshot_id,
        listings=len(placements),
        new_listings=sum(one.known is None for one in placements),
        new_versions=sum(one.new_version for one in placements),
        new_findings=sum(one.new_finding for one in placements),
        opened=raised.opened,
        changed=raised.changed,
        unchanged_alerts=raised.unchanged,
        notices=raised.notices,
        new_leads=add_leads(connection, page.reading.leads, now),
        gone=gone,
    )
    if salt is not None:
        sealed.manifest.append((SEEN, str(snapshot_id), commit_seen(new_seen(seen, signs), salt)))
    elif seen_on(connection, [snapshot_id])[snapshot_id] != before:
        sealed.add(seen_item(connection, snapshot_id))
    append(connection, now, actor, "recorded", sealed)
    return recorded


def _write_listings(connection: Connection, placements: Sequence[Placement], sealed: Sealed) -> None:
    insert_rows(connection, listings, [_new_listing_row(one) for one in placements if one.known is None])
    sealed.insert(connection, "version", [version_row(one) for one in placements if one.new_version])
    again = [_seen_again_row(one) for one in placements if one.known is not None]
    update_rows(connection, listings, "id", _CURRENT_COLUMNS, again)


def _new_listing_row(placement: Placement) -> dict[str, Any]:
    listing = placement.assessed.listing
    return {
        "id": placement.listing_id,
        "listing_key": placement.key,
        "source": listing.source,
        "external_id": listing.external_id,
        **_current(placement, first_seen_at=listing.observed_at),
    }


def _seen_again_row(placement: Placement) -> dict[str, Any]:
    known = placement.known
    assert known is not None  # noqa: S101 - the caller passes only listings that are known
    listing = placement.assessed.listing
    if not placement.late:
        return {"row": known.id, **_current(placement, first_seen_at=min(known.first_seen_at, listing.observed_at))}
    remembered = {name: getattr(known, name) for name in _CURRENT_COLUMNS}
    earlier = {"first_seen_at": min(known.first_seen_at, listing.observed_at), "versions": placement.versions}
    return {**remembered, **earlier, "row": known.id}


def _current(placement: Placement, *, first_seen_at: datetime) -> dict[str, Any]:
    listing = placement.assessed.listing
    return {
        "first_seen_at": first_seen_at,
        "last_seen_at": listing.observed_at,
        "gone_signs": 0,
        "gone_at": None,
        "versions": placement.versions,
        "current_version_id": placement.version_id,
        "current_content_hash": placement.content_hash,
        "current_finding_id": placement.finding_id,
        "current_finding_digest": placement.finding_digest,
        "current_lowest_share": placement.lowest_share,
        "url": listing.url,
        "platform": listing.platform,
    }


def version_row(placement: Placement) -> dict[str, Any]:
    """A version's row, still to be sealed."""
    listing, finding = placement.assessed.listing, placement.assessed.finding
    return {
        "id": placement.version_id,
        "listing_id": placement.listing_id,
        "number": placement.versions,
        "content_hash": placement.content_hash,
        "first_seen_at": listing.observed_at,
        "platform": listing.platform,
        "language": finding.language,
        "product": placement.product,
        "listing_json": dump_listing(listing),
    }


def finding_row(placement: Placement, now: datetime) -> dict[str, Any]:
    """A finding's row, still to be sealed."""
    finding = placement.assessed.finding
    return {
        "id": placement.finding_id,
        "version_id": placement.version_id,
        "digest": placement.finding_digest,
        "judged_at": now,
        "probability": finding.probability,
        "verdict": finding.verdict.value,
        "lane": finding.lane.value,
        "authorisation": finding.authorisation.value,
        "product": placement.product,
        "lowest_share": placement.lowest_share,
        "lowest_share_rank": None if placement.lowest_share is None else to_nano_range(placement.lowest_share),
        "exposure_high_usd": exposure_high_usd(finding),
        "rules_version": finding.rules_version,
        "rates_version": finding.rates_version,
        "overlay_version": finding.overlay_version,
        "finding_json": placement.finding_json,
        "history_json": dump_history(finding.history),
    }


def _write_sightings(connection: Connection, placements: Sequence[Placement], snapshot_id: int) -> list[Row]:
    rows = [_sighting_row(one.assessed.listing, one.version_id, snapshot_id) for one in placements]
    insert_rows(connection, sightings, rows, or_ignore=True)
    return rows


def _sighting_row(listing: Listing, version_id: int, snapshot_id: int) -> dict[str, Any]:
    return {
        "version_id": version_id,
        "snapshot_id": snapshot_id,
        "observed_at": listing.observed_at,
        "reach": dump_reach(listing.reach),
    }


def _note_gone(
    connection: Connection, page: PageRecord, placements: Sequence[Placement], snapshot_id: int, now: datetime
) -> tuple[tuple[str, ...], list[Row]]:
    """One sign is noted, the second makes a listing gone; what the same page shows is not gone.

    Gives the external ids that are gone now, and the rows of the signs.
    """
    source, fetched_at = page.snapshot.source, page.snapshot.fetched_at
    shown = {one.key for one in placements}
    signed = {listing_key(source, external_id) for external_id in page.reading.gone_ids} - shown
    if not signed:
        return (), []
    known = [one for one in known_listings(connection, signed).values() if one.last_seen_at <= fetched_at]
    signs = [{"listing_id": one.id, "snapshot_id": snapshot_id, "signed_at": fetched_at} for one in known]
    counted = _already_signed(connection, snapshot_id)
    fresh = [one for one in known if one.id not in counted]
    if not fresh:
        return (), []
    insert_rows(connection, gone_signs, signs, or_ignore=True)
    gone = [one for one in fresh if one.gone_at is None and one.gone_signs + 1 >= SIGNS_OF_BEING_GONE]
    rows = [
        {"row": one.id, "gone_signs": one.gone_signs + 1, "gone_at": fetched_at if one in gone else one.gone_at}
        for one in fresh
    ]
    update_rows(connection, listings, "id", ("gone_signs", "gone_at"), rows)
    return tuple(one.external_id for one in gone), signs


def _already_signed(connection: Connection, snapshot_id: int) -> set[int]:
    statement = select(gone_signs.c.listing_id).where(gone_signs.c.snapshot_id == snapshot_id)
    return set(connection.execute(statement).scalars())
