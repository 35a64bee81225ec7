"""A week of one provider: what was on offer, at what share, by how many, and how that moved; repeats count once."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from statistics import median

from domain.case import Case, CaseKind, CaseListing
from domain.finding import Authorisation
from reports.charts import bar_chart, line_chart
from reports.dossier import Dossier, ListingRow, OfferRow
from reports.format import Rendered, RenderedFile
from reports.formats.csv import neutral_cell
from reports.json_files import json_file
from reports.numbers import percent_text, share_text
from reports.prepare import ReportOptions, prepare
from reports.printing import print_pdf

BANDS: tuple[tuple[str, Decimal], ...] = (
    ("under 5 %", Decimal("0.05")), ("5 to 10 %", Decimal("0.10")), ("10 to 20 %", Decimal("0.20")),
    ("20 to 40 %", Decimal("0.40")), ("40 to 70 %", Decimal("0.70")), ("70 to 100 %", Decimal("1.00")),
    ("over 100 %", Decimal("Infinity")),
)  # fmt: skip
_MOST_ROWS = 25
_PERMITTED = frozenset({Authorisation.LISTED, Authorisation.NOT_NEEDED})


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """The totals of one week, for the trend. Shares are text as everywhere in reports."""

    week: date
    listings: int
    distinct_listings: int
    offers: int
    compared: int
    sellers: int
    sites: int
    median_share: str | None
    lowest_share: str | None


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product's week."""

    product: str
    offers: int
    sellers: int
    median_share: str | None
    lowest_share: str | None


@dataclass(frozen=True, slots=True)
class SellerWeek:
    """One seller's week, by name or pseudonym."""

    seller: str
    listings: int
    offers: int
    lowest_share: str | None


@dataclass(frozen=True, slots=True)
class WeeklySummary:
    """Everything the summary says; the PDF and the data are renderings of this."""

    provider: str
    provider_name: str
    week: date
    totals: WeekPoint
    products: tuple[ProductRow, ...]
    sellers: tuple[SellerWeek, ...]
    lanes: tuple[tuple[str, int], ...]
    bands: tuple[tuple[str, int], ...]
    trend: tuple[WeekPoint, ...]
    limits: tuple[str, ...]


def summarise_week(
    provider: str, provider_name: str, provider_site: str, week: date, entries: Sequence[CaseListing],
    earlier: Sequence[WeekPoint], options: ReportOptions,
) -> WeeklySummary:  # fmt: skip
    """The week that begins on `week` (a Monday): listings observed in its seven days, every text scrubbed.

    What is sold with permission is not counted. Listings whose title and text are the same count once in
    `distinct_listings`, and their offers once.
    """
    end = week + timedelta(days=7)
    inside = tuple(
        replace(entry, evidence=())
        for entry in entries
        if week <= entry.listing.observed_at.date() < end and entry.authorisation not in _PERMITTED
    )
    if not inside:
        empty = WeekPoint(week, 0, 0, 0, 0, 0, 0, None, None)
        return WeeklySummary(provider, provider_name, week, empty, (), (), (), _bands(()), (*earlier, empty), ())
    title = f"{provider_name}, week of {week.isoformat()}"
    case = Case(f"{provider}-{week.isoformat()}", title, CaseKind.RESALE, provider, provider_name, provider_site, (),
                inside, inside[0].listing.observed_at)  # fmt: skip
    dossier = prepare(case, options)
    kept = _distinct(dossier, inside)
    offers = [offer for listing in kept for offer in dossier.offers_of(listing.key)]
    totals = _point(week, dossier, kept, offers)
    return WeeklySummary(
        provider=dossier.provider, provider_name=dossier.provider_name, week=week, totals=totals,
        products=_products(dossier, offers), sellers=_sellers(dossier, kept),
        lanes=tuple(Counter(listing.lane for listing in kept).most_common()), bands=_bands(offers),
        trend=(*earlier, totals), limits=dossier.wording.limits,
    )  # fmt: skip


def _distinct(dossier: Dossier, entries: Sequence[CaseListing]) -> tuple[ListingRow, ...]:
    seen: dict[str, ListingRow] = {}
    for entry, row in zip(entries, dossier.listings, strict=True):
        said = " ".join(f"{entry.listing.title} {entry.listing.text}".casefold().split())
        seen.setdefault(sha256(said.encode("utf-8", "replace")).hexdigest(), row)
    return tuple(seen.values())


def _shares(offers: Iterable[OfferRow]) -> list[Decimal]:
    return [Decimal(offer.share_best) for offer in offers if offer.share_best is not None]


