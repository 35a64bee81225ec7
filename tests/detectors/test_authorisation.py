"""Who may sell is answered from dated lists and the place itself, never from what a text claims."""

from datetime import date

import pytest

from detectors.authorisation import Denial, Overlay, authorise
from domain.comparison import Comparison, Refusal
from domain.finding import Authorisation, PricedOffer
from domain.listing import Handle, HandleRole
from domain.offer import Offer, OfferKind, TextSpan
from rates.book import RateBook
from rates.catalogue import Channel
from tests.detectors.conftest import listing

DAY = date(2026, 7, 1)
OURS = Channel("Partner", "reseller", ("partner.example.test",), ("anthropic",), "https://example.test", DAY)


def offer(product: str, provider: str) -> PricedOffer:
    read = Offer(product, product, provider, OfferKind.METERED_TOKENS, TextSpan("text", 0, 1))
    return PricedOffer(read, Comparison(None, Refusal.NO_PRICE))


CLAUDE = offer("claude-opus-4-8", "anthropic")


def test_a_provider_sells_its_own(rates: RateBook) -> None:
    place = listing("Opus", url="https://www.anthropic.com/pricing")
    assert authorise(place, [CLAUDE], (), (), rates, Overlay()) is Authorisation.LISTED


def test_a_channel_counts_only_for_the_providers_it_is_listed_for(rates: RateBook) -> None:
    place = listing("GPT", url="https://www.anthropic.com/pricing")
    assert authorise(place, [offer("gpt-5.5", "openai")], (), (), rates, Overlay()) is Authorisation.UNKNOWN


def test_linking_to_a_provider_gains_nothing(rates: RateBook) -> None:
    domains = ("www.anthropic.com", "shop.example.test")
    assert authorise(listing("x"), [CLAUDE], (), domains, rates, Overlay()) is Authorisation.UNKNOWN


def test_where_anybody_writes_the_address_says_nothing(rates: RateBook) -> None:
    place = listing("x", url="https://github.com/someone/repository")
    assert authorise(place, [CLAUDE], (), (), rates, Overlay()) is Authorisation.UNKNOWN


def test_the_operators_list_counts_while_it_holds(rates: RateBook) -> None:
    place = listing("x", url="https://partner.example.test/")
    assert authorise(place, [CLAUDE], (), (), rates, Overlay(channels=(OURS,))) is Authorisation.LISTED
    ended = Channel(**{name: getattr(OURS, name) for name in OURS.__slots__} | {"valid_to": DAY})
    assert authorise(place, [CLAUDE], (), (), rates, Overlay(channels=(ended,))) is Authorisation.UNKNOWN


@pytest.mark.parametrize("who", ["shop.example.test", "telegram:seller_demo"])
def test_only_a_provider_denies(who: str, rates: RateBook) -> None:
    place = listing(
        "x", url="https://shop.example.test/", handles=(Handle("telegram", "seller_demo", HandleRole.SELLER),)
    )
    overlay = Overlay(denials=(Denial("anthropic", who, DAY, "letter"),))
    assert authorise(place, [CLAUDE], (), (), rates, overlay) is Authorisation.DENIED_BY_PROVIDER
    assert authorise(place, [offer("gpt-5.5", "openai")], (), (), rates, overlay) is Authorisation.UNKNOWN


def test_open_weights_need_nobodys_leave(rates: RateBook) -> None:
    opened = next(product for product in rates.products() if product.open_weights)
    one = offer(opened.id, opened.provider)
    assert authorise(listing("x"), [one], (), (), rates, Overlay()) is Authorisation.NOT_NEEDED
    assert authorise(listing("x"), [one, CLAUDE], (), (), rates, Overlay()) is Authorisation.UNKNOWN
