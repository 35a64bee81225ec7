"""What Telegram's list pages and single-post pages have in common: one message block, read into one listing."""

import re
from decimal import Decimal
from urllib.parse import parse_qs

from lxml.html import HtmlElement

from crawlers.families._html import (
    absolute_url,
    attribute,
    background_image,
    by_class,
    find_first,
    host_of,
    path_steps,
    text_of,
)
from crawlers.families._recognition import ADDRESS, MARKUP, Mark, recognition
from crawlers.families._state import gone, not_understood
from crawlers.families._text import one_line
from crawlers.families._time import time_from_iso
from crawlers.family import Recognition
from domain.listing import Handle, HandleRole, Listing, Reach
from domain.reading import Reading, ReadingState
from domain.snapshot import Page

PLATFORM = "telegram"
BASE = "https://t.me/"
HOSTS = frozenset({"t.me", "www.t.me", "telegram.me", "telegram.dog"})
PAGE_MARKS = ("tgme_page_wrap", "data-post=", "tgme_widget_message", "tgme_channel_info")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{2,63}")
_COUNT = re.compile(r"(\d{1,6}(?:[.,]\d{1,3})?)\s?([KMB]?)", re.IGNORECASE)
_EDITED = re.compile(r"(?:^|,)\s{0,9}edited\b")
_SCALES = {"": 1, "K": 1_000, "M": 1_000_000, "B": 1_000_000_000}
_NOT_NAMES = frozenset({"s", "c", "joinchat", "share", "addstickers", "addemoji", "proxy", "iv", "login"})


def channel_of(url: str) -> str | None:
    """The public name in an address of t.me, None for invites, other hosts and addresses without one."""
    return channel_in_path(url) if host_of(url) in HOSTS else None


def channel_in_path(url: str) -> str | None:
    """The public name in the path of a preview's address, whoever serves it (`/s/name`, `/name`, `/name/123`)."""
    steps = path_steps(url)
    if steps and steps[0] == "s":
        steps = steps[1:]
    if not steps or steps[0].lower() in _NOT_NAMES or not _NAME.fullmatch(steps[0]):
        return None
    return steps[0]


def post_id(data_post: str) -> int | None:
    """The number in `channel/123`, None where it is not one."""
    number = data_post.rpartition("/")[2]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else None


def post_of(url: str) -> str | None:
    """`channel/123` in the address of a single post, whoever serves it; None for any other address."""
    steps = path_steps(url)
    name = channel_in_path(url)
    return "/".join(steps) if len(steps) == 2 and name == steps[0] and post_id(f"/{steps[1]}") is not None else None


def lossy_count(text: str) -> int | None:
    """A count as the preview rounds it: "12.5K" is 12500, "1 204" is 1204."""
    match = _COUNT.fullmatch(re.sub(r"[\s\u00a0]", "", text[:32]))
    if match is None:
        return None
    return int(Decimal(match.group(1).replace(",", ".")) * _SCALES[match.group(2).upper()])


def landing_state(document: HtmlElement, marks: dict[str, list[HtmlElement]]) -> Reading | None:
    """What the page of a name says when it shows no posts; None for other pages.

    The page of a person, of a private channel and of a name that nobody has are the same, so none of them is "gone".
    """
    if "tgme_page" not in marks:
        return None
    title = text_of(find_first(document, "title"))
    described = text_of(next(iter(marks.get("tgme_page_description", ())), None))
    if title.startswith("Telegram: Contact") or "you can contact" in described or "tgme_icon_user" in marks:
        return Reading(ReadingState.BLOCKED, "no public channel of this name: absent, private, deleted or a person")
    if title.startswith("Telegram: View") or "tgme_page_extra" in marks or "tgme_page_title" in marks:
        return Reading(ReadingState.LOGIN_REQUIRED, "the place exists and shows its posts in the app only")
    return None


def post_error(marks: dict[str, list[HtmlElement]], url_asked: str) -> Reading | None:
    """What a page says instead of a post; "Post not found" is the one explicit sign that a post is gone."""
    error = _first(marks, "tgme_widget_message_error")
    if error is None:
        return None
    said = one_line(text_of(error))
    if said.lower().startswith("post not found"):
        asked = post_of(url_asked)
        return gone("the page says: Post not found", *([asked] if asked else []))
    return not_understood(f"the page says: {said[:200]}")


def message_listing(page: Page, block: HtmlElement, *, members: int | None = None) -> Listing | None:
    """The listing of one message block, None for service messages and messages without text, media or links."""
    marks = by_class(block)
    if "service_message" in marks:
        return None
    text = _text(marks)
    images = _images(marks)
    links = _links(marks)
    if not (text or images or links):
        return None
    name, _slash, number = block.get("data-post", "").rpartition("/")
    owner = _first(marks, "tgme_widget_message_owner_name")
    info = _first(marks, "tgme_widget_message_meta")
    date_link = _first(marks, "tgme_widget_message_date")
    dated = find_first(date_link, "time[datetime]") if date_link is not None else None
    return Listing(
        source=page.snapshot.source,
        external_id=f"{one_line(name)}/{number}",
        url=absolute_url(attribute(date_link, "href"), BASE) or f"{BASE}{one_line(name)}/{number}",
        platform=PLATFORM,
        title=one_line(text_of(owner)),
        text=text,
        observed_at=page.snapshot.fetched_at,
        posted_at=time_from_iso(attribute(dated, "datetime")),
        edited=_EDITED.search(text_of(info)) is not None,
        one_time=True,
        handles=_handles(marks, one_line(name), owner),
        reach=Reach(views=lossy_count(text_of(_first(marks, "tgme_widget_message_views"))), members=members),
        images=images,
        links=links,
    )


