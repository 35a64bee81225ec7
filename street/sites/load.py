"""Channels of synthetic listings for benchmarks; `/pages.json` lists the address of every page."""

import functools
import re
from collections.abc import Sequence

from street.load import load_channel_page
from street.messages import Request, Response, as_json, html, plain
from street.site import NO_ROBOTS, Options, Site
from street.telegram_page import PAGE_POSTS

MOST_CACHED_PAGES = 4_096
_LIST = re.compile(r"/s/(?P<name>load_(?P<number>[0-9]{4}))")


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `load`, as large as the options say."""

    # Rendered once: a benchmark that asks again should measure the crawler, not this renderer.
    @functools.lru_cache(maxsize=MOST_CACHED_PAGES)
    def page(name: str, before: int | None) -> Response:
        return html(load_channel_page(options.seed, name, options.load_pages, before=before))

    def answer(request: Request) -> Response:
        if request.path == "/pages.json":
            return as_json(page_addresses(options, request.base))
        match = _LIST.fullmatch(request.path)
        if match is None or not 1 <= int(match.group("number")) <= options.load_channels:
            return plain("not found\n", 404)
        before = request.query.get("before", "")
        return page(match.group("name"), int(before) if before.isdigit() else None)

    return (Site("load", "channels of synthetic listings, for benchmarks", answer, NO_ROBOTS),)


def page_addresses(options: Options, base: str) -> list[str]:
    """Every list page of every load channel, newest first within a channel."""
    addresses = []
    for channel in range(1, options.load_channels + 1):
        addresses.append(f"{base}/s/load_{channel:04}")
        newest = options.load_pages * PAGE_POSTS
        addresses += [
            f"{base}/s/load_{channel:04}?before={before}" for before in range(newest - PAGE_POSTS + 1, 1, -PAGE_POSTS)
        ]
    return addresses
