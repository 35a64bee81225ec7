"""Sites that give each path one answer, whatever is asked besides: `content/recorded/<site>.yml`, one file a site.

Panels, hubs and interfaces whose answers do not depend on the question. A file names its `purpose`, the `listings` that
a faithful reader finds (by source), the `answers` by path, and what any other path gets (`otherwise`).
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from street.content import files_in, yaml_of
from street.messages import Request, Response, as_json, html, plain
from street.site import NO_ROBOTS, Options, Site

FOLDER = "recorded"
_NOT_FOUND: Mapping[str, Any] = {"status": 404, "json": {"error": "Not Found"}}


def open_sites(options: Options) -> Sequence[Site]:
    """One site for each file."""
    return tuple(_site(file) for file in files_in(FOLDER, ".yml"))


def _site(file: str) -> Site:
    said: dict[str, Any] = yaml_of(file)
    name = file.removeprefix(f"{FOLDER}/").removesuffix(".yml")
    return Site(name, said["purpose"], functools.partial(_answer, said), NO_ROBOTS)


def _answer(said: Mapping[str, Any], request: Request) -> Response:
    found = said["answers"].get(request.path) or said.get("otherwise", _NOT_FOUND)
    status = found.get("status", 200)
    if "html" in found:
        response = html(found["html"], status)
    elif "text" in found:
        response = plain(found["text"], status)
    else:
        response = as_json(found["json"], status)
    return response.with_headers(said.get("headers", {}))
