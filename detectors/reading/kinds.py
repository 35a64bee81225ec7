"""What kind of offer it is: the delivery form decides, not the product's name."""

from detectors.reading.passage import Passage
from domain.offer import OfferKind

_ACCOUNT = ("kind.subscription_account", "delivery.credentials", "delivery.session_token")


def plan_kind(passage: Passage, start: int, end: int) -> OfferKind:
    """The kind of an offer of a plan that stands within these places."""
    text = passage.field.text[start:end]
    if passage.has(start, end, "kind.shared_seat"):
        return OfferKind.SHARED_SEAT
    finished = "成品" in text and "非成品" not in text
    if passage.has(start, end, "kind.activation_service", "delivery.own_account") and not finished:
        return OfferKind.ACTIVATION_SERVICE
    if passage.has(start, end, "kind.free_pool"):
        return OfferKind.FREE_POOL
    if passage.has(start, end, "kind.bulk_accounts") and not passage.has(start, end, "kind.activation_service"):
        return OfferKind.BULK_ACCOUNTS
    return OfferKind.SUBSCRIPTION_ACCOUNT


def account_kind(passage: Passage, start: int, end: int) -> OfferKind:
    """The kind of an offer of accounts with no plan on them."""
    if passage.has(start, end, "kind.shared_seat"):
        return OfferKind.SHARED_SEAT
    if passage.has(start, end, "kind.bulk_accounts") or "普号" in passage.field.text[start:end]:
        return OfferKind.BULK_ACCOUNTS
    return OfferKind.SUBSCRIPTION_ACCOUNT


def access_kind(passage: Passage, start: int, end: int) -> OfferKind:
    """The kind of an offer of metered access."""
    if passage.has(start, end, "kind.api_key") and not passage.has(start, end, "kind.metered_tokens"):
        return OfferKind.API_KEY
    return OfferKind.METERED_TOKENS


def credit_kind(passage: Passage, start: int, end: int) -> OfferKind:
    """The kind of an offer of credit: a key where that is what is handed over with the credit on it."""
    relayed = passage.has(start, end, "kind.metered_tokens", "delivery.code", "delivery.base_url")
    if passage.has(start, end, "kind.api_key") and not relayed:
        return OfferKind.API_KEY
    return OfferKind.CREDIT_TOPUP


def has_account_words(passage: Passage, start: int, end: int) -> bool:
    """Is an account, a login or a token spoken of?"""
    return passage.has(start, end, *_ACCOUNT)


def is_enabling(passage: Passage, start: int, end: int) -> bool:
    """Is a check, a number, a card or a payment link what is sold?"""
    return passage.has(start, end, "kind.enabling_service")


def is_free(passage: Passage, start: int, end: int) -> bool:
    """Is it given away?"""
    return passage.has(start, end, "price_word.free", "kind.free_pool")
