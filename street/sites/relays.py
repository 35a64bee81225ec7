"""Relay panels of the new-api kind: one site per folder of `content/relays/`."""

import functools
import hashlib
from collections.abc import Sequence
from typing import Any

from street.content import folders_in, json_of, text_of, yaml_of
from street.errors import StreetError
from street.messages import Request, Response, as_json, conditional, html, plain, redirect
from street.site import NO_ROBOTS, Options, Site

# The header values of a recent release, which every response of that software carries.
WEB_CACHE_VERSION = "b688f2fb5be447c25e5aa3bd063087a83db32a288bf6a4f35f2d8db310e40b14"
_PRICING_STATES = {
    "open": None,
    "disabled": (403, {"success": False, "message": "pricing is disabled"}),
    "login": (401, {"success": False, "message": "未登录且未提供 access token"}),
}


def open_sites(options: Options) -> Sequence[Site]:
    """A site `relay_<folder>` for each panel."""
    return tuple(_site(folder) for folder in folders_in("relays"))


def _site(folder: str) -> Site:
    panel: dict[str, Any] = yaml_of(f"{folder}/panel.yml")
    if panel["pricing"] not in _PRICING_STATES:
        raise StreetError(f"{folder}/panel.yml: pricing is one of {', '.join(_PRICING_STATES)}")
    robots = plain(panel["robots"]) if panel.get("robots") else NO_ROBOTS
    # A byte order mark in front of robots.txt is common on the web; whoever does not strip it misses the first rule.
    if panel.get("robots_byte_order_mark"):
        robots = Response(body=b"\xef\xbb\xbf" + robots.body, content_type=robots.content_type)
    name = folder.rsplit("/", 1)[-1]
    return Site(f"relay_{name}", panel["purpose"], functools.partial(_answer, folder, panel), robots)


def _answer(folder: str, panel: dict[str, Any], request: Request) -> Response:
    version = panel["version"]
    headers = {"X-New-Api-Version": version, "X-Oneapi-Request-Id": _request_id(request)}
    return _body(folder, panel, request).with_headers(headers)


def _body(folder: str, panel: dict[str, Any], request: Request) -> Response:
    path = request.path
    if path == "/api/status":
        return _envelope(json_of(f"{folder}/status.json"))
    if path == "/api/pricing":
        refusal = _PRICING_STATES[panel["pricing"]]
        if refusal is not None:
            return as_json(refusal[1], refusal[0])
        return conditional(request, as_json(json_of(f"{folder}/pricing.json")))
    if path == "/api/ratio_config":
        return as_json({"success": False, "message": "倍率配置接口未启用"}, 403)
    if path in {"/api/notice", "/api/about", "/api/home_page_content"}:
        return _envelope(panel.get(path.rsplit("/", 1)[-1], ""))
    if path == "/api/user/groups":
        return _envelope(_groups(json_of(f"{folder}/pricing.json")) if panel["pricing"] == "open" else {})
    if path.startswith("/v1"):
        return _v1_refusal(request)
    if path.startswith("/api/"):
        return _unknown_interface(request)
    return _web(panel, request)


def _envelope(data: Any) -> Response:
    return as_json({"data": data, "message": "", "success": True})


def _groups(pricing: dict[str, Any]) -> dict[str, Any]:
    ratios, labels = pricing["group_ratio"], pricing["usable_group"]
    return {name: {"desc": label, "ratio": ratios.get(name, "自动")} for name, label in sorted(labels.items())}


def _v1_refusal(request: Request) -> Response:
    message = f"Invalid token (request id: {_request_id(request)})"
    return as_json({"error": {"code": "", "message": message, "type": "new_api_error"}}, 401)


def _unknown_interface(request: Request) -> Response:
    message = f"Invalid URL ({request.method} {request.path})"
    return as_json({"error": {"code": "", "message": message, "param": "", "type": "invalid_request_error"}}, 404)


def _web(panel: dict[str, Any], request: Request) -> Response:
    if request.path == "/console":
        return redirect("/login")
    page = text_of("relays/home.html").replace("{{system_name}}", panel["title"])
    return html(page).with_headers({"Cache-Version": WEB_CACHE_VERSION, "Cache-Control": "no-cache"})


def _request_id(request: Request) -> str:
    return "20261122" + hashlib.sha256(request.target.encode("utf-8", "replace")).hexdigest()[:24]
