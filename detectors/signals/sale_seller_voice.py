"""The writer sells: the writer says that he sells or hands on."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.seller_voice",
    "sale_phrase.seller_voice",
    title="The writer sells",
    explains="The writer says that he sells or hands on.",
)
