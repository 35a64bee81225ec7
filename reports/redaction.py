"""What may not leave is taken out of every text: secrets, third persons, and contacts that are not the seller's.

A text is covered by regions; each region is replaced as a whole, also where an excerpt would cut it in half, so that
no half of a secret survives. The seller's own names stay or become a pseudonym, as the recipient needs.
"""

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from domain.hostile_text import clean_text
from domain.secrets import find_secrets
from reports.errors import ReportError

PERSON_REMOVED = "[person removed]"
CONTACT_REMOVED = "[contact removed]"
_MOST_CHARACTERS = 20_000
_LEAST_KEY_BYTES = 16
_PSEUDONYM_CHARACTERS = 12
_LEAST_ASCII_NAME = 3

_CONTACT = re.compile(
    r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"
    r"|(?:https?://)?(?:t\.me|telegram\.me|wa\.me|line\.me|discord\.gg)/[+A-Za-z0-9_/\-]{2,64}"
    r"|(?<![A-Za-z0-9_@./])@[A-Za-z0-9_]{3,32}"
    r"|(?<![\d.,])\+\d[\d \-().]{7,18}\d"
    r"|(?<![\d.,])1[3-9]\d{9}(?!\d)"
    r"|(?i:微信|wechat|weixin|vx|qq群?|whatsapp|skype|电话|手机)[号號]?\s{0,2}[:：]?\s{0,2}[A-Za-z0-9_\-]{5,32}"
)
_HIDDEN_JOINER = re.compile(r"(?<=[!-~])[\u200c\u200d]{1,8}(?=[!-~])")


def visible_text(text: str) -> str:
    """The text as it is seen, bounded: characters that act or hide are gone, joiners inside plain words too."""
    return _HIDDEN_JOINER.sub("", clean_text(text[:_MOST_CHARACTERS]))


def pseudonym(name: str, key: bytes) -> str:
    """The same short name for the same person under the same key, and no way back without it (HMAC-SHA-256)."""
    if len(key) < _LEAST_KEY_BYTES:
        raise ReportError(f"the pseudonym key has {len(key)} bytes; give at least {_LEAST_KEY_BYTES}")
    digest = hmac.new(key, bare_name(name).encode("utf-8", "replace"), sha256).hexdigest()
    return f"seller-{digest[:_PSEUDONYM_CHARACTERS]}"


def bare_name(name: str) -> str:
    """A name without what platforms put before it, in one case: `@Shop`, `t.me/shop` and `shop` are one."""
    bare = visible_text(name).strip().casefold()
    for prefix in ("https://", "http://"):
        bare = bare.removeprefix(prefix)
    for prefix in ("t.me/", "telegram.me/", "wa.me/", "github.com/"):
        bare = bare.removeprefix(prefix)
    bare = bare.lstrip("@")
    return bare if "@" in bare else bare.split("/")[0]


