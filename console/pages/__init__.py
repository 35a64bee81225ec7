"""Every page of the console, and the one list of their routes."""

from typing import Final

from console.pages import (
    alert,
    assess,
    bulk,
    cases,
    entry,
    find,
    leads,
    people,
    places,
    queue,
    reports,
    start,
    verdicts,
)
from console.routing import Route

ROUTES: Final[tuple[Route, ...]] = (
    *entry.ROUTES,
    *queue.ROUTES,
    *bulk.ROUTES,
    *alert.ROUTES,
    *cases.ROUTES,
    *reports.ROUTES,
    *leads.ROUTES,
    *places.ROUTES,
    *start.ROUTES,
    *find.ROUTES,
    *assess.ROUTES,
    *verdicts.ROUTES,
    *people.ROUTES,
)
