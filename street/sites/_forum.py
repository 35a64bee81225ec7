"""What the street's forums have in common: posts in `content/markets/<site>.yml`, each with its author."""

from datetime import UTC, datetime
from html import escape
from typing import Any

from street.content import yaml_of

Post = dict[str, Any]


def posts_of(site: str) -> list[Post]:
    """The posts that the forum shows, newest last."""
    return [post for post in yaml_of(f"markets/{site}.yml")["items"] if not post.get("removed")]


def post_of(site: str, number: str) -> Post | None:
    """The one post of that number, unless it is removed."""
    return next((post for post in posts_of(site) if str(post["id"]) == number), None)


def seconds_of(post: Post) -> int:
    """When it was posted, in seconds since 1970."""
    at = datetime.fromisoformat(str(post["at"]))
    return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())


def markup_of(post: Post) -> str:
    """Its text as the HTML of one paragraph a line."""
    return "".join(f"<p>{escape(line)}</p>" for line in str(post["text"]).splitlines() if line)
