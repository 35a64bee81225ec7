"""What relay panels have in common: a site that sells credit, and price lists told as one listing a model series."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from crawlers.families._html import HtmlError, host_of, load_html_text, text_of
from crawlers.families._state import gone
from crawlers.families._text import one_line, tidy_text
from domain.comparison import Refusal
from domain.listing import Handle, HandleRole, Listing, StatedOffer
from domain.money import Money
from domain.offer import OfferKind, Unit
from domain.reading import Reading
from domain.snapshot import Page

PLATFORM = "relay"
SENTINEL_RATIO = Decimal(1_000)
MOST_NOTICES = 10
MOST_NOTICE_CHARACTERS = 1_000
MOST_LABEL_CHARACTERS = 200
MOST_MODEL_CHARACTERS = 200

MOST_TERMS_CHARACTERS = 20_000

_AMOUNT = r"(\d{1,6}(?:\.\d{1,4})?)"
_EXCHANGE = re.compile(
    rf"(?:[¥￥]\s?{_AMOUNT}|{_AMOUNT}\s?(?:元|块|人民币|rmb|cny|r\b))\s?[=＝:：]\s?"
    rf"(?:(?:\$|usd)\s?{_AMOUNT}|{_AMOUNT}\s?(?:刀|美元|美金|\$|usd|u\b))",
    re.IGNORECASE,
)
_ONE_TO_ONE = re.compile(r"(?:充值|汇率|余额|recharge|top-?up)[^\d\n]{0,12}1\s?[:：]\s?1(?!\d)", re.IGNORECASE)

# A price list shows the same row in every direction; what cannot be priced is still said for both.
DIRECTIONS = (Unit.PER_MTOK_IN, Unit.PER_MTOK_OUT)

_SERIES = re.compile(r"[a-z]{1,40}")
_SERIES_NAMES = re.compile(
    r"claude|opus|sonnet|gpt|codex|gemini|grok|deepseek|qwen|glm|kimi|moonshot|minimax|mimo|doubao|llama|mistral"
)


@dataclass(frozen=True, slots=True)
class Site:
    """Who sells: `title` is the name the site gives itself, `notices` what it announces, `links` where it leads."""

    root: str
    title: str
    notices: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def host(self) -> str:
        return host_of(self.root) or self.root


@dataclass(frozen=True, slots=True)
class Recharge:
    """What one US dollar of credit costs in money that is really paid, or the refusal that says why it is not known."""

    price: Money | None
    refusal: Refusal | None
    assumptions: tuple[str, ...]

    def paid(self, credit: Decimal) -> Money | None:
        """The money for so many US dollars of credit."""
        return self.price.times(credit) if self.price is not None else None


@dataclass(frozen=True, slots=True)
class GroupPrice:
    """A group of users with its billing multiplier, or the refusal that the multiplier itself earns."""

    name: str
    label: str
    ratio: Decimal
    refusal: Refusal | None = None
    assumption: str = ""


def series_of(model: str) -> str:
    """The series a model's name begins with: claude, gpt, gemini; vendor folders before a slash are passed over."""
    match = _SERIES.search(model.rpartition("/")[2].lower())
    return match.group() if match else "other"


def group_price(name: str, ratio: Decimal | None, label: str) -> GroupPrice:
    """A group with its multiplier; a multiplier of nothing or of a thousand and more is a sign and no price."""
    shown = one_line(label)[:MOST_LABEL_CHARACTERS]
    if ratio is None:
        return GroupPrice(name, shown, Decimal(0), Refusal.NO_PRICE, "the group's multiplier is not given")
    if ratio <= 0:
        said = f"group multiplier {ratio:f} is a sign for free or closed, and no price"
        return GroupPrice(name, shown, ratio, Refusal.NO_PRICE, said)
    if ratio >= SENTINEL_RATIO:
        said = f"group multiplier {ratio:f} is a sign for closed, and no price"
        return GroupPrice(name, shown, ratio, Refusal.NO_PRICE, said)
    return GroupPrice(name, shown, ratio)


def recharge_of(price: Decimal | None, *, stated_as: str, currency: str = "CNY") -> Recharge:
    """The recharge terms from the site's stated price of one US dollar of credit."""
    if price is None:
        said = f"{stated_as} is not given, so what a dollar of credit costs is unknown"
        return Recharge(None, Refusal.CURRENCY_UNKNOWN, (said,))
    if price <= 0 or price >= SENTINEL_RATIO:
        return Recharge(None, Refusal.OPAQUE_CREDIT, (f"{stated_as} of {price:f} is a sign, and no price of credit",))
    said = f"one US dollar of credit costs {price:f} {currency} ({stated_as}; discounts after login are not seen)"
    return Recharge(Money(price, currency), None, (said,))


