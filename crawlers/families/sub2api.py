"""sub2api: public settings (also inlined in every page), and the model plaza where the site switches it on.

The plaza's prices are US dollars of credit per token, times the group's multiplier. What a dollar of credit costs shows
after a login only; it is taken from the site's own words where they give it, and else the price is refused.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from crawlers.families._html import HtmlError, absolute_url, load_html_text, site_root, text_of
from crawlers.families._json import (
    JsonError,
    JsonValue,
    as_array,
    as_decimal,
    as_object,
    as_text,
    json_pointer,
    load_json,
)
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
    DIRECTIONS,
    MOST_MODEL_CHARACTERS,
    GroupPrice,
    Recharge,
    Site,
    group_price,
    recharge_said_in,
    refused_offers,
    series_listings,
    site_gone,
    site_listing,
)
from crawlers.families._scripts import inline_object
from crawlers.families._state import empty, not_understood, reads
from crawlers.families._text import one_line, tidy_text
from crawlers.family import Family, Recognition
from crawlers.soft_blocks import Expected
from domain.comparison import Refusal
from domain.lead import Lead
from domain.listing import StatedOffer
from domain.offer import OfferKind, Unit
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "sub2api"
SETTINGS_PATH = "/api/v1/settings/public"
PLAZA_PATH = "/api/v1/model-plaza"
MOST_MODELS = 2_000
MOST_TEXT = 20_000

_MILLION = Decimal(1_000_000)
_UNKNOWN_CREDIT = Recharge(
    None, Refusal.OPAQUE_CREDIT, ("what a dollar of credit costs shows after a login only, and the site does not say",)
)


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """The public settings of each site; the model plaza is asked for next where it is open."""
    return tuple(FurtherRequest(f"{site_root(url)}{SETTINGS_PATH}") for url in source.start_urls)


def _plaza_refusal(page: Page) -> Reading | None:
    """The panel's own words for a plaza that is switched off."""
    if page.snapshot.status == 404 and b"plaza is not enabled" in page.body[:500]:
        return empty("the site has not switched its model plaza on")
    return site_gone(page)


@reads(Expected("any", ("__app_config__", '"site_name"', '"model_plaza')), own=_plaza_refusal)
def read(page: Page) -> Reading:
    """The settings (a listing of the site, and the plaza asked for next) or the plaza (one listing a model series)."""
    if page.body.lstrip()[:1] == b"<":
        inlined = inline_object(page, "window.__APP_CONFIG__")
        return _read_settings(page, inlined) if inlined else not_understood("HTML without sub2api's settings in it")
    answer = as_object(load_json(page.body, page.snapshot.headers.get("content-type", "")))
    data = as_object(answer.get("data"))
    if "site_name" in data or "registration_enabled" in data:
        return _read_settings(page, data)
    if "groups" in data:
        return _read_plaza(page, data)
    if "code" in answer and as_decimal(answer.get("code")) != 0:
        return not_understood(f"the site answers with an error: {one_line(as_text(answer.get('message')))[:200]}")
    return not_understood("neither settings nor a model plaza of sub2api: the software or its layout is another")


def _read_settings(page: Page, settings: Mapping[str, JsonValue]) -> Reading:
    site = _site(page, settings)
    text = _site_text(settings)
    opened = settings.get("model_plaza_enabled") is True and settings.get("model_plaza_require_auth") is not True
    context = {"settings": json.dumps({"title": site.title, "text": text, "links": list(site.links)})}
    root = site_root(page.snapshot.url_answered)
    further = (FurtherRequest(f"{root}{PLAZA_PATH}", context),) if opened and root.startswith("http") else ()
    return Reading(
        ReadingState.FRESH, listings=(site_listing(page, site, text),), further=further, leads=_leads(page, settings)
    )


def _site(page: Page, settings: Mapping[str, JsonValue]) -> Site:
    root = site_root(page.snapshot.url_answered)
    stated = [as_text(settings.get(key)) for key in ("api_base_url", "purchase_subscription_url", "contact_info")]
    stated += [as_text(as_object(value).get("url")) for value in as_array(settings.get("custom_menu_items"))[:50]]
    stated += [as_text(as_object(value).get("endpoint")) for value in as_array(settings.get("custom_endpoints"))[:50]]
    if not root.startswith(("http://", "https://")) and stated[0]:
        root = site_root(stated[0])
    links = (absolute_url(address, "") for address in stated)
    return Site(
        root,
        one_line(as_text(settings.get("site_name")))[:200],
        links=tuple(dict.fromkeys(link for link in links if link)),
    )


