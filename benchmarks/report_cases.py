"""Cases drawn by chance for reports: hostile ones with planted secrets and persons, and one of many offers."""

import random
from collections.abc import Callable
from dataclasses import dataclass
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
    Tlp,
)
from domain.comparison import Comparison, Refusal, Share
from domain.decision import Outcome
from domain.finding import Authorisation, Contact, Finding, History, Lane, PricedOffer, Signal, Verdict
from domain.listing import Handle, HandleRole, Listing, Reach
from domain.money import Money
from domain.offer import ImageSpan, Offer, OfferKind, PointerSpan, Span, TextSpan, Unit
from domain.rate import Rate
from reports.dossier import Materials, Reporter
from reports.prepare import ReportOptions

NOW = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
REPORTER = Reporter("Example Watch", "reports@watch.example", "watch.example")
PSEUDONYM_KEY = bytes(range(32))
SIGNING_KEY = bytes(range(32))
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

PAYLOADS = (
    '=HYPERLINK("http://evil.example","x")', "+1+cmd|' /C calc'!A0", '-2+3', '@SUM(1)', '\t=1+1', 'a;=1+1',
    'b,@x(1)', '"\r\n"=1+1', '＝1＋1', '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>',
    '</style><svg onload=alert(1)>', '{{ 7*7 }}{% raw %}', 'javascript:alert(1)',
    "x' OR url:value = 'https://victim.example/", "\\' ] OR [url:value='y", '\\', "'", '"',
    '#eval("1") *bold* _x_ $x$ @ref <label> = heading', '#import "/etc/passwd"', '../../etc/passwd',
    '..\\..\\boot.ini', 'C:\\x', 'con.txt', '\x1b[31mred\x1b]0;title\x07', '\x00nul', '\u202egnp.exe',
    '\u2066x\u2069', '\ud800lone', '\ufeffbom', 'a\u200bb\u200cc\u200dd', 'line\r\nSet-Cookie: x=1',
    '\u2028sep\u2029', '%s%n%x', '${jndi:x}', "' ; DROP TABLE alerts; --", ']]>', '<!--', '&lt;&#x3c;', '𝕮𝖑𝖆𝖚𝖉𝖊',
    '满血版 1元=1美元', 'رخيص جدا', 'सस्ता', 'Ḽơᶉëᶆ', '🅲🅻🅰', "A" * 3000, "\n" * 50, '|a|b|', '`x`',
    'https://other.example/;=1', 'data:text/html,<b>x', '  ', '',
)  # fmt: skip
_URLS = (
    'javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'ftp://x.example/', 'https://',
    'not an address', 'https://user:pass@shop.example/a\'b?q="x"&c=<y>', 'https://shop.example/\\..\\x',
    'http://192.0.2.7:8080/x|y', 'https://xn--bcher-kva.example/ü?=1;=2', 'https://[2001:db8::1]/x',
    'HTTPS://SHOP.EXAMPLE/%0d%0aX: y', '//x.example',
    "https://shop.example/' OR url:value = 'https://victim.example/", "https://a.example/" + "x" * 2500,
    'https://shop.example/\u202etxt', 'https://shop.example/#L3', 'https://t.me/shop_one/12?single',
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlantedCase:
    """A case, and what may stand in none of its renderings."""

    case: Case
    secrets: tuple[str, ...]
    persons: tuple[str, ...]


def draw_case(seed: int) -> PlantedCase:
    """The hostile case of that seed."""
    chance = random.Random(seed)
    secrets = tuple(_secret(chance) for _ in range(3))
    persons = tuple(_person(chance) for _ in range(3))
    text = _texts(chance, secrets, persons)
    kind = chance.choice((CaseKind.RESALE, CaseKind.RESALE, CaseKind.SCAM, CaseKind.LEAKED_KEYS))
    evidence = tuple(_evidence(chance, number, text) for number in range(chance.randint(0, 3)))
    digests = tuple(dict.fromkeys(piece.sha256 for piece in evidence))
    listings = tuple(_listing(chance, number, text, persons, digests) for number in range(1, chance.randint(2, 5)))
    case = Case(
        case_id=text(), title=text(), kind=kind, provider="anthropic",
        provider_name=chance.choice(("Anthropic", text())),
        provider_site="https://www.anthropic.com/", products=(text(),), listings=listings,
        opened_at=NOW - timedelta(days=3), evidence=evidence,
        sellers=tuple(
            SellerFact(chance.choice(("telegram", "domain", "email", "wallet", text()[:30])), text() or "shop",
                       chance.choice(list(HandleRole)), text(), text())
            for _ in range(chance.randint(0, 4))
        ),
        leaked_keys=tuple(_key(chance, number) for number in range(1, 4)) if kind is CaseKind.LEAKED_KEYS else (),
        timeline=tuple(TimelineEvent(NOW - timedelta(hours=hours), text(), "crawler") for hours in range(3)),
        terms=(Clause(text(), text(), text(), "https://www.anthropic.com/legal", date(2026, 8, 22)),),
        legal_basis=LegalBasis(LegalGround.FRAUD_OR_DECEPTION, f"{text()} {'explained ' * 9}", Role.LEGAL, NOW, True,
                               text()),
        tlp=chance.choice(list(Tlp)), redactions=(Redaction(text(), text()),), third_persons=persons, reply=text(),
    )  # fmt: skip
    return PlantedCase(case, secrets, persons)


def options(**changes: object) -> ReportOptions:
    """Options for a recipient that needs no handles, with changes."""
    values: dict[str, object] = {
        "reporter": REPORTER, "recipient": "anthropic", "recipient_name": "Anthropic", "prepared_at": NOW,
        "pseudonym_key": PSEUDONYM_KEY,
    }  # fmt: skip
    return ReportOptions(**(values | changes))  # type: ignore[arg-type]


def many_offers(offers: int, listings: int = 20) -> tuple[Case, Materials]:
    """A plain case of that many offers, each listing with a page as evidence."""
    chance = random.Random(offers)
    entries, evidence, bodies = [], [], {}
    for number in range(1, listings + 1):
        body = f"<html><body>page {number} {'x' * 2000}</body></html>".encode()
        digest = sha256(body).hexdigest()
        bodies[digest] = body
        url = f"https://relay-{number}.example/pricing"
        evidence.append(Evidence(digest, EvidenceKind.PAGE, "text/html", len(body), NOW - timedelta(days=1), url))
        rows = tuple(_plain_offer(chance, row) for row in range(offers // listings))
        listing = Listing("relays/x", str(number), url, "relay", f"Price list {number} 满血", "All models. " * 30,
                          NOW - timedelta(days=1), handles=(Handle("relay", f"relay_{number}",
                                                                   HandleRole.SELLER),))  # fmt: skip
        entries.append(CaseListing(f"al-{number}", listing, _finding(str(number), rows), None, (digest,)))
    case = Case(
        "C-200", "Two hundred offers", CaseKind.RESALE, "anthropic", "Anthropic", "https://www.anthropic.com/",
        ("claude-opus-4-8",), tuple(entries), NOW - timedelta(days=2), tuple(evidence),
    )  # fmt: skip
    return case, Materials(bodies, SIGNING_KEY)


def _plain_offer(chance: random.Random, row: int) -> PricedOffer:
    best = Decimal(chance.randint(10, 900)) / 1000
    official = Rate("claude-opus-4-8", "anthropic", Money(Decimal(5), "USD"), Unit.PER_MTOK_IN,
                    "https://claude.com/pricing", date(2026, 9, 30), date(2026, 5, 28))  # fmt: skip
    offer = Offer("claude-opus-4-8", "claude-opus-4-8", "anthropic", OfferKind.METERED_TOKENS,
                  PointerSpan(f"/data/{row}/model_ratio"), Money(best * 5, "USD"), Unit.PER_MTOK_IN)  # fmt: skip
    return PricedOffer(offer, Comparison(Share(best, best, best), None, official, ("the group's ratio is 1",)))


def _secret(chance: random.Random) -> str:
    tail = "".join(chance.choices(_LETTERS, k=48))
    return chance.choice(("sk-ant-api03-", "sk-proj-", "sk-or-v1-", "ghp_", "hf_", "gsk_", "xai-")) + tail


def _person(chance: random.Random) -> str:
    tail = "".join(chance.choices(_LETTERS[:26], k=9))
    return chance.choice((f"buyer_{tail}", f"{tail}@mail.example", f"李{tail}", f"Mar.{tail}-{tail[:3]}"))


def _texts(chance: random.Random, secrets: tuple[str, ...], persons: tuple[str, ...]) -> Callable[[], str]:
    def text() -> str:
        pieces = [chance.choice(PAYLOADS) for _ in range(chance.randint(1, 3))]
        if chance.random() < 0.35:
            pieces.append(chance.choice(secrets))
        if chance.random() < 0.35:
            pieces.append(chance.choice((f"@{chance.choice(persons)}", chance.choice(persons))))
        chance.shuffle(pieces)
        return chance.choice((" ", ", ", "\n")).join(pieces)

    return text


def _evidence(chance: random.Random, number: int, text: Callable[[], str]) -> Evidence:
    kind = chance.choice(list(EvidenceKind))
    media = chance.choice(("text/html", "image/png", "application/warc", text()))
    digest = sha256(f"evidence {number} {chance.random()}".encode()).hexdigest()
    return Evidence(digest, kind, media, chance.randint(0, 10**7), NOW - timedelta(days=1), _url(chance,
                                                                                                 number), text(),
                    missing=(text(),), capture_tool=text())  # fmt: skip


def _url(chance: random.Random, number: int) -> str:
    # The first listing always has an address that can be reported, so that every format has something to say.
    return f"https://shop.example/item/{number}" if number == 1 or chance.random() < 0.3 else chance.choice(_URLS)


def _listing(
    chance: random.Random, number: int, text: Callable[[], str], persons: tuple[str, ...], digests: tuple[str, ...]
) -> CaseListing:
    listing = Listing(
        source="shops/x", external_id=text(), url=_url(chance, number), platform=chance.choice(("telegram", text())),
        title=text(), text=" ".join(text() for _ in range(4)), observed_at=NOW - timedelta(days=1, minutes=number),
        posted_at=chance.choice((None, NOW - timedelta(days=9))), language=text(),
        handles=(Handle("telegram", chance.choice(("shop_one", text() or "x")), HandleRole.SELLER),
                 Handle("telegram", chance.choice(persons), chance.choice((HandleRole.MENTIONED, HandleRole.VICTIM)))),
        reach=Reach(stock=chance.choice((None, -1, 10**12))),
    )  # fmt: skip
    offers = tuple(_offer(chance, text, len(listing.text)) for _ in range(chance.randint(0, 4)))
    decision = RoleDecision(Outcome.CONFIRMED, text(), chance.choice(list(Role)), NOW - timedelta(hours=2),
                            chance.choice((None, Authorisation.DENIED_BY_PROVIDER)))  # fmt: skip
    contacts = (Contact("telegram", chance.choice(persons), "mentioned", TextSpan("text", 0, 1)),
                Contact("telegram", text() or "y", "seller", TextSpan("text", 0, 1)))  # fmt: skip
    finding = _finding(text(), offers, contacts, chance.random(), text)
    return CaseListing(f"al-{number}", listing, finding, chance.choice((None, decision)), digests)


def _finding(
    external_id: str, offers: tuple[PricedOffer, ...], contacts: tuple[Contact, ...] = (), probability: float = 0.9,
    text: Callable[[], str] = lambda: "says so",
) -> Finding:  # fmt: skip
    return Finding(
        source="shops/x", external_id=external_id, listing_version="v", language=text()[:20], offers=offers,
        signals=(Signal(text(), 1.4, text()),), contacts=contacts, indicators=(), probability=probability,
        verdict=Verdict.RESALE, authorisation=Authorisation.UNKNOWN, lane=Lane.POOLED_RELAY, exposure=None,
        history=History(), rules_version=text(), rates_version=text(), overlay_version="",
    )  # fmt: skip


def _offer(chance: random.Random, text: Callable[[], str], length: int) -> PricedOffer:
    amount = Decimal(chance.choice(("0", "4.50", "0.0000001", "1E+3", "123456789012.123", "-3", "1E-30", "1E+40")))
    start = chance.randint(0, length)
    spans: tuple[Span, ...] = (
        TextSpan("text", start, start + chance.randint(0, 40)), TextSpan("title", 0, 9), PointerSpan(text()),
        ImageSpan(text(), (0, 0, 1, 1)),
    )  # fmt: skip
    offer = Offer(
        product=chance.choice((None, "claude-opus-4-8", text())), stated_product=text(),
        provider=chance.choice((None, text())),
        kind=chance.choice(list(OfferKind)), span=chance.choice(spans),
        price=chance.choice((None, Money(amount, "CNY"))), unit=chance.choice((None, *Unit)),
        multiplier=chance.choice((None, Decimal("0.5"))), period_days=chance.choice((None, 30)),
        claimed_share=chance.choice((None, Decimal("0.1"))), conditions={text()[:40]: text()}, assumptions=(text(),),
    )  # fmt: skip
    if chance.random() < 0.3:
        return PricedOffer(offer, Comparison(None, chance.choice(list(Refusal))))
    best = Decimal(chance.choice(("0.0714285714", "0.00000123", "0", "12.5", "0.3")))
    official = Rate("claude-opus-4-8", "anthropic", Money(Decimal("5.00"), "USD"), Unit.PER_MTOK_IN,
                    "https://claude.com/pricing", date(2026, 9, 30), chance.choice((None, date(2026, 5,
                                                                                               28))))  # fmt: skip
    return PricedOffer(offer, Comparison(Share(best, best, best * 2), None, official, (text(),)))


def _key(chance: random.Random, number: int) -> LeakedKey:
    digest = sha256(f"key {chance.random()}".encode()).hexdigest()
    return LeakedKey("openai_project_key", "sk-proj-", digest, _url(chance, number),
                     chance.choice(("commit", "telegram_message", "elsewhere")), NOW - timedelta(days=1),
                     "OpenAI")  # fmt: skip
