"""A shop with WooCommerce's Store API: prices in cents, and a product that was taken down."""

from collections.abc import Sequence
from decimal import Decimal

from street.messages import Request, Response, as_json, plain
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of, one_page

_PRODUCTS = "/wp-json/wc/store/v1/products"


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `woocommerce`."""
    return (Site("woocommerce", "a shop with WooCommerce's open interface", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path == _PRODUCTS:
        items = items_of("woocommerce")
        shown = [_row(item, request.base) for item in one_page(items, request.query.get("page", "1"), 4)]
        return as_json(shown).with_headers({"X-WP-Total": str(len(items)), "X-WP-TotalPages": str(-(-len(items) // 4))})
    if request.path.startswith(f"{_PRODUCTS}/"):
        item = item_of("woocommerce", request.path.rpartition("/")[2])
        if item is None:
            return as_json({"code": "woocommerce_rest_product_invalid_id", "message": "Invalid product ID."}, 404)
        return as_json(_row(item, request.base))
    if request.path.startswith("/wp-json/"):
        return as_json({"code": "rest_no_route", "message": "No route was found."}, 404)
    return plain("not found\n", 404)


def _row(item: Item, base: str) -> dict[str, object]:
    price, regular = _cents(item["price"]), _cents(item.get("old_price") or item["price"])
    return {
        "id": item["id"],
        "name": item["title"],
        "permalink": f"{base}/product/{item['id']}/",
        "short_description": item.get("text", ""),
        "description": "",
        "on_sale": price != regular,
        "prices": {
            "currency_code": "USD",
            "currency_minor_unit": 2,
            "currency_prefix": "$",
            "currency_suffix": "",
            "price": price,
            "regular_price": regular,
            "price_range": None,
        },
        "review_count": 0,
        "images": [],
        "is_purchasable": True,
        "is_in_stock": True,
    }


def _cents(amount: str) -> str:
    return str(int(Decimal(amount) * 100))