def _site_text(settings: Mapping[str, JsonValue]) -> str:
    """What the site says of itself, with the contact it gives."""
    parts = [as_text(settings.get("site_subtitle")), _as_seen(as_text(settings.get("home_content")))]
    parts += [as_text(as_object(item).get("label")) for item in as_array(settings.get("custom_menu_items"))[:50]]
    parts += [as_text(settings.get("contact_info"))]
    return tidy_text("\n\n".join(part for part in parts if part and not part.startswith("data:")))[:MOST_TEXT]


def _as_seen(content: str) -> str:
    if "<" not in content:
        return content
    try:
        return text_of(load_html_text(content))
    except HtmlError:
        return ""


def _leads(page: Page, settings: Mapping[str, JsonValue]) -> tuple[Lead, ...]:
    """Where credit is sold outside of the panel."""
    stated = [as_text(settings.get("purchase_subscription_url"))]
    stated += [as_text(as_object(value).get("url")) for value in as_array(settings.get("custom_menu_items"))[:50]]
    own = site_root(page.snapshot.url_answered)
    urls = dict.fromkeys(url for address in stated if (url := absolute_url(address, "")))
    return tuple(
        Lead(url, "a relay sends its buyers here for credit", page.snapshot.url_answered)
        for url in urls
        if site_root(url) != own
    )


def _read_plaza(page: Page, data: Mapping[str, JsonValue]) -> Reading:
    said = _settings_in_context(page)
    description = as_text(data.get("description"))
    groups = [as_object(value) for value in as_array(data.get("groups"))]
    words = "\n".join(
        [description, as_text(said.get("text")), *(as_text(group.get("description")) for group in groups)]
    )
    recharge = recharge_said_in(words) or _UNKNOWN_CREDIT
    offers: list[StatedOffer] = []
    labels: dict[str, str] = {}
    left = MOST_MODELS
    for index, group in enumerate(groups):
        priced = group_price(
            one_line(as_text(group.get("name")))[:100],
            as_decimal(group.get("rate_multiplier")),
            as_text(group.get("description")),
        )
        labels[priced.name] = priced.label
        models = as_array(group.get("models"))[:left]
        left -= len(models)
        for place, value in enumerate(models):
            pointer = json_pointer(["data", "groups", index, "models", place, "pricing"])
            offers += _model_offers(as_object(value), group, priced, pointer, recharge)
    site = Site(
        site_root(page.snapshot.url_answered),
        as_text(said.get("title")),
        notices=(tidy_text(description),) if description else (),
        links=tuple(as_text(link) for link in as_array(said.get("links"))),
    )
    listings = series_listings(page, site, offers, labels)
    return Reading(ReadingState.FRESH, listings=listings) if listings else empty("the model plaza shows no models")


def _model_offers(
    model: Mapping[str, JsonValue], group: Mapping[str, JsonValue], priced: GroupPrice, pointer: str, recharge: Recharge
) -> Iterator[StatedOffer]:
    name = one_line(as_text(model.get("name")))[:MOST_MODEL_CHARACTERS]
    pricing = as_object(model.get("pricing"))
    conditions = {"group": priced.name} | ({"label": priced.label} if priced.label else {})
    if not name:
        return
    refused = _refused(pricing, group, priced)
    if refused is not None:
        yield from refused_offers(name, DIRECTIONS, pointer, conditions, *refused)
        return
    for when, multiplier in _times(group, priced.ratio):
        for unit, per_unit, tier in _prices(pricing):
            held = conditions | ({"tier": tier} if tier else {}) | ({"when": when} if when else {})
            if per_unit <= 0:
                why = "a price of nothing means free or unset, and no price"
                yield from refused_offers(name, (unit,), pointer, held, Refusal.NO_PRICE, why)
                continue
            yield StatedOffer(
                stated_product=name,
                kind=OfferKind.PER_CALL if unit is Unit.PER_CALL else OfferKind.METERED_TOKENS,
                price=recharge.paid(per_unit * multiplier),
                unit=unit,
                pointer=pointer,
                conditions=held,
                multiplier=multiplier,
                refusal=recharge.refusal,
                assumptions=recharge.assumptions,
            )


