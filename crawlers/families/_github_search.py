"""Searches of GitHub: the first requests, paging, and the way around the limit of 1,000 results.

A search that has more results than it shows is cut in two by date, again and again, until each part shows all it has.
The number of pages that a crawl may ask for is shared out between the parts, so that cutting never adds requests.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from urllib.parse import quote_plus

from crawlers.families._github import API, MATCH_ACCEPT, api_request, api_root, next_page
from crawlers.families._html import path_steps
from crawlers.families._json import JsonValue, as_count
from crawlers.families._paging import page_bound, pages_left_in
from domain.errors import UndercutError
from domain.reading import FurtherRequest
from domain.snapshot import Page
from domain.source import Source

PAGE_SIZE = 100
SHOWN_RESULTS = 1_000
USUAL_PAGES = 10
FIRST_DAY = date(2008, 1, 1)
KINDS = ("repositories", "code", "issues")
_SORTS = {"repositories": "&sort=updated&order=desc", "issues": "&sort=created&order=desc", "code": ""}


class SearchOptionError(UndercutError):
    """A source asks for a kind of search or a span of dates that there is not."""


def search_requests(source: Source) -> tuple[FurtherRequest, ...]:
    """A request for every query and kind of the source's options.

    A start URL without a path says where the interface is served, GitHub's own unless given. `queries` are search
    texts, `kinds` some of repositories, code and issues (repositories unless said), `created` or `pushed` a span of
    days `2026-01-01..2026-06-30`, `pages` the most pages a query may take, `readmes` how many READMEs of the
    repositories found on a page are read.
    """
    kinds = source.options.get("kinds", ("repositories",))
    for kind in kinds:
        if kind not in KINDS:
            raise SearchOptionError(f"{source.name}: no kind of search {kind!r}; use {', '.join(KINDS)}")
    dated = next((name for name in ("created", "pushed") if source.options.get(name)), "created")
    spans = source.options.get(dated, ("",))
    common = {
        "pages_left": str(page_bound(source, USUAL_PAGES) - 1),
        "readmes": next(iter(source.options.get("readmes", ())), "0"),
        "dated": dated,
    }
    root = next((url.rstrip("/") for url in source.start_urls if not path_steps(url)), API)
    requests = []
    for query in source.options.get("queries", ()):
        for kind in kinds:
            for span in spans if kind != "code" else ("",):
                if span and _span_of(span) is None:
                    raise SearchOptionError(f"{source.name}: no span of days {span!r}; use 2026-01-01..2026-06-30")
                requests.append(_request(root, {**common, "kind": kind, "query": query, "span": span}))
    return tuple(requests)


def search_continuation(
    page: Page, answer: Mapping[str, JsonValue]
) -> tuple[tuple[FurtherRequest, ...], tuple[str, ...]]:
    """What to ask for after a page of results, and what will stay unseen."""
    context = page.snapshot.context
    left = pages_left_in(page)
    total = as_count(answer.get("total_count")) or 0
    unseen: tuple[str, ...] = ()
    if total > SHOWN_RESULTS and "query" in context and "page" not in context:
        if left >= SHOWN_RESULTS // PAGE_SIZE and (parts := halves(page)):
            return parts, ()
        unseen = (f"{total} results, of which a search shows {SHOWN_RESULTS}",)
    following = next_page(page)
    if not left or following is None:
        return (), unseen
    carried = {**context, "pages_left": str(left - 1), "page": "later"}
    return (api_request(following, carried, accept=MATCH_ACCEPT),), unseen


def halves(page: Page) -> tuple[FurtherRequest, ...]:
    """The same search over the earlier and the later half of its days; nothing where it cannot be cut further."""
    context = page.snapshot.context
    if context.get("kind") not in ("repositories", "issues") or not context.get("query"):
        return ()
    first, last = _span_of(context.get("span", "")) or (FIRST_DAY, page.snapshot.fetched_at.date())
    left = pages_left_in(page)
    if first >= last or left < 2:
        return ()
    middle = first + timedelta(days=(last - first).days // 2)
    shares = (left // 2, left - left // 2)
    spans = ((first, middle), (middle + timedelta(days=1), last))
    return tuple(
        _request(api_root(page), {**context, "span": f"{start}..{end}", "pages_left": str(share - 1)})
        for (start, end), share in zip(spans, shares, strict=True)
    )


def _request(root: str, context: Mapping[str, str]) -> FurtherRequest:
    kind, span = context["kind"], context.get("span", "")
    query = f"{context['query']} {context.get('dated', 'created')}:{span}" if span else context["query"]
    url = f"{root}/search/{kind}?q={quote_plus(query)}&per_page={PAGE_SIZE}{_SORTS[kind]}"
    return api_request(url, context, accept=MATCH_ACCEPT)


def _span_of(text: str) -> tuple[date, date] | None:
    first, dots, last = text.partition("..")
    try:
        span = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
    return span if dots and span[0] <= span[1] else None
