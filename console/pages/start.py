"""The first run: whose access is looked after, who may sell it, where to look, and a first crawl of what may run."""

from fastapi.responses import RedirectResponse, Response

from console.routing import PageError, Route, Visit
from line.access import Permission
from line.first_run import FirstRunError, keep_first_run, read_first_run
from storage.overlay import OverlayKind

MOST_WAITING = 60


def form(visit: Visit) -> Response:
    """What is asked, what was told so far, and what may run."""
    return _shown(visit)


def _shown(visit: Visit, problem: str = "", status: int = 200, kept: object = None) -> Response:
    services, store = visit.services, visit.services.memory.store
    refusals = {name: services.why_not(source) for name, source in services.sources.items()}
    products = [p for p in services.rates.products() if p.kind.value in {"model", "plan"}]
    return visit.page(
        "start.html",
        status=status,
        problem=problem,
        kept=kept,
        providers=[one for one in services.rates.providers() if one.domains],
        products=products,
        chosen={"provider": visit.fields("provider"), "product": visit.fields("product")},
        filled={name: visit.field(name) for name in ("channels", "leads")},
        channels=store.overlay.current(OverlayKind.AUTHORISED_CHANNELS),
        leads=len(store.leads.list()),
        ready=sorted(name for name, why in refusals.items() if why is None),
        waiting=len([why for why in refusals.values() if why is not None]),
        crawl=services.crawl.state() if services.crawl else None,
    )


def tell(visit: Visit) -> Response:
    """Keep what was filled in."""
    try:
        told = read_first_run(
            visit.services.rates,
            visit.fields("provider"),
            visit.fields("product"),
            visit.field("channels"),
            visit.field("leads"),
        )
    except FirstRunError as error:
        return _shown(visit, str(error), 400)
    return _shown(visit, kept=keep_first_run(visit.services.memory, told, visit.person, visit.now))


def crawl(visit: Visit) -> Response:
    """Crawl what is due and may run, once, beside the console."""
    if visit.services.crawl is None:
        raise PageError(404, "this console cannot start a crawl; use `undercut watch --once`")
    visit.services.crawl.start()
    return RedirectResponse("/start#crawl", status_code=303)


ROUTES = (
    Route("GET", "/start", Permission.MANAGE, form),
    Route("POST", "/start", Permission.MANAGE, tell),
    Route("POST", "/start/crawl", Permission.MANAGE, crawl),
)
