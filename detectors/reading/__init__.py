"""From a text to the offers it makes, with every span into the original."""

from detectors.reading.read import read_listing

__all__ = ["read_listing"]
