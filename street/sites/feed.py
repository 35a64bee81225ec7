"""A forum's feed of newest posts, and an address of it that has become a web page."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from street.messages import Request, Response, html
from street.site import NO_ROBOTS, Options, Site
from street.sites._forum import Post, markup_of, posts_of, seconds_of


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `feed`."""
    return (Site("feed", "a forum's feed of newest posts", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path != "/latest.rss":
        return html("<!DOCTYPE html><html><body>This feed has moved.</body></html>")
    items = "".join(_item(post, request.base) for post in posts_of("feed"))
    text = (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Harbour forum</title><link>{request.base}/</link>{items}</channel></rss>"
    )
    return Response(body=text.encode(), content_type="application/rss+xml; charset=utf-8")


def _item(post: Post, base: str) -> str:
    at = format_datetime(datetime.fromtimestamp(seconds_of(post), tz=UTC), usegmt=True)
    return (
        f"<item><title>{escape(post['title'])}</title><link>{base}/{post['id']}</link><guid>{post['id']}</guid>"
        f"<dc:creator>{escape(post['author'])}</dc:creator><category>{post['category']}</category>"
        f"<pubDate>{at}</pubDate><description>{escape(markup_of(post))}</description></item>"
    )
