"""An approved report as mail: headers from the reviewed `mail.txt`, the other files attached, nothing added."""

from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from domain.errors import UndercutError
from reports.covering import MAIL_FILE
from reports.dossier import Reporter
from storage.reports import KeptFile


class ReportMailError(UndercutError):
    """What is kept is no mail that can be sent; the message says what is missing."""


def letter_of(
    report_id: str, content_sha256: str, files: Sequence[KeptFile], sender: str, reporter: Reporter, now: datetime
) -> EmailMessage:
    """The mail; the same content always has the same Message-ID."""
    covering = next((file for file in files if file.name == MAIL_FILE), None)
    if covering is None:
        raise ReportMailError(f"report {report_id} was made without a mail; its recipient has no address")
    to, subject, body = _parts(covering, report_id)
    domain = sender.rpartition("@")[2]
    letter = EmailMessage()
    letter["From"] = Address(reporter.organisation, *sender.rsplit("@", 1))
    letter["Reply-To"] = Address("", *reporter.email.rsplit("@", 1))
    letter["To"] = Address("", *to.rsplit("@", 1))
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{report_id}.{content_sha256[:24]}@{domain}>"
    letter.set_content(body, cte="base64")
    for file in files:
        if file.name != MAIL_FILE:
            main, _, sub = file.media_type.partition(";")[0].partition("/")
            letter.add_attachment(file.body, maintype=main, subtype=sub, filename=file.name)
    return letter


def _parts(covering: KeptFile, report_id: str) -> tuple[str, str, str]:
    head, _, body = covering.body.decode("utf-8").partition("\n\n")
    fields = dict(line.partition(": ")[::2] for line in head.split("\n"))
    if not {"To", "Subject"} <= set(fields) or "@" not in fields["To"]:
        raise ReportMailError(f"the mail of report {report_id} names no address and subject")
    return fields["To"], fields["Subject"], body
