"""A preview of public channels at `/s/<name>`, with the refusals that arrive as 200 or as a redirect."""

import functools
import re
from collections.abc import Sequence
from typing import Any

from street.content import files_in, yaml_of
from street.errors import StreetError
from street.messages import Request, Response, html, plain, redirect
from street.site import NO_ROBOTS, Options, Site
from street.telegram_page import PAGE_POSTS, Channel, Post, channel_page, landing_page, single_post_page

_LIST = re.compile(r"/s/(?P<name>[A-Za-z0-9_]{1,64})/?")
_POST = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,64})/(?P<number>[0-9]{1,12})")
_CARD = re.compile(r"/(?P<name>[A-Za-z0-9_+]{1,64})/?")
_WORD = re.compile(r"\w+")


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `telegram`."""
    return (Site("telegram", "a preview of public channels, in Telegram's shapes", answer, NO_ROBOTS),)


@functools.cache
def channels() -> dict[str, Channel]:
    """Every channel whose preview is open, by name."""
    return {channel.name: channel for channel in map(_read_channel, files_in("telegram", ".yml"))}


@functools.cache
def cards() -> dict[str, dict[str, str]]:
    """Those that exist without an open preview: groups and private channels, by name."""
    found: dict[str, dict[str, str]] = yaml_of("telegram/cards/cards.yml")
    return found


def answer(request: Request) -> Response:
    """Any page of the preview."""
    if request.path.startswith(("/file/", "/img/")):
        return plain("no pictures on this street\n", 404)
    if match := _LIST.fullmatch(request.path):
        return _list(match.group("name"), request)
    if match := _POST.fullmatch(request.path):
        return _single_post(match.group("name"), int(match.group("number")))
    if match := _CARD.fullmatch(request.path):
        return html(_card(match.group("name")))
    return plain("not found\n", 404)


def page_of(channel: Channel, query: dict[str, str]) -> Sequence[Post]:
    """The posts that one list page shows, oldest first: the newest ones, or those before or after a number."""
    posts = channel.posts
    before, after = query.get("before", ""), query.get("after", "")
    if before.isdigit():
        return [post for post in posts if post.number < int(before)][-PAGE_POSTS:]
    if after.isdigit():
        return [post for post in posts if post.number > int(after)][:PAGE_POSTS]
    return posts[-PAGE_POSTS:]


def _list(name: str, request: Request) -> Response:
    channel = channels().get(name)
    if channel is None:
        return redirect(f"{request.base}/{name}")
    sought = request.query.get("q")
    if sought is not None:
        words = [word.lower() for word in _WORD.findall(sought)]
        hits = [post for post in channel.posts if words and all(word in _words(post) for word in words)]
        return html(channel_page(channel, hits[-PAGE_POSTS:], query=sought))
    return html(channel_page(channel, page_of(channel, request.query)))


def _words(post: Post) -> set[str]:
    return {word.lower() for word in _WORD.findall(post.text)}


def _single_post(name: str, number: int) -> Response:
    channel = channels().get(name)
    if channel is None:
        return html(_card(name))
    post = next((post for post in channel.posts if post.number == number), None)
    return html(single_post_page(channel, post))


def _card(name: str) -> str:
    if channel := channels().get(name):
        extra = f"{channel.counters.get('subscribers', '0')} subscribers"
        return landing_page(name, title=channel.title, extra=extra, description=channel.description)
    if card := cards().get(name):
        return landing_page(name, title=card["title"], extra=card["extra"], description=card["description"])
    return landing_page(name)


def _read_channel(file: str) -> Channel:
    said: dict[str, Any] = yaml_of(file)
    posts = tuple(_read_post(file, entry) for entry in said.get("posts") or ())
    numbers = [post.number for post in posts]
    if numbers != sorted(set(numbers)):
        raise StreetError(f"{file}: post numbers must rise; the newest post stands last")
    return Channel(
        name=said["name"],
        title=said["title"],
        description=said["description"].strip(),
        peer=said["peer"],
        counters=said["counters"],
        posts=posts,
    )


def _read_post(file: str, entry: dict[str, Any]) -> Post:
    parts = {key: value for key, value in entry.items() if key not in {"number", "at", "text"}}
    unknown = parts.keys() - KNOWN_PARTS
    if unknown:
        raise StreetError(f"{file}: post {entry['number']} has parts that no page shows: {', '.join(sorted(unknown))}")
    return Post(entry["number"], entry["at"], entry.get("text", "").strip("\n"), parts)


KNOWN_PARTS = frozenset({
    "views", "edited", "signed", "forwarded_from", "reply_to", "photos", "video", "document", "link_preview", "poll",
    "buttons", "reactions", "service",
})  # fmt: skip
