"""Disguised twins: the same passage with its names and prices written so that a keyword filter would miss them.

A twin must be judged as its plain text. Every transformation keeps what a person reads, is drawn from a seed, and
leaves web addresses alone. Each imitates a kind of disguise; none is taken from anybody.
"""

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import opencc

Transformation = Callable[[str, random.Random], str]

# Words that a seller who disguises his advert would disguise first.
_NAMES = re.compile(
    r"(?<![A-Za-z/.@])(?:chatgpt|claude|anthropic|openai|gemini|codex|cursor|sonnet|opus|haiku|grok|supergrok|copilot|kiro"
    r"|perplexity|gpt|plus|ultra|team)(?![A-Za-z/@])(?!\.[a-z])",
    re.IGNORECASE,
)
_ADDRESSES = re.compile(r"https?://[^\s<>\"')]{1,300}|\b[\w.\-]{1,60}\.example\.test\b|@\w{2,40}", re.IGNORECASE)
_NUMBERS = re.compile(r"(?<![\w.\-])\d[\d.,]{0,12}(?![\w\-])")

_HOMOGLYPHS = str.maketrans("aeopcxyiACEHKMOPTXB", "аеорсхуіАСЕНКМОРТХВ")
_LEET = str.maketrans("aeioAEIO", "43104310")
_SWAPS = {"claude": "cluade", "gpt": "gtp", "plus": "puls", "gemini": "gimini", "grok": "gork", "codex": "coedx"}
_KEYCAP = "\ufe0f\u20e3"
_BOLD_UPPER, _BOLD_LOWER, _BOLD_DIGIT = 0x1D5D4, 0x1D5EE, 0x1D7EC
_CIRCLED_UPPER, _CIRCLED_LOWER = 0x24B6, 0x24D0
_NATIVE_DIGITS = (("\u0600", "\u06ff", "٠"), ("\u0900", "\u097f", "०"))


def _outside_addresses(text: str, change: Callable[[str], str]) -> str:
    """Apply `change` to what stands between web addresses and handles, which must stay reachable."""
    pieces: list[str] = []
    end = 0
    for address in _ADDRESSES.finditer(text):
        pieces += (change(text[end : address.start()]), address.group())
        end = address.end()
    return "".join(pieces) + change(text[end:])


def _names(text: str, change: Callable[[str], str]) -> str:
    return _outside_addresses(text, lambda part: _NAMES.sub(lambda name: change(name.group()), part))


def _numbers(text: str, change: Callable[[str], str]) -> str:
    return _outside_addresses(text, lambda part: _NUMBERS.sub(lambda number: change(number.group()), part))


def _each(text: str, change: Callable[[str], str]) -> str:
    return _outside_addresses(text, lambda part: "".join(map(change, part)))


def homoglyphs(text: str, draw: random.Random) -> str:
    """Cyrillic letters that look Latin."""
    return _names(text, lambda name: name.translate(_HOMOGLYPHS))


def zero_width(text: str, draw: random.Random) -> str:
    """Invisible characters inside names."""
    return _names(text, lambda name: "".join(letter + draw.choice("\u200b\u2060\ufeff\u200d") for letter in name))


def full_width(text: str, draw: random.Random) -> str:
    """Letters and digits in their wide forms."""
    return _each(text, lambda c: chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c)


def spaced_letters(text: str, draw: random.Random) -> str:
    """`c l a u d e`."""
    return _names(text, " ".join)


def punctuated_letters(text: str, draw: random.Random) -> str:
    """`G·P·T`, `c.l.a.u.d.e`."""
    mark = draw.choice("·.-_•")
    return _names(text, mark.join)


@lru_cache(maxsize=1)
def _to_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


def traditional_chinese(text: str, draw: random.Random) -> str:
    """Simplified characters as traditional ones."""
    return str(_to_traditional().convert(text)) if re.search("[\u4e00-\u9fff]", text) else text


def emoji_digits(text: str, draw: random.Random) -> str:
    """Amounts in keycap digits."""
    return _numbers(text, lambda number: "".join(c + _KEYCAP if c.isdigit() else c for c in number))


def leetspeak(text: str, draw: random.Random) -> str:
    """`cl4ud3`."""
    return _names(text, lambda name: name.translate(_LEET) if len(name) > 3 and name.lower() != "plus" else name)


def misspelling(text: str, draw: random.Random) -> str:
    """Two letters of a name changed over."""
    return _names(text, lambda name: _SWAPS.get(name.lower(), name))


def combining_marks(text: str, draw: random.Random) -> str:
    """Strokes and dots over the letters of names."""
    mark = draw.choice("\u0336\u0323\u0331\u0307")
    return _names(text, lambda name: "".join(letter + mark for letter in name))


