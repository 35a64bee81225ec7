"""Structured data of web pages: JSON-LD as people really write it, microdata, and OpenGraph, all in one shape.

Nodes are objects with `@type` and properties, whichever way the page writes them down.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement

from crawlers.families._html import attribute, find_all, meta_content, text_of
from crawlers.families._json import JsonError, JsonValue, as_array, as_object, as_text, load_json

MOST_NODES = 5_000
MOST_SCRIPTS = 50
MOST_PROPERTIES = 2_000
MOST_SCRIPT = 2_000_000

_VALUE_ATTRIBUTES = {"a": "href", "link": "href", "area": "href", "img": "src", "time": "datetime", "data": "value"}


def lenient_json(text: str) -> JsonValue:
    """JSON with comments, trailing commas, a CDATA wrapper or a semicolon behind it; raises JsonError for worse."""
    stripped = text.strip().removeprefix("<!--").removeprefix("//<![CDATA[").removeprefix("<![CDATA[")
    stripped = stripped.removesuffix("//]]>").removesuffix("]]>").removesuffix("-->").strip().removesuffix(";")
    try:
        return load_json(stripped)
    except JsonError:
        return load_json("".join(_plain_json(stripped)))


def _plain_json(text: str) -> Iterator[str]:
    """The pieces of the text without comments and without commas before a closing bracket, in one walk."""
    comma, at, length = "", 0, len(text)
    while at < length:
        character = text[at]
        if character == '"':
            end = _string_end(text, at)
            yield comma + text[at:end]
            comma, at = "", end
        elif text.startswith(("//", "/*"), at):
            end = text.find("\n" if text[at + 1] == "/" else "*/", at)
            at = length if end < 0 else end + (1 if text[at + 1] == "/" else 2)
        elif character == ",":
            comma, at = ",", at + 1
        elif character.isspace():
            yield " "
            at += 1
        else:
            yield ("" if character in "}]" else comma) + character
            comma, at = "", at + 1


def _string_end(text: str, start: int) -> int:
    at = start + 1
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == '"':
            return at + 1
        else:
            at += 1
    return len(text)


def jsonld_nodes(document: HtmlElement) -> list[dict[str, JsonValue]]:
    """Every typed object in the page's JSON-LD, nested ones after those that hold them."""
    found: list[dict[str, JsonValue]] = []
    for script in find_all(document, 'script[type="application/ld+json"]')[:MOST_SCRIPTS]:
        try:
            value = lenient_json((script.text or "")[:MOST_SCRIPT])
        except JsonError:
            continue
        found += _typed(value, MOST_NODES - len(found))
    return found


def _typed(value: JsonValue, most: int) -> list[dict[str, JsonValue]]:
    found: list[dict[str, JsonValue]] = []
    waiting = deque([value])
    for _step in range(MOST_NODES * 4):
        if not waiting or len(found) >= most:
            break
        here = waiting.popleft()
        if isinstance(here, dict):
            if "@type" in here:
                found.append(here)
            waiting.extend(inner for inner in here.values() if isinstance(inner, dict | list))
        elif isinstance(here, list):
            waiting.extend(inner for inner in here if isinstance(inner, dict | list))
    return found


def microdata_nodes(document: HtmlElement) -> list[dict[str, JsonValue]]:
    """Every item of the page's microdata, in document order; `itemref` is not followed."""
    found: list[dict[str, JsonValue]] = []
    scopes: list[tuple[HtmlElement, dict[str, JsonValue]]] = []
    read = 0
    for event, element in etree.iterwalk(document, events=("start", "end")):
        if event == "end":
            if scopes and scopes[-1][0] is element:
                scopes.pop()
            continue
        names = (element.get("itemprop") or "").split()
        if element.get("itemscope") is None:
            if names and scopes and read < MOST_PROPERTIES:
                read += 1
                _add(scopes[-1][1], names, _value(element))
            continue
        if len(found) >= MOST_NODES:
            break
        item: dict[str, JsonValue] = {"@type": [type_name(kind) for kind in (element.get("itemtype") or "").split()]}
        found.append(item)
        if names and scopes:
            _add(scopes[-1][1], names, item)
        scopes.append((element, item))
    return found


def _add(item: dict[str, JsonValue], names: list[str], value: JsonValue) -> None:
    for name in names[:5]:
        held = item.get(name)
        if held is None:
            item[name] = value
        else:
            item[name] = [*held, value] if isinstance(held, list) else [held, value]


def _value(element: HtmlElement) -> str:
    if element.get("content") is not None:
        return attribute(element, "content")
    named = _VALUE_ATTRIBUTES.get(str(element.tag))
    return attribute(element, named) if named and element.get(named) else text_of(element)


def opengraph_node(document: HtmlElement) -> dict[str, JsonValue] | None:
    """The page's OpenGraph as a product, where it says that it is one or states a price."""
    amount = meta_content(document, "product:price:amount") or meta_content(document, "og:price:amount")
    kind = meta_content(document, "og:type").lower()
    if not amount and "product" not in kind:
        return None
    currency = meta_content(document, "product:price:currency") or meta_content(document, "og:price:currency")
    available = meta_content(document, "product:availability") or meta_content(document, "og:availability")
    offer: dict[str, JsonValue] = {
        "@type": "Offer",
        "price": amount,
        "priceCurrency": currency,
        "availability": available,
    }
    return {
        "@type": "Product",
        "name": meta_content(document, "og:title"),
        "description": meta_content(document, "og:description"),
        "image": meta_content(document, "og:image"),
        "url": meta_content(document, "og:url"),
        "offers": offer,
    }


def type_name(kind: str) -> str:
    """`Product` of `http://schema.org/Product`, `schema:Product` and `Product`."""
    return kind.rstrip("/").rpartition("/")[2].rpartition(":")[2].rpartition("#")[2]


def types_of(node: Mapping[str, JsonValue]) -> frozenset[str]:
    """The types of a node, however many it has."""
    stated = node.get("@type")
    return frozenset(type_name(as_text(kind)) for kind in (stated if isinstance(stated, list) else [stated]))


def first_text(value: JsonValue) -> str:
    """A text that may stand alone, in a list, or as the name or value of an object."""
    if isinstance(value, list):
        return next((text for each in value[:20] if (text := first_text(each))), "")
    if isinstance(value, dict):
        stated = as_object(value)
        return next((text for key in ("name", "@value", "url", "@id") if (text := as_text(stated.get(key)))), "")
    return as_text(value)


def objects_of(value: JsonValue) -> list[dict[str, JsonValue]]:
    """Objects that may stand alone or in a list."""
    return [each for each in (as_array(value) if isinstance(value, list) else [value]) if isinstance(each, dict)]


def path_of(url: str) -> str:
    """Path and query of an address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
