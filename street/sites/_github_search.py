"""The code host's search: words and qualifiers, order, pages, and the cap on how far anyone may page."""

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from street.messages import Request, Response, as_json
from street.sites._github_records import Record

MOST_RESULTS = 1_000
_QUALIFIER = re.compile(r"^-?(?P<name>[a-z]+):(?P<value>\S+)$")
_RANGE = re.compile(r"^(?P<sign>[<>]=?)?(?P<from>[0-9T:Z*-]{1,25}?)(?:\.\.(?P<to>[0-9T:Z*-]{1,25}))?$")
_DATED = {"created": "created_at", "pushed": "pushed_at", "updated": "updated_at"}
_ORDER = {"stars": "stars", "forks": "forks", "updated": "pushed_at", "created": "created_at"}


def search(request: Request, records: Sequence[Record], item: Callable[[Record, str], Record]) -> Response:
    """One page of the records that match the query, in the search's envelope."""
    query = request.query
    if not query.get("q", "").strip():
        errors = [{"resource": "Search", "field": "q", "code": "missing"}]
        return as_json({"message": "Validation Failed", "errors": errors, "status": "422"}, 422)
    page, per_page = _number(query, "page", 1), min(100, _number(query, "per_page", 30))
    if (page - 1) * per_page >= MOST_RESULTS:
        message = "Only the first 1000 search results are available"
        return as_json(
            {"message": message, "documentation_url": "https://docs.example.test/rest", "status": "422"}, 422
        )
    found = _ordered([record for record in records if _matches(query["q"], record)], query)
    shown = found[(page - 1) * per_page : page * per_page]
    answer = as_json(
        {
            "total_count": len(found),
            "incomplete_results": "halfway" in query["q"].split(),
            "items": [item(record, request.base) for record in shown],
        }
    )
    links = _links(request, page, -(-min(len(found), MOST_RESULTS) // per_page))
    return answer.with_headers({"Link": links}) if links else answer


def _number(query: dict[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    return max(1, int(text)) if text.isdigit() and len(text) < 7 else default


def _matches(query: str, record: Record) -> bool:
    brimful = record["words"] == "brimful"
    for part in query.split():
        qualifier = _QUALIFIER.match(part)
        if qualifier:
            if not _qualifies(qualifier.group("name"), qualifier.group("value"), record):
                return False
        elif part.lower() == "halfway":
            continue
        elif part.strip('"').lower() not in record["words"]:
            return False
    return not brimful or "brimful" in query.lower().split()


def _qualifies(name: str, value: str, record: Record) -> bool:
    if name in _DATED:
        stated = record.get(_DATED[name]) or record.get("pushed_at")
        return stated is not None and _within(value, str(stated))
    if name in {"repo", "user", "org"}:
        full_name = str(record.get("repository") or record["full_name"])
        return full_name == value if name == "repo" else full_name.startswith(f"{value}/")
    if name in {"state", "language"}:
        return str(record.get(name)).lower() == value.lower()
    # Qualifiers such as in:readme and type:issue say where to look; the street looks everywhere.
    return True


def _within(value: str, stated: str) -> bool:
    match = _RANGE.match(value)
    if match is None:
        return False
    sign, start, end = match.group("sign"), match.group("from"), match.group("to")
    if sign:
        compared = stated[: len(start)]
        return {"<": compared < start, "<=": compared <= start, ">": compared > start, ">=": compared >= start}[sign]
    if end is None:
        return stated.startswith(start)
    return (start == "*" or stated[: len(start)] >= start) and (end == "*" or stated[: len(end)] <= end)


def _ordered(found: list[Record], query: dict[str, str]) -> list[Record]:
    key = _ORDER.get(query.get("sort", ""))
    if key is None:
        return found
    return sorted(found, key=lambda record: _order_value(record, key), reverse=query.get("order", "desc") != "asc")


def _order_value(record: Record, key: str) -> Any:
    return record.get(key) or record.get("updated_at") or 0


def _links(request: Request, page: int, last: int) -> str:
    def link(number: int, relation: str) -> str:
        query = urlencode({**request.query, "page": str(number)})
        return f'<{request.base}{request.path}?{query}>; rel="{relation}"'

    links = []
    if page > 1:
        links.append(link(page - 1, "prev"))
    if page < last:
        links += [link(page + 1, "next"), link(last, "last")]
    if page > 1:
        links.append(link(1, "first"))
    return ", ".join(links)
