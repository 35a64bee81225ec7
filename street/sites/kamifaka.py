"""A card shop of the kamiFaka kind: one answer with everything in it."""

from collections.abc import Sequence

from street.messages import Request, Response, as_json, redirect
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `kamifaka`."""
    return (Site("kamifaka", "a card shop, in kamiFaka's shapes", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path == "/api/v2/theme_list":
        rows = [_row(item) for item in items_of("kamifaka")]
        groups: dict[str, list[dict[str, object]]] = {}
        for row in rows:
            groups.setdefault(str(row["cag_name"]), []).append(row)
        shops = [{"cag_name": name, "shops": members} for name, members in groups.items()]
        return as_json({"shops": shops, "shops2": rows, "theme": "list"})
    if request.path.startswith("/api/v2/detail/"):
        item = item_of("kamifaka", request.path.rpartition("/")[2])
        return as_json(_row(item) if item else {"msg": "商品不存在"})
    return redirect("/")


def _row(item: Item) -> dict[str, object]:
    return {
        "cag_name": item["category"],
        "name": item["title"],
        "prod_id": item["id"],
        "price": item["price"],
        "img_url": "images/x.png",
        "auto": True,
        "tag": "",
        "sales": item["sales"],
        "stock": item["stock"],
    }
