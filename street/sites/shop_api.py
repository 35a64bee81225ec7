"""A host of card shops behind `/shopApi/`: one shop is open, one was closed, one hides behind a gateway's script."""

import json
from collections.abc import Sequence

from street.messages import Request, Response, as_json, html
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, items_of

_GATEWAY = '<html><script>var arg1="9B1F0C";function step(){document.cookie="acw_sc__v2="+arg1}step();</script></html>'


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `shop_api`."""
    return (Site("shop_api", "a host of card shops, one of which answers with a challenge", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path != "/shopApi/Shop/goodsList" or request.method != "POST":
        return html("<html><body>shop</body></html>")
    try:
        token = str(json.loads(request.body)["token"])
    except (ValueError, KeyError, TypeError):
        return as_json({"code": 0, "msg": "参数错误", "data": None})
    if token == "GUARDED1":  # noqa: S105 - the name of a shop in an address, as its visitors see it
        return html(_GATEWAY)
    if token != "OPENDOOR":  # noqa: S105 - as above
        return as_json({"code": 0, "msg": "店铺不存在", "data": None})
    goods = [_row(item, request.base) for item in items_of("shop_api")]
    return as_json({"code": 1, "msg": "success", "data": {"total": len(goods), "list": goods}})


def _row(item: Item, base: str) -> dict[str, object]:
    return {
        "goods_key": item["id"],
        "goods_type": "card",
        "name": item["title"],
        "link": f"{base}/item/{item['id']}",
        "price": item["price"],
        "market_price": item.get("old_price", 0),
        "category": {"id": 1, "name": item["category"]},
        "extend": {"stock_count": item["stock"], "limit_count": 1},
    }
