from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.comparison import Comparison, Refusal, Share
from domain.finding import (
    Authorisation,
    Contact,
    Exposure,
    Finding,
    History,
    Indicator,
    Lane,
    PricedOffer,
    Signal,
    Verdict,
)
from domain.listing import Handle, HandleRole, Listing, PriceField, Reach, StatedOffer
from domain.money import Money
from domain.offer import ImageSpan, Offer, OfferKind, PointerSpan, TextSpan, Unit
from domain.rate import Rate
from storage import codec
from tests.storage.test_escaping import ANY_TEXT
from tests.storage.test_types import DECIMALS, MOMENTS

TEXTS = st.lists(ANY_TEXT, max_size=2).map(tuple)
STRINGS = st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=2)
NUMBERS = st.none() | st.integers(0, 2**70)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
MONEY = st.builds(Money, DECIMALS, st.sampled_from(["USD", "CNY", "USDT"]))
SHARES = st.lists(DECIMALS, min_size=3, max_size=3).map(lambda parts: Share(*sorted(parts)))
SPANS = (
    st.builds(TextSpan, ANY_TEXT, st.integers(), st.integers())
    | st.builds(PointerSpan, ANY_TEXT)
    | st.builds(ImageSpan, ANY_TEXT, st.tuples(*[st.integers()] * 4))
)
HANDLES = st.builds(Handle, ANY_TEXT, ANY_TEXT, st.sampled_from(HandleRole), st.none() | ANY_TEXT)
REACH = st.builds(Reach, NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
STATED = st.builds(
    StatedOffer,
    ANY_TEXT,
    st.sampled_from(OfferKind),
    st.none() | MONEY,
    st.sampled_from(Unit),
    ANY_TEXT,
    STRINGS,
    st.none() | DECIMALS,
    st.none() | st.sampled_from(Refusal),
    TEXTS,
)
LISTINGS = st.builds(
    Listing,
    *[ANY_TEXT] * 6,
    MOMENTS,
    st.none() | MOMENTS,
    st.booleans(),
    st.booleans(),
    st.none() | ANY_TEXT,
    st.lists(HANDLES, max_size=2).map(tuple),
    st.lists(st.builds(PriceField, ANY_TEXT, st.none() | MONEY, st.booleans()), max_size=2).map(tuple),
    st.lists(STATED, max_size=2).map(tuple),
    REACH,
    TEXTS,
    TEXTS,
)
DATES = st.none() | st.dates(min_value=date(1, 1, 1))
RATES = st.builds(Rate, ANY_TEXT, ANY_TEXT, MONEY, st.sampled_from(Unit), ANY_TEXT, DATES, DATES, DATES, notes=STRINGS)
COMPARISONS = st.builds(Comparison, SHARES, st.none(), st.none() | RATES, TEXTS) | st.builds(
    Comparison, st.none(), st.sampled_from(Refusal), st.none() | RATES, TEXTS
)
OFFERS = st.builds(
    Offer,
    st.none() | ANY_TEXT,
    ANY_TEXT,
    st.none() | ANY_TEXT,
    st.sampled_from(OfferKind),
    SPANS,
    st.none() | MONEY,
    st.none() | st.sampled_from(Unit),
    DECIMALS,
    st.none() | DECIMALS,
    st.none() | st.integers(),
    claimed_share=st.none() | DECIMALS,
    at_least=st.booleans(),
    conditions=STRINGS,
    assumptions=TEXTS,
)
FINDINGS = st.builds(
    Finding,
    *[ANY_TEXT] * 4,
    st.lists(st.builds(PricedOffer, OFFERS, COMPARISONS), max_size=2).map(tuple),
    st.lists(st.builds(Signal, ANY_TEXT, FLOATS, ANY_TEXT, st.none() | SPANS), max_size=2).map(tuple),
    st.lists(st.builds(Contact, ANY_TEXT, ANY_TEXT, ANY_TEXT, SPANS), max_size=1).map(tuple),
    st.lists(st.builds(Indicator, ANY_TEXT, ANY_TEXT), max_size=1).map(tuple),
    FLOATS,
    st.sampled_from(Verdict),
    st.sampled_from(Authorisation),
    st.sampled_from(Lane),
    st.none() | st.builds(Exposure, MONEY, MONEY),
    st.builds(History, st.none() | MOMENTS, st.integers(), st.none() | DECIMALS),
    *[ANY_TEXT] * 3,
)


@settings(max_examples=60, deadline=None)
@given(LISTINGS)
def test_any_listing_comes_back(listing: Listing) -> None:
    text = codec.dump_listing(listing)
    back = codec.load_listing(text)
    assert back == listing
    # Equal decimals may differ in digits; the same text says that nothing differs at all.
    assert codec.dump_listing(back) == text
    assert repr(back.prices) == repr(listing.prices)
    assert back.content_hash == listing.content_hash
    assert "\x00" not in text
    text.encode("utf-8")


@settings(max_examples=60, deadline=None)
@given(FINDINGS)
def test_any_finding_comes_back_to_the_bit(finding: Finding) -> None:
    text, history = codec.dump_finding(finding), codec.dump_history(finding.history)
    back = codec.load_finding(text, history)
    assert back == finding
    assert (codec.dump_finding(back), codec.dump_history(back.history)) == (text, history)
    assert back.probability.hex() == finding.probability.hex()
    assert repr(back.offers) == repr(finding.offers)


def test_a_finding_without_its_history_says_what_was_concluded() -> None:
    assert codec.dump_history(History()) != codec.dump_history(History(versions=1))
    assert codec.load_reach(codec.dump_reach(Reach(views=7))) == Reach(views=7)
    assert codec.dump_reach(Reach()) is None
    assert codec.load_reach(None) == Reach()


def test_equal_histories_keep_their_own_digits() -> None:
    texts = [codec.dump_history(History(previous_best_share=Decimal(digits))) for digits in ("0.1", "0.10", "0", "-0")]
    assert len(set(texts)) == 4


@pytest.mark.parametrize("digits", ["1E+2", "0.10", "-0", "1e-30", "100000000000000000000000000000.1"])
def test_decimals_keep_their_digits(digits: str) -> None:
    history = History(previous_best_share=Decimal(digits))
    assert f'"{Decimal(digits)}"' in codec.dump_history(history)


@given(STRINGS)
def test_any_strings_come_back(strings: dict[str, str]) -> None:
    assert codec.load_strings(codec.dump_strings(strings)) == strings
