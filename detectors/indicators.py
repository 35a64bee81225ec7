"""What can be joined elsewhere: base URLs, domains, contacts, programmes named, digests of keys."""

import ipaddress
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import urlsplit

import tldextract

from detectors.reading.result import ReadListing
from domain.finding import Contact, Indicator
from domain.listing import Listing
from domain.offer import TextSpan
from domain.secrets import VISIBLE_CHARACTERS, FoundSecret

LOOKED_AT = 20_000
"""Code points of a text in which addresses are looked for."""
MOST_ADDRESSES = 50

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-\[\]:@_%]{1,253}[^\s\"'<>`|)（）】，。；]{0,300}", re.IGNORECASE)
_MASKED = re.compile(r"(?=(?P<kind>[A-Za-z][A-Za-z0-9_\-]{1,12}))?.{0,12}…\[sha256:(?P<digest>[0-9a-f]{12})\]")
_NUMBERED = re.compile(r"://[\[\d]")
_BASE_PATH = re.compile(r"/(?:v1|v1beta|anthropic|openai|api)(?:/|$)|^/?$")
# What nearly every address is; the parser of the library is asked about the others.
_PLAIN_HOST = re.compile(r"https?://([a-z0-9.-]+)(?=/[a-z0-9/._-]*\Z|\Z)")
_BASE_NAME = re.compile(r"base[_ \-]?url[^:/]{0,12}$", re.IGNORECASE)

# Places where anybody writes: they are where an advert stands, not who placed it.
HOSTS_OF_OTHERS = frozenset({
    "github.com", "github.io", "githubusercontent.com", "gitlab.com", "gitee.com", "t.me", "telegram.me",
    "telegram.org", "twitter.com", "x.com",
    "reddit.com", "youtube.com", "youtu.be", "medium.com", "discord.gg", "discord.com",
    "google.com", "goo.gl", "bit.ly", "whatsapp.com", "wa.me", "facebook.com", "instagram.com", "tiktok.com", "qq.com",
    "weixin.qq.com", "taobao.com", "goofish.com", "xianyu.com", "zhihu.com", "bilibili.com", "notion.site", "npmjs.com",
    "pypi.org", "shields.io", "jsdelivr.net", "cloudflare.com", "vercel.app", "netlify.app", "imgur.com", "pravatar.cc",
    "w3.org", "schema.org",
})  # fmt: skip

_PROGRAMMES = (
    ("aws activate", "aws_activate"), ("bedrock", "aws_bedrock"), ("gcp", "google_cloud_credit"),
    ("vertex", "google_vertex"), ("azure", "microsoft_azure"), ("student pack", "github_student_pack"),
    ("antigravity", "google_antigravity"), ("反重力", "google_antigravity"), ("kiro", "aws_kiro"),
    ("pixel", "google_pixel"), ("k12", "chatgpt_k12"), ("jio", "google_jio"), ("codex", "openai_codex"),
)  # fmt: skip


def addresses_in(text: str) -> Iterator[tuple[str, TextSpan]]:
    """Web addresses of a text with their places; from its first stretch only."""
    for count, match in enumerate(_ADDRESS.finditer(text[:LOOKED_AT])):
        if count == MOST_ADDRESSES:
            return
        yield match.group().rstrip(".,;:!?"), TextSpan("text", match.start(), match.end())


def host_of(address: str) -> str:
    """The host of an address in small letters, empty where there is none that can be read."""
    plain = _PLAIN_HOST.match(address)
    if plain is not None:
        return plain[1]
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def is_bare_ip(host: str) -> bool:
    """Is the host a number that stands for a public or documented machine (loopback and private ones are not)?"""
    try:
        number = ipaddress.ip_address(host)
    except ValueError:
        return False
    documented = number in ipaddress.ip_network("203.0.113.0/24") or number in ipaddress.ip_network("198.51.100.0/24")
    return documented or number.is_global if number.version == 4 else number.is_global


def bare_ip_addresses(text: str) -> Iterator[TextSpan]:
    """Places of addresses whose host is a bare public number."""
    if "://" in text and _NUMBERED.search(text[:LOOKED_AT]) is not None:
        yield from (span for address, span in addresses_in(text) if is_bare_ip(host_of(address)))