def upper_case(text: str, draw: random.Random) -> str:
    """Everything shouted."""
    return _each(text, lambda c: c.upper() if c.isascii() else c)


def mixed_case(text: str, draw: random.Random) -> str:
    """Names in mixed capitals."""
    return _names(text, lambda name: "".join(draw.choice((c.upper(), c.lower())) for c in name))


def line_breaks(text: str, draw: random.Random) -> str:
    """A sentence broken over lines (tables and code, where a break has a meaning, are left alone)."""
    if any(mark in text for mark in ("|", "{", "=", "//", ";")):
        return text
    return _outside_addresses(text, lambda part: re.sub(r"(?<=[,，。;；]) ?(?=\D)", "\n", part))


def bold_letters(text: str, draw: random.Random) -> str:
    """Mathematical bold letters and digits."""
    return _each(text, _bold)


def _bold(c: str) -> str:
    if "A" <= c <= "Z":
        return chr(_BOLD_UPPER + ord(c) - ord("A"))
    if "a" <= c <= "z":
        return chr(_BOLD_LOWER + ord(c) - ord("a"))
    return chr(_BOLD_DIGIT + ord(c) - ord("0")) if "0" <= c <= "9" else c


def circled_letters(text: str, draw: random.Random) -> str:
    """Names in circled letters."""
    return _names(text, lambda name: "".join(map(_circled, name)))


def _circled(c: str) -> str:
    base = _CIRCLED_UPPER - ord("A") if c.isupper() else _CIRCLED_LOWER - ord("a")
    return chr(base + ord(c))


def emoji_noise(text: str, draw: random.Random) -> str:
    """Emoji round the names."""
    return _names(text, lambda name: f"{draw.choice('🔥✨💎⭐')}{name}{draw.choice('🔥✅🚀💥')}")


def soft_hyphens(text: str, draw: random.Random) -> str:
    """Soft hyphens inside names."""
    return _names(text, "\u00ad".join)


def direction_marks(text: str, draw: random.Random) -> str:
    """Left-to-right marks round and inside names."""
    return _names(text, lambda name: "\u200e" + name[:2] + "\u200e" + name[2:] + "\u200e")


def odd_spaces(text: str, draw: random.Random) -> str:
    """Spaces of other widths."""
    return _each(text, lambda c: draw.choice("\u00a0\u2009\u3000\u202f") if c == " " else c)


def wide_punctuation(text: str, draw: random.Random) -> str:
    """Punctuation in its wide forms, as Chinese keyboards type it."""
    return _each(text, lambda c: chr(ord(c) + 0xFEE0) if c in "!$%(),:;?+*&¥" and c != "¥" else c)


def native_digits(text: str, draw: random.Random) -> str:
    """Amounts in the digits of the text's own script (Arabic, Devanagari)."""
    for first, last, zero in _NATIVE_DIGITS:
        if any(first <= c <= last for c in text):
            return _numbers(text, _translator(zero))
    return text


def _translator(zero: str) -> Callable[[str], str]:
    table = str.maketrans({str(digit): chr(ord(zero) + digit) for digit in range(10)})
    return lambda number: number.translate(table)


def decomposed(text: str, draw: random.Random) -> str:
    """Accents as separate characters."""
    return _outside_addresses(text, lambda part: unicodedata.normalize("NFD", part))


def times_signs(text: str, draw: random.Random) -> str:
    """`20x` with another sign of multiplication."""
    sign = draw.choice(("✖️", "×", "X", "х"))
    return _outside_addresses(text, lambda part: re.sub(r"(?<=\d)x(?![\w])", sign, part))


TRANSFORMATIONS: Mapping[str, Transformation] = {
    transformation.__name__: transformation
    for transformation in (
        homoglyphs, zero_width, full_width, spaced_letters, punctuated_letters, traditional_chinese, emoji_digits,
        leetspeak, misspelling, combining_marks, upper_case, mixed_case, line_breaks, bold_letters, circled_letters,
        emoji_noise, soft_hyphens, direction_marks, odd_spaces, wide_punctuation, native_digits, decomposed,
        times_signs,
    )
}  # fmt: skip


def disguised_twins(text: str, seed: str) -> Iterator[tuple[str, str]]:
    """Every transformation that changes the text, by name, with the changed text; the same for the same seed."""
    for name, transformation in TRANSFORMATIONS.items():
        twin = transformation(text, random.Random(f"{seed}/{name}"))  # noqa: S311 - repeatable, not secret
        if twin != text:
            yield name, twin
