"""A masked listing holds no secret in any of its texts."""

from dataclasses import asdict
from datetime import UTC, datetime

from domain.listing import Listing, PriceField
from domain.masking import mask_listing

KEY = "sk-" + "ant-api03-" + "Q7x" * 20


def listing(**texts: object) -> Listing:
    base: dict[str, object] = {
        "source": "forums/example",
        "external_id": "1",
        "url": "https://forum.example.test/1",
        "platform": "forum",
        "title": "shared key",
        "text": "nothing here",
        "observed_at": datetime(2026, 11, 1, tzinfo=UTC),
    }
    return Listing(**{**base, **texts})  # type: ignore[arg-type]


def test_a_listing_without_secrets_is_the_same_object() -> None:
    clean = listing()
    assert mask_listing(clean).listing is clean


def test_every_text_is_masked_and_the_digests_are_kept() -> None:
    dirty = listing(
        title=f"free {KEY}",
        text=f"use {KEY} today",
        links=(f"https://paste.example.test/?k={KEY}",),
        prices=(PriceField(f"{KEY} 5 USD"),),
        url=f"https://forum.example.test/{KEY}",
    )
    masked = mask_listing(dirty)
    assert KEY not in str(asdict(masked.listing))
    assert len({secret.sha256 for secret in masked.secrets}) == 1
    assert len(masked.secrets) == 2
