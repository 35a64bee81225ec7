"""Text of others, made safe to be shown on one line: no control, format, bidirectional or private characters."""

import unicodedata

# Format characters (Cf) turn text around and hide in it; surrogates and private use have no honest meaning here.
_REMOVED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_KEPT = {"\n": "\n", "\t": " "}
# The joiners inside emoji and Indic words are honest.
_JOINERS = frozenset({"\u200c", "\u200d"})


def clean_text(text: str) -> str:
    """The text without characters that act instead of being seen; line breaks stay, tabs become spaces."""
    if text.isascii() and text.isprintable():
        return text
    kept = []
    for character in text:
        if character in _KEPT:
            kept.append(_KEPT[character])
        elif character in _JOINERS or unicodedata.category(character) not in _REMOVED_CATEGORIES:
            kept.append(character)
    return "".join(kept)


def one_line(text: str, most_characters: int = 200) -> str:
    """The cleaned text on one line, cut with an ellipsis at `most_characters`."""
    line = " ".join(clean_text(text[: most_characters * 4]).split())
    return line if len(line) <= most_characters else line[: most_characters - 1] + "…"


def defang(address: str) -> str:
    """An address that no program turns into a link: `hxxps://shop[.]example`, `@` and `t.me` included."""
    cleaned = one_line(address, 2000)
    for scheme, safe in (("https://", "hxxps://"), ("http://", "hxxp://"), ("ftp://", "fxp://")):
        cleaned = cleaned.replace(scheme, safe)
    return cleaned.replace("@", "[at]").replace(".", "[.]")
