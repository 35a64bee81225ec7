"""Words of others, made so that no channel finds markup, a mention, a command or a link in them.

Every channel shows them as plain text as well; this is the second wall, for the programs that make links out of plain
text on the reader's side, where the preview of a link would tell the seller that somebody looks.
"""

import re
import unicodedata

from domain.hostile_text import one_line
from domain.secrets import mask_secrets

MOST_MARKS_IN_A_ROW = 2

_PLAIN = re.compile(r"[A-Za-z0-9 ,;()+\-=%!?'_*]*")
_SCHEME = re.compile(r"(h)tt(p)", re.IGNORECASE | re.ASCII)
_ACTING_SCHEME = re.compile(
    r"(?i)\b(javascript|vbscript|data|file|mailto|tel|sms|magnet|tg|slack|skype|whatsapp|viber|bitcoin|matrix|xmpp|intent)"
    r"[:：]"
)
_ADDRESS_OF_NUMBERS = re.compile(r"(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})")
_DOT = re.compile(r"(?<=\S)[.。．｡․﹒](?=\w)")
_HASH = re.compile(r"[#＃﹟](?=\w)")
_CASH = re.compile(r"\$(?=[A-Za-z])")
_COMMAND = re.compile(r"(?<![\w/])/(?=\w)")
_REPLACED = str.maketrans({"<": "‹", ">": "›", "@": "[at]", "＠": "[at]", "﹫": "[at]"})


def neutral(text: str, most_characters: int = 200) -> str:
    """The text on one clean line of at most about `most_characters`, secrets masked, nothing in it able to act."""
    line = one_line(mask_secrets(text[: most_characters * 8]), most_characters)
    if _PLAIN.fullmatch(line) and "http" not in line.lower():
        return line
    line = _few_marks(line).translate(_REPLACED)
    line = _SCHEME.sub(r"\1xx\2", line)
    line = line.replace("://", "[:]//").replace("：//", "[:]//")
    line = _ACTING_SCHEME.sub(r"\1[:]", line)
    line = _ADDRESS_OF_NUMBERS.sub(r"\1[.]\2[.]\3[.]\4", line)
    line = _DOT.sub(_dot_unless_decimal, line)
    line = _HASH.sub("# ", line)
    line = _CASH.sub("$ ", line)
    return _COMMAND.sub("/ ", line)


def _dot_unless_decimal(found: re.Match[str]) -> str:
    """Prices and versions keep their point; whatever could be a host name does not."""
    text, place = found.string, found.start()
    between_digits = text[place - 1].isdecimal() and text[place + 1].isdecimal()
    return "." if between_digits else "[.]"


def _few_marks(text: str) -> str:
    """Stacks of combining marks that spill over neighbouring lines are cut to what any language needs."""
    kept: list[str] = []
    in_a_row = 0
    for character in text:
        in_a_row = in_a_row + 1 if unicodedata.combining(character) else 0
        if in_a_row <= MOST_MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)
