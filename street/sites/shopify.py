"""Two shops with Shopify's products.json: an open one, which says its currency elsewhere, and one behind a password."""

from collections.abc import Sequence

from street.messages import Request, Response, as_json, html, redirect
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of, one_page


def open_sites(options: Options) -> Sequence[Site]:
    """The sites `shopify` and `shopify_closed`."""
    return (
        Site("shopify", "a shop with Shopify's list of products", _answer, NO_ROBOTS),
        Site("shopify_closed", "a shop of Shopify's behind its password page", _closed, NO_ROBOTS),
    )


def _answer(request: Request) -> Response:
    if request.path == "/meta.json":
        return as_json({"id": 1, "name": "Fern and Fable", "currency": "USD", "myshopify_domain": "fern.example.test"})
    if request.path == "/products.json":
        shown = one_page(items_of("shopify"), request.query.get("page", "1"), 250)
        return as_json({"products": [_row(item) for item in shown]})
    if request.path.startswith("/products/"):
        item = item_of("shopify", request.path.rpartition("/")[2].removesuffix(".json"))
        return as_json({"product": _row(item)}) if item else as_json({"errors": "Not Found"}, 404)
    return html("<html><body>not found</body></html>", 404)


def _closed(request: Request) -> Response:
    if request.path == "/password":
        return html('<html><body><form action="/password" method="post"><input type="password"></form></body></html>')
    return redirect("/password")


def _row(item: Item) -> dict[str, object]:
    former = item.get("old_price")
    variant = {"id": 1, "title": "Default Title", "available": True, "price": item["price"], "compare_at_price": former}
    return {
        "id": 1,
        "title": item["title"],
        "handle": item["id"],
        "body_html": item.get("text", ""),
        "published_at": "2026-10-01T00:00:00Z",
        "vendor": "Fern and Fable",
        "product_type": item["category"],
        "tags": [],
        "variants": [variant],
        "images": [],
    }
