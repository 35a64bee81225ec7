"""Reads the lexicon's files, checks them, and says exactly which word of which file is wrong."""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from importlib.resources import files

from detectors.reading.lexicon.disguises import disguises_of
from detectors.reading.lexicon.words import LETTERS, LONGEST_WORD, Lexicon, PlanRule, Word
from detectors.reading.normalise import fold_word
from domain.errors import UndercutError
from rates.book import RateBook
from rates.catalogue import ProductKind

CATEGORIES = frozenset({
    "product", "plan", "tier", "kind", "delivery", "unit", "currency", "period", "scale", "price_word", "relation",
    "claim", "risk", "benign", "sale", "contact",
})  # fmt: skip
RESERVED = frozenset({"title", "value", "guarded", "family", "tiers", "bare", "faces"})
_PREFIXED = frozenset({"ar"})
"""Languages that glue articles and prepositions to the front of a word."""
_SUFFIXED = frozenset({"tr"})
"""Languages that glue case and possession to its end."""
_LONGEST_CLOSED = 3
"""Words no longer than this stand on their own in those languages too."""
SHORTEST_NAME = 4


class LexiconError(UndercutError):
    """A file of the lexicon cannot be read; the message names the file, the concept and the word."""


def load_lexicon(rates: RateBook, overlay: Sequence[tuple[str, str]] = ()) -> Lexicon:
    """The shipped files, and over them the operator's own words: pairs of a name and the text of a TOML file.

    Raises LexiconError.
    """
    documents = [*_shipped(), *overlay]
    digest = hashlib.sha256(json.dumps(documents, ensure_ascii=True).encode("ascii")).hexdigest()
    words = [word for name, text in documents for word in read_words(name, text)]
    plans = [plan for name, text in documents for plan in read_plans(name, text)]
    return Lexicon(
        _without_repeats((*words, *_names_in(rates), *_in_one_word(words, plans))),
        digest=digest,
        resolve=rates.resolve,
        products={product.id: product for product in rates.products()},
        plans=plans,
    )


def _names_in(rates: RateBook) -> Iterator[Word]:
    """The names that the rates know. Short ones and bare words (`ada`, `step`) would be found everywhere."""
    for name, product in rates.aliases():
        folded = fold_word(name)
        known = rates.product(product)
        if known is None or not SHORTEST_NAME <= len(folded) <= LONGEST_WORD:
            continue
        if known.kind is ProductKind.MODEL and not any(digit in folded for digit in "0123456789"):
            continue
        yield Word("product", product, folded, known.series)


def _shipped() -> Iterator[tuple[str, str]]:
    folder = files(__package__)
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        if entry.name.endswith(".toml"):
            yield entry.name, entry.read_text(encoding="utf-8")


