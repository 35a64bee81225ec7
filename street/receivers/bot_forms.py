"""The parameters of a call to the Bot API, in each of the forms in which clients send them."""

import email
import email.policy
import json
from urllib.parse import parse_qs

from street.receivers.http_receiver import Request


def form_of(request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
    """Parameters as strings (what is no string as JSON), and uploaded files by name."""
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        said = json.loads(request.body or b"{}")
        return {name: v if isinstance(v, str) else json.dumps(v) for name, v in said.items()}, {}
    if kind.startswith("multipart/form-data"):
        return _parts(kind, request.body)
    return {name: values[0] for name, values in parse_qs(request.body.decode("utf-8")).items()}, {}


def _parts(kind: str, body: bytes) -> tuple[dict[str, str], dict[str, bytes]]:
    head = f"Content-Type: {kind}\r\n\r\n".encode("latin-1")
    form: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in email.message_from_bytes(head + body, policy=email.policy.HTTP).iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            continue
        if part.get_filename() is None:
            form[name] = content.decode("utf-8")
        else:
            files[name] = content
    return form, files
