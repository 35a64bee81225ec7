"""A cloud or partner: buying from a cloud or a named partner is how it is meant."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.authorised_channel",
    "benign_phrase.authorised_gateway",
    title="A cloud or partner",
    explains="Buying from a cloud or a named partner is how it is meant.",
)
