"""What kind of harm a finding is, gravest first: the first key by which alerts are ranked."""

from collections.abc import Collection, Sequence
from decimal import Decimal

from domain.finding import Lane, PricedOffer
from domain.offer import OfferKind

KEY = "supply.key_in_text"
CREDENTIALS = frozenset({"supply.leaked_keys", "data.resale"})
FRAUD = frozenset({
    "supply.stolen_cards", "supply.payment_links", "supply.bulk_registration", "supply.trial_abuse",
    "supply.education_abuse", "supply.cloud_credit_abuse", "supply.identity_check_bypass",
})  # fmt: skip
SESSIONS = "delivery.session_tokens"
POOLED = "supply.pooled_accounts"
COMMERCE = frozenset({
    "sale.instant_delivery", "sale.warranty", "sale.stock", "trade.wholesale", "trade.agents",
    "sale.credentials_delivered",
})  # fmt: skip
# Friends who share a plan do not look for strangers in public.
SOLICITING = frozenset({"shape.seller_contact", "shape.listing_title"})
RELAYED = frozenset({OfferKind.METERED_TOKENS, OfferKind.CREDIT_TOPUP, OfferKind.PER_CALL, OfferKind.UNLIMITED_PLAN})
FRAUD_KINDS = frozenset({OfferKind.ENABLING_SERVICE, OfferKind.BULK_ACCOUNTS})
MILD = frozenset({OfferKind.ACTIVATION_SERVICE, OfferKind.FREE_POOL, OfferKind.SHARED_SEAT})
FULL_PRICE = Decimal("0.97")


def lane_of(priced: Sequence[PricedOffer], said: Collection[str], *, resale: bool) -> Lane:
    """The lane of a finding from its offers and the names of its signals; `none` unless it may be resale."""
    if KEY in said:
        # Its owner loses by the hour, whether it is sold, given away or left lying about.
        return Lane.CREDENTIAL_ABUSE
    if not resale:
        return Lane.NONE
    kinds = {one.offer.kind for one in priced}
    if said & CREDENTIALS if isinstance(said, frozenset | set) else any(name in CREDENTIALS for name in said):
        return Lane.CREDENTIAL_ABUSE
    if kinds & FRAUD_KINDS or any(name in FRAUD for name in said):
        return Lane.FRAUD_SUPPLY
    if SESSIONS in said and OfferKind.ACTIVATION_SERVICE not in kinds:
        return Lane.CREDENTIAL_ABUSE
    if POOLED in said or kinds & RELAYED:
        return Lane.GREY if _at_full_price(priced) else Lane.POOLED_RELAY
    if _is_mild(priced, kinds, said):
        return Lane.GREY
    return Lane.COMMERCIAL_RESALE


def _at_full_price(priced: Sequence[PricedOffer]) -> bool:
    shares = [one.comparison.share.best for one in priced if one.comparison.share is not None]
    return bool(shares) and min(shares) >= FULL_PRICE


def _is_mild(priced: Sequence[PricedOffer], kinds: set[OfferKind], said: Collection[str]) -> bool:
    """Full price, activation on the buyer's account, free pools, and seats shared among friends."""
    if _at_full_price(priced):
        return True
    if not kinds or not kinds <= MILD:
        return False
    if "price.under_regional_floor" in said or "price.deep_discount" in said:
        return False
    return OfferKind.SHARED_SEAT not in kinds or not any(name in COMMERCE | SOLICITING for name in said)
