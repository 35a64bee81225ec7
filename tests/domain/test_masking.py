"""A masked listing holds no secret in any of its texts."""

from dataclasses import asdict
from datetime import UTC, datetime

from domain.comparison import Refusal
from domain.lead import Lead
from domain.listing import Handle, HandleRole, Listing, PriceField, StatedOffer
from domain.masking import mask_listing, mask_reading, mask_snapshot, placed_secrets
from domain.offer import OfferKind, Unit
from domain.reading import Reading, ReadingState
from domain.snapshot import Snapshot

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


def test_every_text_of_a_listing_is_masked() -> None:
    listing = Listing(
        source="s",
        external_id=f"id-{KEY}",
        url=f"https://a.example.test/?k={KEY}",
        platform="relay",
        title=KEY,
        text=KEY,
        observed_at=datetime(2026, 11, 24, tzinfo=UTC),
        handles=(Handle("relay", KEY, HandleRole.SELLER, f"https://a.example.test/{KEY}"),),
        prices=(PriceField(KEY),),
        stated_offers=(
            StatedOffer(
                KEY, OfferKind.METERED_TOKENS, None, Unit.PER_CALL, f"/data/{KEY}", {"group": KEY}, None,
                Refusal.NO_PRICE, (KEY,),
            ),
        ),
        images=(f"https://a.example.test/{KEY}.png",),
        links=(f"https://a.example.test/{KEY}",),
    )  # fmt: skip
    masked = mask_listing(listing)
    assert KEY not in repr(asdict(masked.listing))
    assert [(one.field, one.secret) for one in placed_secrets(listing)] == [
        ("title", KEY), ("text", KEY), ("link", KEY),
    ]  # fmt: skip


def test_how_a_page_was_got_and_what_a_reading_says_hold_no_secret() -> None:
    snapshot = Snapshot(
        source="s",
        url_asked=f"https://a.example.test/{KEY}/x",
        url_answered="https://a.example.test/",
        status=200,
        headers={"set-cookie": "sid=abc", "x-note": KEY, "server": "nginx"},
        fetched_at=datetime(2026, 11, 24, tzinfo=UTC),
        transport="plain",
        sha256="0" * 64,
        body_bytes=0,
        context={"status": KEY},
        capture={"redirects": KEY},
    )
    masked = mask_snapshot(snapshot)
    assert KEY not in repr(asdict(masked))
    assert masked.headers["set-cookie"] == "[withheld]"
    assert masked.headers["server"] == "nginx"
    assert mask_snapshot(masked) is masked
    reading = Reading(
        ReadingState.FRESH, KEY, leads=(Lead(f"https://b.example.test/{KEY}", KEY, KEY),), problems=(KEY,)
    )
    assert KEY not in repr(asdict(mask_reading(reading)))
    plain = Reading(ReadingState.EMPTY, "nothing")
    assert mask_reading(plain) is plain
