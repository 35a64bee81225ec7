"""Every dependency may be used by an Apache-2.0 application; exceptions stand here by name with their reason."""

import re
from importlib.metadata import Distribution, distributions

from tests.conftest import REPOSITORY

PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Unlicense|Zlib|0BSD|HPND|Public Domain|CC0|"
    r"LGPL|Lesser General Public",
    re.IGNORECASE,
)
# Weak copyleft is fine for a library that is imported unchanged; strong copyleft is not.
STRONG_COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )(?:AGPL|\bGPL|GNU General Public)", re.IGNORECASE)
READ_BY_HAND = {
    # name -> why it may stay though its metadata does not say so plainly
}


def licence_of(distribution: Distribution) -> str:
    metadata = distribution.metadata
    classifiers = " ".join(
        value.rsplit("::", 1)[-1] for value in metadata.get_all("Classifier") or () if value.startswith("License")
    )
    stated = " ".join(filter(None, (metadata.get("License-Expression"), classifiers)))
    return stated or (metadata.get("License") or "")[:200]


def locked_names() -> set[str]:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    return {
        match.group(1).lower().replace("_", "-") for match in re.finditer(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE)
    }


def test_every_locked_dependency_has_a_usable_licence() -> None:
    locked = locked_names()
    refused = {}
    for distribution in distributions():
        name = distribution.metadata["Name"].lower().replace("_", "-")
        if name not in locked or name in READ_BY_HAND:
            continue
        licence = licence_of(distribution)
        if STRONG_COPYLEFT.search(licence) and not PERMISSIVE.search(licence):
            refused[name] = licence
        elif not PERMISSIVE.search(licence):
            refused[name] = licence or "none stated"
    assert not refused, f"read these licences and add the names to READ_BY_HAND, or drop them: {refused}"


def test_the_lock_names_no_host_and_hashes_everything() -> None:
    lock = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    entries = re.findall(r"^[A-Za-z0-9._-]+==[^\n]*\n(?:    [^\n]*\n)*", lock, re.MULTILINE)
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)
