"""What a notice says, in one form for all channels: our own words as labels, everyone's else as quoted values.

`minimal` leaves the house with nothing that a seller who reads the same chat could learn from: the alert's id, lane,
severity and product, and where to look it up. `full` says what is on offer, what it costs officially, and why.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from urllib.parse import quote

from alerts.digest import Digest, DigestReason
from alerts.text import neutral
from domain.alert import Alert, Notice
from domain.comparison import Comparison, Share
from domain.finding import Exposure, Lane
from domain.hostile_text import defang
from domain.offer import Offer, Unit

MOST_REASONS = 3


class Detail(StrEnum):
    """How much of an alert leaves the house."""

    MINIMAL = "minimal"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class House:
    """What the house lets out: how much, and the console's address that readers may open (None for no link)."""

    detail: Detail = Detail.MINIMAL
    console_url: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: our label, and a value that may hold the words of others and is shown as inert text.

    A value of which nothing is left says so: every line has one, in every channel.
    """

    label: str
    value: str

    def __post_init__(self) -> None:
        if not self.value.strip():
            object.__setattr__(self, "value", "(empty)")


@dataclass(frozen=True, slots=True)
class Message:
    """What is said, free of any channel's syntax.

    `key` is the idempotency key; `thread` keeps the messages about one alert together. `subject` holds our words only.
    `facts` are the same for programs: names and plain strings, numbers by their digits. `console_url` is ours, the only
    address in the message that may become a link. `picture` is a PNG for channels that show one, with words for it.
    """

    key: str
    thread: str
    kind: str
    subject: str
    lines: tuple[Line, ...]
    facts: Mapping[str, str]
    console_url: str | None
    picture: bytes = b""
    picture_words: str = ""

    @property
    def plain_lines(self) -> tuple[str, ...]:
        """The lines as `label: value`, without subject and link."""
        return tuple(f"{line.label}: {line.value}" for line in self.lines)


UNIT_WORDS: Mapping[Unit, str] = {
    Unit.PER_MTOK_IN: "per million input tokens",
    Unit.PER_MTOK_OUT: "per million output tokens",
    Unit.PER_MTOK_CACHE_READ: "per million cached tokens read",
    Unit.PER_MTOK_CACHE_WRITE: "per million cached tokens written",
    Unit.PER_MTOK: "per million tokens",
    Unit.PER_CALL: "per call",
    Unit.PER_USD_CREDIT: "per US dollar of credit",
    Unit.PER_PERIOD: "per period",
    Unit.PER_ACCOUNT: "per account",
    Unit.PER_SEAT_PERIOD: "per seat and period",
    Unit.PER_ITEM: "per item",
    Unit.PERCENT_OF_OFFICIAL: "percent of the official price",
}
LANE_WORDS: Mapping[Lane, str] = {
    Lane.CREDENTIAL_ABUSE: "credential abuse",
    Lane.FRAUD_SUPPLY: "fraud supply",
    Lane.POOLED_RELAY: "pooled relay",
    Lane.COMMERCIAL_RESALE: "commercial resale",
    Lane.GREY: "grey",
    Lane.NONE: "none",
}
_PRODUCT_ID = re.compile(r"[a-z0-9][a-z0-9._:/+\-]{0,79}")


def compose(notice: Notice, house: House) -> Message:
    """What a notice says to a channel that is told this much."""
    alert = notice.alert
    headline = alert.finding.headline
    product = product_words(headline.offer.product if headline else None)
    full = house.detail is Detail.FULL
    share = _share_subject(alert) if full else ""
    again = f" (version {alert.version})" if alert.version > 1 else ""
    return Message(
        key=notice.idempotency_key,
        thread=alert.alert_id,
        kind="alert",
        subject=f"[{alert.severity.upper()}] {LANE_WORDS[alert.finding.lane]}: {product}{share}{again}",
        lines=(*_minimal_lines(alert, product), *(_full_lines(alert) if full else ())),
        facts={**_minimal_facts(alert, product), **(_full_facts(alert) if full else {})},
        console_url=console_link(house.console_url, alert.alert_id),
    )


def compose_digest(digest: Digest, house: House) -> Message:
    """What many notices say in one message."""
    full = house.detail is Detail.FULL
    how_many = f"{digest.alerts} alert{'s' if digest.alerts != 1 else ''}"
    subjects = {
        DigestReason.STORM: f"{how_many} more than this channel takes in an hour",
        DigestReason.HOURLY: f"{how_many} in this hour's digest",
        DigestReason.DAILY: f"{how_many} in the daily digest",
    }
    span = f"{digest.first_at:%Y-%m-%d %H:%M} to {digest.last_at:%Y-%m-%d %H:%M} UTC"
    lines = [
        Line("Alerts", f"{digest.alerts} ({digest.notices} notices), {span}"),
        Line("Severity", _counts(digest.severities)),
        Line("Kind", _counts([(LANE_WORDS[Lane(lane)], n) for lane, n in digest.lanes])),
        Line("Products", _counts([(product_words(product), n) for product, n in digest.products])),
    ]
    if full:
        lines.append(Line("Places", _counts(digest.places)))
    lines += [Line(f"Gravest {place}", _gravest(alert, full)) for place, alert in enumerate(digest.gravest, start=1)]
    lines.append(Line("Not lost", "every one of them stands in the console, in order of gravity"))
    return Message(
        key=digest.idempotency_key,
        thread=digest.idempotency_key,
        kind="digest",
        subject=subjects[digest.reason],
        lines=tuple(lines),
        facts={
            "reason": digest.reason,
            "alerts": str(digest.alerts),
            "notices": str(digest.notices),
            "first_at": digest.first_at.isoformat(),
            "last_at": digest.last_at.isoformat(),
            **{f"severity_{severity}": str(n) for severity, n in digest.severities},
        },
        console_url=f"{house.console_url.rstrip('/')}/alerts" if house.console_url else None,
    )


def product_words(product: str | None) -> str:
    """A product id of the rates, or words that say there is none; never the seller's own name for it."""
    return neutral(product, 80) if product and _PRODUCT_ID.fullmatch(product) else "product unknown"


