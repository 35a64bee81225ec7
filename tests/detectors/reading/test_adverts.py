"""Adverts in sixteen languages, written for this project: each idiom of price in each, read to the right share.

`adverts.jsonl` holds one advert a line: what it says, the product, and either the share that it states or the amount
asked with what that buys in dollars at the official price.
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest

from domain.finding import PricedOffer
from domain.money import Money
from rates.book import RateBook
from tests.detectors.reading.conftest import ON

ADVERTS = [orjson.loads(line) for line in (Path(__file__).parent / "adverts.jsonl").read_bytes().splitlines()]
IDIOMS = {"credit", "ratio", "off", "fraction", "plan", "token"}
LANGUAGES = {"zh", "en", "ru", "uk", "vi", "id", "pt", "es", "tr", "ar", "fa", "hi", "ko", "ja", "de", "fr"}


@pytest.mark.parametrize("advert", ADVERTS, ids=lambda advert: f"{advert['language']}-{advert['text'][:24]}")
def test_advert(offers: Callable[..., tuple[PricedOffer, ...]], rates: RateBook, advert: dict[str, Any]) -> None:
    """The product is offered at the share that the advert says or comes to, within 5 percent."""
    expected = advert.get("share")
    if expected is None:
        asked = rates.to_usd(Money(Decimal(advert["amount"]), advert["currency"]), ON).usd
        expected = float(asked) / float(advert["official_usd"])
    shares = [
        float(each.comparison.share.best)
        for each in offers(advert["text"])
        if each.comparison.share is not None and each.offer.product == advert["product"]
    ]
    assert any(share == pytest.approx(expected, rel=0.05) for share in shares), (expected, shares)


def test_every_language_has_adverts_of_every_idiom() -> None:
    said = {(advert["language"], advert["idiom"]) for advert in ADVERTS}
    assert said == {(language, idiom) for language in LANGUAGES for idiom in IDIOMS}
    assert all(sum(advert["language"] == language for advert in ADVERTS) >= 15 for language in LANGUAGES)
