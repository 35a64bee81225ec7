"""`undercut assess`: JSON lines in, JSON lines out in the same order; no network, no database.

The form of both is the contract of `docs/reference/assess.schema.json`, which is generated from the models here.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from detectors.assess import Detector
from domain.comparison import Share
from domain.errors import UndercutError
from domain.finding import Contact, Finding, PricedOffer, Signal
from domain.hostile_text import one_line
from domain.listing import Handle, HandleRole, Listing, PriceField
from domain.money import Money
from domain.offer import ImageSpan, PointerSpan, Span, TextSpan
from domain.rate import Rate
from rates.book import RateBook

KNOWN_FIELDS = frozenset({"id", "text", "title", "platform", "url", "seller", "observed_at", "price", "language"})
SIGNIFICANT = 12

Object = dict[str, Any]


class LineError(UndercutError):
    """A line cannot be assessed; the message says which field and why."""


def assess_lines(
    lines: Iterable[bytes], detector: Detector, rates: RateBook, today: date
) -> Iterator[tuple[bytes, bool]]:
    """One output line for each input line that is not blank, with whether it was assessed.

    A malformed line yields an object with `error` (and its `id` where one can be read); nothing else is lost by it.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        known: Object = {}
        try:
            known = line_object(line)
            listing = listing_of(known, today)
        except LineError as error:
            told = {"id": _told_id(known), "error": f"line {number}: {error}"}
            yield _as_json(told), False
            continue
        yield _as_json(assessed(str(known["id"]), detector.assess(listing, rates))), True


def line_object(line: bytes) -> Object:
    """The JSON object of an input line; raises LineError for anything else."""
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LineError(f"not UTF-8 at byte {error.start}; write the line as UTF-8") from error
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        # Lone surrogates are escaped by some writers; only the standard library reads them.
        try:
            found = json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise LineError(f"not JSON ({one_line(str(error), 80)}); write one object a line") from error
    if not isinstance(found, dict):
        raise LineError(f"a JSON {type(found).__name__}, where an object with id and text was expected")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _told_id(known: Object) -> str | None:
    value = known.get("id")
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def listing_of(known: Mapping[str, Any], today: date) -> Listing:
    """The listing that an input object describes; raises LineError naming the field."""
    if _told_id(dict(known)) is None:
        raise LineError("no id; give a string that names the text")
    text = known.get("text")
    if not isinstance(text, str):
        raise LineError("no text; give the text as a string")
    platform = _optional_text(known, "platform") or "text"
    seller = _optional_text(known, "seller")
    return Listing(
        source="assess",
        external_id=str(known["id"]),
        url=_optional_text(known, "url") or "",
        platform=platform,
        title=_optional_text(known, "title") or "",
        text=text,
        observed_at=_observed_at(known.get("observed_at"), today),
        language=_optional_text(known, "language"),
        handles=(Handle(platform, seller, HandleRole.SELLER),) if seller else (),
        prices=_prices(known.get("price")),
    )


def _optional_text(known: Mapping[str, Any], name: str) -> str | None:
    value = known.get(name)
    if value is None or isinstance(value, str):
        return value
    raise LineError(f"{name} is a {type(value).__name__}; give a string or leave it out")


def _observed_at(value: object, today: date) -> datetime:
    if value is None:
        return datetime.combine(today, time(12), tzinfo=UTC)
    try:
        if not isinstance(value, str):
            raise ValueError(type(value).__name__)
        if len(value) == len("2026-07-15"):
            return datetime.combine(date.fromisoformat(value), time(12), tzinfo=UTC)
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise LineError(f"observed_at {one_line(repr(value), 40)} is no ISO date or time") from error
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _prices(value: object) -> tuple[PriceField, ...]:
    if value is None:
        return ()
    if not isinstance(value, dict):
        raise LineError("price is no object; give {amount, currency} or leave it out")
    amount, currency = value.get("amount"), value.get("currency")
    try:
        if isinstance(amount, bool) or not isinstance(amount, str | int | float) or not isinstance(currency, str):
            raise ValueError
        money = Money(Decimal(str(amount)), currency.upper())
    except (ValueError, InvalidOperation, UndercutError) as error:
        raise LineError(f"price {one_line(repr(value), 60)} is no amount with a currency code") from error
    return (PriceField(str(money), money),)


