"""A record of a shop's goods, without its price: a plan under a name, beside what shops keep of goods."""

import re
from collections.abc import Iterator

from detectors.signal import Observation, SignalContext, SignalRule

LOOKED_AT = 4000
_NAMED = re.compile(
    r"(?<![a-z])(?:nome?|nama|nombre|title|titulo|hi|ar|uz|en|ru|fa|ten)[a-z_]{0,6}[\"']?\s{0,2}(?:=>|[:=])\s{0,2}[\"'`]"
    r"|(?<![a-z])name[a-z_]{0,4}[\"']?\s{0,2}(?:=>|[:=])\s{0,2}[\"'`]|(?:highlights|features)[\"']?\s{0,2}[:=]"
)
_KEPT = re.compile(
    r"(?<![a-z])(?:slug|icon|badge|features|highlights|delivery|deliverynote|warranty|garantia|duration|durasi|durata"
    r"|category|kategori|categoria|stock|hot|popular|image|img|emoji|sku|precio[a-z]*|preco|harga|gia|fiyat"
    r"|prompt_ventas|plan_?type|uz|hi)[a-z_]{0,6}[\"']?\s{0,2}(?:=>|[:=])"
)
PLANS = frozenset({"plan"})


def _find(context: SignalContext) -> Iterator[Observation]:
    if context.shape.catalogue_row or context.shape.lists_words or not context.shape.names_product:
        return
    if not any(category in ("plan", "product") for category, _ in context.first):
        return
    if not any(category in ("kind", "period", "delivery") for category, _ in context.first):
        return
    head = context.read.folded_text[:LOOKED_AT]
    if (":" in head or "=" in head) and _NAMED.search(head) is not None and _KEPT.search(head) is not None:
        yield Observation("A record of a shop's goods")


SIGNAL = SignalRule(
    "shape.shop_record",
    "A record of a shop's goods",
    "Code of shops keeps goods as records: a name, a badge, what is delivered, in several languages.",
    _find,
)
