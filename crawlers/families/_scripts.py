"""Data that pages hand to their scripts: a JSON object assigned to a global name, taken out without running it."""

from crawlers.families._json import JsonError, JsonValue, as_object, load_json_at
from crawlers.families._text import decode_body
from domain.snapshot import Page

MOST_CHARACTERS = 4_000_000


def inline_object(page: Page, name: str) -> dict[str, JsonValue]:
    """The object of `name = {...}` in a page's scripts; an empty one where there is none that is JSON."""
    text = decode_body(page.body, page.snapshot.headers.get("content-type", ""))[:MOST_CHARACTERS]
    at = text.find(name)
    while at >= 0:
        rest = text[at + len(name) : at + len(name) + 20].lstrip()
        if rest.startswith("="):
            start = text.find("{", at)
            if start < 0 or start > at + len(name) + 20:
                return {}
            try:
                return as_object(load_json_at(text, start))
            except JsonError:
                return {}
        at = text.find(name, at + len(name))
    return {}
