"""Evidence that may be attached: bodies at hand, of a kind that is safe to pass on, within a format's limits."""

from collections.abc import Iterator

from reports.dossier import Dossier, EvidenceRow, Materials

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_MOST_PIXELS = 20_000_000
_EXTENSIONS = {
    "text/html": "html", "text/plain": "txt", "application/json": "json", "image/png": "png", "image/jpeg": "jpg",
    "application/warc": "warc.gz", "application/gzip": "gz",
}  # fmt: skip


def attached(
    dossier: Dossier, materials: Materials, digests: tuple[str, ...], most_bytes: int
) -> Iterator[tuple[EvidenceRow, bytes]]:
    """The rows of those digests whose bodies are at hand and at most `most_bytes` long, in order."""
    rows = {row.sha256: row for row in dossier.evidence}
    for digest in digests:
        body = materials.bodies.get(digest)
        if digest in rows and body is not None and len(body) <= most_bytes:
            yield rows[digest], body


def picture_type(body: bytes) -> str | None:
    """`png` or `jpg` where the bytes are such a picture of a size that a viewer can bear, else None."""
    if body.startswith(_PNG) and len(body) > 24:
        width, height = int.from_bytes(body[16:20]), int.from_bytes(body[20:24])
        return "png" if 0 < width * height <= _MOST_PIXELS else None
    if body.startswith(_JPEG):
        return "jpg" if len(body) < 4_000_000 else None
    return None


def extension(media_type: str) -> str:
    """A file name's ending for a media type; `bin` for everything we do not know."""
    return _EXTENSIONS.get(media_type.partition(";")[0].strip(), "bin")
