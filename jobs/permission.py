"""May a source run at all? Told in one sentence where it may not, so that an operator knows what to do."""

import os
from urllib.parse import urlsplit

from domain.hostile_text import one_line
from domain.source import Access, Source
from jobs.config import Config


def why_not(source: Source, config: Config, *, replayed: bool = False) -> str | None:
    """Why a source does not run with this configuration; None where it may.

    A replay of saved pages asks nobody, so it needs no contact and no token, and a disabled source may be replayed.
    """
    if config.only_sources and source.name not in config.only_sources:
        return "not among only_sources of the configuration"
    if not source.enabled and not replayed:
        return "disabled in its file"
    if source.access is Access.IMPORT_ONLY:
        return "shows nothing without a login; use `undercut import` on pages an analyst saved"
    if source.access is Access.OPERATOR_SESSION:
        return "needs a session that the operator opened; see docs/how-to"
    if source.terms_limit_programs and config.terms_review(source.family) is None:
        return (
            f"its platform's terms limit reading by programs; set terms_reviews.{source.family} "
            "(reviewed_by, reviewed_on) in the configuration once somebody has read them"
        )
    if replayed:
        return None
    if source.token_variable and source.access is Access.API_TOKEN and not os.environ.get(source.token_variable):
        return f"needs a token: set the environment variable {source.token_variable}"
    if config.contact is None and not _all_allowed(source, config):
        return "no contact is configured; set contact so that the site's owner can reach you"
    return None


def permission_of(source: Source, config: Config) -> str:
    """The operator's word that lets a source run whose platform's terms limit programs; empty where none is needed."""
    review = config.terms_review(source.family) if source.terms_limit_programs else None
    if review is None:
        return ""
    return f"terms of {source.family} reviewed by {one_line(review.reviewed_by)} on {review.reviewed_on}"


def _all_allowed(source: Source, config: Config) -> bool:
    """Are all its addresses places that the operator allowed by name (the demo's own, say)?"""
    allowed = set(config.allowed_hosts)
    # A source without addresses of its own asks its platform's interface, which nobody allowed by name.
    return bool(source.start_urls) and all(
        {urlsplit(url).netloc, urlsplit(url).hostname} & allowed for url in source.start_urls
    )
