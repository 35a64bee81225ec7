"""Where in a text the words of a query stand, as places in the text as it was written."""

from collections.abc import Sequence

from domain.offer import TextSpan
from storage.search.query import Term
from storage.search.tokens import FOLDING, is_unspaced

MOST_SPANS = 20


def highlights(field: str, text: str, terms: Sequence[Term]) -> list[TextSpan]:
    """Spans of the field that match a term, in order, none inside another; at most twenty."""
    folded, places = _folded(text)
    spans: list[tuple[int, int]] = []
    for term in terms:
        needle = _needle(term)
        start = folded.find(needle)
        while start >= 0 and len(spans) < MOST_SPANS * 2:
            end = start + len(needle)
            if _is_word(folded, start, end, term):
                spans.append((places[start], places[end - 1] + 1))
            start = folded.find(needle, start + 1)
    return [TextSpan(field, start, end) for start, end in _apart(spans)][:MOST_SPANS]


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without anything but letters, digits and single spaces, and the place that each character came from."""
    characters: list[str] = []
    places: list[int] = []
    for place, original in enumerate(text):
        for character in FOLDING[ord(original)]:
            if character == " " and (not characters or characters[-1] == " "):
                continue
            characters.append(character)
            places.append(place)
    return "".join(characters), places


def _needle(term: Term) -> str:
    """The term as it stands in folded text: pairs laid over one another again, words with spaces between."""
    text = term.tokens[0]
    for token in term.tokens[1:]:
        if is_unspaced(token[0]) and text[-1] == token[0] and len(token) == 2:
            text += token[1]
        elif not (is_unspaced(token[0]) and len(token) == 1 and text[-1] == token):
            text += token if is_unspaced(token[0]) != is_unspaced(text[-1]) else f" {token}"
    return text


def _is_word(folded: str, start: int, end: int, term: Term) -> bool:
    """Does a match of a spaced script begin and end with a word?"""
    begins = is_unspaced(folded[start]) or start == 0 or _divides(folded[start - 1])
    ends = is_unspaced(folded[end - 1]) or term.prefix or end == len(folded) or _divides(folded[end])
    return begins and ends


def _divides(character: str) -> bool:
    return character == " " or is_unspaced(character)


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    apart: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart
