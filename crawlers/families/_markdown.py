"""Markdown of strangers as text, and the sponsor rows of a README: adverts that stand in somebody else's repository."""

import re
from dataclasses import dataclass

from lxml.html import HtmlElement

from crawlers.families._html import (
    HtmlError,
    absolute_url,
    attribute,
    find_all,
    find_first,
    host_of,
    load_html_text,
    text_of,
)
from crawlers.families._text import fit_text, one_line, tidy_text

MOST_CHARACTERS = 400_000
MOST_ROWS = 300
HEADING_REACH = 3_000

_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_TABLE_END = re.compile(r"</table\s{0,9}>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9-]{0,30}(?:\s[^<>]{0,1000})?/?>|<!--[^<>]{0,2000}-->")
_AUTOLINK = re.compile(r"<(https?://[^<>\s]{1,2000})>")
_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/li|/h[1-6])\b[^<>]{0,100}>", re.IGNORECASE)
_IMAGE = re.compile(r"!\[([^\[\]]{0,300})\]\([^()\s]{0,2000}(?:\s\"[^\"]{0,200}\")?\)")
_LINK = re.compile(r"\[([^\[\]]{0,500})\]\(\s?<?(https?://[^()\s<>]{1,2000})>?(?:\s\"[^\"]{0,200}\")?\)")
_BARE = re.compile(r"https?://[^\s<>()\[\]\"'`|，。、；）】]{1,2000}")
_HREF = re.compile(r"href\s?=\s?[\"'](https?://[^\"'<>\s]{1,2000})", re.IGNORECASE)
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s.{0,300}$|<h[1-6]\b.{0,300}$|<summary\b.{0,300}$", re.IGNORECASE | re.MULTILINE)
_SPONSOR = re.compile(
    r"sponsor|赞助|贊助|合作伙伴|合作方|广告|廣告|推荐|推薦|advert|partner|affiliate|promot|友情|スポンサー|후원|спонсор",
    re.IGNORECASE,
)
_REFERRAL = re.compile(
    r"[?&/](?:aff|ref|invite|invitecode|code|utm_source|from|source|promo|register)\b", re.IGNORECASE
)
_THANKS = re.compile(r"赞助了?本|贊助了?本|sponsor(?:s|ed|ing)?\b", re.IGNORECASE)
_OWN_PLACES = frozenset({"github.com", "www.github.com", "img.shields.io", "shields.io", "raw.githubusercontent.com"})


@dataclass(frozen=True, slots=True)
class SponsorRow:
    """One advert: who it is for, where it leads, and what it says."""

    name: str
    url: str
    text: str
    links: tuple[str, ...]


def plain_markdown(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as a reader sees it, and every address it links to, in order, each once."""
    fit = fit_text(text)[:MOST_CHARACTERS]
    links = [match.group(2) for match in _LINK.finditer(fit)]
    links += [match.group(1) for match in _HREF.finditer(fit)]
    links += [match.group().rstrip(".,;:!?*_") for match in _BARE.finditer(fit)]
    plain = _LINK.sub(r"\1", _IMAGE.sub(r"\1", fit))
    plain = _TAG.sub("", _BREAK.sub("\n", _AUTOLINK.sub(r"\1", plain)))
    return tidy_text(plain), tuple(dict.fromkeys(links))


def split_sponsors(text: str) -> tuple[str, tuple[SponsorRow, ...]]:
    """A README without its sponsor tables, and their rows."""
    fit = fit_text(text)[:MOST_CHARACTERS]
    kept: list[str] = []
    rows: list[SponsorRow] = []
    at = 0
    for start, end in _tables(fit):
        found = _html_rows(fit[start:end]) if len(rows) < MOST_ROWS else []
        if found and _is_sponsored(fit[max(0, start - HEADING_REACH) : start], found):
            kept.append(fit[at:start])
            rows += found
            at = end
    kept.append(fit[at:])
    rest, listed = _split_pipe_tables("".join(kept))
    return rest, tuple((rows + listed)[:MOST_ROWS])


def _tables(text: str) -> list[tuple[int, int]]:
    """Where tables begin and end; one within another belongs to the outer one."""
    spans: list[tuple[int, int]] = []
    at = 0
    while (start := _TABLE.search(text, at)) and len(spans) < MOST_ROWS:
        end = _TABLE_END.search(text, start.end())
        if end is None:
            break
        spans.append((start.start(), end.end()))
        at = end.end()
    return spans


def _html_rows(table: str) -> list[SponsorRow]:
    try:
        element = load_html_text(table)
    except HtmlError:
        return []
    return [row for tr in find_all(element, "tr") if (row := _html_row(tr)) is not None]


def _html_row(tr: HtmlElement) -> SponsorRow | None:
    """A row of a name or logo that links out, and a pitch beside it."""
    cells = find_all(tr, "td, th")
    if len(cells) < 2:
        return None
    anchors = [
        anchor for cell in cells for anchor in find_all(cell, "a[href]") if _leads_out(attribute(anchor, "href"))
    ]
    if not anchors or find_first(cells[0], "a[href]") is None:
        return None
    url = attribute(anchors[0], "href")
    image = find_first(cells[0], "img[alt]")
    name = one_line(text_of(cells[0])) or attribute(image, "alt")
    pitch = tidy_text("\n".join(filter(None, (text_of(cell) for cell in cells[1:]))))
    links = tuple(dict.fromkeys(attribute(anchor, "href") for anchor in anchors))
    return SponsorRow(one_line(name)[:200] or host_of(url), url, pitch, links) if pitch else None


def _split_pipe_tables(text: str) -> tuple[str, list[SponsorRow]]:
    """Sponsor rows of Markdown tables, taken out where the heading above says what they are."""
    lines = text.split("\n")
    rows: list[SponsorRow] = []
    kept: list[str] = []
    sponsored = False
    for line in lines:
        if _HEADING.search(line[:400]):
            sponsored = _SPONSOR.search(line[:400]) is not None
        row = _pipe_row(line) if sponsored and line.lstrip().startswith("|") else None
        if row is not None and len(rows) < MOST_ROWS:
            rows.append(row)
        else:
            kept.append(line)
    return "\n".join(kept), rows


def _pipe_row(line: str) -> SponsorRow | None:
    cells = [cell.strip() for cell in line[:4000].strip().strip("|").split("|")]
    if len(cells) < 2:
        return None
    links = [match for match in _LINK.finditer(cells[0]) if _leads_out(match.group(2))]
    href = _HREF.search(cells[0])
    url = links[0].group(2) if links else (href.group(1) if href and _leads_out(href.group(1)) else "")
    if not url:
        return None
    name, _links = plain_markdown(cells[0])
    pitch, more = plain_markdown("\n".join(cells[1:]))
    return SponsorRow(one_line(name)[:200] or host_of(url), url, pitch, (url, *more)) if pitch else None


def _is_sponsored(before: str, rows: list[SponsorRow]) -> bool:
    """A sponsor table by its heading, or where there is none, by rows that thank or carry referral links."""
    headings = _HEADING.findall(before)
    if headings and _SPONSOR.search(headings[-1]):
        return True
    telling = sum(bool(_REFERRAL.search(row.url) or _THANKS.search(row.text)) for row in rows)
    return telling * 2 > len(rows)


def _leads_out(url: str) -> bool:
    return absolute_url(url, "") is not None and host_of(url) not in _OWN_PLACES
