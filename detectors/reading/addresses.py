"""Where addresses, handles and wallets stand in a text: their digits are no amounts, and they are contacts."""

import re
from typing import NamedTuple

MOST_ADDRESSES = 200
LONGEST_BEFORE = 64
LONGEST_SEARCHED = 160

# One scan finds where an address, a handle or a wallet may begin; what it is, is told from the match.
ADDRESS = re.compile(
    r"https?://(?P<url>[^\s<>\"'`|，。；）)\]}\\]{3,400})"
    r"|(?P<email>[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})"
    r"|(?<![a-z0-9_./@])@(?P<handle>[a-z][a-z0-9_]{3,31})(?![a-z0-9_/.-]*[/@])"
    r"|(?<![a-z0-9])(?P<short>(?:t\.me|telegram\.me|wa\.me|discord\.gg|discord\.com/invite|chat\.whatsapp\.com|line\.me)/"
    r"[a-z0-9_+/-]{3,64})"
    r"|(?<![a-z0-9])(?P<tron>t[a-z0-9]{33})(?![a-z0-9])|(?<![a-z0-9])(?P<ether>0x[a-f0-9]{40})(?![a-f0-9])"
    r"|(?<![a-z0-9])(?P<bitcoin>bc1[a-z0-9]{20,60})(?![a-z0-9])"
    r"|(?<![a-z0-9.@/_-])(?P<domain>(?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}(?:com|net|org|io|ai|cn|top|xyz|vip|pro|app|dev|"
    r"shop|store|site|club|cc|me|co|ru|icu|fun|life|live|online|tech|cloud|work|space|link|work|art|asia|info|su|in|id|"
    r"vn|br|tr|ir|kr|jp|de|fr|ua|host|test|example|run|plus|sale|gg|tv|pw|tk|lol|wiki|chat|inc|ltd|group|world|today))"
    r"(?![a-z0-9-]|\.[a-z0-9])"
    r"|(?<![\d.])(?P<ip>(?:\d{1,3}\.){3}\d{1,3}(?::\d{2,5})?)(?![\d.])"
)
# What every address has; most texts have none of it, and need no further look.
_DOT = re.compile(r"\.(?=[a-z0-9])")
_AT = re.compile(r"@(?=[a-z0-9])")
_RARE = re.compile(r"://|/\+|0x[a-f0-9]{8}|bc1[a-z0-9]{8}")
_BEFORE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._%+@:/-")
_AFTER = re.compile(r"[a-z0-9._%+@:/?&=#~-]{0,400}")
_WALLET = re.compile(r"(?<![a-z0-9])t[a-z0-9]{33}(?![a-z0-9])")


class Address(NamedTuple):
    """The place of an address, a handle or a wallet, and which it is."""

    start: int
    end: int
    kind: str


def find_addresses(text: str) -> list[Address]:
    """The addresses, handles and wallets of a folded text, in order."""
    found: list[Address] = []
    reached = 0
    for sign in _signs(text):
        if sign < reached:
            continue
        if len(found) == MOST_ADDRESSES:
            break
        start = sign
        while start > reached and text[start - 1] in _BEFORE and sign - start < LONGEST_BEFORE:
            start -= 1
        after = _AFTER.match(text, sign)
        limit = after.end() if after is not None else sign + 1
        # A word without blanks is looked at once, whatever it is made of.
        match = ADDRESS.match(text, start) or ADDRESS.search(text, start, min(limit, start + LONGEST_SEARCHED))
        if match is not None and match.start() <= sign + 3:
            found.append(Address(match.start(), match.end(), str(match.lastgroup)))
            reached = match.end()
        else:
            reached = max(limit, sign + 1)
    if "usdt" in text or "trc" in text or "trx" in text:
        wallets = (match.span() for match in _WALLET.finditer(text))
        found.extend(Address(start, end, "tron") for start, end in wallets if not _inside(found, start))
        found.sort()
    return found[:MOST_ADDRESSES]


def _signs(text: str) -> list[int]:
    """Where an address may be: a dot or an at-sign inside a word, and rarer signs."""
    signs = [match.start() for match in _DOT.finditer(text) if not _decimal(text, match.start())]
    if "@" in text:
        signs.extend(match.start() for match in _AT.finditer(text))
    if "/" in text or "0x" in text or "bc1" in text:
        signs.extend(match.start() for match in _RARE.finditer(text))
    signs.sort()
    return signs


def _decimal(text: str, dot: int) -> bool:
    """Is it the mark of a decimal, and not of an address of numbers?"""
    if not (text[dot - 1 : dot].isdigit() and text[dot + 1].isdigit()):
        return dot == 0 or not text[dot - 1].isalnum()
    return "." not in text[dot + 1 : dot + 5]


def _inside(places: list[Address], place: int) -> bool:
    return any(address.start <= place < address.end for address in places[:MOST_ADDRESSES])
