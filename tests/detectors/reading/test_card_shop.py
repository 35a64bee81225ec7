"""Rows of a real card shop's list, checked by hand: what each item is worth at official prices.

The list is no part of the project; its rows are known here by number alone (the first row under the head is 1), with
the official dollars that the item buys, worked out from its title by a person: dollars of credit over the multiplier,
the plan's price times its months, a seat's part of it. None stands for an item of which no share can be told.
"""

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.finding import PricedOffer
from domain.money import Money
from rates.book import RateBook

GEMINI_YEAR = 199.99
WORTH: dict[int, tuple[float, ...] | None] = {
    # Free accounts, and accounts of no known plan.
    1: None, 5: None, 6: None, 8: None, 12: None, 14: None, 29: None, 94: None, 100: None, 435: None, 555: None,
    # ChatGPT plans: finished accounts, top-ups of the buyer's own, years, seats.
    15: (20,), 17: (20,), 20: (20,), 21: (20,), 22: (20,), 26: (20,), 31: (20,), 34: (20,), 35: (20,), 40: (20,),
    41: (20 / 30,), 50: (20,), 53: (20,), 58: (20,), 61: (20,), 63: (20,), 65: (20,), 73: (20,), 82: (8,), 83: (8,),
    85: (20,), 95: (20,), 99: (20,), 110: (20,), 116: (20,), 127: (20,), 136: (20,), 172: (200,), 179: (200,),
    183: (200,), 187: (100,), 202: (100,), 203: (100,), 209: (200,), 217: (100,), 231: (200,), 239: (200,),
    255: (240,), 261: (240,), 270: (240,), 93: (5,), 182: (200 / 3,), 185: (100,),
    # Claude plans.
    271: (20,), 283: (20,), 284: (20,), 295: (200,), 298: (200,), 301: (100,), 305: (100,), 307: (200,), 316: (100,),
    320: (200,), 325: (200,), 337: (125,), 345: (125,), 351: (200,), 352: (200,), 356: (200,), 736: (200,),
    # Gemini and Grok, by the year and by the month; codes that can be used several times.
    361: (GEMINI_YEAR,), 366: (GEMINI_YEAR,), 369: (1.5 * GEMINI_YEAR,), 375: (4 * 19.99,), 382: (1.5 * GEMINI_YEAR,),
    384: (GEMINI_YEAR,), 395: (1.5 * GEMINI_YEAR,), 396: None, 398: (GEMINI_YEAR,), 408: (5 * GEMINI_YEAR,),
    426: (10 * GEMINI_YEAR,), 430: (10 * GEMINI_YEAR,), 433: (99.99,), 434: (199.99,), 438: (30,), 443: (30,),
    450: (60,), 451: (90,), 457: (60,), 458: (60,), 461: (300,), 462: (600,), 463: (360,), 464: (3600,),
    # Tools.
    564: (20,), 566: (60,), 567: (200,), 569: (20,), 570: (70,), 572: (20,),
    # No access at all: mail boxes, numbers, checks, cards, refunds, payment links, programs, an hour's help.
    45: None, 47: None, 70: None, 167: None, 359: None, 466: None, 514: None, 518: None, 541: None, 550: None,
    558: None, 563: None, 597: None, 599: None, 626: None,
    # Credit: plain, with multipliers, with caps over a term, with bonuses, placeholders.
    46: (10,), 87: (50,), 601: (1 / 0.13, 1 / 0.25), 603: None, 608: (30,), 609: (10,), 612: (25 / 0.06,), 613: (10,),
    620: None, 629: (10 / 0.035,), 639: (10 / 0.03,), 645: (210,), 646: (210,), 648: (100,), 655: (100,), 673: (50,),
    679: (500,), 688: (900,), 695: (1200,), 715: (2700,), 731: (500 / 0.04,), 732: (2000,), 743: None, 746: (5399,),
    748: (10000,), 750: None,
}  # fmt: skip


def test_rows_checked_by_hand(offers: Callable[..., tuple[PricedOffer, ...]], rates: RateBook, shared_folder: Path):
    """Every share is the one that a person worked out, and none is given where there is none to give."""
    with (shared_folder / "corpus" / "card_shop_listings.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    on = date(2026, 7, 24)
    wrong = {}
    for number, worth in WORTH.items():
        row = rows[number - 1]
        price = row["price_cny"]
        dollars = float(rates.to_usd(Money(Decimal(price), "CNY"), on).usd)
        expected = sorted(dollars / each for each in worth or ())
        read = offers("", title=row["title"], price=f"{price} CNY")
        got = sorted(float(each.comparison.share.best) for each in read if each.comparison.share is not None)
        if got != pytest.approx(expected, rel=0.05):
            wrong[number] = (expected, got)
    assert len(WORTH) >= 100
    assert wrong == {}
