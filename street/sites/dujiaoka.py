"""A card shop of the dujiaoka kind: cards on the front page, and a page of its own for each item."""

import re
from collections.abc import Sequence
from html import escape

from street.messages import Request, Response, html, plain
from street.site import NO_ROBOTS, Options, Site
from street.sites._market import Item, item_of, items_of

_PAGE = (
    '<!DOCTYPE html><html lang="zh-cn"><head><title>首页 | 橙子发卡</title>'
    '<link rel="stylesheet" href="/assets/unicorn/css/index.css"></head><body>{body}'
    '<a href="/order-search">查询订单</a><footer><div class="author">Powered by：@独角数卡</div></footer>'
    "</body></html>"
)
_CARD = (
    '<div class="col"><div class="card position-relative"><span class="badge bg-success">自动发货</span>'
    '<div class="card-body"><h6 class="card-title text-truncate">{title}</h6>'
    '<button type="button" class="btn"><strong>{price}</strong></button>'
    '<h6><small class="text-muted">库存：{stock}</small></h6>'
    '<a href="{base}/buy/{id}" class="btn">购买</a></div></div></div>'
)
_ITEM = (
    '<div class="good-card"><div class="card-body"><h3 class="card-title">{title}</h3>'
    '<form action="/create-order" method="post"><h6>价格：¥ {price}</h6><input type="hidden" name="gid" value="{id}">'
    '</form></div><div class="card-body">{text}</div></div>'
)
_MISSING = '<div class="card-body"><h3>错误：</h3><div class="err-message"><h5>商品不存在或已下架</h5></div></div>'
_BUY = re.compile(r"/buy/(?P<number>[0-9]{1,12})")


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `dujiaoka`."""
    return (Site("dujiaoka", "a card shop, in dujiaoka's markup", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path == "/":
        cards = "".join(_filled(_CARD, item, request.base) for item in items_of("dujiaoka"))
        return html(_PAGE.format(body=f'<div class="goods-list"><div class="row">{cards}</div></div>'))
    if match := _BUY.fullmatch(request.path):
        item = item_of("dujiaoka", match.group("number"))
        return html(_PAGE.format(body=_filled(_ITEM, item, request.base) if item else _MISSING))
    if request.path == "/favicon.ico":
        return Response(content_type="image/x-icon")  # the software ships an icon without a byte
    return plain("not found\n", 404)


def _filled(template: str, item: Item, base: str) -> str:
    return template.format(base=base, **{"text": "", **{key: escape(str(value)) for key, value in item.items()}})
