"""A key: a key is spoken of."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.api_key",
    "kind.api_key",
    title="A key",
    explains="A key is spoken of.",
)
