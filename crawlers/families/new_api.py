"""new-api and forks that keep its answers: /api/status says what credit costs, /api/pricing what models cost in it.

The two are read one after the other: what the first says travels in the context of the second, so that a price list
is a pure function of what is stored with it. A saved price list that holds `status_payload` is read by itself.
"""

import json
from collections.abc import Iterator, Mapping

from crawlers.families._html import absolute_url, site_root
from crawlers.families._json import (
    JsonError,
    JsonValue,
    as_array,
    as_decimal,
    as_object,
    as_text,
    load_json,
    look_up,
)
from crawlers.families._ratio_pricing import is_ratio_list, read_ratio_list
from crawlers.families._recognition import (
    ANSWER,
    FAVICON,
    FAVICON_CONTEXT,
    HEADER,
    MARKUP,
    Mark,
    carries,
    head_of,
    recognition,
)
from crawlers.families._relay import (
    MOST_NOTICES,
    Site,
    plain_notice,
    recharge_of,
    series_listings,
    site_gone,
)
from crawlers.families._state import empty, json_of, not_understood, reads
from crawlers.families._text import one_line
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.lead import Lead
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "new_api"
STATUS_PATH = "/api/status"
PRICING_PATH = "/api/pricing"

_KEPT = ("system_name", "price", "quota_per_unit", "server_address", "top_up_link", "docs_link", "version")


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The status of each site named by a start URL; its price list is asked for next."""
    return tuple(FurtherRequest(f"{site_root(url)}{STATUS_PATH}") for url in source.start_urls)


def nav_refusal(page: Page) -> Reading | None:
    """The panel's own words for a price list that is switched off."""
    if page.snapshot.status == 403 and b"is disabled" in page.body[:500]:
        return Reading(ReadingState.BLOCKED, "the site has switched its public price list off")
    return site_gone(page)


@reads(Expected("json", ('"success"',)), own=nav_refusal)
def read(page: Page) -> Reading:
    """A status (asks for the price list) or a price list (one listing a model series)."""
    answer = as_object(json_of(page))
    if answer.get("success") is False:
        return not_understood(f"the site answers without success: {one_line(as_text(answer.get('message')))[:200]}")
    if is_ratio_list(answer):
        return read_pricing(page, answer)
    status = as_object(answer.get("data"))
    if "system_name" in status and "quota_per_unit" in status:
        return read_status(page, status)
    if answer.get("data") == [] and "group_ratio" in answer:
        return empty("the price list has no rows")
    return not_understood("neither a status nor a price list of new-api: the software or its layout is another")


def read_status(page: Page, status: Mapping[str, JsonValue]) -> Reading:
    """What a status leads to: the price list, unless the site shows that to members only."""
    if "PaymentUSDRate" in status:
        return not_understood("a status of one-hub, which has another price list: use the family one_hub")
    shown, members_only = _price_list_is_public(as_text(status.get("HeaderNavModules")))
    if not shown:
        return Reading(ReadingState.BLOCKED, "the site has switched its public price list off")
    if members_only:
        return Reading(ReadingState.LOGIN_REQUIRED, "the site shows its price list to members only")
    context = {"status": json.dumps(kept_status(status), ensure_ascii=False, sort_keys=True)}
    root = site_root(page.snapshot.url_answered)
    return Reading(
        ReadingState.FRESH,
        "a status; the price list is asked for next",
        further=(FurtherRequest(f"{root}{PRICING_PATH}", context),) if root.startswith("http") else (),
        leads=_leads(page, status),
    )


def read_pricing(page: Page, answer: dict[str, JsonValue]) -> Reading:
    """A price list, with the status that stands in the page's context or in the saved file itself."""
    saved = as_object(look_up(answer, "status_payload", "data"))
    status: Mapping[str, JsonValue] = kept_status(saved) if saved else _status_in_context(page)
    recharge = recharge_of(as_decimal(status.get("price")), stated_as="the site's recharge price")
    prices = read_ratio_list(answer, recharge, as_decimal(status.get("quota_per_unit")))
    listings = series_listings(page, site_of(page, answer, status), prices.offers, prices.labels)
    if not listings:
        return Reading(ReadingState.EMPTY, "no model stands in a group that visitors see", problems=prices.problems)
    return Reading(
        ReadingState.FRESH, listings=listings, leads=_leads(page, saved) if saved else (), problems=prices.problems
    )


