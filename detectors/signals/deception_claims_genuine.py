"""Claims to be genuine: claims of genuineness are this trade's manner; alone they prove nothing."""

from detectors.signals._words import said

SIGNAL = said(
    "deception.claims_genuine",
    "claim.genuine",
    title="Claims to be genuine",
    explains="Claims of genuineness are this trade's manner; alone they prove nothing.",
    alone=False,
)
