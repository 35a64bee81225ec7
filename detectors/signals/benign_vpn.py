"""VPN and proxies: nodes and proxies share this trade's words."""

from detectors.signals._excuses import neighbouring

SIGNAL = neighbouring(
    "benign.vpn",
    "vpn_node",
    title="VPN and proxies",
    explains="Nodes and proxies share this trade's words.",
)
