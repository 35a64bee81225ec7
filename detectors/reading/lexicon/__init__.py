"""Words as data: what they mean to an offer, in many languages, found in one linear pass over a folded text."""

from detectors.reading.lexicon.load import LexiconError, load_lexicon
from detectors.reading.lexicon.words import Lexicon, Word

__all__ = ["Lexicon", "LexiconError", "Word", "load_lexicon"]
