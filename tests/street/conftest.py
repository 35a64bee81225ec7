"""One open street for all tests of it, and a plain client."""

import http.client
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from street.running import OpenStreet, street_in_thread
from street.site import Options

USER_AGENT = "street-tests"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def street() -> Iterator[OpenStreet]:
    """The street, open in a thread of this process."""
    with street_in_thread(Options(load_pages=3, load_channels=2)) as opened:
        yield opened


@pytest.fixture(scope="session")
def ask(street: OpenStreet) -> Ask:
    """Asks a site of the street by its name, without following redirects."""

    def asked(site: str, path: str, headers: Mapping[str, str] | None = None, method: str = "GET") -> Answer:
        place = urlsplit(street.sites[site])
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=20)
        try:
            connection.request(method, path, headers={"User-Agent": USER_AGENT, **(headers or {})})
            response = connection.getresponse()
            lowered = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, lowered, response.read())
        finally:
            connection.close()

    return asked
