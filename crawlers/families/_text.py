"""Collected text made fit to keep: decoded from hostile bytes, without characters that no store or terminal bears."""

import re

from w3lib.encoding import html_to_unicode

FEW_MISTAKES = 5

# C0 and C1 controls but for tab and newline, and lone surrogates: PostgreSQL refuses NUL, UTF-8 refuses surrogates.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_UNKNOWN = "\ufffd"
_SPACES = re.compile("[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_BLANK_LINES = re.compile("\n{3,}")


def fit_text(text: str) -> str:
    """The text with line ends as newlines and without control characters and lone surrogates."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNFIT.sub("", text)


def tidy_text(text: str) -> str:
    """Fit text with runs of blanks as one space, at most one blank line in a row, and no blanks at line ends."""
    lines = (_SPACES.sub(" ", line).strip() for line in fit_text(text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def one_line(text: str) -> str:
    """Fit text on a single line, for titles and names."""
    return " ".join(fit_text(text).split())


def decode_body(body: bytes, content_type: str = "") -> str:
    """The body as text, by its byte order mark, the header's charset, a meta element, or a guess, in this order.

    Where what is declared does not fit the bytes, the guess is taken instead. Never raises: what no charset knows
    becomes U+FFFD.
    """
    _charset, text = html_to_unicode(content_type or None, body, auto_detect_fun=_guess_charset)
    if text.count(_UNKNOWN) >= FEW_MISTAKES and _UNKNOWN.encode() not in body:
        guessed = body.decode(_guess_charset(body), "replace")
        if guessed.count(_UNKNOWN) < text.count(_UNKNOWN):
            return guessed
    return text


def _guess_charset(body: bytes) -> str:
    """The charset of a body that declares none, or a wrong one: UTF-8, Chinese or Cyrillic, by what its bytes fit.

    Cyrillic text in windows-1251 is mostly small letters, which stand in its last 32 places.
    """
    if _decodes(body, "utf-8"):
        return "utf-8"
    high = [byte for byte in body[:100_000] if byte >= 0x80]
    if sum(byte >= 0xE0 for byte in high) * 5 > len(high) * 3:
        return "cp1251"
    return "gb18030" if _decodes(body, "gb18030") else "cp1251"


def _decodes(body: bytes, charset: str) -> bool:
    try:
        body.decode(charset)
    except UnicodeDecodeError:
        return False
    return True
