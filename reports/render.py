"""Render a dossier in a format, and let nothing out that breaks the format's rules or holds a secret."""

import hashlib
from functools import lru_cache

from domain.plugins import find_plugins
from domain.secrets import find_secrets
from reports import formats as formats_package
from reports.dossier import Dossier, Materials
from reports.errors import InvalidReportError, NotRenderableError, ReportError
from reports.format import Format, Rendered, RenderedFile
from reports.redaction import make_scrubber, visible_text

_TEXTUAL = ("text/", "application/json", "application/x-ndjson", "application/xml", "image/svg+xml")
_MOST_BODY_BYTES = 25_000_000


@lru_cache(maxsize=1)
def formats() -> dict[str, Format]:
    """Every format on disk, by name."""
    return {plugin.name: plugin for plugin in find_plugins(formats_package, "FORMAT", Format).values()}


def render(dossier: Dossier, format_name: str, materials: Materials | None = None) -> Rendered:
    """The dossier in that format, checked.

    Raises ReportError for an unknown format, NotRenderableError where the case lacks what it needs, and
    InvalidReportError where the output breaks a rule; the message lists the first problems.
    """
    known = formats()
    if format_name not in known:
        raise ReportError(f"no report format named {format_name!r}; known: {', '.join(sorted(known))}")
    plugin = known[format_name]
    files = plugin.render(dossier, materials or Materials())
    problems = (*plugin.check(files), *_secret_problems(files))
    if problems:
        listed = "; ".join(problems[:5])
        raise InvalidReportError(f"report {dossier.report_id} as {format_name}: {len(problems)} problems: {listed}")
    return Rendered(format_name, files)


def renderable(dossier: Dossier, materials: Materials | None = None) -> dict[str, Rendered | NotRenderableError]:
    """Every format's rendering, or why this case has none in it."""
    outcome: dict[str, Rendered | NotRenderableError] = {}
    for name in formats():
        try:
            outcome[name] = render(dossier, name, materials)
        except NotRenderableError as reason:
            outcome[name] = reason
    return outcome


def check_materials(dossier: Dossier, materials: Materials, persons: frozenset[str] = frozenset()) -> Materials:
    """The bodies that may go out with this dossier.

    Each must be evidence of the case, be what its digest says, be the masked derivative or released by a person, and
    (where it is text) hold no secret and no third person. Raises ReportError naming the first that is not so.
    """
    rows = {row.sha256: row for row in dossier.evidence}
    people = make_scrubber((), persons, key=None, reveal=True).protected_names
    for digest, body in materials.bodies.items():
        row = rows.get(digest)
        if row is None:
            raise ReportError(f"evidence {digest[:12]} is not part of case {dossier.case_id}")
        if not row.may_leave:
            raise ReportError(f"evidence {digest[:12]} is raw and no person released it; hand in the masked derivative")
        if hashlib.sha256(body).hexdigest() != digest or len(body) > _MOST_BODY_BYTES:
            raise ReportError(f"evidence {digest[:12]} does not have the digest it is filed under, or is too large")
        if not row.media_type.startswith(_TEXTUAL) or not row.masked:
            continue
        text = body.decode("utf-8", "replace")
        if find_secrets(text) or find_secrets(visible_text(text)):
            raise ReportError(f"evidence {digest[:12]} still holds a secret; hand in the masked derivative")
        if people is not None and people.search(text):
            raise ReportError(f"evidence {digest[:12]} still names a third person; hand in the masked derivative")
    return materials


def _secret_problems(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    problems = []
    for file in files:
        if file.media_type.startswith(_TEXTUAL) and find_secrets(file.content.decode("utf-8", "replace")):
            problems.append(f"{file.name} holds a secret")
    return tuple(problems)
