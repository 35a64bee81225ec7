"""Finding anything: a page of results, and the few that the palette shows while one types."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi.responses import Response

from console.routing import Route, Visit
from line.access import Permission
from storage.queue_filter import QueueFilter
from storage.review_queue import QueueRow

PLACES = (
    ("Queue", "/"), ("Cases", "/cases"), ("Leads", "/leads"), ("Sources", "/sources"), ("Official rates", "/rates"),
    ("Search", "/search"), ("Assess a text", "/assess"), ("Keys and words", "/help"),
)  # fmt: skip
MOST_IN_PALETTE, MOST_ON_PAGE, MOST_PRODUCTS = 8, 100, 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found that is no alert: its kind, name and address."""

    kind: str
    name: str
    address: str


def _alerts(visit: Visit, text: str, limit: int) -> tuple[QueueRow, ...]:
    return visit.services.memory.queue.rows(QueueFilter(text=text), sort="newest", limit=limit) if text else ()


def _others(visit: Visit, text: str) -> list[Hit]:
    """Pages, products, sources and cases that a text names."""
    wanted = text.casefold()
    hits = [Hit("page", name, address) for name, address in PLACES if wanted in name.casefold()]
    if not wanted:
        return hits
    hits += [
        Hit("case", f"{case.number}. {case.title}", f"/cases/{case.number}")
        for case in visit.services.memory.cases.all()
        if wanted in case.title.casefold() or wanted == str(case.number)
    ][:MOST_PRODUCTS]
    hits += [
        Hit("rate", product.id, f"/rates?{urlencode({'product': product.id})}")
        for product in visit.services.rates.products()
        if wanted in product.id
    ][:MOST_PRODUCTS]
    hits += [
        Hit("source", name, f"/?{urlencode({'source': name})}")
        for name in visit.services.sources
        if wanted in name.casefold()
    ][:MOST_PRODUCTS]
    return hits


def _asked(visit: Visit) -> str:
    return visit.request.query_params.get("q", "").strip()[:200]


def search(visit: Visit) -> Response:
    """Everything that a text names: alerts by title, address, id or source, newest first, and all else."""
    text = _asked(visit)
    return visit.page(
        "search.html",
        text=text,
        rows=_alerts(visit, text, MOST_ON_PAGE),
        hits=_others(visit, text) if text else [],
        most=MOST_ON_PAGE,
    )


def palette(visit: Visit) -> Response:
    """The first few, for the palette."""
    text = _asked(visit)
    return visit.page(
        "palette.html", rows=_alerts(visit, text, MOST_IN_PALETTE), hits=_others(visit, text)[:12], text=text
    )


ROUTES = (
    Route("GET", "/search", Permission.READ, search),
    Route("GET", "/palette", Permission.READ, palette),
)
