"""Pages of the Telegram web preview, in the class names and nesting that the real one uses."""

import base64
import functools
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from street.content import text_of
from street.markup import emoji_html, to_html

PAGE_POSTS = 20
# Whoever serves it, a preview names its posts and channels by their public address.
PUBLIC = "https://t.me"
# When a page was drawn, in seconds since the epoch; fixed, so that the same content gives the same bytes.
_VIEWED_AT = 1_795_305_600


@dataclass(frozen=True, slots=True)
class Post:
    """One message. `parts` are the optional ones (views, forward, photos ...), as the content file names them."""

    number: int
    at: datetime
    text: str
    parts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel with its posts, oldest first. `peer` is the raw number that messages carry."""

    name: str
    title: str
    description: str
    peer: int
    counters: Mapping[str, str]
    posts: tuple[Post, ...]


def channel_page(channel: Channel, posts: Sequence[Post], *, query: str | None = None) -> str:
    """The list page `/s/<name>` with these posts, oldest first; no posts gives the page's own words for none."""
    body = "".join(message(channel, post) for post in posts)
    previous, older, newer = _paging(channel, posts) if query is None else ("", "", "")
    return _fill(
        "telegram/page.html",
        name=channel.name,
        title=html.escape(channel.title),
        title_html=to_html(channel.title),
        description=html.escape(channel.description, quote=True),
        description_html=to_html(channel.description),
        counters="".join(_counter(kind, value) for kind, value in channel.counters.items()),
        subscribers=html.escape(channel.counters.get("subscribers", "0")),
        public=PUBLIC,
        previous_link=previous,
        older=older,
        newer=newer,
        messages=body or text_of("telegram/none_found.html"),
    )


def landing_page(name: str, *, title: str | None = None, extra: str = "", description: str = "") -> str:
    """The card at `/<name>`: of something that exists when it has a title, else the card for anyone at all."""
    if title is None:
        return _fill("telegram/landing_unknown.html", name=html.escape(name))
    return _fill(
        "telegram/landing.html",
        name=html.escape(name),
        public=PUBLIC,
        title=html.escape(title),
        extra=html.escape(extra),
        description=to_html(description),
    )


def single_post_page(channel: Channel, post: Post | None) -> str:
    """The embedded single post `/<name>/<number>?embed=1`, or the words for one that is not there."""
    if post is None:
        return _fill("telegram/embed.html", message=text_of("telegram/post_not_found.html"))
    return _fill("telegram/embed.html", message=_bubble(channel, post))


def message(channel: Channel, post: Post) -> str:
    """One message as it stands in the list."""
    return f'<div class="tgme_widget_message_wrap js-widget_message_wrap">{_bubble(channel, post)}</div>\n'


def shown_count(count: int) -> str:
    """Views as the preview rounds them: 980, 1.52K, 12.5K, 3.1M."""
    for limit, sign in ((1_000_000, "M"), (1_000, "K")):
        if count >= limit:
            digits = 1 if count >= 10 * limit else 2
            return f"{count / limit:.{digits}f}".rstrip("0").rstrip(".") + sign
    return str(count)


def _fill(template: str, **values: str) -> str:
    # `{{name}}` rather than string.Template, whose `$` also occurs in prices.
    text = text_of(template)
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", value)
    return text


def _counter(kind: str, value: str) -> str:
    return (
        f'<div class="tgme_channel_info_counter"><span class="counter_value">{html.escape(value)}</span> '
        f'<span class="counter_type">{html.escape(kind)}</span></div>'
    )


def _paging(channel: Channel, posts: Sequence[Post]) -> tuple[str, str, str]:
    if not posts:
        return "", "", ""
    previous = older = newer = ""
    first, last = posts[0].number, posts[-1].number
    if first > channel.posts[0].number:
        previous = f'<link rel="prev" href="/s/{channel.name}?before={first}">'
        older = _more(channel, "before", first)
    if last < channel.posts[-1].number:
        newer = _more(channel, "after", last)
    return previous, older, newer


def _more(channel: Channel, direction: str, number: int) -> str:
    return (
        '<div class="tgme_widget_message_centered js-messages_more_wrap">'
        f'<a href="/s/{channel.name}?{direction}={number}" class="tme_messages_more js-messages_more" '
        f'data-{direction}="{number}"></a></div>'
    )


