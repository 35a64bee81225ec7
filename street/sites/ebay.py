"""A marketplace in the shapes of eBay's Browse interface, which wants a token; its own pages keep programs out."""

from collections.abc import Sequence

from street.messages import Request, Response, as_json, html
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of, matching

_API = "/buy/browse/v1"


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `ebay`."""
    return (Site("ebay", "a marketplace behind a token, in eBay's shapes", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if not request.path.startswith(_API):
        return html("<html><head><title>Pardon Our Interruption...</title></head><body></body></html>")
    if "authorization" not in request.headers:
        return as_json({"errors": [{"errorId": 1001, "message": "Invalid access token"}]}, 401)
    if request.path == f"{_API}/item_summary/search":
        found = matching(items_of("ebay"), request.query.get("q", ""))
        return as_json(
            {"total": len(found), "limit": 100, "offset": 0, "itemSummaries": [_row(item) for item in found]}
        )
    item = item_of("ebay", request.path.removeprefix(f"{_API}/item/"))
    if item is None:
        return as_json({"errors": [{"errorId": 11001, "message": "The specified item Id was not found."}]}, 404)
    return as_json(_row(item))


def _row(item: Item) -> dict[str, object]:
    return {
        "itemId": item["id"],
        "legacyItemId": str(item["id"]).split("|")[1],
        "title": item["title"],
        "price": {"value": item["price"], "currency": "USD"},
        "seller": {"username": item["seller"], "feedbackPercentage": "99.0", "feedbackScore": 10},
        "condition": "New",
        "buyingOptions": ["FIXED_PRICE"],
        "itemCreationDate": "2026-11-10T08:00:00.000Z",
    }
