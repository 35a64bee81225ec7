"""The street's source files, in the format of the crawlers' own, with the ports of an open street filled in."""

import re
from collections.abc import Mapping
from pathlib import Path

from street.errors import StreetError

FOLDER = Path(__file__).resolve().parent / "sources"
# Only the names of sites are placeholders; YAML's own braces have colons or commas in them.
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]{0,40})\}")


def source_text(file: Path, sites: Mapping[str, str]) -> str:
    """One source file with every `{site}` replaced by that site's address; raises StreetError for an unknown site."""

    def address(match: re.Match[str]) -> str:
        if match.group(1) not in sites:
            raise StreetError(f"{file.name} names the site {match.group(1)!r}; the street has {', '.join(sites)}")
        return sites[match.group(1)]

    return _PLACEHOLDER.sub(address, file.read_text(encoding="utf-8"))


def source_files() -> tuple[Path, ...]:
    """Every source file of the street, in order."""
    return tuple(sorted(FOLDER.glob("*.yml")))


def write_sources(sites: Mapping[str, str], folder: Path) -> tuple[Path, ...]:
    """Write every source file, filled in, to `<folder>/street/`, whose name is the first part of the sources' names."""
    target = folder / "street"
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for file in source_files():
        path = target / file.name
        path.write_text(source_text(file, sites), encoding="utf-8")
        written.append(path)
    return tuple(written)
