"""Claims to be official."""

from detectors.signals._words import said

SIGNAL = said(
    "deception.pseudo_official",
    "risk_phrase.pseudo_official",
    title="Claims to be official",
    explains='Words such as "official channel" are used by those who are none; alone they prove nothing.',
    alone=False,
)
