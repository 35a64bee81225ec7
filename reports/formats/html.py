"""HTML for people: one page that loads nothing, runs nothing, links nothing, and prints well.

Everything collected is text under autoescape. Addresses are shown exactly and are not clickable, so that nobody visits
a seller by a slip of the hand. A content policy in the page forbids whatever an escaping error could let in.
"""

import base64
import re
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from reports.attachments import attached, picture_type
from reports.document import document_data
from reports.dossier import Dossier, Materials
from reports.format import Format, RenderedFile

_MOST_PICTURE_BYTES = 3_000_000
_MIME = {"png": "image/png", "jpg": "image/jpeg"}
_LIVE = re.compile(
    r"<(?:script|iframe|object|embed|form|a|link|base|video|audio|svg|math|input|button)\b"
    r"|<[a-z][^>]{0,2000}\s(?:on[a-z]{3,20}|href|action|srcset|style)\s*=",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"<img\b[^>]{0,400}?\ssrc=\"(?!data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]+\")", re.IGNORECASE)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The template environment: autoescape always, an unknown name is an error."""
    return Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        keep_trailing_newline=True,
    )


def render_html(dossier: Dossier, materials: Materials) -> tuple[RenderedFile, ...]:
    """`report.html`, pictures inside."""
    pictures: dict[str, list[dict[str, str]]] = {}
    for listing in dossier.listings:
        for row, body in attached(dossier, materials, listing.evidence, _MOST_PICTURE_BYTES):
            kind = picture_type(body)
            if kind is not None:
                source = f"data:{_MIME[kind]};base64,{base64.b64encode(body).decode('ascii')}"
                shown = {"source": source, "sha256": row.sha256, "captured_at": row.captured_at}
                pictures.setdefault(listing.key, []).append(shown)
    page = environment().get_template("report.html").render(d=document_data(dossier), pictures=pictures)
    return (RenderedFile("report.html", "text/html", page.encode("utf-8", "replace")),)


def check_html(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    """No element or attribute that acts, no source but pictures inside the page."""
    page = files[0].content.decode("utf-8")
    # Pictures are long and inert; without them the expressions stay fast.
    slim = re.sub(r"(?<=;base64,)[A-Za-z0-9+/=]+", "AA", page)
    problems = [f"live markup: {match.group()[:60]!r}" for match in _LIVE.finditer(slim)]
    problems += [f"foreign source: {match.group()[:60]!r}" for match in _SOURCE.finditer(slim)]
    if "default-src 'none'" not in page:
        problems.append("the content policy is gone")
    return tuple(problems)


FORMAT = Format("html", "HTML page", "people, in a browser or printed", render_html, check_html)
