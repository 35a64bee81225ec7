"""A forum in Discourse's shapes: a list of the latest topics, topics with one post each, and one that was deleted."""

import re
from collections.abc import Sequence

from street.messages import Request, Response, as_json, html, plain
from street.site import Options, Site
from street.sites._forum import Post, markup_of, post_of, posts_of

_TOPIC = re.compile(r"/t/(?P<number>[0-9]{1,9})\.json")
_ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /search\n"


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `discourse`, whose robots.txt closes the search as the software's own does."""
    return (Site("discourse", "a forum, in Discourse's shapes", _answer, plain(_ROBOTS)),)


def _answer(request: Request) -> Response:
    if request.path == "/latest.json":
        users = [{"id": post["id"], "username": post["author"]} for post in posts_of("discourse")]
        topics = [_topic(post) for post in posts_of("discourse")]
        return as_json({"users": users, "topic_list": {"per_page": 30, "topics": topics}})
    if match := _TOPIC.fullmatch(request.path):
        post = post_of("discourse", match.group("number"))
        if post is None:
            return as_json(
                {"errors": ["The requested URL or resource could not be found."], "error_type": "not_found"}, 404
            )
        return as_json({**_topic(post), "post_stream": {"posts": [_post(post)], "stream": [post["id"]]}})
    return html('<html><head><meta name="generator" content="Discourse 3.6"></head><body></body></html>', 404)


def _topic(post: Post) -> dict[str, object]:
    return {
        "id": post["id"],
        "title": post["title"],
        "slug": "topic",
        "created_at": f"{post['at']}.000Z",
        "views": 100,
        "category_id": post["category"],
        "tags": [],
        "posters": [{"description": "Original Poster", "user_id": post["id"]}],
    }


def _post(post: Post) -> dict[str, object]:
    return {
        "id": post["id"],
        "username": post["author"],
        "created_at": f"{post['at']}.000Z",
        "cooked": markup_of(post),
        "post_number": 1,
        "version": 1,
        "topic_id": post["id"],
    }
