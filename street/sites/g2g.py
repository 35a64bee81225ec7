"""A market of game goods in the shapes of G2G's interface."""

from collections.abc import Sequence

from street.messages import Request, Response, as_json
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of, matching, one_page


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `g2g`."""
    return (Site("g2g", "a market of game goods, in G2G's shapes", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path == "/offer/search":
        found = matching(items_of("g2g"), request.query.get("q", ""))
        size = request.query.get("page_size", "48")
        shown = one_page(found, request.query.get("page", "1"), int(size) if size.isdigit() else 48)
        return as_json({"code": 2000, "messages": [], "payload": {"results": [_row(item) for item in shown]}})
    if request.path.startswith("/offer/"):
        item = item_of("g2g", request.path.rpartition("/")[2])
        if item is None:
            return as_json({"code": 4041, "messages": [{"code": 4041, "text": "Offer not found"}], "payload": {}})
        return as_json({"code": 2000, "messages": [], "payload": _row(item)})
    return as_json({"message": "Missing Authentication Token"}, 403)


def _row(item: Item) -> dict[str, object]:
    return {
        "offer_id": item["id"],
        "title": item["title"],
        "converted_unit_price": item["price"],
        "display_currency": "USD",
        "unit_price": item["price"],
        "offer_currency": "USD",
        "available_qty": item["stock"],
        "min_qty": 1,
        "username": item["seller"],
        "seller_id": item["seller_id"],
    }
