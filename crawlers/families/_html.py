"""HTML of strangers: bounded, never fetched from, read leniently, and turned into text as a person sees it."""

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from crawlers.families._text import decode_body, fit_text, tidy_text
from domain.errors import UndercutError
from domain.snapshot import Page

MOST_CHARACTERS = 16 * 1024 * 1024
MOST_ADDRESS_CHARACTERS = 4_096

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer"}
    | {"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "option", "p", "pre"}
    | {"section", "summary", "table", "tbody", "td", "th", "tfoot", "thead", "tr", "ul"}
)
_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "title", "svg", "iframe"})
_BACKGROUND = re.compile(r"background-image:\s{0,5}url\(['\"]?([^'\")]{1,4000})")


# The parser's time is quadratic in the attributes of one tag: 40,000 of them take ten seconds.
_WIDE_TAG = re.compile(r"""<[A-Za-z](?:[^\s"'<>]++|\s++|"[^"]*+"|'[^']*+'){1800,}+""")


class HtmlError(UndercutError):
    """A body is not HTML that may be read: the message says why."""


def load_html(page: Page) -> HtmlElement:
    """The document of a page; raises HtmlError for an empty or oversized body, or one without a single element."""
    text = decode_body(page.body, page.snapshot.headers.get("content-type", ""))
    if len(text) > MOST_CHARACTERS:
        raise HtmlError(f"HTML of {len(text)} characters is over the limit of {MOST_CHARACTERS}")
    return load_html_text(text)


def load_html_text(text: str) -> HtmlElement:
    """The document of a piece of HTML; raises HtmlError where there is none, or one that is a trap for parsers."""
    fit = fit_text(text)
    if not fit.strip():
        raise HtmlError("empty body where HTML was expected")
    if _WIDE_TAG.search(fit):
        raise HtmlError("HTML with more than 600 attributes in one tag")
    parser = HTMLParser(encoding="utf-8", recover=True, no_network=True, huge_tree=False, remove_comments=True)
    try:
        document: HtmlElement = document_fromstring(fit.encode("utf-8"), parser=parser)
    except etree.LxmlError as error:
        raise HtmlError(f"not HTML: {str(error)[:200]}") from error
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise HtmlError("HTML that is nested deeper than 256 elements: the rest would be lost")
    return document


@cache
def _selector(css: str) -> CSSSelector:
    return CSSSelector(css, translator="html")


def find_all(element: HtmlElement, css: str) -> list[HtmlElement]:
    """Every element beneath that a CSS selector of ours matches, in document order."""
    return _selector(css)(element)


def find_first(element: HtmlElement, css: str) -> HtmlElement | None:
    """The first element beneath that a CSS selector of ours matches."""
    found = find_all(element, css)
    return found[0] if found else None


def by_class(element: HtmlElement) -> dict[str, list[HtmlElement]]:
    """The element and all beneath it by class name, in document order: one walk instead of one a selector."""
    found: dict[str, list[HtmlElement]] = {}
    for child in element.iter():
        classes = child.get("class")
        if classes:
            for name in classes.split():
                found.setdefault(name, []).append(child)
    return found


def text_of(element: HtmlElement | None) -> str:
    """The element's text as a person sees it: `br` and blocks break lines, scripts and the like are left out.

    Blanks are kept as one space; an image's `alt` stands for the image. None gives an empty string.
    """
    return "" if element is None else tidy_text("".join(_pieces(element)))


def attribute(element: HtmlElement | None, name: str) -> str:
    """An attribute made fit to keep, or an empty string."""
    return "" if element is None else fit_text(element.get(name, "")).strip()


def meta_content(document: HtmlElement, name: str) -> str:
    """The `content` of the `meta` element with this `name` or `property`."""
    for meta in document.iter("meta"):
        if name in (meta.get("name"), meta.get("property")):
            return attribute(meta, "content")
    return ""


def absolute_url(address: str, base: str) -> str | None:
    """An absolute http(s) address, or None for anything else (other schemes, broken or endless addresses)."""
    if not address or len(address) > MOST_ADDRESS_CHARACTERS:
        return None
    try:
        joined = address.strip() if address.startswith(("https://", "http://")) else urljoin(base, address.strip())
        parts = urlsplit(joined)
        host = parts.hostname
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and host else None


def host_of(url: str) -> str:
    """The host of an address in small letters, an empty string where there is none or the address is broken."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def path_steps(url: str) -> list[str]:
    """The steps of an address's path, none where the address is broken."""
    try:
        return [step for step in urlsplit(url).path.split("/") if step]
    except ValueError:
        return []


def site_root(url: str) -> str:
    """`https://host[:port]` of an address, or the address itself where it has none (a saved file)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else url


def links_of(element: HtmlElement, base: str) -> tuple[str, ...]:
    """Every http(s) address that the element's anchors lead to, each once, in order; hidden ones as well."""
    found = (absolute_url(attribute(anchor, "href"), base) for anchor in element.iter("a"))
    return tuple(dict.fromkeys(link for link in found if link))


def background_image(element: HtmlElement, base: str) -> str | None:
    """The address of the picture in an element's `style`, as previews and cards give it."""
    match = _BACKGROUND.search(element.get("style", "")[:MOST_ADDRESS_CHARACTERS])
    return absolute_url(match.group(1), base) if match else None


def _pieces(root: HtmlElement) -> Iterator[str]:
    """Text in document order, without recursion: a hostile page may nest as deep as the parser lets it."""
    skipped: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            if skipped is None:
                if element.tag in _UNSEEN and element is not root:
                    skipped = element
                else:
                    yield from _opening(element)
            continue
        if event == "end" and skipped is None and element.tag in _BLOCKS:
            yield "\n"
        if skipped is element:
            skipped = None
        if skipped is None and element is not root and element.tail:
            yield element.tail.replace("\n", " ")


def _opening(element: etree._Element) -> Iterator[str]:
    if element.tag == "br" or element.tag in _BLOCKS:
        yield "\n"
    elif element.tag == "img":
        yield element.get("alt") or ""
    if element.text:
        yield element.text if element.tag in ("pre", "textarea") else element.text.replace("\n", " ")
