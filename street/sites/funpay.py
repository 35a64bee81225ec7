"""A market of offers by category, in FunPay's markup; an offer that was taken down answers 404 in its own words."""

from collections.abc import Sequence
from html import escape

from street.messages import Request, Response, html, plain
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of

_PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>{title} / FunPay</title></head>'
    '<body data-app-data="{{}}"><h1 class="page-header">{title}</h1>{body}</body></html>'
)
_ROW = (
    '<a href="{base}/en/lots/offer?id={id}" class="tc-item" data-online="1" data-user="{seller_id}">'
    '<div class="tc-desc"><div class="tc-desc-text">{title}</div></div>'
    '<div class="tc-user"><div class="media media-user online"><div class="media-body"><div class="media-user-name">'
    '<span class="pseudo-a" data-href="{base}/en/users/{seller_id}/">{seller}</span></div>'
    '<div class="media-user-reviews">'
    '<span class="rating-mini-count">{reviews}</span></div></div></div></div>'
    '<div class="tc-amount hidden-xxs">{stock}</div>'
    '<div class="tc-price"><div>{price} <span class="unit">€</span></div></div></a>'
)


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `funpay`."""
    return (Site("funpay", "a market of offers by category, in FunPay's markup", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path == "/en/":
        return html(_PAGE.format(title="Games", body=_categories(request.base)))
    if request.path == "/en/lots/offer":
        item = item_of("funpay", request.query.get("id", ""))
        return html(_offer(item)) if item else html(_PAGE.format(title="Offer not found", body=""), 404)
    category = request.path.removeprefix("/en/lots/").strip("/")
    rows = [_row(item, request.base) for item in items_of("funpay") if str(item["category"]) == category]
    if not rows:
        return plain("not found\n", 404)
    table = f'<div class="tc table-hover showcase-table"><div class="tc-header">Description</div>{"".join(rows)}</div>'
    return html(_PAGE.format(title="Accounts", body=table))


def _categories(base: str) -> str:
    games = {"ChatGPT": 31, "Example Quest": 32}
    return "".join(
        f'<div class="promo-game-item"><a href="{base}/en/lots/{number}/">{name}</a></div>'
        for name, number in games.items()
    )


def _row(item: Item, base: str) -> str:
    return _ROW.format(base=base, **{key: escape(str(value)) for key, value in item.items()})


def _offer(item: Item) -> str:
    described = (("Short description", item["title"]), ("Detailed description", item.get("text", "")))
    fields = "".join(f'<div class="param-item"><h5>{h}</h5><div>{escape(text)}</div></div>' for h, text in described)
    return _PAGE.format(title="Offer", body=f'{fields}<span class="payment-value">{item["price"]} €</span>')
