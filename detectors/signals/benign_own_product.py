"""An app of one's own: an app that uses a model sells its own use, not the model's access."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.own_product",
    "benign_phrase.own_product",
    title="An app of one's own",
    explains="An app that uses a model sells its own use, not the model's access.",
)
