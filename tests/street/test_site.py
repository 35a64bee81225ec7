"""Sites are found by being on disk, each with a name of its own."""

from pathlib import Path

import pytest

import street.sites
from street.errors import StreetError
from street.site import Options, every_site


def test_every_file_of_the_folder_opens_its_sites() -> None:
    names = {site.name for site in every_site(Options())}
    assert {"telegram", "github", "relay_lantern", "load", "challenge", "gzip_bomb"} <= names
    assert all(site.purpose for site in every_site(Options()))


def test_a_file_without_open_sites_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "nothing_here.py").write_text("", encoding="utf-8")
    monkeypatch.setattr(street.sites, "__path__", [str(tmp_path)])
    with pytest.raises(StreetError, match="nothing_here must define open_sites"):
        every_site(Options())
