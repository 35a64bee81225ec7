#!/usr/bin/env python3
"""Check a packet offline: python3 verify.py [PACKET.zip or its unpacked folder] [the sender's public key]

Needs Python 3.9 or newer and nothing else; the signature is checked too where the `cryptography` package is present.
Names every file that is missing, changed, added or moved. Exit status: 0 everything holds, 1 something does not,
2 the packet cannot be read.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

MANIFEST, SIGNATURE, SUMS = "manifest.json", "manifest.sig.json", "SHA256SUMS"
MOST_BYTES = 2_000_000_000
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
MALFORMED = (ValueError, KeyError, TypeError, AttributeError)
Files = dict[str, bytes]


def sha256(body: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(body).hexdigest()


def write_zip(files: Iterable[tuple[str, bytes]], made_at: str) -> bytes:
    """A zip whose every byte follows from names, bodies and one time: stored, not packed, in the order given."""
    buffer = io.BytesIO()
    when = (int(made_at[:4]), int(made_at[5:7]), int(made_at[8:10]), int(made_at[11:13]), int(made_at[14:16]), 0)
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, body in files:
            entry = zipfile.ZipInfo(name, when)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, body)
    return buffer.getvalue()


def read_zip(body: bytes) -> tuple[list[str], Files, list[str]]:
    """Names in order, bodies, and what is wrong with the archive itself."""
    findings: list[str] = []
    files: Files = {}
    names: list[str] = []
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise ValueError("it unpacks to more than 2 GB")
        for entry in archive.infolist():
            if entry.filename in files:
                findings.append(f"added: {entry.filename!r} stands twice")
            if entry.filename.startswith(("/", "\\")) or ".." in entry.filename.split("/"):
                findings.append(f"added: {entry.filename!r} leads out of the packet")
            names.append(entry.filename)
            try:
                files[entry.filename] = archive.read(entry)
            except UNREADABLE as error:
                findings.append(f"changed: {entry.filename} cannot be unpacked ({error})")
                files[entry.filename] = b""
    return names, files, findings


def read_folder(folder: Path) -> Files:
    """Every file below the folder, by its path."""
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def check_sums(files: Files) -> list[str]:
    """The digest file: one line for each file, sorted, the manifest among them."""
    if SUMS not in files:
        return [f"missing: {SUMS}, the digest file"]
    findings: list[str] = []
    order: list[str] = []
    for line in files[SUMS].decode("utf-8", "replace").split("\n")[:-1]:
        digest, _, path = line.partition("  ")
        order.append(path)
        if path not in files:
            findings.append(f"missing: {path!r}, named in {SUMS}")
        elif sha256(files[path]) != digest:
            findings.append(f"changed: {path} does not have the digest in {SUMS}")
    without = sorted(set(files) - set(order) - {SUMS, SIGNATURE})
    findings += [f"removed digest: {path} has none in {SUMS}" for path in without]
    if order != sorted(set(order)):
        findings.append(f"reordered: the lines of {SUMS}")
    return findings


def check_manifest(names: list[str] | None, files: Files) -> list[str]:
    """Every file against the manifest, and the order of entries where they have one."""
    if MANIFEST not in files:
        return [f"missing: {MANIFEST}; without it nothing can be checked"]
    findings = check_sums(files)
    try:
        entries = json.loads(files[MANIFEST].decode("utf-8"))["files"]
        paths = [str(entry["path"]) for entry in entries]
        listed = {str(entry["path"]): (entry.get("sha256"), entry.get("bytes")) for entry in entries}
    except MALFORMED as error:
        return [*findings, f"changed: {MANIFEST} is no manifest ({error})"]
    if paths != sorted(set(paths)):
        findings.append(f"reordered: the entries of {MANIFEST}")
    for path, (digest, size) in listed.items():
        if path not in files:
            findings.append(f"missing: {path}")
        elif not digest:
            findings.append(f"removed digest: {MANIFEST} has none for {path}")
        elif sha256(files[path]) != digest or len(files[path]) != size:
            findings.append(f"changed: {path}")
    own = [MANIFEST, SUMS, *([SIGNATURE] if SIGNATURE in files else [])]
    findings += [f"added: {path}" for path in sorted(files) if path not in listed and path not in own]
    expected = [*paths, *own]
    if names is not None and names != expected and sorted(names) == sorted(expected):
        moved = next(name for position, name in enumerate(names) if name != expected[position])
        findings.append(f"reordered: {moved} does not stand where it stood")
    return findings


def check_container(body: bytes, names: list[str], files: Files) -> list[str]:
    """The bytes around the files: the zip is written anew and must be the same."""
    try:
        sealed_at = str(json.loads(files[MANIFEST].decode("utf-8"))["sealed_at"])
        again = write_zip([(name, files[name]) for name in names], sealed_at)
    except MALFORMED:
        return []
    if again == body:
        return []
    place = next((at for at, (one, other) in enumerate(zip(body, again)) if one != other), min(len(body), len(again)))  # noqa: B905 - Python 3.9
    return [f"changed: the zip around the files, at byte {place}"]


def check_wacz(name: str, body: bytes) -> list[str]:
    """An archive inside the packet: its own digests, and its digest file must be there."""
    try:
        _, files, findings = read_zip(body)
        package = files["datapackage.json"]
        listed = {entry["path"]: entry["hash"] for entry in json.loads(package.decode("utf-8"))["resources"]}
        if "datapackage-digest.json" not in files:
            findings.append("missing: datapackage-digest.json")
        elif json.loads(files["datapackage-digest.json"].decode("utf-8"))["hash"] != f"sha256:{sha256(package)}":
            findings.append("changed: datapackage.json")
    except (*UNREADABLE, *MALFORMED) as error:
        return [f"changed: {name} cannot be read ({error})"]
    findings += [f"missing: {path}" for path in listed if path not in files]
    findings += [
        f"changed: {path}" for path in listed if path in files and f"sha256:{sha256(files[path])}" != listed[path]
    ]
    extra = sorted(set(files) - set(listed) - {"datapackage.json", "datapackage-digest.json"})
    findings += [f"added: {path}" for path in extra]
    return [f"{finding} (in {name})" for finding in findings]


def check_signature(files: Files, expected_key: str | None) -> tuple[list[str], str]:
    """The Ed25519 signature over the manifest's bytes: what is wrong, and one sentence on what it shows."""
    if SIGNATURE not in files:
        promised = b'"signed": true' in files.get(MANIFEST, b"")
        return ([f"missing: {SIGNATURE}, the signature"] if promised else []), "the packet is not signed"
    try:
        signature = json.loads(files[SIGNATURE].decode("utf-8"))
        key, value = bytes.fromhex(signature["public_key"]), bytes.fromhex(signature["signature"])
    except MALFORMED as error:
        return [f"changed: {SIGNATURE} is no signature ({error})"], "no signature was checked"
    if expected_key and key.hex() != expected_key.lower():
        return [f"changed: signed with another key than {expected_key[:64]}"], "the signature is somebody else's"
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return [], "signature not checked, since the `cryptography` package is not here"
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(value, files.get(MANIFEST, b""))
    except (InvalidSignature, ValueError):
        return [f"changed: the signature does not fit {MANIFEST}"], "the signature is wrong"
    trust = "" if expected_key else "; compare it with the key that the sender publishes"
    return [], f"signed with the Ed25519 key {key.hex()}{trust}"


