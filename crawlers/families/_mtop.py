"""Answers of Alibaba's mtop gateway, as a person saved them: JSON or a call with it (JSONP); `ret` says how it went.

Nothing here is ever asked for: the gateway wants a signature and a login, and answers every stranger with a refusal.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from crawlers.families._html import absolute_url
from crawlers.families._json import JsonError, JsonValue, as_array, as_count, as_object, as_text, load_json, look_up
from crawlers.families._shop import host_of, place_of, query_of
from crawlers.families._state import gone
from crawlers.families._text import decode_body, one_line
from crawlers.soft_blocks import rate_limited
from domain.listing import PriceField
from domain.money import Money
from domain.reading import Reading, ReadingState
from domain.snapshot import Page

CURRENCY = "CNY"
SMALL_BYTES = 16 * 1024

_PROOF = ("FAIL_SYS_USER_VALIDATE", "RGV587", "FAIL_SYS_ILLEGAL_ACCESS", "FAIL_BIZ_FORBIDDEN")
_LOGIN = ("FAIL_SYS_TOKEN", "FAIL_SYS_SESSION", "FAIL_BIZ_NOT_LOGIN", "FAIL_SYS_NOT_LOGIN", "NEED_LOGIN")
_PATIENCE = ("FAIL_SYS_TRAFFIC_LIMIT", "FAIL_SYS_FLOWLIMIT", "FAIL_SYS_FLOW_LIMIT", "FAIL_BIZ_TOO_FREQUENT")
_ABSENT = ("ITEM_DEL", "ITEM_NOT_FOUND", "ITEM_NOT_EXIST", "NOT_EXIST", "OFF_SHELF", "NOITEM")

_CALL = re.compile(r"[\s;/*]{0,20}[A-Za-z_$][\w$.]{0,80}\s{0,5}\(")
_NUMBER = re.compile(r"(?<![\d.])(\d{1,9}(?:,\d{3}){0,3}(?:\.\d{1,4})?)\s{0,2}(万)?")
_COUNT = re.compile(r"(\d{1,9}(?:\.\d{1,2})?)\s{0,2}(万)?\+?\s{0,2}(?:人|件|笔|次|$)")


@dataclass(frozen=True, slots=True)
class MtopAnswer:
    """An answer of the gateway: which interface, the codes and words of `ret`, and its data.

    `data` is the body itself where somebody saved only that.
    """

    api: str
    returned: tuple[str, ...]
    data: JsonValue


def is_markup(page: Page) -> bool:
    """Is the body HTML rather than an answer of the gateway?"""
    return page.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def mtop_answer(page: Page) -> MtopAnswer:
    """The answer in a body; raises JsonError for one that is neither JSON nor a call with it."""
    text = decode_body(page.body, page.snapshot.headers.get("content-type", "")).lstrip("\ufeff \t\r\n")
    call = _CALL.match(text) if text[:1] not in ("{", "[") else None
    if call is not None:
        text = text[call.end() :].rstrip("; \t\r\n").removesuffix(")")
    whole = load_json(text)
    envelope = as_object(whole)
    returned = tuple(one_line(as_text(each))[:200] for each in as_array(envelope.get("ret"))[:5])
    enveloped = "data" in envelope and (bool(returned) or isinstance(envelope["data"], dict | list))
    return MtopAnswer(as_text(envelope.get("api")), returned, envelope["data"] if enveloped else whole)


def refusal(page: Page, answer: MtopAnswer) -> Reading | None:
    """What `ret` refuses, in our states; None where it went well. A captcha's address in the data is a refusal too."""
    said = "; ".join(answer.returned)
    codes = tuple(each.partition("::")[0].strip().upper() for each in answer.returned)
    captcha = "/punish" in as_text(look_up(answer.data, "url")) or "x5secdata" in as_text(look_up(answer.data, "url"))
    if captcha or _any(codes, _PROOF):
        return Reading(ReadingState.BLOCKED, f"the gateway wants a person to prove themself ({said[:100]})")
    if _any(codes, _LOGIN):
        return Reading(ReadingState.LOGIN_REQUIRED, f"the gateway wants a session ({said[:100]})")
    if _any(codes, _PATIENCE):
        return rate_limited(page, f"the gateway asks for patience ({said[:100]})")
    if any(mark in code for code in codes for mark in _ABSENT):
        number = asked_item(page)
        return gone(f"the gateway says: {said[:100]}", *((number,) if number else ()))
    if codes and not any(code.startswith("SUCCESS") for code in codes):
        return Reading(ReadingState.NOT_UNDERSTOOD, f"the gateway answers: {said[:150]}")
    return None


def small_refusal(page: Page) -> Reading | None:
    """What a small answer refuses: for families to ask before the general rules, which know fewer of its codes."""
    if is_markup(page) or len(page.body) > SMALL_BYTES:
        return None
    try:
        return refusal(page, mtop_answer(page))
    except JsonError:
        return None


def asked_item(page: Page) -> str:
    """The item that an address asks for: `id=`, or the id in the gateway's `data=` parameter."""
    query = query_of(page)
    data = re.search(r'"(?:itemId|itemNumId|id)"\s{0,3}:\s{0,3}"?(\d{1,20})', query.get("data", "")[:4_096])
    number = data.group(1) if data else query.get("id", "") or query.get("itemId", "")
    return number if number.isascii() and number.isdigit() else ""


def yuan(value: JsonValue, *, old: bool = False, name: str = "") -> PriceField | None:
    """A price in yuan out of its many forms: a text, a number, `{price}`, pieces `[{text: "¥"}, {text: "13999"}]`.

    `1.2万` is twelve thousand. A text with two numbers (a range) keeps its words and has no amount.
    """
    stated = one_line(_price_text(value, 4))[:80]
    if not stated:
        return None
    numbers = _NUMBER.findall(stated)
    amount = None
    if len(numbers) == 1:
        digits, myriads = numbers[0]
        amount = Decimal(digits.replace(",", "")) * (10_000 if myriads else 1)
    text = f"{name} {stated}" if name else stated
    return PriceField(text, Money(amount, CURRENCY) if amount else None, old)


def people_count(text: str) -> int | None:
    """How many `82人付款` or `1.5万人想要` are; None where no number stands there."""
    found = _COUNT.search(text[:80])
    if found is None:
        return None
    return int(Decimal(found.group(1)) * (10_000 if found.group(2) else 1))


def want_count(value: JsonValue) -> int | None:
    """A count as a number, or as words around one."""
    number = as_count(value)
    return number if number is not None else people_count(as_text(value))


def web_address(value: JsonValue) -> str | None:
    """An address of a picture or page, whose scheme these answers often leave out."""
    address = as_text(value)
    return absolute_url(f"https:{address}" if address.startswith("//") else address, "") if address else None


def is_of(page: Page, *domains: str) -> bool:
    """Did one of these domains (or a host under it) answer?"""
    host = host_of(page)
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def path_of(page: Page) -> str:
    """The path that was answered, in lower case: the gateway's names its interface."""
    return place_of(page.snapshot.url_answered)[1].lower()


def _price_text(value: JsonValue, depth: int) -> str:
    if isinstance(value, list):
        return "".join(_price_text(piece, depth - 1) for piece in value[:10]) if depth else ""
    if isinstance(value, dict):
        keys = ("priceText", "price", "text", "content")
        return next((text for key in keys if depth and (text := _price_text(value.get(key), depth - 1))), "")
    return as_text(value)


def _any(codes: tuple[str, ...], prefixes: tuple[str, ...]) -> bool:
    return any(code.startswith(prefixes) for code in codes)
