"""Raw captures are opened by role and reason only, and never without a trace."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from line.raw_capture import RawCaptureRefusedError, open_raw_capture
from storage.errors import EvidenceMissingError
from storage.store import Store, open_store

REASON = "the masked text hides what the appeal is about"


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    shutil.copyfile(sqlite_template, tmp_path / "undercut.sqlite")
    store = open_store(f"sqlite:///{tmp_path / 'undercut.sqlite'}", tmp_path)
    yield store
    store.close()


@pytest.mark.parametrize("role", ["lead", "auditor"])
def test_it_is_opened_and_the_log_says_who_as_what_and_why(store: Store, role: str) -> None:
    sha256 = store.evidence.keep(b"as the place gave it")
    assert open_raw_capture(store, sha256, person="A. Person", role=role, reason=REASON) == b"as the place gave it"
    (note,) = store.custody.notes("viewed_raw")
    assert (note.actor, note.subject) == ("A. Person", f"evidence {sha256}")
    assert note.details == {"role": role, "reason": REASON}


@pytest.mark.parametrize(
    ("role", "reason"), [("viewer", REASON), ("analyst", REASON), ("", REASON), ("lead", "why not")]
)
def test_without_the_role_or_a_reason_it_stays_closed(store: Store, role: str, reason: str) -> None:
    sha256 = store.evidence.keep(b"as the place gave it")
    with pytest.raises(RawCaptureRefusedError):
        open_raw_capture(store, sha256, person="A. Person", role=role, reason=reason)
    assert store.custody.notes("viewed_raw") == ()


def test_what_is_not_kept_is_said(store: Store) -> None:
    with pytest.raises(EvidenceMissingError):
        open_raw_capture(store, "0" * 64, person="A. Person", role="lead", reason=REASON)


def test_on_the_disk_it_is_sealed(store: Store, tmp_path: Path) -> None:
    store.evidence.keep(b"as the place gave it " * 20)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files if b"as the place gave it" in file.read_bytes()]
