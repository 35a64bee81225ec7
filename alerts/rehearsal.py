"""A made-up notice, so that an operator can see what a channel's readers will see before anything has happened."""

from datetime import datetime
from decimal import Decimal

from domain.alert import Alert, AlertStatus, Notice, Severity
from domain.comparison import Comparison, Share
from domain.finding import Authorisation, Finding, History, Lane, PricedOffer, Signal, Verdict
from domain.money import Money
from domain.offer import Offer, OfferKind, TextSpan, Unit
from domain.rate import Rate

ALERT_ID = "rehearsal"


def rehearsal_notice(channel: str, now: datetime) -> Notice:
    """A notice about an invented listing, which says everywhere that it is one; each second has its own key."""
    made = f"{now:%Y%m%dT%H%M%S}"
    alert = Alert(
        alert_id=ALERT_ID,
        source="rehearsal/invented",
        external_id="0",
        url="https://invented.example.test/listing/0",
        title="Rehearsal: this listing is invented, nothing is to be done",
        platform="rehearsal",
        finding=_finding(now),
        severity=Severity.LOW,
        queue="rehearsal",
        rule="rehearsal",
        status=AlertStatus.CLOSED,
        version=1,
        opened_at=now,
        updated_at=now,
    )
    return Notice(f"{ALERT_ID}-{made}-{channel}", f"{ALERT_ID}-{made}-{channel}", channel, alert, now)


def _finding(now: datetime) -> Finding:
    offer = Offer(
        product="invented-model",
        stated_product="invented model",
        provider=None,
        kind=OfferKind.METERED_TOKENS,
        span=TextSpan("text", 0, 0),
        price=Money(Decimal("1.00"), "USD"),
        unit=Unit.PER_MTOK_OUT,
    )
    official = Rate(
        "invented-model", "invented", Money(Decimal(10), "USD"), Unit.PER_MTOK_OUT, "https://example.test", now.date()
    )
    tenth = Decimal("0.1")
    return Finding(
        source="rehearsal/invented",
        external_id="0",
        listing_version="0" * 64,
        language="en",
        offers=(PricedOffer(offer, Comparison(Share(tenth, tenth, tenth), None, official)),),
        signals=(Signal("rehearsal.invented", 1.0, "this is a rehearsal: the listing is invented"),),
        contacts=(),
        indicators=(),
        probability=0.0,
        verdict=Verdict.NOT_RESALE,
        authorisation=Authorisation.UNKNOWN,
        lane=Lane.NONE,
        exposure=None,
        history=History(),
        rules_version="rehearsal",
        rates_version="rehearsal",
        overlay_version="rehearsal",
    )
