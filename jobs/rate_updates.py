"""Where a file of rate updates comes from: a path, or an https address."""

from pathlib import Path
from urllib.parse import urlsplit

import httpx

from domain.errors import UndercutError
from rates.updates import MOST_BYTES

TIMEOUT_SECONDS = 30.0


class UpdateSourceError(UndercutError):
    """A file of updates could not be got."""


def fetch_update(place: str, user_agent: str) -> tuple[str, bytes]:
    """The name and content of a file of updates; raises UpdateSourceError that says why it could not be got."""
    parts = urlsplit(place)
    if parts.scheme == "https":
        return Path(parts.path).stem or parts.netloc, _download(place, user_agent)
    if parts.scheme in {"http", "ftp"}:
        raise UpdateSourceError(f"{place}: prices are only taken over https; download it yourself and name the file")
    try:
        return Path(place).stem, Path(place).read_bytes()
    except OSError as error:
        raise UpdateSourceError(f"cannot read {place}: {error.strerror}") from error


def _download(address: str, user_agent: str) -> bytes:
    """The operator names this address by hand, so it is no page of a watched place; still, its size is capped."""
    content = bytearray()
    try:
        with httpx.stream("GET", address, headers={"user-agent": user_agent}, timeout=TIMEOUT_SECONDS) as answer:
            answer.raise_for_status()
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > MOST_BYTES:
                    raise UpdateSourceError(f"{address} sends more than {MOST_BYTES} bytes; an update has fewer")
    except httpx.HTTPError as error:
        raise UpdateSourceError(f"cannot get {address}: {error}") from error
    return bytes(content)
