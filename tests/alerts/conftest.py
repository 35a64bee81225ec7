"""Findings, listings, alerts and notices to judge, route and deliver; each test changes what it is about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.alert import Alert, AlertStatus, Notice, Severity
from domain.comparison import Comparison, Refusal, Share
from domain.finding import (
    Authorisation,
    Exposure,
    Finding,
    History,
    Indicator,
    Lane,
    PricedOffer,
    Signal,
    Verdict,
)
from domain.listing import Handle, HandleRole, Listing
from domain.money import Money
from domain.offer import Offer, OfferKind, TextSpan, Unit
from domain.rate import Rate

HOW_MANY = pytest.mark.parametrize("count", [300, pytest.param(5000, marks=pytest.mark.slow)])
"""A few hundred hostile texts in the quick tier, the whole figure in the slow one."""

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)

OFFICIAL = Rate(
    product="claude-opus-4-8",
    provider="anthropic",
    price=Money(Decimal(25), "USD"),
    unit=Unit.PER_MTOK_OUT,
    source_url="https://official.example.test/pricing",
    checked_on=datetime(2026, 11, 1, tzinfo=UTC).date(),
)


def make_offer(
    share: str | None = "0.11",
    *,
    product: str | None = "claude-opus-4-8",
    refusal: Refusal = Refusal.NO_PRICE,
    **changes: Any,
) -> PricedOffer:
    """An offer of output tokens at a share of the official price, or one that could not be compared."""
    offer = Offer(
        product=product,
        stated_product="Claude opus 4.8 满血版",
        provider="anthropic",
        kind=OfferKind.METERED_TOKENS,
        span=TextSpan("text", 0, 5),
        price=Money(Decimal("20.00"), "CNY"),
        unit=Unit.PER_MTOK_OUT,
        conditions={"group": "special"},
    )
    if share is None:
        comparison = Comparison(share=None, refusal=refusal)
    else:
        best = Decimal(share)
        interval = Share(best * Decimal("0.9"), best, best * Decimal("1.1"))
        comparison = Comparison(share=interval, refusal=None, official=OFFICIAL)
    return PricedOffer(replace(offer, **changes), comparison)


def make_finding(**changes: Any) -> Finding:
    """A pooled relay at about a tenth of the official price, found for sure."""
    finding = Finding(
        source="telegram/example_channel",
        external_id="77",
        listing_version="a" * 64,
        language="zh",
        offers=(make_offer(),),
        signals=(
            Signal("supply.pooled_accounts", 1.4, "says that accounts are pooled"),
            Signal("delivery.relay_address", 0.9, "gives an address of its own for the API"),
        ),
        contacts=(),
        indicators=(Indicator("base_url", "https://relay.example.test"),),
        probability=0.97,
        verdict=Verdict.RESALE,
        authorisation=Authorisation.UNKNOWN,
        lane=Lane.POOLED_RELAY,
        exposure=Exposure(Money(Decimal(800), "USD"), Money(Decimal(2400), "USD")),
        history=History(),
        rules_version="rules-1",
        rates_version="rates-1",
        overlay_version="overlay-1",
    )
    return replace(finding, **changes)


def make_listing(**changes: Any) -> Listing:
    """The post that the finding is about."""
    listing = Listing(
        source="telegram/example_channel",
        external_id="77",
        url="https://chat.example.test/example_channel/77",
        platform="telegram",
        title="Claude API relay",
        text="output 20 yuan per million tokens",
        observed_at=NOON,
        handles=(
            Handle("telegram", "@Example_Seller", HandleRole.SELLER),
            Handle("telegram", "bystander", HandleRole.MENTIONED),
        ),
    )
    return replace(listing, **changes)


def make_alert(alert_id: str = "al-1", **changes: Any) -> Alert:
    """An open alert about the finding."""
    alert = Alert(
        alert_id=alert_id,
        source="telegram/example_channel",
        external_id="77",
        url="https://chat.example.test/example_channel/77",
        title="Claude API relay",
        platform="telegram",
        finding=make_finding(),
        severity=Severity.HIGH,
        queue="relays",
        rule="pooled-relay",
        status=AlertStatus.OPEN,
        version=1,
        opened_at=NOON,
        updated_at=NOON,
    )
    return replace(alert, **changes)


def make_notice(number: int = 1, channel: str = "duty", *, alert: Alert | None = None, **changes: Any) -> Notice:
    """A notice about an alert of its own, or about the one given."""
    told = alert if alert is not None else make_alert(f"al-{number}")
    notice = Notice(
        notice_id=f"{told.alert_id}.{told.version}.{channel}",
        idempotency_key=f"key-{told.alert_id}-{told.version}-{channel}",
        channel=channel,
        alert=told,
        created_at=NOON,
    )
    return replace(notice, **changes)


class HandClock:
    """A clock that a test moves by hand."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)
