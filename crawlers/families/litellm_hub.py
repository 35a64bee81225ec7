"""LiteLLM's public model hub: model groups with US dollars a token, where an administrator has made them public."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from crawlers.families._html import site_root
from crawlers.families._json import JsonValue, as_array, as_decimal, as_object, as_text, json_pointer
from crawlers.families._recognition import ANSWER, HEADER, MARKUP, Mark, carries, head_of, recognition
from crawlers.families._relay import (
    DIRECTIONS,
    MOST_MODEL_CHARACTERS,
    Site,
    refused_offers,
    series_listings,
    site_gone,
)
from crawlers.families._state import empty, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.comparison import Refusal
from domain.listing import StatedOffer
from domain.money import Money
from domain.offer import OfferKind, Unit
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "litellm_hub"
MOST_MODELS = 2_000
_MILLION = Decimal(1_000_000)
_ASSUMPTION = ("the hub's price in US dollars is what is paid",)


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The public model hub of each proxy."""
    return tuple(FurtherRequest(f"{site_root(url)}/public/model_hub") for url in source.start_urls)


@reads(Expected("json", ('"model_group"',)), own=site_gone)
def read(page: Page) -> Reading:
    """One listing a model series."""
    value = json_of(page)
    path: list[str | int] = [] if isinstance(value, list) else ["data"]
    rows = as_array(value) if isinstance(value, list) else as_array(as_object(value).get("data"))
    if value == [] or (isinstance(value, dict) and value.get("data") == []):
        return empty("the administrator has made no model groups public")
    if not any("model_group" in as_object(row) for row in rows[:5]):
        return not_understood("no model groups: the software or its layout is another")
    offers: list[StatedOffer] = []
    for index, value_of_row in enumerate(rows[:MOST_MODELS]):
        offers += _offers(as_object(value_of_row), json_pointer([*path, index]))
    listings = series_listings(page, Site(site_root(page.snapshot.url_answered), ""), offers, {})
    return Reading(ReadingState.FRESH, listings=listings) if listings else empty("no model group has a name")


def _offers(row: Mapping[str, JsonValue], pointer: str) -> Iterator[StatedOffer]:
    model = one_line(as_text(row.get("model_group")))[:MOST_MODEL_CHARACTERS]
    if not model:
        return
    stated = (as_decimal(row.get("input_cost_per_token")), as_decimal(row.get("output_cost_per_token")))
    for unit, per_token in zip(DIRECTIONS, stated, strict=True):
        if per_token is None or per_token <= 0:
            why = "no price a token is given: free, unset, or charged in another unit"
            yield from refused_offers(model, (unit,), pointer, {}, Refusal.NO_PRICE, why)
        else:
            yield _priced(model, unit, per_token, pointer)


def _priced(model: str, unit: Unit, per_token: Decimal, pointer: str) -> StatedOffer:
    return StatedOffer(
        stated_product=model,
        kind=OfferKind.METERED_TOKENS,
        price=Money(per_token * _MILLION, "USD"),
        unit=unit,
        pointer=pointer,
        assumptions=_ASSUMPTION,
    )


def recognise(page: Page) -> Recognition | None:
    """By its titles and assets, its error type, and the shape of its hub; headers that others send too only add."""
    marks = list(_marks(page))
    return recognition(NAME, marks) if any(mark.kind != HEADER for mark in marks) else None


def _marks(page: Page) -> Iterator[Mark]:
    head = head_of(page)
    if head.title == "LiteLLM API - Swagger UI":
        yield Mark(MARKUP, 0.5, "title of its interface page")
    if carries(page, b"/litellm-asset-prefix/_next"):
        yield Mark(MARKUP, 0.5, "its assets")
    if carries(page, b'"auth_error"', b"Authentication Error, No api key passed in."):
        yield Mark(ANSWER, 0.5, "its error for a missing key")
    if carries(page, b'"model_group"', b'"input_cost_per_token"', b'"is_public_model_group"'):
        yield Mark(ANSWER, 0.5, "shape of its model hub")
    if carries(page, b'"litellm_version"'):
        yield Mark(ANSWER, 0.5, "litellm_version")
    policy = page.snapshot.headers.get("content-security-policy", "")
    if policy.strip() == "frame-ancestors 'none'" and page.snapshot.headers.get("x-frame-options") == "DENY":
        yield Mark(HEADER, 0.2, "its security headers")


FAMILY = Family(
    name=NAME, software="LiteLLM proxy", platform="relay", read=read, first_requests=first_requests, recognise=recognise
)
