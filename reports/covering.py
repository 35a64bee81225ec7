"""The mail that a report goes out with: its words come from the dossier, its headers from the directory."""

from collections.abc import Iterator, Sequence

from domain.hostile_text import one_line
from reports.dossier import Dossier
from reports.format import RenderedFile

MAIL_FILE = "mail.txt"


def covering_mail(dossier: Dossier, to: str, files: Sequence[RenderedFile]) -> RenderedFile:
    """`mail.txt`: To, Subject, an empty line, the text. It is reviewed with the files and sent as it stands."""
    what = "Correction" if dossier.correction else "Report"
    subject = one_line(f"{what} {dossier.case_id}: {dossier.title}", 140)
    lines = [f"To: {one_line(to, 260)}", f"Subject: {subject}", "", *_body(dossier, files), ""]
    return RenderedFile(MAIL_FILE, "text/plain", "\n".join(lines).encode("utf-8", "replace"))


def _body(dossier: Dossier, files: Sequence[RenderedFile]) -> Iterator[str]:
    wording = dossier.wording
    yield f"{dossier.recipient_name},"
    yield ""
    yield from wording.summary
    yield ""
    yield wording.authorisation
    yield wording.confidence
    yield ""
    yield wording.request
    if dossier.links:
        yield ""
        yield from dossier.links[:50]
        if len(dossier.links) > 50:
            yield f"and {len(dossier.links) - 50} more in the attached files"
    yield ""
    yield f"Report {dossier.report_id}, case {dossier.case_id}, TLP:{dossier.tlp.value.upper()}. Attached:"
    yield from (f"{file.sha256}  {file.name}" for file in files)
    yield ""
    yield wording.reply
    yield ""
    yield f"{dossier.reporter.organisation}, {dossier.reporter.email}"
