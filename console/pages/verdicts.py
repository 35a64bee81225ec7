"""Human verdicts as a file for `undercut eval`."""

from fastapi.responses import Response

from console.routing import Route, Visit
from line.access import Permission
from line.verdicts import ExportCount, export_verdicts


def corpus(visit: Visit) -> Response:
    """Settled verdicts as JSON lines; how many were left out, and why, stands in the headers."""
    count = ExportCount()
    body = b"".join(export_verdicts(visit.services.memory, count, visit.services.sources.values()))
    return Response(
        body,
        media_type="application/x-ndjson",
        headers={
            "content-disposition": 'attachment; filename="undercut-verdicts.jsonl"',
            "x-undercut-written": str(count.written),
            "x-undercut-left-out-by-platform": str(count.platform),
            "x-undercut-left-out-unsettled": str(count.unsettled),
        },
    )


ROUTES = (Route("GET", "/verdicts.jsonl", Permission.EXPORT, corpus),)