def verify(body: bytes | None, files: Files, names: list[str] | None, expected_key: str | None = None) -> list[str]:
    """Everything that is not as it was sealed; `body` and `names` are None for an unpacked folder."""
    findings = check_manifest(names, files)
    if body is not None and names is not None and not findings:
        findings += check_container(body, names, files)
    for name in sorted(files):
        if name.endswith(".wacz"):
            findings += check_wacz(name, files[name])
    return findings + check_signature(files, expected_key)[0]


def verify_packet(body: bytes, expected_key: str | None = None) -> list[str]:
    """Everything in a packet that is not as it was sealed; one that cannot be read is one finding."""
    try:
        names, files, findings = read_zip(body)
    except UNREADABLE as error:
        return [f"changed: the packet cannot be read ({error})"]
    return findings + verify(body, files, names, expected_key)


def main(arguments: list[str]) -> int:
    """Print what was found; the exit status says whether everything holds."""
    here = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    expected_key = arguments[1] if len(arguments) > 1 else None
    try:
        body = None if here.is_dir() else here.read_bytes()
        names, files, findings = (None, read_folder(here), []) if body is None else read_zip(body)
    except UNREADABLE as error:
        sys.stderr.write(f"cannot read {here}: {error}\n")
        return 2
    findings = findings + verify(body, files, names, expected_key)
    for finding in findings:
        sys.stdout.write(finding.encode("ascii", "backslashreplace").decode("ascii") + "\n")
    sys.stdout.write(f"{len(files)} files read; {check_signature(files, expected_key)[1]}\n")
    verdict = f"NOT as it was sealed: {len(findings)} findings" if findings else "everything is as it was sealed"
    sys.stdout.write(verdict + "\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
