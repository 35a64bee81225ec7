"""A market in the shapes of GGSel's interface, and a page of it that keeps visitors out."""

import json
from collections.abc import Sequence

from street.content import text_of
from street.messages import Request, Response, as_json, html
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of, matching


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `ggsel`."""
    return (Site("ggsel", "a market of digital goods, in GGSel's shapes", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path == "/elastic/goods/categories" and request.method == "POST":
        try:
            sought = str(json.loads(request.body)["query_string"])
        except (ValueError, KeyError, TypeError):
            return as_json({"success": False, "message": "bad request"}, 400)
        shown = [_row(item) for item in matching(items_of("ggsel"), sought)]
        return as_json({"success": True, "data": {"items": shown}})
    if request.path.startswith("/goods/"):
        item = item_of("ggsel", request.path.rpartition("/")[2])
        if item is None:
            return as_json({"success": False, "message": "Goods not found"}, 404)
        return as_json({"success": True, "data": _row(item)})
    return html(text_of("refusals/challenge.html"), 403)


def _row(item: Item) -> dict[str, object]:
    return {
        "id_goods": item["id"],
        "url": f"item-{item['id']}",
        "is_active": True,
        "id_seller": item["seller_id"],
        "seller_name": item["seller"],
        "name": item["title"],
        "info": item.get("text", ""),
        "price_wmr": item["price"],
        "price_wmz": item["price_usd"],
        "cnt_sell": item["sales"],
    }
