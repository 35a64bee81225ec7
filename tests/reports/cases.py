"""Cases for the tests, all invented."""

import struct
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from domain.case import (
    Case,
    CaseKind,
    CaseListing,
    Clause,
    Evidence,
    EvidenceKind,
    LeakedKey,
    LegalBasis,
    LegalGround,
    Redaction,
    Role,
    RoleDecision,
    SellerFact,
    TimelineEvent,
)
from domain.comparison import Comparison, Refusal, Share
from domain.decision import Outcome
from domain.finding import Authorisation, Contact, Finding, History, Lane, PricedOffer, Signal, Verdict
from domain.listing import Handle, HandleRole, Listing, Reach
from domain.money import Money
from domain.offer import Offer, OfferKind, TextSpan, Unit
from domain.rate import Rate
from reports.dossier import Dossier, Materials, Reporter
from reports.prepare import ReportOptions, prepare

SEEN = datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
PREPARED = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
PSEUDONYM_KEY = b"a key for tests, thirty-two bytes"
SIGNING_KEY = bytes(range(32))
REPORTER = Reporter("Example Watch", "reports@watch.example", "watch.example")
PAGE = b"<html><body>Claude API, 1 CNY buys 1 USD of credit. <b>seller shop</b></body></html>"


def draw_png(width: int, height: int) -> bytes:
    """A picture of light bands, as small as it is dull."""
    rows = b"".join(b"\x00" + (b"\xf4\xf6\xf9" if y // 20 % 2 else b"\xd5\xdf\xea") * width for y in range(height))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows, 9)),
              (b"IEND", b""))  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


PNG = draw_png(640, 300)
OFFICIAL = Rate(
    "api-credit", "anthropic", Money(Decimal("1"), "USD"), Unit.PER_USD_CREDIT, "https://claude.com/pricing",
    date(2026, 9, 30), date(2026, 5, 28),
)  # fmt: skip
TEXT = (
    "Claude Opus 4.8 满血版，1元=1美元额度，长期稳定。Contact @lantern_shop, or ask @happy_buyer who bought twice.\n"
    "Group price 0.5x. Backup contact: other.person@mail.example"
)


def options(**changes: object) -> ReportOptions:
    values: dict[str, object] = {
        "reporter": REPORTER, "recipient": "anthropic", "recipient_name": "Anthropic", "prepared_at": PREPARED,
        "pseudonym_key": PSEUDONYM_KEY,
    }  # fmt: skip
    return ReportOptions(**(values | changes))  # type: ignore[arg-type]


def offer(**changes: object) -> Offer:
    values: dict[str, object] = {
        "product": "claude-opus-4-8", "stated_product": "Claude Opus 4.8 满血版", "provider": "anthropic",
        "kind": OfferKind.CREDIT_TOPUP, "span": TextSpan("text", 21, 30), "price": Money(Decimal("1"), "CNY"),
        "unit": Unit.PER_USD_CREDIT, "multiplier": Decimal("0.5"), "claimed_share": Decimal("0.1"),
        "conditions": {"group": "default"},
    }  # fmt: skip
    return Offer(**(values | changes))  # type: ignore[arg-type]


def priced(best: str = "0.071428571428", **changes: object) -> PricedOffer:
    share = Share(Decimal(best) * Decimal("0.98"), Decimal(best), Decimal(best) * Decimal("1.13"))
    return PricedOffer(offer(**changes), Comparison(share, None, OFFICIAL, ("1 USD = 7 CNY, month 2026-11 (HMRC)",)))


def refused() -> PricedOffer:
    return PricedOffer(
        offer(price=None, unit=None, product=None, stated_product="Claude pool", multiplier=None, claimed_share=None),
        Comparison(None, Refusal.OPAQUE_CREDIT),
    )


def finding(external_id: str, offers: tuple[PricedOffer, ...], **changes: object) -> Finding:
    values: dict[str, object] = {
        "source": "relays/lantern", "external_id": external_id, "listing_version": "v", "language": "zh",
        "offers": offers,
        "signals": (Signal("supply.pooled_accounts", 1.4, "says that accounts are pooled", TextSpan("text", 0, 6)),),
        "contacts": (Contact("telegram", "@lantern_shop", "seller", TextSpan("text", 42, 55)),), "indicators": (),
        "probability": 0.93, "verdict": Verdict.RESALE, "authorisation": Authorisation.UNKNOWN,
        "lane": Lane.POOLED_RELAY, "exposure": None, "history": History(), "rules_version": "rules-1",
        "rates_version": "rates-1", "overlay_version": "none",
    }  # fmt: skip
    return Finding(**(values | changes))  # type: ignore[arg-type]


def listing(external_id: str = "77", **changes: object) -> Listing:
    values: dict[str, object] = {
        "source": "relays/lantern", "external_id": external_id, "platform": "telegram",
        "url": f"https://t.me/lantern_shop/{external_id}", "title": "Claude API, any volume", "text": TEXT,
        "observed_at": SEEN, "posted_at": SEEN - timedelta(hours=3), "reach": Reach(stock=12, views=950),
        "handles": (
            Handle("telegram", "lantern_shop", HandleRole.SELLER),
            Handle("telegram", "happy_buyer", HandleRole.MENTIONED),
        ),
    }  # fmt: skip
    return Listing(**(values | changes))  # type: ignore[arg-type]


def evidence(body: bytes = PAGE, kind: EvidenceKind = EvidenceKind.PAGE, media_type: str = "text/html",
             **changes: object) -> Evidence:  # fmt: skip
    values: dict[str, object] = {
        "sha256": sha256(body).hexdigest(), "kind": kind, "media_type": media_type, "size_bytes": len(body),
        "captured_at": SEEN, "url": "https://t.me/lantern_shop/77", "description": "page as captured, masked",
        "capture_tool": "undercut 0.1.0", "missing": ("request headers as sent",),
    }  # fmt: skip
    return Evidence(**(values | changes))  # type: ignore[arg-type]


def make_case(**changes: object) -> Case:
    page = evidence()
    picture = evidence(PNG, EvidenceKind.SCREENSHOT, "image/png", description="picture of the page")
    confirmed = RoleDecision(Outcome.CONFIRMED, "resale_confirmed", Role.ANALYST, SEEN + timedelta(hours=5))
    dearer = priced("0.642857142857", price=Money(Decimal("4.50"), "CNY"), multiplier=None)
    denied = replace(confirmed, authorisation=Authorisation.DENIED_BY_PROVIDER)
    values: dict[str, object] = {
        "case_id": "C-2026-0007", "title": "Lantern: pooled Claude credit", "kind": CaseKind.RESALE,
        "provider": "anthropic", "provider_name": "Anthropic", "provider_site": "https://www.anthropic.com/",
        "products": ("claude-opus-4-8",),
        "listings": (
            CaseListing("al-1", listing(), finding("77", (priced(), refused())), confirmed,
                        (page.sha256, picture.sha256), SEEN - timedelta(days=4), SEEN),
            CaseListing("al-2", listing("81", title="=HYPERLINK(\"http://evil.example\") Opus cheap"),
                        finding("81", (dearer,)), denied),
        ),
        "opened_at": SEEN, "evidence": (page, picture),
        "sellers": (
            SellerFact("telegram", "@lantern_shop", HandleRole.SELLER, "account that published L1 and L2", "telegram"),
            SellerFact("domain", "relay.lantern.example", HandleRole.HOST, "base address named in L1"),
            SellerFact("telegram", "happy_buyer", HandleRole.MENTIONED, "wrote a review", "telegram"),
        ),
        "timeline": (
            TimelineEvent(SEEN - timedelta(days=4), "first seen", "crawler"),
            TimelineEvent(SEEN, "seen again, price unchanged", "crawler"),
            TimelineEvent(SEEN + timedelta(hours=5), "confirmed", "analyst"),
        ),
        "terms": (Clause("Commercial Terms of Service", "D.4(a)", "a customer may not resell the services unless "
                         "Anthropic has expressly approved it", "https://www.anthropic.com/legal/commercial-terms",
                         date(2026, 8, 22)),),
        "redactions": (Redaction("second screenshot", "shows buyers only"),),
    }  # fmt: skip
    return Case(**(values | changes))  # type: ignore[arg-type]


def legal_basis(**changes: object) -> LegalBasis:
    values: dict[str, object] = {
        "ground": LegalGround.TRADE_IN_STOLEN_CREDENTIALS,
        "explanation": "The page says that its accounts were taken over from their owners and replaces those that "
        "are locked within a day.",
        "chosen_by": Role.LEGAL, "chosen_at": PREPARED, "bona_fide_confirmed": True,
    }  # fmt: skip
    return LegalBasis(**(values | changes))  # type: ignore[arg-type]


def leaked_key(number: int = 0, **changes: object) -> LeakedKey:
    values: dict[str, object] = {
        "kind": "openai_project_key", "visible": "sk-proj-", "sha256": sha256(f"key {number}".encode()).hexdigest(),
        "url": f"https://github.com/example/demo/blob/{'0' * 40}/config.py#L{number + 3}", "place": "commit",
        "observed_at": SEEN, "provider": "OpenAI",
    }  # fmt: skip
    return LeakedKey(**(values | changes))  # type: ignore[arg-type]


def key_case(**changes: object) -> Case:
    return make_case(
        kind=CaseKind.LEAKED_KEYS, leaked_keys=(leaked_key(0), leaked_key(1)), provider="openai",
        provider_name="OpenAI", provider_site="https://openai.com/", **changes,
    )  # fmt: skip


def dossier(case: Case | None = None, **changes: object) -> Dossier:
    return prepare(case or make_case(), options(**changes))


def materials() -> Materials:
    return Materials({sha256(PAGE).hexdigest(): PAGE, sha256(PNG).hexdigest(): PNG}, SIGNING_KEY)
