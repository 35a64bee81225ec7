"""A market of digital goods in the shapes of Digiseller's catalogue."""

import re
from collections.abc import Sequence

from street.messages import Request, Response, as_json, plain
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of, matching, one_page

PAGE_SIZE = 4
_PRODUCT = re.compile(r"/api/products/(?P<number>[0-9]{1,12})/data")


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `digiseller`."""
    return (Site("digiseller", "a market of digital goods, in Digiseller's shapes", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path == "/api/cataloguer/front/products":
        number = request.query.get("page", "1")
        found = matching(items_of("digiseller"), request.query.get("productName", ""))
        shown = one_page(found, number, PAGE_SIZE)
        more = number.isdigit() and int(number) * PAGE_SIZE < len(found)
        return as_json({"content": {"items": [_row(item) for item in shown], "has_next_page": more}})
    if match := _PRODUCT.fullmatch(request.path):
        item = item_of("digiseller", match.group("number"))
        if item is None:
            return as_json({"retval": -1, "retdesc": "Product not found", "product": None})
        return as_json({"retval": 0, "retdesc": None, "product": _product(item)})
    return plain("not found\n", 404)


def _row(item: Item) -> dict[str, object]:
    return {
        "product_id": item["id"],
        "name": [{"locale": "ru-RU", "value": item["title"]}],
        "name_url": f"item-{item['id']}",
        "price": item["price"],
        "seller_id": item["seller_id"],
        "seller_name": item["seller"],
        "total_sales": item["sales"],
    }


def _product(item: Item) -> dict[str, object]:
    return {
        "id": item["id"],
        "name": item["title"],
        "info": item.get("text", ""),
        "add_info": "",
        "price": item["price"],
        "currency": "RUB",
        "options": [],
        "seller": {"id": item["seller_id"], "name": item["seller"]},
        "statistics": {"sales": item["sales"]},
    }
