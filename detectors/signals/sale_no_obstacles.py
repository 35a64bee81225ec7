"""Without card, VPN or account: says that the provider's own hurdles fall away."""

from detectors.signals._words import said

SIGNAL = said(
    "sale.no_obstacles",
    "sale_phrase.no_obstacles",
    "claim.no_vpn",
    title="Without card, VPN or account",
    explains="Says that the provider's own hurdles fall away.",
    alone=False,
)
