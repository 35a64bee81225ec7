"""Communities in the shapes of Reddit's interface, which wants a token; without one the page that blocks."""

from collections.abc import Sequence

from street.content import yaml_of
from street.messages import Request, Response, as_json, html
from street.site import NO_ROBOTS, Options, Site
from street.sites._forum import Post, seconds_of

_BLOCK = "<!doctype html><html><head><title>Blocked</title></head><body><h1>whoa there, pardner!</h1></body></html>"


def open_sites(options: Options) -> Sequence[Site]:
    """The sites `reddit`, behind a token, and `reddit_open`, which answers everybody with the page that blocks."""
    return (
        Site("reddit", "communities behind a token, in Reddit's shapes", _answer, NO_ROBOTS),
        Site("reddit_open", "what Reddit says to programs without a token", _block, NO_ROBOTS),
    )


def _block(request: Request) -> Response:
    return html(_BLOCK, 403)


def _answer(request: Request) -> Response:
    if "authorization" not in request.headers:
        return _block(request)
    community = request.path.split("/")[2:3]
    if community == ["closed_den"]:
        return as_json({"reason": "private", "message": "Forbidden", "error": 403}, 403)
    posts = yaml_of("markets/reddit.yml")["items"]
    children = [{"kind": "t3", "data": _data(post)} for post in posts]
    return as_json({"kind": "Listing", "data": {"after": None, "dist": len(children), "children": children}})


def _data(post: Post) -> dict[str, object]:
    number = str(post["id"]).removeprefix("t3_")
    removed = bool(post.get("removed"))
    return {
        "id": number,
        "name": post["id"],
        "title": post["title"],
        "selftext": "[removed]" if removed else post["text"],
        "author": post["author"],
        "subreddit": "example_street",
        "created_utc": seconds_of(post),
        "edited": False,
        "permalink": f"/r/example_street/comments/{number}/x/",
        "url": f"https://www.reddit.com/r/example_street/comments/{number}/x/",
        "num_comments": 1,
        "removed_by_category": "moderator" if removed else None,
    }
