"""The packet: every rendering this case has, the captures as WACZ, a manifest of digests, a signature, a verifier.

A stranger checks it offline with `python3 verify.py`, without Undercut. The digests name any change; the signature says
who sealed it; that nobody sealed another packet later is only known from a head published elsewhere, and the README
says so.
"""

import io
import re
import zipfile
from importlib.resources import files as package_files

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reports import render as rendering
from reports import verify
from reports.attachments import extension
from reports.dossier import Dossier, Materials
from reports.errors import NotRenderableError
from reports.format import Format, RenderedFile
from reports.wacz import Capture, make_wacz

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,90}(?:/[A-Za-z0-9][A-Za-z0-9_.-]{0,90}){0,3}")
_README = """Packet of report {report_id}, case {case_id}, {tlp}

Read first:   html/report.html or pdf/report.pdf
For programs: the other folders, one for each format
Captures:     captures.wacz ({captures}), evidence/ ({bodies} files named by their SHA-256)

Check it, offline, on any machine with Python 3.9 or newer:

    python3 verify.py                (in the unpacked folder)
    python3 verify.py packet.zip     (the packet itself: also checks the order of entries)

It names every file that is missing, changed, added or moved. Where the `cryptography` package is installed it checks
the signature as well; give the sender's public key as second argument to be sure whose it is. A sender can seal another
packet later: compare the digest of this one with the digest that was sent apart.

Formats that this case has no content for:
{skipped}
Captures are masked derivatives: secrets and third persons were taken out of them unless evidence says otherwise.
"""


def render_packet(dossier: Dossier, materials: Materials) -> tuple[RenderedFile, ...]:
    """`packet.zip`."""
    rows = {row.sha256: row for row in dossier.evidence}
    contents: dict[str, bytes] = {}
    skipped: list[str] = []
    for name in rendering.formats():
        if name == FORMAT.name:
            continue
        try:
            rendered = rendering.render(dossier, name, materials)
        except NotRenderableError as reason:
            skipped.append(f"    {name}: {reason}\n")
            continue
        contents |= {f"{name}/{file.name}": file.content for file in rendered.files}
    for digest, body in sorted(materials.bodies.items()):
        if digest in rows:
            contents[f"evidence/{digest}.{extension(rows[digest].media_type)}"] = body
    captures = _captures(dossier, materials)
    if captures:
        contents["captures.wacz"] = make_wacz(captures, f"Captures of case {dossier.case_id}", dossier.prepared_at)
    contents["evidence.json"] = _evidence_list(dossier, materials)
    contents["verify.py"] = package_files("reports").joinpath("verify.py").read_bytes()
    contents["README.txt"] = _README.format(
        report_id=dossier.report_id, case_id=dossier.case_id, tlp=f"TLP:{dossier.tlp.value.upper()}",
        captures=f"{len(captures)} records" if captures else "none at hand", bodies=len(materials.bodies),
        skipped="".join(skipped) or "    none\n",
    ).encode("utf-8")  # fmt: skip
    return (RenderedFile("packet.zip", "application/zip", _seal(dossier, contents, materials.signing_key)),)


def _captures(dossier: Dossier, materials: Materials) -> list[Capture]:
    titles = {digest: listing.title for listing in dossier.listings for digest in listing.evidence}
    return [
        Capture(row.link, materials.bodies[row.sha256], row.media_type, row.captured_at,
                titles.get(row.sha256, row.description), row.sha256, row.kind == "screenshot")
        for row in dossier.evidence
        if row.link is not None and row.sha256 in materials.bodies
    ]  # fmt: skip


def _evidence_list(dossier: Dossier, materials: Materials) -> bytes:
    listed = [
        {
            "sha256": row.sha256, "kind": row.kind, "media_type": row.media_type, "bytes": row.size_bytes,
            "captured_at": row.captured_at, "url": row.link, "description": row.description, "masked": row.masked,
            "capture_tool": row.capture_tool, "not_shown_by_the_capture": list(row.missing),
            "in_packet": row.sha256 in materials.bodies,
        }
        for row in dossier.evidence
    ]  # fmt: skip
    return orjson.dumps(listed, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _seal(dossier: Dossier, contents: dict[str, bytes], signing_key: bytes | None) -> bytes:
    listed = [
        {"path": path, "sha256": verify.sha256(body), "bytes": len(body)} for path, body in sorted(contents.items())
    ]
    manifest = orjson.dumps(
        {
            "report_id": dossier.report_id, "case_id": dossier.case_id, "recipient": dossier.recipient,
            "sealed_at": dossier.prepared_at, "sealed_by": dossier.reporter.organisation,
            "tlp": dossier.tlp.value, "signed": signing_key is not None, "files": listed,
        },
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )  # fmt: skip
    entries = sorted(contents.items())
    entries.append((verify.MANIFEST, manifest))
    sums = "".join(f"{verify.sha256(body)}  {path}\n" for path, body in sorted(entries))
    entries.append((verify.SUMS, sums.encode("utf-8")))
    if signing_key is not None:
        entries.append((verify.SIGNATURE, _signature(manifest, signing_key)))
    return verify.write_zip(entries, dossier.prepared_at)


def _signature(manifest: bytes, signing_key: bytes) -> bytes:
    key = Ed25519PrivateKey.from_private_bytes(signing_key)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    value = {"algorithm": "Ed25519", "over": verify.MANIFEST, "public_key": public,
             "signature": key.sign(manifest).hex()}  # fmt: skip
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def check_packet(files: tuple[RenderedFile, ...]) -> tuple[str, ...]:
    """The verifier that travels inside finds nothing, and every name in it is plain."""
    findings = verify.verify_packet(files[0].content)
    with zipfile.ZipFile(io.BytesIO(files[0].content)) as archive:
        findings += [f"a name that is not plain: {name!r}" for name in archive.namelist() if not _PLAIN.fullmatch(name)]
    return tuple(findings)


FORMAT = Format("packet", "Evidence packet", "whoever must check it later", render_packet, check_packet)
