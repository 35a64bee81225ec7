"""The queue: what is open, in the order in which it ought to be looked at; filters are the address."""

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

from fastapi.responses import RedirectResponse, Response

from console.queue_address import BUILT_IN, COLUMNS, PAGE, QueueView
from console.recent import just_decided
from console.routing import PageError, Route, Visit
from domain.hostile_text import one_line
from line.access import Permission
from line.review_reasons import CHOICES
from storage.queue_filter import SORTS
from storage.review_queue import MOST_COUNTED, QueueRow

MOST_IN_CSV = 10_000
CSV_COLUMNS = (
    "alert_id", "version", "status", "severity", "lane", "queue", "platform", "source", "external_id", "title",
    "product", "language", "share", "exposure_high_usd", "probability", "opened_at", "updated_at", "url",
)  # fmt: skip
# A cell that a spreadsheet would run: at its start, or behind whatever might be taken for a delimiter.
_FORMULA = re.compile(r"(^|[,;|\t])(\s{0,20})([=+\-@＝＋－＠])")


def queue(visit: Visit) -> Response:
    """A page of the queue with its counts and chips."""
    memory = visit.services.memory
    memory.reviews.wake(visit.now)
    view = QueueView.of(visit.request.url.query)
    wanted = view.filter(visit.account)
    page = _page_number(visit)
    counted = memory.queue.counted(wanted, sort=view.sort)
    total = len(counted.ids)
    open_count, oldest, second, lead = memory.queue.health()
    shown: dict[str, Any] = {
        "view": view,
        "rows": memory.queue.in_order(counted.ids[(page - 1) * PAGE : page * PAGE]),
        "total": f"over {total}" if counted.more else total,
        "page": page,
        "pages": max(1, -(-total // PAGE)),
        "facets": counted.facets,
        "views": BUILT_IN,
        "saved": memory.views.seen_by(visit.person),
        "columns": COLUMNS,
        "sorts": SORTS,
        "choices": CHOICES,
        "health": {"open": open_count, "oldest": oldest, "second": second, "lead": lead},
        "done": just_decided(visit),
        "undone": visit.request.query_params.get("undone", ""),
        "batch": visit.request.query_params.get("batch", "")[:40],
        "decided": visit.request.query_params.get("decided", "")[:10],
    }
    return visit.page("queue.html", **shown)


def _page_number(visit: Visit) -> int:
    text = visit.request.query_params.get("page", "1")
    return min(max(int(text), 1), MOST_COUNTED // PAGE) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def looked(visit: Visit) -> Response:
    """Note that the queue was looked at, so that later only what is new counts as new."""
    assert visit.account is not None  # noqa: S101 - the route asks for a permission
    visit.services.memory.accounts.looked(visit.account.number, visit.now)
    return RedirectResponse("/", status_code=303)


def save_view(visit: Visit) -> Response:
    """Keep a filter under a name; only leads share one with everybody."""
    name = one_line(visit.field("name"), 60)
    if not name:
        raise PageError(400, "give the view a name")
    query = QueueView.of(visit.field("query")).query
    shared = bool(visit.field("shared")) and Permission.LEAD in visit.permissions
    visit.services.memory.views.save(visit.person, name, query, visit.now, shared=shared)
    return RedirectResponse(f"/?{query}", status_code=303)


def forget_view(visit: Visit) -> Response:
    """Take one of one's own views away."""
    visit.services.memory.views.forget(visit.person, visit.number("number"))
    return RedirectResponse("/", status_code=303)


def as_csv(visit: Visit) -> Response:
    """The alerts of the current filter as a file, safe to open in a spreadsheet."""
    view = QueueView.of(visit.request.url.query)
    rows = visit.services.memory.queue.rows(view.filter(visit.account), sort=view.sort, limit=MOST_IN_CSV)
    return Response(
        csv_text(rows),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="undercut-alerts.csv"'},
    )


def csv_text(rows: Iterable[QueueRow]) -> str:
    """Rows as CSV, every cell quoted and no cell a formula, whatever delimiter it is opened with."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for row in rows:
        writer.writerow([harmless(getattr(row, name)) for name in CSV_COLUMNS])
    return written.getvalue().encode("utf-8", "replace").decode()


def harmless(value: object) -> str:
    """A cell on one line that no spreadsheet runs."""
    text = "" if value is None else one_line(str(value), 2000)
    return _FORMULA.sub(r"\1\2'\3", text)


ROUTES = (
    Route("GET", "/", Permission.READ, queue),
    Route("POST", "/looked", Permission.READ, looked),
    Route("POST", "/views", Permission.READ, save_view),
    Route("POST", "/views/{number:int}/forget", Permission.READ, forget_view),
    Route("GET", "/queue.csv", Permission.EXPORT, as_csv),
)