def plain_http_addresses(text: str) -> Iterator[TextSpan]:
    """Places of unencrypted addresses that look like a base URL."""
    if "http://" not in text[:LOOKED_AT].lower():
        return
    for address, span in addresses_in(text):
        if address.lower().startswith("http://") and is_base_url(address, text, span) and _is_public(host_of(address)):
            yield span


def _is_public(host: str) -> bool:
    return is_bare_ip(host) or ("." in host and not host.replace(".", "").isdigit())


def is_base_url(address: str, text: str, span: TextSpan) -> bool:
    """Does the address look like what a client is pointed at: a port, a path such as /v1, or `base_url` before it?"""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    if port is not None or (_BASE_PATH.search(parts.path) and parts.path.strip("/")):
        return True
    return _BASE_NAME.search(text[max(0, span.start - 24) : span.start]) is not None


def masked_keys(text: str) -> Iterator[tuple[str, TextSpan]]:
    """Keys that were masked in the text: the digest that stayed, and where."""
    if "…[sha256:" not in text:
        return
    for match in _MASKED.finditer(text):
        yield match["digest"], TextSpan("text", max(match.start(), match.end() - 22 - VISIBLE_CHARACTERS), match.end())


@lru_cache(maxsize=1)
def _suffixes() -> tldextract.TLDExtract:
    # No list is fetched and none cached on disk: the packaged one decides.
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=8192)
def registrable_domain(host: str) -> str:
    """The part of a host that somebody registered, empty for numbers and names without a public suffix."""
    found = _suffixes()(host)
    if found.suffix:
        return str(found.top_domain_under_public_suffix)
    # Names of the reserved top-level domains (example.test) have no public suffix and are used in tests and demos.
    labels = host.split(".")
    return ".".join(labels[-3:]) if len(labels) >= 2 and labels[-1] in {"test", "example", "localhost"} else ""


def hosts_of(listing: Listing) -> tuple[str, ...]:
    """Hosts that the listing names and that are not merely places where anybody writes, in order, each once."""
    if "://" not in listing.text and not listing.links:
        return ()
    found: dict[str, None] = {}
    for address in (*(address for address, _ in addresses_in(listing.text)), *listing.links[:MOST_ADDRESSES]):
        host = host_of(address)
        domain = registrable_domain(host)
        if domain and (domain not in HOSTS_OF_OTHERS):
            found[host] = None
    return tuple(found)


def indicators_of(
    read: ReadListing, secrets: Iterable[FoundSecret], hosts: Iterable[str], contacts: Iterable[Contact]
) -> tuple[Indicator, ...]:
    """Every indicator once, in order of kind as listed here."""
    listing = read.listing
    found: dict[Indicator, None] = {}
    for address, span in addresses_in(listing.text) if "://" in listing.text else ():
        if is_base_url(address, listing.text, span):
            found[Indicator("base_url", address)] = None
    for host in hosts:
        found[Indicator("domain", registrable_domain(host))] = None
    for contact in contacts:
        found[Indicator("contact", f"{contact.kind}:{contact.value}")] = None
    said = f"{listing.title}\n{listing.text[:LOOKED_AT]}".lower()
    for word, programme in _PROGRAMMES:
        if word in said:
            found[Indicator("programme", programme)] = None
    for digest in _digests(listing, secrets):
        found[Indicator("key_sha256", digest)] = None
    return tuple(found)


def _digests(listing: Listing, secrets: Iterable[FoundSecret]) -> Iterator[str]:
    """Whole digests of keys that were masked just now, short ones of keys that came masked."""
    whole = [secret.sha256 for secret in secrets]
    yield from whole
    # By length, since what came masked may hold more or fewer characters of the digest.
    begun: dict[int, frozenset[str]] = {}
    for digest, _ in masked_keys(listing.text):
        size = len(digest)
        if size not in begun:
            begun[size] = frozenset(one[:size] for one in whole)
        if digest not in begun[size]:
            yield digest
