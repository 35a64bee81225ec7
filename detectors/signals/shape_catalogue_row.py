"""A row of a shop's catalogue: a price under a key of its own, beside a plan or model, and what shops keep of goods."""

import re
from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule
from detectors.signals._form import LOOKED_AT
from detectors.signals._names import names_product
from detectors.signals._shapes import is_official_price

_PRICE_KEY = re.compile(
    r"(?<![a-z])(?:price|harga|gia|gia_ban|preco|precio|valor|fiyat|prix|preis|cena|цена|ціна|قیمت|سعر|价格|售价|单价|cny|rub|vnd|idr|brl|inr|dzd|egp|krw)"
    r"[a-z_]{0,12}[\"']?\s{0,3}[:=]\s{0,3}[\"']?[^\n,;:\d]{0,8}\d"
)
_SHOP_KEY = re.compile(
    r"(?<![a-z])(?:[a-z_]{0,8}stock|instock|sold|sales|original_?price|old_?price|compare_?price|compareat|discount|badge|sku|slug"
    r"|features|delivery|warranty|duration|category|product_?id|supplier|hot|tag|rating|kategori|stok|estoque|garantia"
    r"|库存|销量|规格|max_?quantity|fulfillment)[a-z_]{0,10}[\"']?\s{0,3}[:=]"
)

# ("claude pro 1 month", "a description", 1559, ...): a name in quotes and, a field or so later, a bare number.
_TUPLE_ROW = re.compile(r"[(\[][^()\[\]\n]{0,60}[\"'][^\"'\n]{3,160}[\"']\s?,\s?\d{2,8}(?:\.\d{1,2})?\s?[,)\]]")


def _find(context: SignalContext) -> Iterator[Observation]:
    head = context.read.folded_text[:LOOKED_AT]
    if not names_product(context) or any(map(is_official_price, context.priced)):
        return
    keyed = (":" in head or "=" in head) and _PRICE_KEY.search(head) is not None and _SHOP_KEY.search(head) is not None
    if keyed or _TUPLE_ROW.search(head) is not None:
        yield Observation("A priced row of a catalogue")


SIGNAL = SignalRule(
    "shape.catalogue_row",
    "A row of a shop's catalogue",
    "Shops keep goods as rows: a name, a price, and stock, delivery or a former price beside it.",
    _find,
)
