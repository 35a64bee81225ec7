"""Spellings of a name that are made to be missed: split, leet, transposed. Found like any other word, at no cost."""

from collections.abc import Iterator
from itertools import product

SEPARATORS = (".", "-", "_", "·", "•", "*", "|", "/", "~", "'", "+", ",")
LEET = {"a": "4@", "e": "3", "i": "1!|", "l": "1|", "o": "0", "s": "5$", "t": "7", "g": "9"}
MOST_LEET = 48


def disguises_of(name: str) -> Iterator[str]:
    """Every disguise of a name in small Latin letters, the name itself left out."""
    seen = {name}
    for disguise in (*_split(name), *_leet(name), *_transposed(name)):
        if disguise not in seen:
            seen.add(disguise)
            yield disguise


def _split(name: str) -> Iterator[str]:
    for separator in (*SEPARATORS, " ", " . ", " - ", "  "):
        yield separator.join(name)
    for place in range(1, len(name)):
        for separator in SEPARATORS:
            yield name[:place] + separator + name[place:]
        # A space alone splits words all the time; only a long name broken off in its middle is told by it.
        if len(name) >= 6 and 2 <= place <= len(name) - 2:
            yield name[:place] + " " + name[place:]


def _leet(name: str) -> Iterator[str]:
    choices = [(letter, *LEET.get(letter, "")) for letter in name]
    for count, letters in enumerate(product(*choices)):
        if count > MOST_LEET * 4:
            return
        yield "".join(letters)


def _transposed(name: str) -> Iterator[str]:
    if len(name) < 5:
        return
    for place in range(1, len(name) - 1):
        yield name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    for place in range(1, len(name)):
        yield name[:place] + name[place] + name[place:]