def console_link(console_url: str | None, alert_id: str) -> str | None:
    """Where the console shows this alert."""
    return f"{console_url.rstrip('/')}/alerts/{quote(alert_id, safe='')}" if console_url else None


def percent(share: Decimal) -> str:
    """A share as a percentage of two significant digits: 0.1134 is `11 %`, 0.00456 `0.46 %`."""
    hundredths = share * 100
    digits = max(0, 1 - hundredths.adjusted()) if hundredths else 0
    return f"{round(hundredths, min(digits, 6)):f} %"


def share_words(share: Share) -> str:
    """A share with its interval, where it is one."""
    low, best, high = percent(share.low), percent(share.best), percent(share.high)
    if low == best == high:
        return f"{best} of the official price"
    return f"{best} of the official price (between {low} and {high})"


def _share_subject(alert: Alert) -> str:
    lowest = alert.finding.lowest_share
    return f" at {percent(lowest)} of the official price" if lowest is not None else ""


def _minimal_lines(alert: Alert, product: str) -> tuple[Line, ...]:
    return (
        Line("Alert", f"{neutral(alert.alert_id, 80)}, version {alert.version}"),
        Line("Severity", alert.severity),
        Line("Kind", LANE_WORDS[alert.finding.lane]),
        Line("Product", product),
    )


def _full_lines(alert: Alert) -> tuple[Line, ...]:
    finding, headline = alert.finding, alert.finding.headline
    lines = [Line("Title", neutral(alert.title, 160))]
    if headline is not None:
        lines.append(Line("Offer", _offer_words(headline.offer)))
        lines.append(Line("Official", _official_words(headline.comparison)))
        lines.append(Line("Share", _share_or_refusal(headline.comparison)))
    if len(finding.offers) > 1:
        lines.append(Line("Offers", f"{len(finding.offers)} in this listing; the one above is the lowest"))
    strongest = sorted(finding.signals, key=lambda signal: -signal.weight)[:MOST_REASONS]
    lines += [Line("Why", neutral(signal.reason, 160)) for signal in strongest if signal.weight > 0]
    lines.append(Line("Confidence", f"{finding.probability:.0%} {finding.verdict}".replace("_", " ")))
    lines.append(Line("Authorisation", finding.authorisation.replace("_", " ")))
    lines.append(Line("Exposed", _exposure_words(finding.exposure)))
    lines.append(Line("Place", f"{neutral(alert.platform, 40)}, {neutral(alert.source, 80)}"))
    lines.append(Line("Address", place_words(alert.url)))
    lines.append(Line("Rule", f"{neutral(alert.rule, 60)}, queue {neutral(alert.queue, 40)}"))
    return tuple(lines)