def kept_status(status: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """The part of a status that a price list needs: what credit costs, who sells, what they announce."""
    kept: dict[str, JsonValue] = {key: as_text(status.get(key)) for key in _KEPT if status.get(key) not in (None, "")}
    announced = (as_object(value) for value in as_array(status.get("announcements"))[:MOST_NOTICES])
    asked = (as_object(value) for value in as_array(status.get("faq"))[:MOST_NOTICES])
    notices = [plain_notice(as_text(notice.get("content"))) for notice in announced]
    notices += [plain_notice(f"{as_text(pair.get('question'))}\n{as_text(pair.get('answer'))}") for pair in asked]
    kept["notices"] = [notice for notice in notices if notice]
    addresses = (as_text(as_object(value).get("url")) for value in as_array(status.get("api_info"))[:MOST_NOTICES])
    kept["addresses"] = [address for address in addresses if address]
    return kept


def site_of(page: Page, answer: Mapping[str, JsonValue], status: Mapping[str, JsonValue]) -> Site:
    """Who sells, by the address that answered; a saved file says where it came from."""
    root = site_root(page.snapshot.url_answered)
    if not root.startswith(("http://", "https://")):
        root = site_root(as_text(answer.get("source_url")) or as_text(status.get("server_address")) or root)
    stated = [as_text(status.get(key)) for key in ("server_address", "top_up_link")]
    stated += [as_text(address) for address in as_array(status.get("addresses"))]
    links = (absolute_url(address, root) for address in stated)
    return Site(
        root=root,
        title=one_line(as_text(status.get("system_name")))[:200],
        notices=tuple(as_text(notice) for notice in as_array(status.get("notices"))),
        links=tuple(dict.fromkeys(link for link in links if link)),
    )


def _status_in_context(page: Page) -> dict[str, JsonValue]:
    try:
        return as_object(load_json(page.snapshot.context.get("status", "{}")))
    except JsonError:
        return {}


def _price_list_is_public(modules: str) -> tuple[bool, bool]:
    """Whether the site shows a price list at all, and whether only to members, by its own navigation."""
    try:
        pricing = look_up(load_json(modules), "pricing") if modules else None
    except JsonError:
        return True, False
    if isinstance(pricing, bool):
        return pricing, False
    settings = as_object(pricing)
    return settings.get("enabled") is not False, settings.get("requireAuth") is True


def _leads(page: Page, status: Mapping[str, JsonValue]) -> tuple[Lead, ...]:
    """Where credit is sold outside of the panel: a card shop, most often."""
    shop = absolute_url(as_text(status.get("top_up_link")), page.snapshot.url_answered)
    return (Lead(shop, "a relay sends its buyers here for credit", page.snapshot.url_answered),) if shop else ()


def recognise(page: Page) -> Recognition | None:
    """By headers, markup and answers."""
    return recognition(NAME, (*_header_marks(page), *_answer_marks(page), *_markup_marks(page)))


def _header_marks(page: Page) -> Iterator[Mark]:
    headers = page.snapshot.headers
    if "x-new-api-version" in headers:
        yield Mark(HEADER, 0.8, "x-new-api-version")
    if headers.get("cache-version", "").startswith("b688f2fb5be4"):
        yield Mark(HEADER, 0.7, "cache-version of its web files")


def _answer_marks(page: Page) -> Iterator[Mark]:
    if carries(page, b"a42d372ccf0b5dd13ecf71203521f9d2", b'"group_ratio"'):
        yield Mark(ANSWER, 0.5, "pricing_version of its price list")
    if carries(page, b'"usable_group"', b'"completion_ratio"', b'"quota_type"', b'"supported_endpoint"'):
        yield Mark(ANSWER, 0.45, "shape of its price list")
    elif carries(page, b'"usable_group"', b'"completion_ratio"', b'"quota_type"'):
        yield Mark(ANSWER, 0.35, "shape of an older price list")
    if carries(page, b'"quota_per_unit"', b'"usd_exchange_rate"', b'"stripe_unit_price"'):
        yield Mark(ANSWER, 0.45, "shape of its status")
    if carries(page, b'"new_api_error"'):
        yield Mark(ANSWER, 0.5, "error type new_api_error")


def _markup_marks(page: Page) -> Iterator[Mark]:
    head = head_of(page)
    if head.generator == "new-api":
        yield Mark(MARKUP, 0.7, "generator new-api")
    if head.title == "New API":
        yield Mark(MARKUP, 0.4, "title New API")
    if head.description.startswith("Unified AI API gateway and admin dashboard"):
        yield Mark(MARKUP, 0.4, "description of its front page")
    if page.snapshot.context.get(FAVICON_CONTEXT) in ("-1643864359", "-1398762159"):
        yield Mark(FAVICON, 0.6, "favicon")


FAMILY = Family(
    name=NAME,
    software="new-api",
    platform="relay",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
