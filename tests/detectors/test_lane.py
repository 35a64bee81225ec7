"""Lanes rank harm: stolen before made up, made up before pooled, pooled before sold, and the mild apart."""

from decimal import Decimal

import pytest

from detectors.lane import lane_of
from domain.comparison import Comparison, Refusal, Share
from domain.finding import Lane, PricedOffer
from domain.offer import Offer, OfferKind, TextSpan


def offer(kind: OfferKind, share: str | None = None) -> PricedOffer:
    value = Decimal(share) if share else None
    comparison = Comparison(Share(value, value, value), None) if value else Comparison(None, Refusal.NO_PRICE)
    return PricedOffer(Offer("claude-pro", "Claude Pro", "anthropic", kind, TextSpan("text", 0, 1)), comparison)


@pytest.mark.parametrize(("kind", "share", "said", "lane"), [
    (OfferKind.API_KEY, "0.3", {"supply.leaked_keys"}, Lane.CREDENTIAL_ABUSE),
    (OfferKind.SUBSCRIPTION_ACCOUNT, "0.1", {"delivery.session_tokens"}, Lane.CREDENTIAL_ABUSE),
    (OfferKind.ENABLING_SERVICE, None, set(), Lane.FRAUD_SUPPLY),
    (OfferKind.BULK_ACCOUNTS, None, {"delivery.session_tokens"}, Lane.FRAUD_SUPPLY),
    (OfferKind.SUBSCRIPTION_ACCOUNT, "0.1", {"supply.trial_abuse"}, Lane.FRAUD_SUPPLY),
    (OfferKind.METERED_TOKENS, "0.1", {"supply.pooled_accounts"}, Lane.POOLED_RELAY),
    (OfferKind.CREDIT_TOPUP, "0.15", set(), Lane.POOLED_RELAY),
    (OfferKind.METERED_TOKENS, "1.0", set(), Lane.GREY),
    (OfferKind.SUBSCRIPTION_ACCOUNT, "0.4", set(), Lane.COMMERCIAL_RESALE),
    (OfferKind.ACTIVATION_SERVICE, "1.05", set(), Lane.GREY),
    (OfferKind.ACTIVATION_SERVICE, "0.4", {"price.under_regional_floor"}, Lane.COMMERCIAL_RESALE),
    (OfferKind.ACTIVATION_SERVICE, "0.9", {"delivery.session_tokens"}, Lane.GREY),
    (OfferKind.SHARED_SEAT, None, set(), Lane.GREY),
    (OfferKind.SHARED_SEAT, None, {"sale.warranty"}, Lane.COMMERCIAL_RESALE),
    (OfferKind.FREE_POOL, None, set(), Lane.GREY),
])  # fmt: skip
def test_lanes(kind: OfferKind, share: str | None, said: set[str], lane: Lane) -> None:
    assert lane_of([offer(kind, share)], said, resale=True) is lane


def test_what_is_not_resale_has_no_lane() -> None:
    assert lane_of([offer(OfferKind.API_KEY)], {"supply.leaked_keys"}, resale=False) is Lane.NONE
