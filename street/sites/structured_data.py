"""A shop that says in JSON-LD and microdata what it sells: a list that names its products, and their pages."""

import json
from collections.abc import Sequence
from html import escape

from street.messages import Request, Response, html
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of

_PAGE = '<!DOCTYPE html><html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'
_MICRODATA = (
    '<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">{title}</h1>'
    '<p itemprop="description">{text}</p><div itemprop="offers" itemscope itemtype="https://schema.org/Offer">'
    '<meta itemprop="priceCurrency" content="EUR"><span itemprop="price">{price}</span></div></div>'
)


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `structured_data`."""
    return (Site("structured_data", "a shop with JSON-LD and microdata in its pages", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path == "/shop":
        listed = [
            {"@type": "ListItem", "url": f"{request.base}/p/{item['id']}"} for item in items_of("structured_data")
        ]
        return html(_page("Shop", {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": listed}))
    item = item_of("structured_data", request.path.removeprefix("/p/"))
    if item is None:
        return html(_PAGE.format(title="Not found", head="", body="<h1>Page not found</h1>"), 404)
    if item.get("microdata"):
        fields = {key: escape(str(value)) for key, value in {"text": "", **item}.items()}
        return html(_PAGE.format(title="Shop", head="", body=_MICRODATA.format(**fields)))
    return html(_page(str(item["title"]), _product(item)))


def _page(title: str, data: dict[str, object]) -> str:
    # Shops' own templates leave comments and a comma too many; whoever reads only tidy JSON reads half of them.
    written = json.dumps(data, ensure_ascii=False)[:-1] + ", // end of product\n}"
    head = f'<script type="application/ld+json">{written}</script>'
    return _PAGE.format(title=escape(title), head=head, body=f"<h1>{escape(title)}</h1>")


def _product(item: Item) -> dict[str, object]:
    offer = {"@type": "Offer", "price": item["price"], "priceCurrency": "EUR", "availability": "InStock"}
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": item["title"],
        "description": item.get("text", ""),
        "offers": offer,
    }
