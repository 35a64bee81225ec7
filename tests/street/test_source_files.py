"""The street's source files fit the street and the noun that they describe."""

import re
from pathlib import Path

import pytest
import yaml

from domain.source import Access, Source
from street.errors import StreetError
from street.running import OpenStreet
from street.source_files import source_files, source_text, write_sources

FIELDS = set(Source.__dataclass_fields__)
FAMILIES = Path(__file__).resolve().parents[2] / "crawlers" / "families"


def test_every_file_names_sites_that_exist(street: OpenStreet, tmp_path: Path) -> None:
    written = write_sources(street.sites, tmp_path)
    assert len(written) == len(source_files())
    for path in written:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert said["name"] == f"street/{path.stem}"
        assert said.keys() <= FIELDS
        assert {"name", "family", "start_urls", "purpose", "owner", "cadence"} <= said.keys()
        assert (FAMILIES / f"{said['family']}.py").is_file()
        assert Access(said["access"])
        assert all(re.match(r"http://127\.0\.0\.1:[0-9]+", url) for url in said["start_urls"])
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 25


def test_an_unknown_site_is_named(tmp_path: Path) -> None:
    file = tmp_path / "x.yml"
    file.write_text("start_urls: ['{nowhere}/']", encoding="utf-8")
    with pytest.raises(StreetError, match="nowhere"):
        source_text(file, {"telegram": "http://127.0.0.1:1"})
