"""A card shop of the acg-faka kind: an unknown address answers 200, a commodity that was taken down an error code."""

from collections.abc import Sequence

from street.messages import Request, Response, as_json, html
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of, matching, one_page

_HEAD = (
    '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="UTF-8"><title>{title}</title>{more}</head>'
    "<body></body></html>"
)
_SCRIPTS = (
    '<script src="/assets/common/js/ready.js?v=3.6.0" class="cdn-support"></script>'
    '<script>setVar("HACK_ROUTE_TABLE_COLUMNS","");</script>'
)


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `acg_faka`."""
    return (Site("acg_faka", "a card shop, in acg-faka's shapes", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path == "/":
        return html(_HEAD.format(title="购物 - 栗子小铺", more=_SCRIPTS))
    if request.path == "/user/api/index/commodity":
        query = request.query
        found = matching(items_of("acg_faka"), query.get("keywords", ""))
        size = int(query.get("limit", "10")) if query.get("limit", "10").isdigit() else 10
        shown = [_row(item) for item in one_page(found, query.get("page", "1"), max(1, size))]
        return as_json({"code": 200, "msg": "success", "data": shown, "total": len(found)})
    if request.path == "/user/api/index/commodityDetail":
        item = item_of("acg_faka", request.query.get("commodityId", ""))
        if item is None:
            return as_json({"code": 400, "msg": "商品不存在"})
        return as_json({"code": 200, "msg": "success", "data": {**_row(item), "description": item.get("text", "")}})
    return html(_HEAD.format(title="页面没有找到", more=""))


def _row(item: Item) -> dict[str, object]:
    return {
        "id": item["id"],
        "name": item["title"],
        "cover": "/favicon.ico",
        "status": 1,
        "delivery_way": 0,
        "price": item["price"],
        "user_price": item.get("member_price", item["price"]),
        "hide": 0,
        "owner": None,
        "inventory_hidden": 0,
        "stock": item["stock"],
        "tags": [],
        "order_sold": item["sales"],
        "category": {"id": 1, "name": item["category"], "icon": "/favicon.ico"},
        "stock_state": 4,
    }
