"""One short digest that changes whenever a judgement can: words, weights, overlay, code, and the libraries it uses."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

from detectors.authorisation import Overlay

PACKAGES = ("detectors", "domain", "rates")
LIBRARIES = ("ahocorasick-rs", "anyascii", "confusable-homoglyphs", "google-re2", "opencc", "py3langid", "tldextract")
SHOWN = 16


def rules_version_of(lexicon_digest: str, overlay: Overlay) -> str:
    """The version for a lexicon and an overlay; sixteen hexadecimal digits."""
    digest = hashlib.sha256(_shipped().encode("ascii"))
    digest.update(lexicon_digest.encode("utf-8"))
    digest.update(repr((overlay.version, overlay.words, overlay.channels, overlay.denials)).encode("utf-8", "replace"))
    return digest.hexdigest()[:SHOWN]


@lru_cache(maxsize=1)
def _shipped() -> str:
    digest = hashlib.sha256()
    for package in PACKAGES:
        for name, body in _sources(files(package), package):
            digest.update(f"{name}\0{len(body)}\0".encode())
            digest.update(body)
    digest.update(repr([(name, version(name)) for name in LIBRARIES]).encode("utf-8"))
    return digest.hexdigest()


def _sources(folder: Traversable, path: str) -> Iterator[tuple[str, bytes]]:
    """Every source and data file below, by name."""
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.is_dir() and not entry.name.startswith(("_", ".")):
            yield from _sources(entry, f"{path}/{entry.name}")
        elif entry.name.endswith((".py", ".toml", ".yml", ".json")):
            yield f"{path}/{entry.name}", entry.read_bytes()
