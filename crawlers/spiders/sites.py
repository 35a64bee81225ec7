"""Which addresses belong to the same site, so that a crawl stays where its source says."""

import ipaddress
from functools import lru_cache

import tldextract

from crawlers.network_guard import Target, is_loopback_name

# The list of public suffixes that comes with the package: no network, and github.io and its kind are suffixes too.
_SUFFIXES = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)


def site_of(target: Target) -> str:
    """The registrable domain; for addresses and loopback names the host with its port."""
    return target.place if _is_bare(target.host) else _registrable(target.host)


@lru_cache(maxsize=1024)
def _registrable(host: str) -> str:
    parts = _SUFFIXES(host)
    if parts.suffix and parts.domain:
        return f"{parts.domain}.{parts.suffix}"
    # A suffix nobody registered (`.test`, an internal one), or a suffix itself: its last two labels.
    return ".".join(host.split(".")[-2:])


def _is_bare(host: str) -> bool:
    if is_loopback_name(host):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
