"""VPN and proxies: nodes and proxies share this trade's words."""

from detectors.signals._words import said

SIGNAL = said(
    "benign.vpn",
    "phrase.vpn_node",
    title="VPN and proxies",
    explains="Nodes and proxies share this trade's words.",
)
