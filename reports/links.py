"""Addresses that may stand in a report: absolute http(s), one parser's reading of them, no credentials, no secrets."""

import ada_url

from domain.hostile_text import clean_text
from domain.secrets import find_secrets

_MOST_CHARACTERS = 2000
# Characters that a URL parser keeps in paths and queries but that end a link in text, markup or a pattern.
_ESCAPED = str.maketrans({"'": "%27", '"': "%22", "<": "%3C", ">": "%3E", "`": "%60", "\\": "%5C", "|": "%7C",
                          "{": "%7B", "}": "%7D", "^": "%5E", " ": "%20"})  # fmt: skip


def safe_link(address: str) -> str | None:
    """The address as one parser reads it, or None when it is not an absolute http(s) address that may be shown.

    User names and passwords are dropped. A query or fragment that holds a secret is dropped with it; a path that
    holds one makes the address unusable.
    """
    if len(address) > _MOST_CHARACTERS or address != clean_text(address) or "\n" in address:
        return None
    try:
        parsed = ada_url.URL(address.strip())
    except ValueError:
        return None
    if parsed.protocol not in {"http:", "https:"} or not parsed.hostname:
        return None
    parsed.username = parsed.password = ""
    if find_secrets(parsed.search) or find_secrets(parsed.hash):
        parsed.search = parsed.hash = ""
    link = str(parsed.href).translate(_ESCAPED)
    return None if find_secrets(link) or len(link) > _MOST_CHARACTERS else link


def host_of(link: str) -> str:
    """The host of a safe link, in its ASCII form, without a port."""
    return str(ada_url.URL(link).hostname)
