"""Lists of providers that clients ship and rankings publish (TypeScript or JSON): no adverts, but leads to relays.

What a list itself marks as a maker's own or a cloud's endpoint is left out.
"""

import base64
import binascii
import re
from collections import deque
from collections.abc import Iterator

from crawlers.families._github import EXPECTED, api_request, refusal
from crawlers.families._html import absolute_url, host_of, site_root
from crawlers.families._json import JsonError, JsonValue, as_object, as_text, load_json
from crawlers.families._recognition import MARKUP, Mark, recognition
from crawlers.families._state import empty, not_understood, reads
from crawlers.families._text import decode_body, one_line
from crawlers.family import Family, Recognition
from domain.lead import Lead
from domain.reading import FurtherRequest, Reading, ReadingState
from domain.snapshot import Page
from domain.source import Source

NAME = "github_presets"
MOST_CHARACTERS = 4_000_000
MOST_LEADS = 2_000
MOST_ENTRIES = 20_000

_NAMES = frozenset({"name", "label", "title"})
_ADDRESSES = frozenset(
    {
        "websiteUrl",
        "website",
        "homepage",
        "apiKeyUrl",
        "baseUrl",
        "baseURL",
        "base_url",
        "url",
        "provider_url",
        "primary",
    }
    | {"ANTHROPIC_BASE_URL", "GOOGLE_GEMINI_BASE_URL", "OPENAI_BASE_URL", "href"}
)
_FIELD = re.compile(
    rf"[\"']?\b({'|'.join(sorted(_NAMES | _ADDRESSES))}|category|isOfficial|platformGuess)[\"']?"
    r"\s{0,9}:\s{0,9}(?:[\"'`]([^\"'`\n]{1,500})[\"'`]|(true|false))"
)
_OFFICIAL = frozenset({"official", "cn_official", "cloud_provider", "cloud"})
_FAMILIES = {
    "new-api": "new_api", "newapi": "new_api", "one-api": "new_api", "sub2api": "sub2api", "one-hub": "one_hub",
    "onehub": "one_hub", "done-hub": "one_hub", "donehub": "one_hub", "veloera": "veloera", "voapi": "voapi",
}  # fmt: skip


def first_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """Every start URL as it stands: files on raw.githubusercontent.com or contents of the interface."""
    return tuple(
        api_request(url, {}) if host_of(url) == "api.github.com" else FurtherRequest(url) for url in source.start_urls
    )


@reads(EXPECTED, own=refusal)
def read(page: Page) -> Reading:
    """The sites that a list names, each once, as leads."""
    text = _text(page)
    leads: dict[str, Lead] = {}
    entries = 0
    for entry in _entries(text):
        entries += 1
        for lead in _leads_of(entry, page.snapshot.url_answered):
            leads.setdefault(lead.url, lead)
        if len(leads) >= MOST_LEADS or entries >= MOST_ENTRIES:
            break
    if leads:
        return Reading(ReadingState.FRESH, f"{len(leads)} sites named", leads=tuple(leads.values()))
    return empty("every entry is a maker's own") if entries else not_understood("no list of providers in this file")


def _text(page: Page) -> str:
    """The file's text, out of base64 where the interface gave its contents."""
    text = decode_body(page.body, page.snapshot.headers.get("content-type", ""))
    if page.body.lstrip()[:1] != b"{" or '"encoding"' not in text[-5_000:] + text[:5_000]:
        return text
    try:
        contents = as_object(load_json(text))
        if as_text(contents.get("encoding")) == "base64":
            return decode_body(base64.b64decode(as_text(contents.get("content")), validate=False))
    except (JsonError, binascii.Error, ValueError):
        return text
    return text


def _entries(text: str) -> Iterator[dict[str, list[str]]]:
    """One entry per provider: in JSON an object with an address, in TypeScript what follows a name up to the next."""
    try:
        value = load_json(text)
    except JsonError:
        yield from _written_entries(text[:MOST_CHARACTERS])
    else:
        yield from _json_entries(value)


def _json_entries(value: JsonValue) -> Iterator[dict[str, list[str]]]:
    waiting: deque[tuple[JsonValue, str]] = deque([(value, "")])
    while waiting:
        node, name = waiting.popleft()
        if isinstance(node, list):
            waiting.extend((child, name) for child in node)
        elif isinstance(node, dict):
            own = next((as_text(node[key]) for key in ("name", "label", "title") if as_text(node.get(key))), name)
            entry = {key: [as_text(child)] for key, child in node.items() if isinstance(child, str) and child}
            entry |= {key: ["true"] for key, child in node.items() if child is True}
            waiting.extend((child, own) for child in node.values() if isinstance(child, dict | list))
            yield {**entry, "name": [own]}


def _written_entries(text: str) -> Iterator[dict[str, list[str]]]:
    entry: dict[str, list[str]] = {}
    for match in _FIELD.finditer(text):
        key, value = match.group(1), match.group(2) or match.group(3)
        if key in _NAMES and "name" in entry:
            yield entry
            entry = {}
        entry.setdefault("name" if key in _NAMES else key, []).append(value)
    if entry:
        yield entry


def _leads_of(entry: dict[str, list[str]], found_on: str) -> Iterator[Lead]:
    if _OFFICIAL & set(entry.get("category", ())) or entry.get("isOfficial") == ["true"]:
        return
    name = one_line(next(iter(entry.get("name", ())), ""))[:100]
    guess = _FAMILIES.get(next(iter(entry.get("platformGuess", ())), "").lower())
    for key, values in entry.items():
        if key not in _ADDRESSES:
            continue
        for value in values:
            url = absolute_url(value, "") if value.startswith(("http://", "https://")) else None
            if url is not None:
                yield Lead(site_root(url), f"named as a provider{f' ({name})' if name else ''}", found_on, guess)


def recognise(page: Page) -> Recognition | None:
    """By the field names of presets; never more than a half, as any settings file may carry them."""
    head = page.body[:200_000]
    if b"ProviderPreset" in head and (b"websiteUrl" in head or b"baseUrl" in head or b"BASE_URL" in head):
        return recognition(NAME, [Mark(MARKUP, 0.49, "fields of provider presets")])
    return None


FAMILY = Family(
    name=NAME,
    software="client preset lists",
    platform="github",
    read=read,
    first_requests=first_requests,
    recognise=recognise,
)
