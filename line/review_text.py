"""A listing's text for eyes: cut into pieces with what was read from each, as written and with disguises taken off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from detectors.reading.normalise import Folded, fold
from domain.finding import Finding
from domain.listing import Listing
from domain.offer import Span, TextSpan

MOST_SHOWN = 20_000
MOST_MARKS = 600


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that drove the judgement: what it is (`offer`, `against`, `for`, `contact`) and in words why."""

    kind: str
    label: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text with the marks that cover it; `kinds` is empty for plain text."""

    text: str
    kinds: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownText:
    """A field for eyes; `left_out` is how many characters are not shown."""

    pieces: tuple[Piece, ...]
    left_out: int


def marks_of(finding: Finding) -> tuple[Mark, ...]:
    """Every marked place of a finding: offers, signals for and against, contacts."""
    found: list[Mark | None] = [
        _mark("offer", f"Offer: {one.offer.product or one.offer.stated_product}", one.offer.span)
        for one in finding.offers[:MOST_MARKS]
    ]
    found += [_mark("against" if one.weight < 0 else "for", one.reason, one.span) for one in finding.signals]
    found += [_mark("contact", f"Contact: {one.kind} of the {one.role}", one.span) for one in finding.contacts]
    return tuple(mark for mark in found if mark is not None)


def _mark(kind: str, label: str, span: Span | None) -> Mark | None:
    if not isinstance(span, TextSpan) or span.end <= span.start:
        return None
    return Mark(kind, label, span.field, span.start, span.end)


def shown_as_written(listing: Listing, marks: Sequence[Mark], field: str) -> ShownText:
    """A field as it was written, marked."""
    text = listing.title if field == "title" else listing.text
    shown = text[:MOST_SHOWN]
    return ShownText(_pieces(shown, [mark for mark in marks if mark.field == field]), len(text) - len(shown))


def shown_plain(listing: Listing, marks: Sequence[Mark]) -> ShownText:
    """The text with disguises taken off (small letters, plain digits), marked in the same places."""
    shown = listing.text[:MOST_SHOWN]
    folded = fold(shown)
    moved = [_moved(mark, folded) for mark in marks if mark.field == "text" and mark.start < len(shown)]
    return ShownText(_pieces(folded.text, moved), len(listing.text) - len(shown))


def _moved(mark: Mark, folded: Folded) -> Mark:
    return Mark(mark.kind, mark.label, mark.field, _place(folded, mark.start), _place(folded, mark.end))


def _place(folded: Folded, original: int) -> int:
    """The first place of the folded text that was read from `original` or from behind it."""
    low, high = 0, len(folded.text)
    while low < high:
        middle = (low + high) // 2
        if folded.original(middle, middle + 1)[0] < original:
            low = middle + 1
        else:
            high = middle
    return low


def _pieces(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    wanted = [mark for mark in marks if mark.start < len(text)][:MOST_MARKS]
    cuts = sorted({0, len(text), *(mark.start for mark in wanted), *(min(mark.end, len(text)) for mark in wanted)})
    pieces = []
    for start, end in pairwise(cuts):
        over = [mark for mark in wanted if mark.start <= start and end <= mark.end]
        kinds = tuple(dict.fromkeys(mark.kind for mark in over))
        pieces.append(Piece(text[start:end], kinds, tuple(dict.fromkeys(mark.label for mark in over))))
    return tuple(pieces)


def differences(before: str, after: str, most: int = 4000) -> tuple[Piece, ...]:
    """What changed between two versions, by words: pieces of kind `removed`, `added`, or plain."""
    import difflib
    import re

    old, new = (re.findall(r"\s+|[^\s]{1,40}", text[:most]) for text in (before, after))
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("".join(old[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("".join(old[i1:i2]), ("removed",)))
        if j2 > j1:
            pieces.append(Piece("".join(new[j1:j2]), ("added",)))
    return tuple(pieces)
