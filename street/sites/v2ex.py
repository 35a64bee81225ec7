"""A forum in the shapes of V2EX's first interface, by node."""

from collections.abc import Sequence

from street.messages import Request, Response, as_json, plain
from street.site import NO_ROBOTS, Options, Site
from street.sites._forum import Post, markup_of, post_of, posts_of, seconds_of


def open_sites(options: Options) -> Sequence[Site]:
    """The one site `v2ex`."""
    return (Site("v2ex", "a forum, in V2EX's shapes", _answer, NO_ROBOTS),)


def _answer(request: Request) -> Response:
    if request.path != "/api/topics/show.json":
        return plain("not found\n", 404)
    if "id" in request.query:
        post = post_of("v2ex", request.query["id"])
        return as_json([_row(post)]) if post else as_json({"status": "error", "message": "Object Not Found"}, 404)
    node = request.query.get("node_name", "")
    return as_json([_row(post) for post in posts_of("v2ex") if post["node"] == node])


def _row(post: Post) -> dict[str, object]:
    return {
        "id": post["id"],
        "title": post["title"],
        "url": f"https://www.v2ex.com/t/{post['id']}",
        "content": post["text"],
        "content_rendered": markup_of(post),
        "replies": 3,
        "member": {"id": 1, "username": post["author"]},
        "node": {"id": 1, "name": post["node"], "title": post["node"]},
        "created": seconds_of(post),
        "last_modified": seconds_of(post),
    }
