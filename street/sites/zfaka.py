"""A card shop of the ZFAKA kind; an item that was taken down stays in the list, marked as deleted."""

from collections.abc import Sequence

from street.content import yaml_of
from street.messages import Request, Response, as_json, html
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, one_page


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `zfaka`."""
    return (Site("zfaka", "a card shop, in ZFAKA's shapes", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path != "/product/get":
        return html('<html><head><meta name="author" content="资料空白"></head><body id="zlkbbody"></body></html>')
    items: Sequence[Item] = yaml_of("markets/zfaka.yml")["items"]
    shown = [_row(item) for item in one_page(items, request.query.get("page", "1"), 100)]
    return as_json({"code": 0, "count": len(items), "data": shown, "msg": "有数据"})


def _row(item: Item) -> dict[str, object]:
    return {
        "id": item["id"],
        "typeid": 1,
        "active": 1,
        "name": item["title"],
        "description": item.get("text", ""),
        "stockcontrol": 1,
        "qty": item["stock"],
        "qty_sell": item["sales"],
        "price": item["price"],
        "price_ori": item.get("old_price", item["price"]),
        "auto": 1,
        "imgurl": "",
        "isdelete": int(bool(item.get("removed"))),
        "addtime": 1_790_000_000,
    }
