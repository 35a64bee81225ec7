"""Delivered as session tokens."""

from detectors.signals._words import said

SIGNAL = said(
    "delivery.session_tokens",
    "risk_phrase.session_token",
    title="Delivered as session tokens",
    explains=(
        "Tokens, cookies or files for a relay are handed over instead of a login, so that many can ride one session."
    ),
)
