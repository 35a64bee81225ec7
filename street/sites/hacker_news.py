"""A search of stories and comments in the shapes of Hacker News at Algolia."""

from collections.abc import Sequence

from street.messages import Request, Response, as_json
from street.site import NO_ROBOTS, Options, Site
from street.sites._forum import Post, markup_of, post_of, posts_of, seconds_of


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `hacker_news`."""
    return (Site("hacker_news", "a search of stories, in the shapes of Hacker News", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path == "/api/v1/search_by_date":
        hits = [_row(post) for post in posts_of("hacker_news")]
        return as_json({"hits": hits, "nbHits": len(hits), "page": 0, "nbPages": 1, "hitsPerPage": 100})
    post = post_of("hacker_news", request.path.rpartition("/")[2])
    return as_json(_row(post)) if post else as_json({"status": 404, "error": "Not Found"}, 404)


def _row(post: Post) -> dict[str, object]:
    return {
        "objectID": str(post["id"]),
        "title": post["title"],
        "url": None,
        "author": post["author"],
        "story_text": markup_of(post),
        "num_comments": 2,
        "created_at_i": seconds_of(post),
    }
