"""What the formats for people show, as plain data: the dossier, its offers under their listings, and percentages."""

from dataclasses import asdict
from typing import Any

from domain.offer import Unit
from reports.dossier import Dossier, OfferRow
from reports.numbers import percent_text

_AUTHORISATION_WORDS = {
    "unknown": "permission not known",
    "denied_by_provider": "permission denied by the provider",
    "listed": "listed channel",
    "not_needed": "no permission needed",
}


_UNIT_WORDS = {
    Unit.PER_MTOK_IN: "per million input tokens",
    Unit.PER_MTOK_OUT: "per million output tokens",
    Unit.PER_MTOK_CACHE_READ: "per million cached input tokens",
    Unit.PER_MTOK_CACHE_WRITE: "per million tokens written to cache",
    Unit.PER_MTOK: "per million tokens",
    Unit.PER_CALL: "per call",
    Unit.PER_USD_CREDIT: "per US dollar of credit",
    Unit.PER_PERIOD: "per period",
    Unit.PER_ACCOUNT: "per account",
    Unit.PER_SEAT_PERIOD: "per seat and period",
    Unit.PER_ITEM: "per item",
    Unit.PERCENT_OF_OFFICIAL: "percent of the official price",
}


def document_data(dossier: Dossier) -> dict[str, Any]:
    """The dossier as nested dictionaries of text, numbers and lists; nothing in it is markup."""
    data = asdict(dossier)
    data["listings"] = [
        asdict(listing)
        | {
            "offers": [_offer(offer) for offer in dossier.offers_of(listing.key)],
            "authorisation_words": _AUTHORISATION_WORDS[listing.authorisation],
            "probability_text": f"{listing.probability:.4f}",
        }
        for listing in dossier.listings
    ]
    lowest = dossier.lowest
    data["lowest"] = _offer(lowest) if lowest else None
    data["tlp_text"] = f"TLP:{dossier.tlp.value.upper()}"
    data["kind"] = dossier.kind.value
    data["tlp"] = dossier.tlp.value
    data["facts"] = {
        "listings": len(dossier.listings),
        "offers": len(dossier.offers),
        "compared": sum(1 for offer in dossier.offers if offer.share_best is not None),
        "keys": len({key.sha256 for key in dossier.keys}),
        "sites": len({listing.host for listing in dossier.listings if listing.host}),
    }
    if dossier.legal:
        data["legal"]["ground"] = dossier.legal.ground.value.replace("_", " ")
    return data


def _offer(offer: OfferRow) -> dict[str, Any]:
    unit = _unit_words(offer.unit, offer.period_days)
    official_unit = _unit_words(offer.official_unit, offer.period_days)
    percent = {
        f"percent_{end}": percent_text(value) if value is not None else None
        for end, value in (
            ("low", offer.share_low), ("best", offer.share_best), ("high", offer.share_high),
            ("claimed", offer.claimed_share),
        )
    }  # fmt: skip
    return (
        asdict(offer)
        | percent
        | {
            "price_text": f"{offer.price_amount} {offer.price_currency}" if offer.price_amount else None,
            "unit_text": unit,
            "official_text": f"{offer.official_amount} {offer.official_currency}" if offer.official_amount else None,
            "official_unit_text": official_unit,
            "kind_text": offer.kind.replace("_", " "),
            "refusal_text": (offer.refusal or "").replace("_", " "),
        }
    )


def _unit_words(unit: str | None, period_days: int | None) -> str:
    if unit is None:
        return ""
    if unit == Unit.PER_PERIOD.value and period_days:
        return f"per {period_days} days"
    return _UNIT_WORDS[Unit(unit)]
