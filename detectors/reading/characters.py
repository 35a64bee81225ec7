"""The table that folds characters one to one: widths, digits, fancy letters, accents, traditional Chinese, marks.

One character becomes one character, so that places stay where they are; what should vanish (zero-width characters,
combining and direction marks) becomes `DROPPED`, which `detectors.reading.normalise` takes out. Characters of living
scripts that merely look Latin (Cyrillic, Greek) stay what they are here: whether `с` is a Latin `c` depends on the
word around it, and is decided there with `LOOK_ALIKES`.
"""

import json
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import opencc
from anyascii import anyascii

DROPPED = "\ue000"
TABLE_SIZE = 0x20000
"""Characters beyond it (rare ideographs) are left alone."""

_ONE_BY_ONE = {
    "×": "x", "✖": "x", "✕": "x", "⨯": "x", "╳": "x", "⨉": "x", "✘": "x",
    "İ": "i", "ı": "i", "帐": "账", "¨": " ", "´": "'", "`": "`", "﷼": "﷼",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "﹣": "-", "﹘": "-", "➖": "-",
    "‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "‚": "'", "„": '"',
    "∶": ":", "︰": ":", "ː": ":", "➕": "+", "﹢": "+", "💲": "$", "💵": "💵", "٪": "%", "؟": "?",
    "٫": ".", "٬": ",", "،": ",", "؛": ";", "⁄": "/", "∕": "/", "∙": "·", "•": "•", "・": "·", "･": "·",
    "ك": "ک", "ي": "ی", "ى": "ی", "ة": "ه", "ۀ": "ه", "\t": " ", "\r": " ", "\x0b": "\n", "\x0c": "\n",
    "\x85": "\n", "\u2028": "\n", "\u2029": "\n", "│": "|", "┃": "|", "┆": "|", "¦": "|", "∣": "|", "\u3164": " ",
    "〇": "零", "\u2800": " ", "ʟ": "l", "ꓡ": "l",
}  # fmt: skip

_DROPPED_RANGES = (
    (0x00, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x300, 0x36F), (0x483, 0x489),
    (0x610, 0x61A), (0x61C, 0x61C), (0x640, 0x640), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6DC), (0x115F, 0x1160),
    (0x17B4, 0x17B5), (0x180B, 0x180F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x200B, 0x200F), (0x202A, 0x202E),
    (0x2060, 0x206F), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFC),
    (0xE000, 0xE000),
)  # fmt: skip

# Numbers in circles and the like count items of a list: as digits they would run into the number that follows.
_SPACED_RANGES = ((0x2460, 0x249B), (0x24EA, 0x24FF), (0x2776, 0x2793), (0x1F100, 0x1F10A), (0xD800, 0xDFFF))

# Letters in boxes, on flags and in mathematics, which mean the plain letter.
_FANCY_RANGES = ((0x2100, 0x214F), (0x249C, 0x24E9), (0x1D00, 0x1D7F), (0x1D400, 0x1D7FF), (0x1F110, 0x1F189))

# Scripts in which people write to each other, and whose letters are not to be taken for Latin ones out of context.
_LIVING_RANGES = (
    (0x0370, 0x06FF), (0x0750, 0x077F), (0x0900, 0x0FFF), (0x10A0, 0x11FF), (0x3040, 0x318F), (0x3400, 0x9FFF),
    (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0x1780, 0x17FF),
)  # fmt: skip


# Ideographs and Hangul syllables, which no step below would change (traditional characters have a step of their own).
_UNCHANGED_RANGES = ((0x3400, 0x9FFF), (0xAC00, 0xD7AF))


def _in(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


@cache
def fold_table() -> str:
    """The character that stands for each code point below `TABLE_SIZE`, as a table for `str.translate`."""
    exotic = {code: latin for code, latin in _confusables().items() if not _in(code, _LIVING_RANGES)}
    table = [_fold_one(code, exotic) for code in range(TABLE_SIZE)]
    simplified = {chr(code): after for code, after in _simplified()}
    # Compatibility forms of traditional characters fold to the traditional one, which is folded on.
    table = [simplified.get(folded, folded) for folded in table]
    for character, folded in _ONE_BY_ONE.items():
        table[ord(character)] = folded
    return "".join(_ONE_BY_ONE.get(folded, folded) for folded in table)


def _fold_one(code: int, exotic: Mapping[int, str]) -> str:
    if _in(code, _DROPPED_RANGES):
        return DROPPED
    if _in(code, _SPACED_RANGES):
        return " "
    character = chr(code)
    if code < 0x80 or _in(code, _UNCHANGED_RANGES):
        return character.lower()
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    if category == "Nd":
        return str(unicodedata.decimal(character))
    folded = _plain(character)
    if folded == character and _in(code, _FANCY_RANGES):
        transliterated = anyascii(character)
        if len(transliterated) == 1 and transliterated.isalnum():
            return transliterated.lower()
    if folded == character and code in exotic:
        return exotic[code]
    return folded


def _plain(character: str) -> str:
    """Without width, font and accent, in small letters, where that is one character."""
    composed = unicodedata.normalize("NFKC", character)
    base = composed if len(composed) == 1 else character
    lower = base.lower()
    base = lower if len(lower) == 1 else base
    # Vowel signs of Indic scripts and voiced kana are letters, not accents.
    if 0x0900 <= ord(base) <= 0x0FFF or 0x3040 <= ord(base) <= 0x30FF or 0xAC00 <= ord(base) <= 0xD7AF:
        return base
    decomposed = unicodedata.normalize("NFD", base)
    if len(decomposed) > 1 and all(unicodedata.combining(mark) for mark in decomposed[1:]):
        return decomposed[0]
    return base


def _simplified() -> Iterator[tuple[int, str]]:
    """Every traditional character with its simplified one, character by character so that places hold."""
    codes = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]
    converted = opencc.OpenCC("t2s").convert("\n".join(map(chr, codes))).split("\n")
    return ((code, after) for code, after in zip(codes, converted, strict=True) if len(after) == 1 != ord(after) - code)


@cache
def _confusables() -> Mapping[int, str]:
    """Characters that look like one small Latin letter, from the Unicode table of confusables."""
    raw = files("confusable_homoglyphs").joinpath("confusables.json").read_text(encoding="utf-8")
    found: dict[int, str] = {}
    for character, looks in json.loads(raw).items():
        if len(character) != 1 or ord(character) < 0x80:
            continue
        for look in looks:
            latin = look["c"]
            if len(latin) == 1 and latin.isascii() and latin.isalpha():
                found[ord(character)] = latin.lower()
                break
    return found


@cache
def look_alikes() -> Mapping[str, str]:
    """Small Cyrillic and Greek letters (after folding) with the Latin letter that they look like."""
    found = {chr(code).lower(): latin for code, latin in _confusables().items() if 0x0370 <= code <= 0x058F}
    found.update(_LOOK_ALIKES)
    return found


# Looks that the table of confusables leaves out, or gives only for another case or font.
_LOOK_ALIKES = {
    "а": "a", "в": "b", "е": "e", "з": "3", "и": "u", "к": "k", "м": "m", "н": "h", "о": "o", "п": "n", "р": "p",
    "с": "c", "т": "t", "у": "y", "х": "x", "ѕ": "s", "і": "i", "ј": "j", "ԁ": "d", "ԛ": "q", "ԝ": "w", "ӏ": "l",
    "һ": "h", "ь": "b", "г": "r", "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "ν": "v", "ο": "o",
    "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "ω": "w", "ϲ": "c", "ϳ": "j", "γ": "y",
}  # fmt: skip