def recharge_said_in(text: str) -> Recharge | None:
    """The recharge terms that a site's own words give ("¥1=$1", "1元=10刀"), None where they give none.

    A bare "1:1" counts beside a word for recharging only; two different statements count as none.
    """
    prices = {
        paid / credited
        for match in _EXCHANGE.finditer(text[:MOST_TERMS_CHARACTERS])
        if (paid := Decimal(match.group(1) or match.group(2))) > 0
        and (credited := Decimal(match.group(3) or match.group(4))) > 0
    }
    if not prices and _ONE_TO_ONE.search(text[:MOST_TERMS_CHARACTERS]):
        prices = {Decimal(1)}
    if len(prices) != 1:
        return None
    return recharge_of(prices.pop(), stated_as="as the site's own text says")


def refused_offers(
    model: str, units: Iterable[Unit], pointer: str, conditions: Mapping[str, str], refusal: Refusal, *why: str
) -> list[StatedOffer]:
    """Rows that stand on the page and cannot be priced, refused by name."""
    return [
        StatedOffer(
            stated_product=model,
            kind=OfferKind.PER_CALL if unit is Unit.PER_CALL else OfferKind.METERED_TOKENS,
            price=None,
            unit=unit,
            pointer=pointer,
            conditions=conditions,
            refusal=refusal,
            assumptions=why,
        )
        for unit in units
    ]


def plain_notice(text: str) -> str:
    """An announcement as text, whether it was written as Markdown or HTML, cut to a bearable length."""
    if "<" in text and ">" in text:
        try:
            text = text_of(load_html_text(text[: MOST_NOTICE_CHARACTERS * 20]))
        except HtmlError:
            return ""
    return tidy_text(text)[:MOST_NOTICE_CHARACTERS].strip()


def site_gone(page: Page) -> Reading | None:
    """A panel's address that says in so many words that it is gone for good; a mere 404 may be another software's."""
    if page.snapshot.status == 410:
        return gone("the site says that this is gone for good (HTTP 410)")
    return None


def site_listing(page: Page, site: Site, text: str) -> Listing:
    """What a panel's front says of the site itself, where no price list is public."""
    return Listing(
        source=page.snapshot.source,
        external_id="site",
        url=site.root,
        platform=PLATFORM,
        title=site.title or site.host,
        text=text,
        observed_at=page.snapshot.fetched_at,
        handles=(Handle(PLATFORM, site.host, HandleRole.SELLER, site.root),),
        links=site.links,
    )


def series_listings(
    page: Page, site: Site, offers: Iterable[StatedOffer], labels: Mapping[str, str]
) -> tuple[Listing, ...]:
    """One listing a model series, its offers in an order that does not depend on the order of the answer.

    The text holds the models, the labels of the groups they are sold in, and the notices that speak of this series or
    of none.
    """
    by_series: dict[str, list[StatedOffer]] = {}
    for offer in offers:
        by_series.setdefault(series_of(offer.stated_product), []).append(offer)
    handles = (Handle(PLATFORM, site.host, HandleRole.SELLER, site.root),)
    return tuple(
        Listing(
            source=page.snapshot.source,
            external_id=series,
            url=f"{site.root}/pricing",
            platform=PLATFORM,
            title=site.title or site.host,
            text=_summary(series, by_series[series], labels, site.notices),
            observed_at=page.snapshot.fetched_at,
            handles=handles,
            stated_offers=tuple(sorted(by_series[series], key=_order)),
            links=site.links,
        )
        for series in sorted(by_series)
    )


def _order(offer: StatedOffer) -> tuple[str, str, str, str, str]:
    conditions = offer.conditions
    return (
        offer.stated_product, conditions.get("group", ""), conditions.get("tier", ""), conditions.get("when", ""),
        offer.unit,
    )  # fmt: skip


def _summary(series: str, offers: Sequence[StatedOffer], labels: Mapping[str, str], notices: Sequence[str]) -> str:
    models = sorted({offer.stated_product for offer in offers})
    groups = sorted({offer.conditions["group"] for offer in offers if "group" in offer.conditions})
    parts = [", ".join(models)]
    parts += ["\n".join(f"{group}: {labels[group]}" for group in groups if labels.get(group) not in (None, "", group))]
    parts += [notice for notice in notices if _speaks_of(notice, series)]
    return "\n\n".join(part for part in parts if part)


def _speaks_of(notice: str, series: str) -> bool:
    named = set(_SERIES_NAMES.findall(notice.lower()))
    return not named or series in named or (series == "claude" and bool(named & {"opus", "sonnet"}))