def _bubble(channel: Channel, post: Post) -> str:
    service = " service_message" if post.parts.get("service") else ""
    return (
        f'<div class="tgme_widget_message text_not_supported_wrap{service} js-widget_message" '
        f'data-post="{channel.name}/{post.number}" data-view="{_view_token(channel, post)}">\n'
        f"{_author(channel.name, channel.title)}"
        f"{_forward(post)}{_reply(channel, post)}{_media(channel, post)}{_text(post)}"
        f"{_preview(post)}{_poll(post)}{_buttons(post)}{_reactions(post)}{_footer(channel, post)}"
        "</div></div>"
    )


@functools.lru_cache(maxsize=256)
def _author(name: str, title: str) -> str:
    address = f"{PUBLIC}/{name}"
    return (
        f'<div class="tgme_widget_message_user"><a href="{address}"><i class="tgme_widget_message_user_photo bgcolor2" '
        f'data-content="{html.escape(title[:1])}"></i></a></div>\n'
        '<div class="tgme_widget_message_bubble"><i class="tgme_widget_message_bubble_tail"></i>\n'
        f'<div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name" '
        f'href="{address}"><span dir="auto">{to_html(title)}</span></a></div>\n'
    )


def _view_token(channel: Channel, post: Post) -> str:
    number = f'"{post.number}g"' if int(post.parts.get("photos", 0)) > 1 else post.number
    said = f'{{"c":-{channel.peer},"p":{number},"t":{_VIEWED_AT},"h":"{"0" * 18}"}}'
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _text(post: Post) -> str:
    if not post.text:
        return ""
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{to_html(post.text)}</div>\n'


def _forward(post: Post) -> str:
    origin = post.parts.get("forwarded_from")
    if origin is None:
        return ""
    name = f'<span dir="auto">{to_html(origin["name"])}</span>'
    if origin.get("post"):
        href = f"{PUBLIC}/{origin['post']}"
        linked = f'<a class="tgme_widget_message_forwarded_from_name" href="{href}">{name}</a>'
    else:
        linked = f'<span class="tgme_widget_message_forwarded_from_name">{name}</span>'
    return f'<div class="tgme_widget_message_forwarded_from accent_color">Forwarded from&nbsp;{linked}</div>\n'


def _reply(channel: Channel, post: Post) -> str:
    reply = post.parts.get("reply_to")
    if reply is None:
        return ""
    return (
        f'<a class="tgme_widget_message_reply" href="{PUBLIC}/{channel.name}/{reply["number"]}">'
        '<div class="tgme_widget_message_author accent_color"><span class="tgme_widget_message_author_name" '
        f'dir="auto">{to_html(channel.title)}</span></div><div class="tgme_widget_message_metatext '
        f'js-message_reply_text" dir="auto">{to_html(reply["text"])}</div></a>\n'
    )


def _media(channel: Channel, post: Post) -> str:
    parts = post.parts
    address = f"{PUBLIC}/{channel.name}/{post.number}"
    photos = int(parts.get("photos", 0))
    pieces: list[str] = []
    if photos == 1:
        pieces.append(_photo(f"{channel.name}-{post.number}", address, ""))
    elif photos > 1:
        shots = "".join(
            _photo(f"{channel.name}-{number}", f"{PUBLIC}/{channel.name}/{number}?single", "grouped_media_wrap ")
            for number in range(post.number, post.number + photos)
        )
        pieces.append(
            '<div class="tgme_widget_message_grouped_wrap js-message_grouped_wrap">'
            '<div class="tgme_widget_message_grouped js-message_grouped">'
            '<div class="tgme_widget_message_grouped_layer js-message_grouped_layer">'
            f"{shots}</div></div></div>\n"
        )
    if "video" in parts:
        pieces.append(
            f'<a class="tgme_widget_message_video_player js-message_video_player" href="{address}"><i '
            f'class="tgme_widget_message_video_thumb" style="background-image:url(\'/file/{post.number}.jpg\')"></i>'
            '<div class="tgme_widget_message_video_wrap" style="width:640px;padding-top:56.25%"><video '
            f'src="/file/{post.number}.mp4" class="tgme_widget_message_video js-message_video" muted></video></div>'
            f'<time class="message_video_duration js-message_video_duration">{parts["video"]}</time></a>\n'
        )
    if "document" in parts:
        title, extra = html.escape(parts["document"]["title"]), html.escape(parts["document"]["extra"])
        pieces.append(
            f'<a class="tgme_widget_message_document_wrap" href="{address}"><div class="tgme_widget_message_document">'
            f'<div class="tgme_widget_message_document_title accent_color" dir="auto">{title}</div>'
            f'<div class="tgme_widget_message_document_extra" dir="auto">{extra}</div></div></a>\n'
        )
    return "".join(pieces)


