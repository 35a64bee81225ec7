"""Collected text made fit to keep: decoded from hostile bytes, without characters that no store or terminal bears."""

import re

from w3lib.encoding import html_to_unicode

# C0 and C1 controls but for tab and newline, and lone surrogates: PostgreSQL refuses NUL, UTF-8 refuses surrogates.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
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

    Never raises: what a charset does not know becomes U+FFFD.
    """
    _charset, text = html_to_unicode(content_type or None, body, auto_detect_fun=_guess_charset)
    return text


def _guess_charset(body: bytes) -> str:
    """The charset of a body that declares none: UTF-8 where it decodes, else the first legacy one that does."""
    for charset in ("utf-8", "gb18030", "cp1251"):
        try:
            body.decode(charset)
        except UnicodeDecodeError:
            continue
        return charset
    return "utf-8"
