"""What is watched and how it fares, and what the official prices are."""

from collections import defaultdict

from fastapi.responses import Response

from console.routing import Route, Visit
from domain.errors import UndercutError
from domain.rate import Rate
from line.access import Permission
from line.rates import show_rates, validity
from line.sources import source_rows, span_words
from rates.catalogue import Product


def sources(visit: Visit) -> Response:
    """Every source with its state, its yield, its refusals, and why it does not run where it does not."""
    services = visit.services
    refusals = {name: services.why_not(source) for name, source in services.sources.items()}
    rows = source_rows(services.sources, services.memory.store.sources, refusals, {})
    running = [row for row in rows if row.refusal is None]
    waiting: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.refusal is not None:
            waiting[row.refusal].append(row.source.name)
    return visit.page("sources.html", running=running, waiting=dict(waiting), total=len(rows), span_words=span_words)


def rates(visit: Visit) -> Response:
    """Official prices: one product with its rows and history, or the list of products."""
    book = visit.services.rates
    asked = visit.request.query_params.get("product", "").strip()[:200]
    today = visit.now.date()
    answer, problem = None, ""
    history: tuple[Rate, ...] = ()
    if asked:
        try:
            answer = show_rates(book, asked, today)
            history = tuple(row for row in book.history(answer.product.id) if row not in answer.rows)
        except UndercutError as error:
            problem = str(error)
    return visit.page(
        "rates.html",
        asked=asked,
        answer=answer,
        history=history,
        problem=problem,
        validity=validity,
        providers=_by_provider(book.products()) if not answer else {},
        version=book.version,
    )


def _by_provider(products: tuple[Product, ...]) -> dict[str, list[Product]]:
    found: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        if product.kind.value in {"model", "plan"}:
            found[product.provider].append(product)
    return dict(found)


ROUTES = (
    Route("GET", "/sources", Permission.READ, sources),
    Route("GET", "/rates", Permission.READ, rates),
)