def _photo(file: str, href: str, group: str) -> str:
    return (
        f'<a class="tgme_widget_message_photo_wrap {group}js-message_photo" href="{href}" '
        f'style="width:800px;background-image:url(\'/file/{file}.jpg\')"><div class="tgme_widget_message_photo" '
        'style="padding-top:75%"></div></a>\n'
    )


def _preview(post: Post) -> str:
    preview = post.parts.get("link_preview")
    if preview is None:
        return ""
    return (
        f'<a class="tgme_widget_message_link_preview" href="{html.escape(preview["url"], quote=True)}">'
        f'<div class="link_preview_site_name accent_color" dir="auto">{html.escape(preview["site"])}</div>'
        f'<div class="link_preview_title" dir="auto">{html.escape(preview["title"])}</div>'
        f'<div class="link_preview_description" dir="auto">{html.escape(preview["description"])}</div></a>\n'
    )


def _poll(post: Post) -> str:
    poll = post.parts.get("poll")
    if poll is None:
        return ""
    options = "".join(
        '<div class="tgme_widget_message_poll_option"><div class="tgme_widget_message_poll_option_percent">'
        f'{percent}%</div><div class="tgme_widget_message_poll_option_text">{html.escape(option)}</div></div>'
        for option, percent in poll["options"].items()
    )
    return (
        '<div class="tgme_widget_message_poll js-poll"><div class="tgme_widget_message_poll_question">'
        f'{html.escape(poll["question"])}</div><div class="tgme_widget_message_poll_type">Anonymous Poll</div>'
        f'<div class="tgme_widget_message_poll_options">{options}</div></div>\n'
    )


def _buttons(post: Post) -> str:
    buttons = post.parts.get("buttons", {})
    if not buttons:
        return ""
    linked = "".join(
        f'<a class="tgme_widget_message_inline_button url_button" href="{html.escape(url, quote=True)}"><span '
        f'class="tgme_widget_message_inline_button_text" dir="auto">{to_html(label)}</span></a>'
        for label, url in buttons.items()
    )
    row = f'<div class="tgme_widget_message_inline_row">{linked}</div>'
    return f'<div class="tgme_widget_message_inline_keyboard">{row}</div>\n'


def _reactions(post: Post) -> str:
    reactions = post.parts.get("reactions", {})
    if not reactions:
        return ""
    shown = "".join(
        f'<span class="tgme_reaction">{emoji_html(emoji)}{count}</span>' for emoji, count in reactions.items()
    )
    return f'<div class="tgme_widget_message_reactions js-message_reactions">{shown}</div>\n'


def _footer(channel: Channel, post: Post) -> str:
    views = post.parts.get("views")
    shown = (
        f'<span class="tgme_widget_message_views">{shown_count(int(views))}</span><span class="copyonly"> views</span>'
        if views is not None
        else ""
    )
    author = post.parts.get("signed")
    signed = (
        f'<span class="tgme_widget_message_from_author" dir="auto">{html.escape(author)}</span>,&nbsp;'
        if author
        else ""
    )
    edited = "edited &nbsp;" if post.parts.get("edited") else ""
    return (
        '<div class="tgme_widget_message_footer compact js-message_footer"><div class="tgme_widget_message_info short '
        f'js-message_info">{shown}<span class="tgme_widget_message_meta">{signed}{edited}<a '
        f'class="tgme_widget_message_date" href="{PUBLIC}/{channel.name}/{post.number}"><time '
        f'datetime="{post.at.isoformat()}" class="time">{post.at:%H:%M}</time></a></span></div></div>\n'
    )
