"""PDF for people: summary, arithmetic, pictures, timeline, seller, digests. Set with Typst, which keeps data inert."""

import re

from reports.attachments import attached, picture_type
from reports.document import document_data
from reports.dossier import Dossier, Materials
from reports.format import Format, RenderedFile
from reports.printing import PictureError, print_pdf

_MOST_PICTURE_BYTES = 8_000_000
_MOST_PICTURES = 24
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|OpenAction|EmbeddedFile|RichMedia|SubmitForm|URI)\b")


def render_pdf(dossier: Dossier, materials: Materials) -> tuple[RenderedFile, ...]:
    """`report.pdf`."""
    pictures: dict[str, list[dict[str, object]]] = {}
    files: dict[str, bytes] = {}
    for listing in dossier.listings:
        for row, body in attached(dossier, materials, listing.evidence, _MOST_PICTURE_BYTES):
            kind = picture_type(body)
            if kind is None or len(files) >= _MOST_PICTURES:
                continue
            name = f"{row.sha256}.{kind}"
            files[name] = body
            shown = {"file": name, "sha256": row.sha256, "captured_at": row.captured_at, "wide": _is_wide(body)}
            pictures.setdefault(listing.key, []).append(shown)
    data = document_data(dossier)
    try:
        printed = print_pdf("report.typ", {"data": data, "pictures": pictures}, files, dossier.prepared_at)
    except PictureError:
        # A picture that no decoder takes is still evidence by its digest; the page says that it is not shown.
        data["picture_note"] = (
            "Pictures are not shown, since at least one could not be decoded; their digests stand below."
        )
        printed = print_pdf("report.typ", {"data": data, "pictures": {}}, {}, dossier.prepared_at)
    return (RenderedFile("report.pdf", "application/pdf", printed),)


def _is_wide(body: bytes) -> bool:
    """Is a PNG wider than high by enough to fill the line? Others are set by height."""
    width, height = int.from_bytes(body[16:20]), int.from_bytes(body[20:24])
    return body.startswith(b"\x89PNG") and width > 300 and width > 1.6 * height


def check_pdf(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    """It is a tagged PDF without anything that acts or leads elsewhere."""
    body = files[0].content
    problems = [] if body.startswith(b"%PDF-") else ["no PDF"]
    if b"/MarkInfo" not in body and b"/StructTreeRoot" not in body:
        problems.append("the PDF is not tagged")
    if found := _ACTIVE.search(body):
        problems.append(f"the PDF holds {found.group().decode()}")
    return tuple(problems)


FORMAT = Format("pdf", "PDF", "people, printed or filed", render_pdf, check_pdf)
