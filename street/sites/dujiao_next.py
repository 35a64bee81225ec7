"""A card shop of the Dujiao-Next kind, which says in its settings that it sells for US dollars."""

from collections.abc import Sequence

from street.messages import Request, Response, as_json
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of, one_page


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `dujiao_next`."""
    return (Site("dujiao_next", "a card shop, in Dujiao-Next's shapes", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path == "/api/v1/public/config":
        return _envelope({"site_name": "Mango Codes", "currency": "USD"})
    if request.path == "/api/v1/public/products":
        items, number = items_of("dujiao_next"), request.query.get("page", "1")
        page = {"page": 1, "page_size": 100, "total": len(items), "total_page": 1}
        shown = [_row(item) for item in one_page(items, number, 100)]
        return as_json({"status_code": 0, "msg": "success", "data": shown, "pagination": page})
    item = item_of("dujiao_next", request.path.removeprefix("/api/v1/public/products/"))
    if item is None:
        return as_json({"status_code": 404, "msg": "product not found", "data": None}, 404)
    return _envelope(_row(item))


def _envelope(data: object) -> Response:
    return as_json({"status_code": 0, "msg": "success", "data": data})


def _row(item: Item) -> dict[str, object]:
    promoted = {"promotion_price_amount": item["price"]} if "old_price" in item else {}
    return {
        "slug": item["id"],
        "title": {"zh-CN": item["title"], "en-US": item["title"]},
        "description": {"zh-CN": item.get("text", "")},
        "price_amount": item.get("old_price", item["price"]),
        **promoted,
        "images": [],
        "tags": [],
        "fulfillment_type": "auto",
        "auto_stock_available": item["stock"],
        "stock_status": "in_stock",
        "is_sold_out": False,
        "skus": [],
    }