def _first(marks: dict[str, list[HtmlElement]], name: str) -> HtmlElement | None:
    return next(iter(marks.get(name, ())), None)


def _text(marks: dict[str, list[HtmlElement]]) -> str:
    """What the post says, in the order a person reads it: text, poll, document, link preview, buttons.

    The quoted start of the post that is replied to stands in another class, and is left out.
    """
    parts = [text_of(_first(marks, "js-message_text"))]
    parts += [text_of(title) for title in marks.get("tgme_widget_message_document_title", ())]
    question = text_of(_first(marks, "tgme_widget_message_poll_question"))
    if question:
        options = (text_of(option) for option in marks.get("tgme_widget_message_poll_option_text", ()))
        parts.append("\n".join([question, *(f"- {option}" for option in options)]))
    preview = ("link_preview_site_name", "link_preview_title", "link_preview_description")
    parts.append("\n".join(text for name in preview if (text := text_of(_first(marks, name)))))
    parts.append("\n".join(text_of(button) for button in marks.get("tgme_widget_message_inline_button", ())))
    return "\n\n".join(part for part in parts if part)


def _links(marks: dict[str, list[HtmlElement]]) -> tuple[str, ...]:
    """Where the post leads: anchors in its text (hidden ones too), previews and buttons; hashtags are left out."""
    anchors = [anchor for text in marks.get("js-message_text", ()) for anchor in text.iter("a")]
    anchors += marks.get("tgme_widget_message_link_preview", [])
    anchors += marks.get("tgme_widget_message_inline_button", [])
    found = (_address(attribute(anchor, "href")) for anchor in anchors)
    return tuple(dict.fromkeys(link for link in found if link))


def _address(href: str) -> str | None:
    """An address as it leads outside; `tg://resolve?domain=x` is t.me/x."""
    if href.startswith("?"):
        return None
    if href.startswith("tg://resolve?"):
        name = next(iter(parse_qs(href.partition("?")[2][:512]).get("domain", ())), "")
        return f"{BASE}{name}" if _NAME.fullmatch(name) else None
    return absolute_url(href, BASE)


def _images(marks: dict[str, list[HtmlElement]]) -> tuple[str, ...]:
    """Photos and thumbnails of videos. Their addresses rotate, so the fragment carries the post as a stable name."""
    found = []
    for name in ("tgme_widget_message_photo_wrap", "tgme_widget_message_video_thumb"):
        for picture in marks.get(name, ()):
            address = background_image(picture, BASE)
            if address is None:
                continue
            anchor = picture if picture.tag == "a" else picture.getparent()
            place = attribute(anchor, "href").removeprefix(BASE).partition("?")[0]
            found.append(f"{address.partition('#')[0]}#{place}" if place else address)
    return tuple(dict.fromkeys(found))


def _handles(marks: dict[str, list[HtmlElement]], name: str, owner: HtmlElement | None) -> tuple[Handle, ...]:
    """Who is who: a forward's origin is the seller and the channel its forwarder; else the channel is the seller.

    In a group the author of the post is the seller and the group its host.
    """
    channel_url = f"{BASE}{name}"
    author = channel_of(attribute(owner, "href"))
    origin = _first(marks, "tgme_widget_message_forwarded_from_name")
    handles: list[Handle] = []
    if origin is not None:
        origin_url = absolute_url(attribute(origin, "href"), BASE)
        origin_name = (channel_of(origin_url) if origin_url else None) or one_line(text_of(origin))
        if origin_name:
            handles.append(Handle(PLATFORM, origin_name, HandleRole.SELLER, origin_url))
        handles.append(Handle(PLATFORM, name, HandleRole.FORWARDER, channel_url))
    elif author and author.lower() != name.lower():
        handles.append(Handle(PLATFORM, author, HandleRole.SELLER, f"{BASE}{author}"))
        handles.append(Handle(PLATFORM, name, HandleRole.HOST, channel_url))
    else:
        handles.append(Handle(PLATFORM, name, HandleRole.SELLER, channel_url))
    for signature in ("tgme_widget_message_from_author", "tgme_widget_message_forwarded_from_author"):
        signed = one_line(text_of(_first(marks, signature)))
        if signed:
            handles.append(Handle(PLATFORM, signed, HandleRole.PUBLISHER))
    return tuple(handles)


def recognise_telegram(page: Page, family: str, classes: tuple[str, ...]) -> Recognition | None:
    """A page by two independent marks: the host that answered and classes of the preview's markup."""
    marks = [Mark(MARKUP, 0.4, f"class {name}") for name in classes if name.encode() in page.body]
    on_host = host_of(page.snapshot.url_answered) in HOSTS
    if marks and on_host:
        marks.append(Mark(ADDRESS, 0.9, "host t.me"))
    return recognition(family, marks)
