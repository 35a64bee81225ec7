"""A relay: calls are passed on to a model that somebody else runs."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.relay_service",
    "sale_phrase.relay_service",
    "delivery.base_url",
    title="A relay",
    explains="Calls are passed on to a model that somebody else runs.",
)