def place_words(url: str) -> str:
    """The listing's address, so written that nothing links, previews or opens it."""
    return neutral(defang(url), 240)


def _offer_words(offer: Offer) -> str:
    words = [neutral(offer.stated_product, 80) or "unnamed"]
    if offer.price is not None:
        unit = f" {UNIT_WORDS[offer.unit]}" if offer.unit is not None else ""
        quantity = f" for {offer.quantity:f}" if offer.quantity != 1 else ""
        words.append(f"{'from ' if offer.at_least else ''}{offer.price}{quantity}{unit}")
    words.append(offer.kind.replace("_", " "))
    if offer.period_days is not None:
        words.append(f"{offer.period_days} days")
    words += [f"{neutral(name, 20)} {neutral(value, 40)}" for name, value in list(offer.conditions.items())[:3]]
    return ", ".join(words)


def _official_words(comparison: Comparison) -> str:
    rate = comparison.official
    if rate is None:
        return "unknown"
    checked = f", checked {rate.checked_on}" if rate.checked_on is not None else ", validity unknown"
    return f"{rate.price} {UNIT_WORDS[rate.unit]} ({neutral(rate.product, 60)}, {neutral(rate.tier, 30)}{checked})"


def _share_or_refusal(comparison: Comparison) -> str:
    if comparison.share is not None:
        return share_words(comparison.share)
    return f"not compared: {str(comparison.refusal).replace('_', ' ')}"


def _exposure_words(exposure: Exposure | None) -> str:
    if exposure is None:
        return "unknown"
    return f"official value {exposure.low.amount:,.0f} to {exposure.high.amount:,.0f} {exposure.high.currency}"


def _minimal_facts(alert: Alert, product: str) -> dict[str, str]:
    return {
        "alert_id": alert.alert_id,
        "version": str(alert.version),
        "severity": alert.severity,
        "lane": alert.finding.lane,
        "product": product,
    }


def _full_facts(alert: Alert) -> dict[str, str]:
    finding, headline = alert.finding, alert.finding.headline
    facts = {
        "queue": alert.queue,
        "rule": alert.rule,
        "source": neutral(alert.source, 80),
        "external_id": neutral(alert.external_id, 120),
        "platform": neutral(alert.platform, 40),
        "address": place_words(alert.url),
        "title": neutral(alert.title, 160),
        "probability": f"{finding.probability:.4f}",
        "verdict": finding.verdict,
        "authorisation": finding.authorisation,
        "language": neutral(finding.language, 20),
        "opened_at": alert.opened_at.isoformat(),
        "updated_at": alert.updated_at.isoformat(),
        "rules_version": finding.rules_version,
        "rates_version": finding.rates_version,
    }
    if headline is not None:
        facts |= _offer_facts(headline.offer, headline.comparison)
    if finding.exposure is not None:
        facts["exposure_low"], facts["exposure_high"] = str(finding.exposure.low), str(finding.exposure.high)
    return facts


def _offer_facts(offer: Offer, comparison: Comparison) -> dict[str, str]:
    facts = {"offer_kind": str(offer.kind), "stated_product": neutral(offer.stated_product, 80)}
    if offer.price is not None:
        facts |= {"price_amount": f"{offer.price.amount:f}", "price_currency": offer.price.currency}
    if offer.unit is not None:
        facts["price_unit"] = offer.unit
    if comparison.share is not None:
        share = comparison.share
        facts |= {"share_low": f"{share.low:f}", "share_best": f"{share.best:f}", "share_high": f"{share.high:f}"}
    else:
        facts["refusal"] = str(comparison.refusal)
    if comparison.official is not None:
        official = comparison.official
        facts |= {"official_amount": f"{official.price.amount:f}", "official_currency": official.price.currency}
        facts |= {"official_unit": official.unit, "official_source": place_words(official.source_url)}
    return facts


def _counts(counts: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{neutral(name, 60)} {n}" for name, n in counts) or "none"


def _gravest(alert: Alert, full: bool) -> str:
    headline = alert.finding.headline
    product = product_words(headline.offer.product if headline else None)
    said = f"{neutral(alert.alert_id, 80)}: {alert.severity}, {LANE_WORDS[alert.finding.lane]}, {product}"
    return said + (_share_subject(alert) if full else "")
