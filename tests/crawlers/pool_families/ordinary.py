"""Reads items of a simple shop page with lxml, as ordinary families do."""

from decimal import Decimal

from lxml import etree, html

from crawlers.family import Family
from domain.lead import Lead
from domain.listing import Handle, HandleRole, Listing, PriceField, Reach
from domain.money import Money
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page


def read(page: Page) -> Reading:
    """Every `li` is an item: its price in `b`, its title in `a`, its text in `p`."""
    try:
        tree = html.document_fromstring(page.body)
    except etree.ParserError as error:
        return Reading(ReadingState.NOT_UNDERSTOOD, str(error))
    listings = tuple(
        Listing(
            source=page.snapshot.source,
            external_id=str(number),
            url=f"{page.snapshot.url_answered}#{number}",
            platform="shop",
            title=item.findtext(".//a") or "",
            text=item.findtext(".//p") or "",
            observed_at=page.snapshot.fetched_at,
            handles=(Handle("shop", "seller", HandleRole.SELLER),),
            prices=(PriceField(item.findtext(".//b") or "", Money(Decimal("12.50"), "CNY")),),
            reach=Reach(stock=number),
        )
        for number, item in enumerate(tree.iter("li"))
    )
    return Reading(
        ReadingState.FRESH if listings else ReadingState.EMPTY,
        listings=listings,
        further=(FurtherRequest("https://shop.example.test/2", {"page": "2"}),),
        leads=(Lead("https://other.example.test/", "named", page.snapshot.url_asked),),
    )


FAMILY = Family("ordinary", "none", "shop", read, lambda source: ())
