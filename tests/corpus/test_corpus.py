"""The corpus is whole: every kind, enough languages and look-alikes, hand-typed prices, and nobody's real shop."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.money import Money
from domain.offer import OfferKind, Unit

FOLDER = Path(__file__).parent
FILES = ("develop.jsonl", "held_out.jsonl", "bugs_caught.jsonl", "known_failures.jsonl")
LANGUAGES = {"zh", "en", "ru", "vi", "id", "pt", "es", "tr", "ar", "fa", "hi", "ko", "ja", "de", "uk", "fr"}
LOOKALIKES = {
    "official_news", "open_weights", "authorised", "software", "tutorial", "warning", "research", "complaint", "job",
    "accounting", "quiz", "homonym_game", "homonym_vpn", "homonym_ride", "comparison", "seed", "docs", "byok",
    "own_use", "education", "retention", "security", "code", "course", "other_goods", "buyer", "monitor",
}  # fmt: skip
# Addresses that stand for official places, and the documentation ranges for numbers.
ALLOWED_HOSTS = re.compile(
    r"(^|\.)(example\.test|openai\.com|chatgpt\.com|anthropic\.com|claude\.(ai|com)|deepseek\.com|moonshot\.cn|amazonaws\.com|amazon\.com|schema\.org|invalid|openrouter\.ai|github\.com|ghcr\.io|google\.com)$"
    r"|^(localhost|127\.0\.0\.1|203\.0\.113\.\d+|198\.51\.100\.\d+)$"
)


def rows_of(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


EVERY_ROW = [row for name in FILES for row in rows_of(name)]


def test_there_are_enough_passages_of_every_kind() -> None:
    assert len(EVERY_ROW) >= 800
    assert {row["language"] for row in EVERY_ROW} >= LANGUAGES
    assert {offer["kind"] for row in EVERY_ROW for offer in row["offers"]} == {kind.value for kind in OfferKind}
    assert {row.get("lookalike") for row in EVERY_ROW} >= LOOKALIKES
    assert min(Counter(row["label"] for row in EVERY_ROW).values()) >= 10


def test_no_passage_stands_twice_or_in_two_files() -> None:
    assert len({row["id"] for row in EVERY_ROW}) == len(EVERY_ROW)
    assert len({(row.get("title"), row["text"]) for row in EVERY_ROW}) == len(EVERY_ROW)


@pytest.mark.parametrize("name", FILES)
def test_every_row_is_well_formed(name: str) -> None:
    for row in rows_of(name):
        assert row["label"] in {"resale", "not_resale", "unsure"}, row["id"]
        assert not row["offers"] or row["label"] != "not_resale", row["id"]
        if "price" in row:
            Money(Decimal(row["price"]["amount"]), row["price"]["currency"])
        for offer in row["offers"]:
            OfferKind(offer["kind"])
            assert offer["unit"] is None or Unit(offer["unit"]), row["id"]
            assert offer["share"] is None or 0 < offer["share"] <= 3, row["id"]
            assert offer["amount"] is None or Decimal(offer["amount"]) >= 0, row["id"]


def test_most_offers_are_typed_by_hand() -> None:
    """A passage may stand for how adverts are written alone; most tell what they offer, too."""
    resale = [row for row in EVERY_ROW if row["label"] == "resale"]
    assert sum(bool(row["offers"]) for row in resale) > 0.7 * len(resale)


def test_no_real_shop_is_named() -> None:
    hosts = {
        (row["id"], host)
        for row in EVERY_ROW
        for host in re.findall(r"https?://([A-Za-z0-9.\-]+)", f"{row.get('title', '')} {row['text']}")
    }
    assert not {found for found in hosts if not ALLOWED_HOSTS.search(found[1])}
