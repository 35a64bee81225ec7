"""Veloera, a new-api fork of spring 2025: the same arithmetic, a status and a price list with fewer fields."""

import json
from collections.abc import Iterator, Mapping

from crawlers.families._html import site_root
from crawlers.families._json import JsonValue, as_object, as_text
from crawlers.families._ratio_pricing import is_ratio_list
from crawlers.families._recognition import ANSWER, FAVICON, FAVICON_CONTEXT, MARKUP, Mark, carries, head_of, recognition
from crawlers.families._state import empty, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.families.new_api import PRICING_PATH, STATUS_PATH, kept_status, nav_refusal, read_pricing
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "veloera"


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The status of each site; its price list is asked for next."""
    return tuple(FurtherRequest(f"{site_root(url)}{STATUS_PATH}") for url in source.start_urls)


@reads(Expected("json", ('"success"',)), own=nav_refusal)
def read(page: Page) -> Reading:
    """A status (asks for the price list) or a price list (one listing a model series)."""
    answer = as_object(json_of(page))
    if answer.get("success") is False:
        return not_understood(f"the site answers without success: {one_line(as_text(answer.get('message')))[:200]}")
    if is_ratio_list(answer):
        return read_pricing(page, answer)
    status = as_object(answer.get("data"))
    if "system_name" in status and ("check_in_enabled" in status or "quota_per_unit" in status):
        return _status(page, status)
    if answer.get("data") == [] and "group_ratio" in answer:
        return empty("the price list has no rows")
    return not_understood("neither a status nor a price list of Veloera: the software or its layout is another")


def _status(page: Page, status: Mapping[str, JsonValue]) -> Reading:
    context = {"status": json.dumps(kept_status(status), ensure_ascii=False, sort_keys=True)}
    root = site_root(page.snapshot.url_answered)
    further = (FurtherRequest(f"{root}{PRICING_PATH}", context),) if root.startswith("http") else ()
    return Reading(ReadingState.FRESH, "a status; the price list is asked for next", further=further)


def recognise(page: Page) -> Recognition | None:
    """By its error type, its title and the fields that only its status has."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if carries(page, b'"veloera_error"'):
        yield Mark(ANSWER, 0.5, "error type veloera_error")
    if carries(page, b'"check_in_enabled"', b'"quota_per_unit"') and not carries(page, b'"usd_exchange_rate"'):
        yield Mark(ANSWER, 0.45, "shape of its status")
    if carries(page, b'"usable_group"', b'"quota_type"') and not carries(page, b'"supported_endpoint"'):
        yield Mark(ANSWER, 0.3, "shape of its price list, which older new-api has as well")
    if head_of(page).title == "Veloera":
        yield Mark(MARKUP, 0.5, "title Veloera")
    if page.snapshot.context.get(FAVICON_CONTEXT) == "1323016387":
        yield Mark(FAVICON, 0.6, "favicon")


FAMILY = Family(
    name=NAME, software="Veloera", platform="relay", read=read, first_requests=first_requests, recognise=recognise
)
