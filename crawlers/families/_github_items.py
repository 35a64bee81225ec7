"""GitHub's objects as listings: repositories, files that a code search found, issues, comments, READMEs and gists."""

import base64
import binascii
import re
from collections.abc import Mapping

from crawlers.families._github import (
    MOST_TEXT,
    PLATFORM,
    host_handle,
    repository_name,
    repository_of,
    user_handle,
)
from crawlers.families._html import absolute_url
from crawlers.families._json import JsonValue, as_array, as_count, as_object, as_text
from crawlers.families._markdown import SponsorRow, plain_markdown, split_sponsors
from crawlers.families._text import decode_body, one_line, tidy_text
from crawlers.families._time import time_from_iso
from domain.lead import Lead
from domain.listing import Handle, HandleRole, Listing, Reach
from domain.snapshot import Page

MOST_FRAGMENTS = 20
MOST_LINKS = 200
RELAY_PLATFORM = "relay"

_ROOT = re.compile(r"https?://[^/?#]{1,300}")


def repository_listing(page: Page, item: Mapping[str, JsonValue]) -> Listing | None:
    """What a repository says of itself: description, homepage and topics."""
    name = repository_name(as_text(item.get("full_name")))
    if name is None:
        return None
    stated = as_text(item.get("homepage")).strip()
    homepage = absolute_url(stated if "://" in stated or not stated else f"https://{stated}", "")
    topics = ", ".join(one_line(as_text(topic)) for topic in as_array(item.get("topics"))[:50])
    described = tidy_text(as_text(item.get("description")))[:MOST_TEXT]
    return Listing(
        source=page.snapshot.source,
        external_id=f"repository/{name}",
        url=f"https://github.com/{name}",
        platform=PLATFORM,
        title=name,
        text="\n\n".join(part for part in (described, homepage or "", topics) if part),
        observed_at=page.snapshot.fetched_at,
        posted_at=time_from_iso(as_text(item.get("created_at"))),
        handles=host_handle(name),
        reach=Reach(members=as_count(item.get("stargazers_count"))),
        links=(homepage,) if homepage else (),
    )


def code_listing(page: Page, item: Mapping[str, JsonValue]) -> Listing | None:
    """A file that a code search found: its path and the fragments that matched."""
    name = repository_name(as_text(as_object(item.get("repository")).get("full_name")))
    path = one_line(as_text(item.get("path")))[:1000]
    if name is None or not path:
        return None
    matches = (as_object(match) for match in as_array(item.get("text_matches"))[:MOST_FRAGMENTS])
    fragments = [tidy_text(as_text(match.get("fragment"))) for match in matches]
    text = "\n...\n".join(fragment for fragment in fragments if fragment)[:MOST_TEXT]
    return Listing(
        source=page.snapshot.source,
        external_id=f"code/{name}/{path}",
        url=absolute_url(as_text(item.get("html_url")), "https://github.com/") or f"https://github.com/{name}",
        platform=PLATFORM,
        title=f"{name}: {path}",
        text=text,
        observed_at=page.snapshot.fetched_at,
        handles=host_handle(name),
        links=plain_markdown(text)[1][:MOST_LINKS],
    )


def issue_listing(page: Page, item: Mapping[str, JsonValue]) -> Listing | None:
    """An issue or pull request: who wrote it offers what stands in it, the repository only hosts it."""
    url = as_text(item.get("html_url"))
    name = repository_of(as_text(item.get("repository_url")) or url)
    number = as_count(item.get("number"))
    if name is None or number is None:
        return None
    text, links = plain_markdown(as_text(item.get("body")))
    created, updated = (time_from_iso(as_text(item.get(key))) for key in ("created_at", "updated_at"))
    return Listing(
        source=page.snapshot.source,
        external_id=f"issue/{name}#{number}",
        url=absolute_url(url, "https://github.com/") or f"https://github.com/{name}/issues/{number}",
        platform=PLATFORM,
        title=one_line(as_text(item.get("title")))[:500],
        text=text[:MOST_TEXT],
        observed_at=page.snapshot.fetched_at,
        posted_at=created or updated,
        one_time=True,
        handles=user_handle(item.get("user"), HandleRole.SELLER) + host_handle(name),
        links=links[:MOST_LINKS],
    )


def comment_listing(page: Page, item: Mapping[str, JsonValue]) -> Listing | None:
    """A comment under an issue, a pull request or a discussion."""
    url = absolute_url(as_text(item.get("html_url")), "https://github.com/")
    number = as_count(item.get("id"))
    name = repository_of(url) if url else None
    if url is None or number is None or name is None:
        return None
    text, links = plain_markdown(as_text(item.get("body")))
    return Listing(
        source=page.snapshot.source,
        external_id=f"comment/{number}",
        url=url,
        platform=PLATFORM,
        title="",
        text=text[:MOST_TEXT],
        observed_at=page.snapshot.fetched_at,
        posted_at=time_from_iso(as_text(item.get("created_at"))),
        edited=as_text(item.get("updated_at")) != as_text(item.get("created_at")),
        one_time=True,
        handles=user_handle(item.get("user"), HandleRole.SELLER) + host_handle(name),
        links=links[:MOST_LINKS],
    )


def readme_text(item: Mapping[str, JsonValue]) -> str | None:
    """The text of a contents object in base64, None where it is not one."""
    if as_text(item.get("encoding")) != "base64":
        return None
    try:
        return decode_body(base64.b64decode(as_text(item.get("content")), validate=False))
    except (binascii.Error, ValueError):
        return None


def readme_listings(page: Page, name: str, text: str, url: str) -> tuple[tuple[Listing, ...], tuple[Lead, ...]]:
    """A README as one listing without its sponsor tables, a listing a sponsor, and the sponsors' sites as leads."""
    rest, rows = split_sponsors(text)
    plain, links = plain_markdown(rest)
    listings = [
        Listing(
            source=page.snapshot.source,
            external_id=f"readme/{name}",
            url=url,
            platform=PLATFORM,
            title=name,
            text=plain[:MOST_TEXT],
            observed_at=page.snapshot.fetched_at,
            handles=host_handle(name),
            links=links[:MOST_LINKS],
        )
    ]
    listings += [_sponsor_listing(page, name, row, url) for row in rows]
    leads = {
        root.group(): Lead(root.group(), f"sponsor in the README of {name}", url)
        for row in rows
        if (root := _ROOT.match(row.url))
    }
    unique = {listing.external_id: listing for listing in listings}
    return tuple(unique.values()), tuple(leads.values())


def _sponsor_listing(page: Page, name: str, row: SponsorRow, url: str) -> Listing:
    """The advertiser is the seller; the repository's owner hosts the advert."""
    root = _ROOT.match(row.url)
    host = root.group().partition("//")[2].lower() if root else row.name
    return Listing(
        source=page.snapshot.source,
        external_id=f"sponsor/{name}/{host}",
        url=url,
        platform=PLATFORM,
        title=row.name,
        text=row.text[:MOST_TEXT],
        observed_at=page.snapshot.fetched_at,
        handles=(Handle(RELAY_PLATFORM, host, HandleRole.SELLER, root.group() if root else None), *host_handle(name)),
        links=row.links[:MOST_LINKS],
    )
