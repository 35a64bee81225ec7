"""A key that a page shows is a matter of its own: a listing of the key, by digest and place, beside the other.

The key itself is kept only where its issuer has lodged a public key, sealed to that. Nothing is ever tried with it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from domain.alert import PolicyOutcome
from domain.finding import Finding, Verdict
from domain.hostile_text import one_line
from domain.listing import Listing, Reach
from domain.masking import PlacedSecret, placed_secrets
from domain.secrets import ISSUERS, is_placeholder
from storage.issuer_seal import IssuerKey, seal_to_issuer
from storage.leaked_keys import LeakedKeyRecord

IssuerKeys = Mapping[str, IssuerKey]
MOST_OF_A_LISTING = 50
PREFIX = "leaked-key/"


@dataclass(frozen=True, slots=True)
class LeakedKey:
    """A key in the open: the listing that says so (to be judged like any other), and what is kept of the key."""

    listing: Listing
    record: LeakedKeyRecord


def leaked_keys(read: Listing, masked: Listing, issuer_keys: IssuerKeys) -> tuple[LeakedKey, ...]:
    """The keys of a listing as it was read, each once; `masked` is the same listing without them."""
    if masked is read:
        return ()
    found: dict[str, LeakedKey] = {}
    for placed in _keys(placed_secrets(read)):
        if placed.found.sha256 not in found and len(found) < MOST_OF_A_LISTING:
            found[placed.found.sha256] = _leaked(placed, masked, issuer_keys)
    return tuple(found.values())


def left_to_its_key(outcome: PolicyOutcome, finding: Finding, listing: Listing) -> PolicyOutcome:
    """A listing that sells nothing beside the key in it raises no alert of its own: a key is told of once."""
    shows_a_key = any(indicator.kind == "key_sha256" for indicator in finding.indicators)
    if not shows_a_key or finding.verdict is Verdict.RESALE or listing.external_id.startswith(PREFIX):
        return outcome
    return replace(outcome, alert=False)


def _keys(placed: Iterable[PlacedSecret]) -> Iterator[PlacedSecret]:
    yield from (one for one in placed if not is_placeholder(one.secret))


def _leaked(placed: PlacedSecret, masked: Listing, issuer_keys: IssuerKeys) -> LeakedKey:
    found, issuer = placed.found, ISSUERS.get(placed.found.kind, "")
    key = issuer_keys.get(issuer)
    kind = found.kind.replace("_", " ")
    where = one_line(masked.title, 120) or masked.external_id
    listing = replace(
        masked,
        external_id=f"{PREFIX}{found.sha256[:16]}@{masked.external_id}",
        title=f"Leaked {kind}, sha256 {found.sha256[:12]}",
        text=f"A {kind} stands in the open: {found.masked}\n"
        f"Place: the {placed.field} of {where} ({masked.external_id})",
        prices=(),
        stated_offers=(),
        reach=Reach(),
        images=(),
        links=(),
    )
    record = LeakedKeyRecord(
        key_sha256=found.sha256,
        source=masked.source,
        external_id=masked.external_id,
        kind=found.kind,
        issuer=issuer,
        visible=found.visible,
        url=masked.url,
        place=placed.field,
        seen_at=masked.observed_at,
        sealed=None if key is None else seal_to_issuer(placed.secret, key),
        sealed_to="" if key is None else key.key_id,
    )
    return LeakedKey(listing, record)
