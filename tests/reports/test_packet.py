"""A packet verifies with the standard library alone, and every tampering is found and named."""

import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import orjson
import pytest

from reports import verify
from reports.render import render
from tests.reports.cases import dossier, materials

PUBLIC_KEY = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"


@pytest.fixture(scope="module")
def packet() -> bytes:
    return render(dossier(), "packet", materials()).files[0].content


def contents(packet: bytes) -> dict[str, bytes]:
    return verify.read_zip(packet)[1]


def seal_anew(files: dict[str, bytes]) -> bytes:
    """A zip as a tamperer would make it: well formed, in order."""
    return verify.write_zip(files.items(), "2026-11-20T11:00:00Z")


def test_an_untouched_packet_has_no_findings(packet: bytes) -> None:
    assert verify.verify_packet(packet, PUBLIC_KEY) == []


@pytest.mark.slow
def test_any_flipped_byte_is_found(packet: bytes) -> None:
    chance = random.Random(7)
    for _ in range(300):
        place, bit = chance.randrange(len(packet)), 1 << chance.randrange(8)
        broken = packet[:place] + bytes([packet[place] ^ bit]) + packet[place + 1 :]
        assert verify.verify_packet(broken), f"byte {place}, bit {bit}"


@pytest.mark.parametrize("cut", [1, 22, 200, 5000])
def test_a_truncated_packet_is_found(packet: bytes, cut: int) -> None:
    assert verify.verify_packet(packet[:-cut])


def test_a_changed_file_is_named(packet: bytes) -> None:
    for name in contents(packet):
        files = contents(packet)
        files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])
        assert any(name in finding for finding in verify.verify_packet(seal_anew(files))), name


def test_a_missing_file_is_named(packet: bytes) -> None:
    for name in contents(packet):
        files = contents(packet)
        del files[name]
        assert any(f"missing: {name}" in finding for finding in verify.verify_packet(seal_anew(files))), name


def test_an_added_file_is_named(packet: bytes) -> None:
    files = contents(packet) | {"extra.txt": b"x"}
    assert "added: extra.txt" in verify.verify_packet(seal_anew(files))


def test_a_removed_digest_is_named_wherever_it_was(packet: bytes) -> None:
    files = contents(packet)
    manifest = orjson.loads(files["manifest.json"])
    name = manifest["files"][3]["path"]
    del manifest["files"][3]["sha256"]
    stripped = files | {"manifest.json": orjson.dumps(manifest)}
    assert f"removed digest: manifest.json has none for {name}" in verify.verify_packet(seal_anew(stripped))
    lines = [line for line in files["SHA256SUMS"].splitlines(keepends=True) if name.encode() not in line]
    stripped = files | {"SHA256SUMS": b"".join(lines)}
    assert f"removed digest: {name} has none in SHA256SUMS" in verify.verify_packet(seal_anew(stripped))


def test_a_reordered_entry_is_named(packet: bytes) -> None:
    files = list(contents(packet).items())
    files[2], files[5] = files[5], files[2]
    found = verify.verify_packet(seal_anew(dict(files)))
    assert [finding for finding in found if finding.startswith("reordered")]


def test_digests_sealed_anew_do_not_fit_the_signature(packet: bytes) -> None:
    files = contents(packet)
    files["text/report.txt"] += b"and more"
    manifest = orjson.loads(files["manifest.json"])
    for entry in manifest["files"]:
        entry["sha256"], entry["bytes"] = verify.sha256(files[entry["path"]]), len(files[entry["path"]])
    files["manifest.json"] = orjson.dumps(manifest, option=orjson.OPT_INDENT_2)
    covered = sorted(name for name in files if name not in {"SHA256SUMS", "manifest.sig.json"})
    files["SHA256SUMS"] = "".join(f"{verify.sha256(files[name])}  {name}\n" for name in covered).encode()
    found = verify.verify_packet(seal_anew(files))
    assert found == ["changed: the signature does not fit manifest.json"]


def test_another_senders_key_is_not_ours(packet: bytes) -> None:
    assert "another key" in verify.verify_packet(packet, "00" * 32)[0]


def test_a_tampered_archive_inside_is_named(packet: bytes) -> None:
    names, files, _ = verify.read_zip(contents(packet)["captures.wacz"])
    del files["datapackage-digest.json"]
    found = verify.check_wacz("captures.wacz", seal_anew(files))
    assert found == ["missing: datapackage-digest.json (in captures.wacz)"]
    files = verify.read_zip(contents(packet)["captures.wacz"])[1] | {"pages/pages.jsonl": b""}
    assert "changed: pages/pages.jsonl (in captures.wacz)" in verify.check_wacz("captures.wacz", seal_anew(files))
    assert names[0] == "archive/data.warc.gz"


def test_rubbish_is_one_finding() -> None:
    assert len(verify.verify_packet(b"rubbish")) == 1


@pytest.mark.slow
def test_a_stranger_verifies_folder_and_zip_with_the_standard_library(packet: bytes, tmp_path: Path) -> None:
    (tmp_path / "packet.zip").write_bytes(packet)
    with zipfile.ZipFile(io.BytesIO(packet)) as archive:
        archive.extractall(tmp_path / "unpacked")
    command = [sys.executable, "-I", "-S", str(tmp_path / "unpacked" / "verify.py")]
    for argument in ([], [str(tmp_path / "packet.zip")]):
        answer = subprocess.run([*command, *argument], capture_output=True, text=True, check=False)
        assert answer.returncode == 0, answer.stdout
        assert "not checked, since the `cryptography` package is not here" in answer.stdout
    (tmp_path / "unpacked" / "text" / "report.txt").write_bytes(b"changed")
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    assert answer.returncode == 1
    assert "changed: text/report.txt" in answer.stdout


@pytest.mark.slow
def test_the_capture_archive_is_a_warc_that_others_check(packet: bytes, tmp_path: Path) -> None:
    archive = verify.read_zip(contents(packet)["captures.wacz"])[1]
    (tmp_path / "data.warc.gz").write_bytes(archive["archive/data.warc.gz"])
    checker = Path(sys.executable).with_name("warcio")
    answer = subprocess.run([checker, "check", tmp_path / "data.warc.gz"], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    for line in archive["indexes/index.cdx"].decode().splitlines():
        fields = orjson.loads(line.split(" ", 2)[2])
        offset, length = int(fields["offset"]), int(fields["length"])
        assert archive["archive/data.warc.gz"][offset : offset + 2] == b"\x1f\x8b"
        assert offset + length <= len(archive["archive/data.warc.gz"])