def assessed(given_id: str, finding: Finding) -> Object:
    """The output object of a finding."""
    return {
        "id": given_id,
        "resale_probability": round(finding.probability, 6),
        "verdict": finding.verdict.value,
        "language": finding.language,
        "offers": [offer_object(one) for one in finding.offers],
        "authorisation": finding.authorisation.value,
        "lane": finding.lane.value,
        "signals": [_signal(one) for one in finding.signals],
        "contacts": [_contact(one) for one in finding.contacts],
        "rules_version": finding.rules_version,
        "rates_version": finding.rates_version,
    }


def offer_object(priced: PricedOffer) -> Object:
    """One offer as it is printed: the price is that of one unit."""
    offer, comparison = priced.offer, priced.comparison
    return {
        "product": offer.product,
        "stated_product": offer.stated_product,
        "provider": offer.provider,
        "kind": offer.kind.value,
        "conditions": dict(offer.conditions),
        "price": _price_of_one(offer.price, offer.quantity),
        "unit": offer.unit.value if offer.unit is not None else None,
        "multiplier": plain(offer.multiplier) if offer.multiplier is not None else None,
        "period_days": offer.period_days,
        "seats": offer.seats,
        "claimed_share": _number(offer.claimed_share),
        "share_of_official": _share(comparison.share),
        "refusal": comparison.refusal.value if comparison.refusal is not None else None,
        "assumptions": list(dict.fromkeys((*offer.assumptions, *comparison.assumptions))),
        "official": _official(comparison.official),
        "span": _span(offer.span),
    }


def plain(amount: Decimal) -> str:
    """The amount without exponent or trailing noughts, at most twelve digits of it meaning anything."""
    rounded = amount if len(amount.as_tuple().digits) <= SIGNIFICANT else Decimal(f"{amount:.{SIGNIFICANT}g}")
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _price_of_one(price: Money | None, quantity: Decimal) -> Object | None:
    if price is None:
        return None
    amount = price.amount / quantity if quantity not in (0, 1) else price.amount
    return {"amount": plain(amount), "currency": price.currency}


def _number(value: Decimal | None) -> float | None:
    return None if value is None else round(float(value), 6)


def _share(share: Share | None) -> Object | None:
    if share is None:
        return None
    return {"low": _number(share.low), "best": _number(share.best), "high": _number(share.high)}


def _official(rate: Rate | None) -> Object | None:
    if rate is None:
        return None
    return {
        "amount": plain(rate.price.amount),
        "currency": rate.price.currency,
        "unit": rate.unit.value,
        "from": rate.valid_from.isoformat() if rate.valid_from is not None else None,
        "source": rate.source_url,
    }


def _signal(signal: Signal) -> Object:
    return {
        "name": signal.name,
        "weight": round(signal.weight, 4),
        "span": _span(signal.span),
        "reason": signal.reason,
    }


def _contact(contact: Contact) -> Object:
    return {"kind": contact.kind, "value": contact.value, "role": contact.role, "span": _span(contact.span)}


def _span(span: Span | None) -> Object | None:
    match span:
        case TextSpan(field, start, end):
            return {"field": field, "start": start, "end": end}
        case PointerSpan(pointer):
            return {"pointer": pointer}
        case ImageSpan(image, box):
            return {"image": image, "box": list(box)}
        case None:
            return None


def _as_json(told: Object) -> bytes:
    """One line; text that is not valid Unicode is escaped."""
    try:
        return orjson.dumps(told)
    except TypeError:
        return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode("ascii")