def _median(shares: Sequence[Decimal]) -> str | None:
    return share_text(median(shares)) if shares else None


def _lowest(shares: Sequence[Decimal]) -> str | None:
    return share_text(min(shares)) if shares else None


def _point(week: date, dossier: Dossier, kept: Sequence[ListingRow], offers: Sequence[OfferRow]) -> WeekPoint:
    shares = _shares(offers)
    return WeekPoint(
        week=week, listings=len(dossier.listings), distinct_listings=len(kept), offers=len(offers),
        compared=len(shares), sellers=len({seller for row in dossier.listings for seller in row.sellers}),
        sites=len({row.host for row in dossier.listings if row.host}), median_share=_median(shares),
        lowest_share=_lowest(shares),
    )  # fmt: skip


def _products(dossier: Dossier, offers: Sequence[OfferRow]) -> tuple[ProductRow, ...]:
    groups: dict[str, list[OfferRow]] = defaultdict(list)
    for offer in offers:
        groups[offer.product].append(offer)
    rows = [
        ProductRow(product, len(group), len({s for o in group for s in dossier.listing(o.listing).sellers}),
                   _median(_shares(group)), _lowest(_shares(group)))
        for product, group in groups.items()
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (-row.offers, row.product)))


def _sellers(dossier: Dossier, kept: Sequence[ListingRow]) -> tuple[SellerWeek, ...]:
    groups: dict[str, list[ListingRow]] = defaultdict(list)
    for listing in kept:
        for seller in listing.sellers:
            groups[seller].append(listing)
    rows = []
    for seller, listings in groups.items():
        offers = [offer for listing in listings for offer in dossier.offers_of(listing.key)]
        rows.append(SellerWeek(seller, len(listings), len(offers), _lowest(_shares(offers))))
    return tuple(sorted(rows, key=lambda row: (-row.offers, row.seller)))


def _bands(offers: Iterable[OfferRow]) -> tuple[tuple[str, int], ...]:
    counts = dict.fromkeys((name for name, _ in BANDS), 0)
    for share in _shares(offers):
        counts[next(name for name, end in BANDS if share < end or end.is_infinite())] += 1
    return tuple(counts.items())


def render_weekly(summary: WeeklySummary, options: ReportOptions) -> Rendered:
    """`weekly.pdf`, `weekly.json`, `products.csv` and the two charts as SVG."""
    shares = bar_chart("Offers by share of the official price", summary.bands, "offers")
    weeks = [point.week.strftime("%d %b") for point in summary.trend]
    lines = [
        ("offers", [point.offers for point in summary.trend]),
        ("sellers", [point.sellers for point in summary.trend]),
    ]
    trend = line_chart("Offers and sellers by week", weeks, lines, "count")
    data = _data(summary, options)
    pictures = {"shares.svg": shares.encode(), "trend.svg": trend.encode()}
    printed = print_pdf("weekly.typ", {"data": data}, pictures, str(data["prepared_at"]))
    return Rendered(
        "weekly",
        (
            RenderedFile("weekly.pdf", "application/pdf", printed),
            json_file("weekly.json", data),
            RenderedFile("products.csv", "text/csv", _products_csv(summary)),
            RenderedFile("shares.svg", "image/svg+xml", pictures["shares.svg"]),
            RenderedFile("trend.svg", "image/svg+xml", pictures["trend.svg"]),
        ),
    )


def _data(summary: WeeklySummary, options: ReportOptions) -> dict[str, object]:
    data = asdict(summary)
    for row in (data["totals"], *data["products"], *data["sellers"], *data["trend"]):
        for name in ("median_share", "lowest_share"):
            if name in row:
                row[name.replace("share", "percent")] = percent_text(row[name]) if row[name] is not None else None
    data["shown"] = _MOST_ROWS
    data["prepared_at"] = options.prepared_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    data["reporter"] = asdict(options.reporter)
    data["tlp_text"] = f"TLP:{(options.tlp or 'amber').upper()}"
    data["week_end"] = (summary.week + timedelta(days=6)).isoformat()
    return data


def _products_csv(summary: WeeklySummary) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(["week", "product", "offers", "sellers", "median_share", "lowest_share"])
    for row in summary.products:
        writer.writerow([summary.week.isoformat(), neutral_cell(row.product), row.offers, row.sellers,
                         row.median_share or "", row.lowest_share or ""])  # fmt: skip
    return buffer.getvalue().encode("utf-8")
