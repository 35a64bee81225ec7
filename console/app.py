"""The console as an ASGI application: a list of routes, each with what it asks of people."""

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

from console.pages import ROUTES
from console.render import STATIC
from console.routing import PageError, Visit, endpoint, error_page
from console.security import SecurityHeaders
from console.services import Services


def create_app(services: Services) -> FastAPI:
    """The application over these services; it has no other routes than `ROUTES` and its static files."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, title="Undercut")
    app.add_middleware(SecurityHeaders)
    for route in ROUTES:
        app.router.add_route(route.path, endpoint(route, services), methods=[route.method])
    app.mount("/static", StaticFiles(directory=STATIC), name="static")

    async def say(request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 500)
        message = {404: "there is no such page", 405: "this page is not asked for in that way"}.get(
            status, "something went wrong here; the operator's log says what"
        )
        visit = Visit(request, services, services.clock())
        return await run_in_threadpool(error_page, visit, PageError(status, message))

    for status in (404, 405, 500):
        app.add_exception_handler(status, say)
    return app