def _refused(
    pricing: Mapping[str, JsonValue], group: Mapping[str, JsonValue], priced: GroupPrice
) -> tuple[Refusal, str] | None:
    if priced.refusal is not None:
        return priced.refusal, priced.assumption
    if as_text(group.get("subscription_type")) == "subscription":
        return Refusal.OPAQUE_CREDIT, "tokens of this group come out of a subscription's quota, not out of credit"
    if not pricing:
        return Refusal.NO_PRICE, "the page gives no price for this model"
    mode = as_text(pricing.get("billing_mode")) or "token"
    if mode not in ("token", "per_request") and as_decimal(pricing.get("per_request_price")) is None:
        return Refusal.UNIT_UNKNOWN, f"billing mode {one_line(mode)[:40]!r} has no price a call"
    return None


def _times(group: Mapping[str, JsonValue], ratio: Decimal) -> list[tuple[str, Decimal]]:
    """The multiplier, and where there are peak hours the multiplier of those."""
    peak = as_decimal(group.get("peak_rate_multiplier"))
    start, end = (one_line(as_text(group.get(key)))[:10] for key in ("peak_start", "peak_end"))
    if group.get("peak_rate_enabled") is not True or not peak or not (start and end):
        return [("", ratio)]
    return [(f"outside {start}-{end} server time", ratio), (f"{start}-{end} server time", ratio * peak)]


def _prices(pricing: Mapping[str, JsonValue]) -> Iterator[tuple[Unit, Decimal, str]]:
    """Prices in US dollars of credit per million tokens or per call, by span of input tokens."""
    if as_text(pricing.get("billing_mode")) not in ("token", ""):
        price = as_decimal(pricing.get("per_request_price"))
        if price is not None:
            yield Unit.PER_CALL, price, ""
        return
    spans = [as_object(value) for value in as_array(pricing.get("intervals"))[:50]] or [dict(pricing)]
    for span in spans:
        tier = _tier(as_decimal(span.get("min_tokens")), as_decimal(span.get("max_tokens")))
        for unit, key in (
            (Unit.PER_MTOK_IN, "input_price"),
            (Unit.PER_MTOK_OUT, "output_price"),
            (Unit.PER_MTOK_CACHE_READ, "cache_read_price"),
        ):
            per_token = as_decimal(span.get(key))
            if per_token is not None and (per_token > 0 or unit is not Unit.PER_MTOK_CACHE_READ):
                yield unit, per_token * _MILLION, tier


def _tier(least: Decimal | None, most: Decimal | None) -> str:
    bounds = [f">{least:f}"] if least else []
    bounds += [f"<={most:f}"] if most else []
    return " and ".join(bounds)


def _settings_in_context(page: Page) -> dict[str, JsonValue]:
    try:
        return as_object(load_json(page.snapshot.context.get("settings", "{}")))
    except JsonError:
        return {}


def recognise(page: Page) -> Recognition | None:
    """By the settings inlined in its pages, its error answers, its headers and titles."""
    return recognition(NAME, _marks(page))


def _marks(page: Page) -> Iterator[Mark]:
    if carries(page, b"window.__APP_CONFIG__=", b'"registration_enabled"', b'"site_name"'):
        yield Mark(ANSWER, 0.6, "settings inlined in the page")
    if head_of(page).title.endswith(" - AI API Gateway"):
        yield Mark(MARKUP, 0.5, "title of its pages")
    if carries(page, b'"API_KEY_REQUIRED"', b"x-goog-api-key header"):
        yield Mark(ANSWER, 0.5, "error API_KEY_REQUIRED")
    if carries(page, b'"site_name"', b'"purchase_subscription_enabled"', b'"custom_menu_items"'):
        yield Mark(ANSWER, 0.4, "shape of its settings")
    if carries(page, b'"rate_multiplier"', b'"subscription_type"', b'"official_pricing"'):
        yield Mark(ANSWER, 0.45, "shape of its model plaza")
    if "airwallex" in page.snapshot.headers.get("content-security-policy", ""):
        yield Mark(HEADER, 0.4, "content-security-policy of its pages")
    if page.snapshot.context.get(FAVICON_CONTEXT) in ("-360858857", "1585982716"):
        yield Mark(FAVICON, 0.6, "logo")


FAMILY = Family(
    name=NAME, software="sub2api", platform="relay", read=read, first_requests=first_requests, recognise=recognise
)
