"""Saved files built by others' writers (warcio, zipfile, email): our readers are not checked against themselves."""

import base64
import io
import json
import quopri
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.utils import format_datetime

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SAVED_AT = datetime(2026, 5, 20, 8, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    """One answer to be put into a file."""

    url: str
    body: bytes
    kind: str = "text/html"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def har_of(answers: Sequence[Answer], *, as_base64: bool = False) -> bytes:
    entries = []
    for answer in answers:
        content: dict[str, object] = {"size": len(answer.body), "mimeType": answer.kind}
        if as_base64:
            content |= {"text": base64.b64encode(answer.body).decode(), "encoding": "base64"}
        else:
            content |= {"text": answer.body.decode()}
        headers = [{"name": name, "value": value} for name, value in answer.headers.items()]
        entries.append(
            {
                "startedDateTime": "2026-05-20T16:30:00.000+08:00",
                "time": 12.5,
                "request": {
                    "method": "GET",
                    "url": answer.url,
                    "headers": [{"name": "Cookie", "value": "session=of-an-analyst"}],
                },
                "response": {"status": answer.status, "headers": headers, "content": content},
            }
        )
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "tests"}, "entries": entries}}).encode()


def mhtml_of(answers: Sequence[Answer], *, encoding: str = "quoted-printable") -> bytes:
    whole = MIMEMultipart("related")
    whole["From"] = "<Saved by a test>"
    whole["Snapshot-Content-Location"] = answers[0].url
    whole["Date"] = format_datetime(SAVED_AT)
    for answer in answers:
        main, _slash, sub = answer.kind.partition("/")
        part = MIMEBase(main, sub)
        part["Content-Location"] = answer.url
        part["Content-Transfer-Encoding"] = encoding
        match encoding:
            case "quoted-printable":
                part.set_payload(quopri.encodestring(answer.body).decode("ascii"))
            case "base64":
                part.set_payload(base64.encodebytes(answer.body).decode("ascii"))
            case _:
                part.set_payload(answer.body.decode())
        whole.attach(part)
    return whole.as_string().replace("\n", "\r\n").encode()


class _Writer(WARCWriter):
    """Its own temporary files are left to the garbage collector, which warns."""

    @classmethod
    def _create_temp_file(cls) -> io.BytesIO:
        return io.BytesIO()


def warc_of(answers: Sequence[Answer], *, packed: bool = True) -> bytes:
    stream = io.BytesIO()
    writer = _Writer(stream, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("tests.warc.gz", {"software": "tests"}))
    for answer in answers:
        head = StatusAndHeaders(
            f"{answer.status} X", [("Content-Type", answer.kind), *answer.headers.items()], protocol="HTTP/1.1"
        )
        record = writer.create_warc_record(
            answer.url,
            "response",
            payload=io.BytesIO(answer.body),
            http_headers=head,
            warc_headers_dict={"WARC-Date": "2026-05-20T08:30:00Z"},
        )
        writer.write_record(record)
    return stream.getvalue()


def wacz_of(answers: Sequence[Answer], *, others: Mapping[str, bytes] | None = None, deflated: bool = False) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED) as archive:
        archive.writestr("archive/data.warc.gz", warc_of(answers))
        archive.writestr("datapackage.json", b"{}")
        archive.writestr("pages/pages.jsonl", b'{"format": "json-pages-1.0"}\n')
        for name, body in (others or {}).items():
            archive.writestr(name, body)
    return stream.getvalue()
