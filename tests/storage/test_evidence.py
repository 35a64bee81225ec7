import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import files
from storage.errors import EvidenceDamagedError, EvidenceMissingError, EvidenceUnwritableError, MasterKeyError
from storage.evidence import EvidenceStore, open_evidence
from storage.master_key import VARIABLE


@pytest.fixture
def evidence(tmp_path: Path) -> EvidenceStore:
    return open_evidence(tmp_path / "evidence", tmp_path / "master.key")


def stored(evidence: EvidenceStore) -> list[Path]:
    return [path for path in evidence.folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("body", [b"", b"x", b"<html>" * 5000, os.urandom(30_000)])
def test_a_body_comes_back_and_is_named_by_its_content(evidence: EvidenceStore, body: bytes) -> None:
    name = evidence.keep(body)
    assert name == hashlib.sha256(body).hexdigest()
    assert evidence.has(name)
    assert evidence.open(name) == body
    assert list(evidence.names()) == [name]


def test_the_same_content_is_one_object(evidence: EvidenceStore) -> None:
    assert evidence.keep(b"page") == evidence.keep(b"page")
    [path] = stored(evidence)
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert path.parent.name == path.name[:2]


def test_nothing_of_a_body_is_readable_on_the_disk(evidence: EvidenceStore) -> None:
    evidence.keep(b"a leaked key " + b"sk-ant-0123456789" * 100)
    [path] = stored(evidence)
    assert b"sk-ant" not in path.read_bytes()
    assert b"leaked" not in path.read_bytes()
    other = open_evidence(evidence.folder.parent / "other", evidence.folder.parent / "other.key")
    other.keep(b"short secret")
    assert b"secret" not in stored(other)[0].read_bytes()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.floats(0, 0.999), bit=st.integers(0, 7))
def test_any_changed_bit_is_found_and_the_object_named(evidence: EvidenceStore, place: float, bit: int) -> None:
    name = evidence.keep(b"what the page said " * 40)
    [path] = stored(evidence)
    whole = path.read_bytes()
    changed = bytearray(whole)
    changed[int(place * len(whole))] ^= 1 << bit
    path.chmod(0o600)
    path.write_bytes(changed)
    with pytest.raises((EvidenceDamagedError, MasterKeyError), match=name):
        evidence.open(name)
    path.write_bytes(whole)
    assert evidence.open(name)


@pytest.mark.parametrize("cut", [0, 7, 60, 100])
def test_a_truncated_object_is_found(evidence: EvidenceStore, cut: int) -> None:
    name = evidence.keep(b"what the page said " * 40)
    [path] = stored(evidence)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(EvidenceDamagedError, match=name):
        evidence.open(name)


def test_one_object_does_not_pass_for_another(evidence: EvidenceStore) -> None:
    first, second = evidence.keep(b"first"), evidence.keep(b"second")
    paths = {path.name.removesuffix(".sealed"): path for path in stored(evidence)}
    paths[first].replace(paths[second])
    with pytest.raises(EvidenceDamagedError, match=second):
        evidence.open(second)


def test_what_is_not_there_is_said(evidence: EvidenceStore) -> None:
    with pytest.raises(EvidenceMissingError, match="forgotten or lost"):
        evidence.open("0" * 64)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 62 + "/.", "g" * 64])
def test_only_digests_are_names(evidence: EvidenceStore, name: str) -> None:
    with pytest.raises(EvidenceMissingError, match="not the name of an evidence object"):
        evidence.open(name)


def test_what_is_forgotten_is_gone(evidence: EvidenceStore) -> None:
    name = evidence.keep(b"page")
    assert evidence.forget(name)
    assert not evidence.forget(name)
    assert not evidence.has(name)
    assert stored(evidence) == []


def test_a_full_disk_leaves_nothing_half_written(evidence: EvidenceStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "write", full)
    with pytest.raises(EvidenceUnwritableError, match="No space left on device; free space"):
        evidence.keep(b"page")
    monkeypatch.undo()
    assert stored(evidence) == []
    assert evidence.open(evidence.keep(b"page")) == b"page"


def test_what_a_killed_process_left_is_cleared_away(evidence: EvidenceStore, tmp_path: Path) -> None:
    old, young = evidence.folder / "parts" / "a.part", evidence.folder / "parts" / "b.part"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (0, 0))
    open_evidence(evidence.folder, tmp_path / "master.key")
    assert [path.name for path in stored(evidence)] == ["b.part"]
    assert list(evidence.names()) == []


def test_the_key_is_made_once_and_belongs_to_its_owner(tmp_path: Path) -> None:
    first = open_evidence(tmp_path / "evidence", tmp_path / "keys" / "master.key")
    name = first.keep(b"page")
    assert stat.S_IMODE((tmp_path / "keys" / "master.key").stat().st_mode) == 0o600
    assert open_evidence(tmp_path / "evidence", tmp_path / "keys" / "master.key").open(name) == b"page"


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    open_evidence(tmp_path / "evidence", tmp_path / "master.key")
    (tmp_path / "master.key").chmod(0o640)
    with pytest.raises(MasterKeyError, match="chmod 600"):
        open_evidence(tmp_path / "evidence", tmp_path / "master.key")


@pytest.mark.parametrize("content", [b"", b"not base64!", b"c2hvcnQ="])
def test_a_key_that_is_none_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "master.key").write_bytes(content)
    (tmp_path / "master.key").chmod(0o600)
    with pytest.raises(MasterKeyError, match="restore"):
        open_evidence(tmp_path / "evidence", tmp_path / "master.key")


def test_a_lost_key_is_said_and_no_new_one_made(evidence: EvidenceStore, tmp_path: Path) -> None:
    evidence.keep(b"page")
    (tmp_path / "master.key").unlink()
    with pytest.raises(MasterKeyError, match=r"holds sealed evidence, but its master key .* is not there"):
        open_evidence(tmp_path / "evidence", tmp_path / "master.key")
    assert not (tmp_path / "master.key").exists()


def test_another_key_is_said(evidence: EvidenceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = evidence.keep(b"page")
    monkeypatch.setenv(VARIABLE, "A" * 43 + "=")
    with pytest.raises(MasterKeyError, match="sealed with another master key"):
        open_evidence(tmp_path / "evidence", tmp_path / "master.key").open(name)


def test_a_key_is_never_shown(tmp_path: Path) -> None:
    from storage.master_key import load_master_key, make_master_key

    key = make_master_key(tmp_path / "master.key")
    assert load_master_key(tmp_path / "master.key") == key
    assert key.secret.hex() not in repr(key)
    assert "secret" not in repr(key)
