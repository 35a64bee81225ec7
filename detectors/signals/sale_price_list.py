"""A price list of one's own: packages or a price list are announced."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.price_list",
    "sale.own_price_list",
    title="A price list of one's own",
    explains="Packages or a price list are announced.",
)
