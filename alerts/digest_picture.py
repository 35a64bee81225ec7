"""A digest's chart: how many alerts came when, by severity. Nothing in it but our own words and numbers."""

import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Final

import orjson
import typst

from alerts.digest import Digest, DigestReason
from domain.alert import Severity
from domain.errors import UndercutError

TEMPLATE: Final = "digest_chart.typ"
POINTS_PER_INCH: Final = 144.0
MOST_LABELS: Final = 13


class PictureError(UndercutError):
    """A digest's chart could not be drawn."""


def digest_picture(digest: Digest) -> bytes:
    """The chart as a PNG, the same bytes for the same digest; raises PictureError."""
    data = orjson.dumps(
        {
            "title": f"{digest.alerts} alerts, {digest.first_at:%Y-%m-%d %H:%M} to {digest.last_at:%Y-%m-%d %H:%M} UTC",
            "severities": [severity.value for severity in Severity],
            "columns": _columns(digest),
        }
    )
    with tempfile.TemporaryDirectory(prefix="undercut-chart-") as folder:
        source = Path(folder) / "main.typ"
        source.write_bytes(files("alerts").joinpath(TEMPLATE).read_bytes())
        try:
            made = typst.compile(
                str(source), root=folder, format="png", ppi=POINTS_PER_INCH, sys_inputs={"data": data.decode("utf-8")}
            )
        except RuntimeError as error:
            raise PictureError(f"the digest's chart could not be drawn: {str(error)[:200]}") from error
    if not isinstance(made, bytes):
        raise PictureError("the digest's chart is no single picture")
    return made


def picture_words(digest: Digest) -> str:
    """What the chart shows, for those who do not see it."""
    busiest = max(digest.timeline, key=lambda column: sum(column.counts), default=None)
    if busiest is None:
        return f"{digest.alerts} alerts"
    return (
        f"{digest.alerts} alerts; most of them, {sum(busiest.counts)}, from {busiest.starts_at:%Y-%m-%d %H:%M} UTC on"
    )


def _columns(digest: Digest) -> list[dict[str, object]]:
    every = max(1, -(-len(digest.timeline) // MOST_LABELS))
    form = "%H:%M" if digest.reason is not DigestReason.DAILY else "%H"
    return [
        {
            "label": column.starts_at.strftime(form) if place % every == 0 else "",
            "counts": list(column.counts),
        }
        for place, column in enumerate(digest.timeline)
    ]