@dataclass(frozen=True, slots=True)
class Scrubber:
    """Takes out of texts what may not leave. `sellers` maps a seller's bare name to what stands for it."""

    sellers: Mapping[str, str]
    persons: frozenset[str]
    names: re.Pattern[str] | None
    protected_names: re.Pattern[str] | None

    def text(self, text: str, most_characters: int = _MOST_CHARACTERS) -> str:
        """The whole text, cleaned and scrubbed, cut with an ellipsis at `most_characters`."""
        visible = visible_text(text)
        scrubbed = self._piece(visible, 0, len(visible))
        return scrubbed if len(scrubbed) <= most_characters else scrubbed[: most_characters - 1] + "…"

    def line(self, text: str, most_characters: int = 200) -> str:
        """The same on one line."""
        line = " ".join(self.text(text).split())
        return line if len(line) <= most_characters else line[: most_characters - 1] + "…"

    def quote(self, text: str, start: int, end: int) -> str:
        """Code points `start` to `end` of the original text on one line; what it cuts in half is replaced whole."""
        bounded = text[:_MOST_CHARACTERS]
        piece = self._piece(bounded, max(0, start), min(end, len(bounded)))
        return self.line(piece)

    def quote_block(self, text: str, most_characters: int) -> str:
        """The beginning of a text, its line breaks kept and runs of empty lines closed up."""
        scrubbed = self.text(text, most_characters)
        lines = (line.rstrip() for line in scrubbed.split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def name(self, name: str) -> str:
        """What stands for a seller's name: itself or its pseudonym."""
        bare = bare_name(name)
        return self.line(self.sellers[bare]) if bare in self.sellers else PERSON_REMOVED

    def _piece(self, text: str, start: int, end: int) -> str:
        pieces: list[str] = []
        at = start
        for region_start, region_end, replacement in self._regions(text):
            if region_end <= at or region_start >= end:
                continue
            pieces += (text[at : max(at, region_start)], replacement)
            at = region_end
        pieces.append(text[at:end] if at < end else "")
        return "".join(pieces)

    def _regions(self, text: str) -> list[tuple[int, int, str]]:
        found = [(secret.start, secret.end, secret.masked) for secret in find_secrets(text)]
        found += self._named(text)
        found += self._contacts(text)
        found.sort(key=lambda region: (region[0], -region[1]))
        merged: list[tuple[int, int, str]] = []
        for region in found:
            if merged and region[0] < merged[-1][1]:
                last = merged[-1]
                merged[-1] = (last[0], max(last[1], region[1]), last[2])
            else:
                merged.append(region)
        return merged

    def _named(self, text: str) -> Iterator[tuple[int, int, str]]:
        if self.names is None:
            return
        for match in self.names.finditer(text):
            bare = bare_name(match.group())
            yield match.start(), match.end(), self.sellers.get(bare, PERSON_REMOVED)

    def _contacts(self, text: str) -> Iterator[tuple[int, int, str]]:
        for match in _CONTACT.finditer(text):
            bare = bare_name(match.group())
            if bare not in self.sellers:
                yield match.start(), match.end(), CONTACT_REMOVED


def make_scrubber(sellers: Iterable[str], persons: Iterable[str], *, key: bytes | None, reveal: bool) -> Scrubber:
    """A scrubber for one report.

    `reveal` keeps the seller's names as they are; otherwise `key` makes pseudonyms. A name that is both a seller's
    and a protected person's is protected.
    """
    protected = frozenset(filter(None, (bare_name(person) for person in persons)))
    mapping: dict[str, str] = {}
    for seller in sellers:
        bare = bare_name(seller)
        if not bare or bare in protected:
            continue
        if not reveal and key is None:
            raise ReportError("a report with pseudonyms needs the pseudonym key; set it, or choose a recipient that "
                              "needs the handles")  # fmt: skip
        mapping[bare] = visible_text(seller).strip() if reveal or key is None else pseudonym(seller, key)
    hidden = set(protected) if reveal else protected | set(mapping)
    return Scrubber(mapping, protected, _names_pattern(hidden), _names_pattern(protected))


def _names_pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Longest first, so that `anna-k` is not taken for `anna`; a name of plain letters matches whole words only."""
    alternatives = []
    for name in sorted(set(names), key=lambda value: (-len(value), value)):
        if len(name) < (_LEAST_ASCII_NAME if name.isascii() else 2):
            continue  # "a" or "ok" as a name would take half of every text out, and points at nobody
        escaped = re.escape(name)
        edge_before = r"(?<![A-Za-z0-9_])" if name[0].isascii() and name[0].isalnum() else ""
        edge_after = r"(?![A-Za-z0-9_])" if name[-1].isascii() and name[-1].isalnum() else ""
        alternatives.append(f"{edge_before}@?{escaped}{edge_after}")
    return re.compile("|".join(alternatives), re.IGNORECASE) if alternatives else None