def read_words(name: str, text: str) -> Iterator[Word]:
    """The words of one file; raises LexiconError."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"lexicon file {name}: not TOML: {error}") from error
    category = document.pop("category", None)
    if category not in CATEGORIES:
        raise LexiconError(
            f"lexicon file {name}: category is {category!r}; it must be one of {', '.join(sorted(CATEGORIES))}"
        )
    for concept, entry in document.items():
        if not isinstance(entry, Mapping):
            raise LexiconError(f"lexicon file {name}: {concept} must be a table such as [{concept}]")
        yield from _concept(name, str(category), concept, entry)


def _concept(name: str, category: str, concept: str, entry: Mapping[str, object]) -> Iterator[Word]:
    where = f"lexicon file {name}, [{concept}]"
    if not str(entry.get("title", "")).strip():
        raise LexiconError(f"{where}: no title; say in a few words what it means")
    value = str(entry.get("value", ""))
    for language, written in entry.items():
        if language in RESERVED:
            continue
        if not (language == "any" or (len(language) == 2 and language.isascii() and language.islower())):
            raise LexiconError(f"{where}: {language!r} is neither a language of two letters, nor any, title or value")
        for each in _strings(f"{where}, {language}", written):
            yield from _spellings(where, category, concept, value, language, each)
    for guarded in _strings(f"{where}, guarded", entry.get("guarded", [])):
        for disguise in disguises_of(fold_word(guarded)):
            yield Word(category, concept, disguise, value, disguised=True)


def _in_one_word(words: Sequence[Word], plans: Sequence[PlanRule]) -> Iterator[Word]:
    """Plans written as one word (`ChatGPTPlus`, `claudemax`), from the families' and the tiers' own words."""
    families = [word for word in words if word.category == "product" and _is_bare(word)]
    tiers = [word for word in words if word.category == "tier" and _is_bare(word)]
    for plan in plans:
        for family in families:
            if family.value != plan.family or family.concept != plan.family:
                continue
            for tier in tiers:
                if frozenset({tier.value}) in plan.tiers:
                    yield Word("plan", plan.id, family.text + tier.text)


def _is_bare(word: Word) -> bool:
    return (
        word.text.isascii() and word.text.isalpha() and not word.disguised and len(word.text) > 2
    ) or word.text == "go"


def read_plans(name: str, text: str) -> Iterator[PlanRule]:
    """The rules of one file of the category `plan`; raises LexiconError."""
    document = tomllib.loads(text)
    if document.pop("category", None) != "plan":
        return
    for concept, entry in document.items():
        where = f"lexicon file {name}, [{concept}]"
        if not isinstance(entry, Mapping) or not entry.get("family"):
            raise LexiconError(f'{where}: a plan needs a family, such as family = "gpt"')
        try:
            faces = tuple(Decimal(face) for face in _strings(f"{where}, faces", entry.get("faces", [])))
        except InvalidOperation as error:
            raise LexiconError(f'{where}: faces must be amounts in quotes, such as ["20"]') from error
        yield PlanRule(
            concept,
            str(entry["family"]),
            tuple(frozenset(each.split()) for each in _strings(f"{where}, tiers", entry.get("tiers", []))),
            tuple(frozenset(each.split()) for each in _strings(f"{where}, bare", entry.get("bare", []))),
            faces,
        )


def _strings(where: str, written: object) -> Iterable[str]:
    if not isinstance(written, list) or not all(isinstance(each, str) for each in written):
        raise LexiconError(f'{where}: must be a list of words in quotes, such as ["one", "two"]')
    return written


def _spellings(where: str, category: str, concept: str, value: str, language: str, written: str) -> Iterator[Word]:
    """The word as the automaton holds it; in Vietnamese also without the bar of the đ, as people type it."""
    after, before = written.startswith("#"), written.endswith("#")
    bare = written.removeprefix("#").removesuffix("#")
    left, right = bare.startswith("*"), bare.endswith("*")
    bare = bare.removeprefix("*").removesuffix("*")
    folded = fold_word(bare)
    if not folded.strip() or len(folded) > LONGEST_WORD or "\n" in folded:
        raise LexiconError(f"{where}: {written!r} is empty, longer than {LONGEST_WORD} characters or broken by a line")
    if len(folded) == 1 and folded in LETTERS and not after:
        raise LexiconError(f"{where}: {written!r} is a single letter; it may only follow a number, as '#{bare}'")
    if len(folded) >= _LONGEST_CLOSED and language in _PREFIXED:
        left = True
    if len(folded) > _LONGEST_CLOSED and language in _SUFFIXED:
        right = True
    word = Word(category, concept, folded, value, language, left, right, after, before)
    yield word
    if concept in _SPACED and folded[0] == "/" and folded[1:2].strip():
        yield Word(category, concept, f"/ {folded[1:]}", value, language, left, right, after, before)
    if "đ" in folded and len(folded) > 1:
        yield Word(category, concept, folded.replace("đ", "d"), value, language, left, right, after, before)


_SPACED = frozenset({"mtok", "ktok"})
"""Units after a slash, which people also write with a space after it (`₽ / 1М токенов`)."""


def _without_repeats(words: Iterable[Word]) -> Iterator[Word]:
    """Each spelling once a concept, the first that is not a disguise counting (a disguise may be a word itself)."""
    plain: dict[tuple[str, str, str], Word] = {}
    texts: set[str] = set()
    disguised: list[Word] = []
    for word in words:
        if word.disguised:
            disguised.append(word)
        else:
            plain.setdefault((word.category, word.concept, word.text), word)
            texts.add(word.text)
    yield from plain.values()
    for word in disguised:
        if word.text not in texts:
            texts.add(word.text)
            yield word
