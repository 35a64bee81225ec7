"""The guard at the socket: what is connected to is what was decided on, however names and pages try to turn it."""

import asyncio
import ipaddress
from itertools import count

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.protocol import Factory, Protocol
from twisted.internet.testing import MemoryReactorClock, StringTransportWithDisconnection

from crawlers.network_guard import Guard, RefusedTargetError, parse_target
from crawlers.network_guard_endpoint import GuardedEndpoint, addresses_of
from crawlers.spiders.setup import Identity
from domain.reading import FurtherRequest

pytestmark = pytest.mark.asyncio(loop_scope="session")

PUBLIC = "93.184.216.34"


async def test_a_name_that_turns_to_loopback_between_lookups_reaches_it_in_0_of_200_flips(reactor) -> None:
    memory = MemoryReactorClock()
    flips = count()

    async def resolve(host: str) -> list[str]:
        return [PUBLIC if next(flips) % 2 == 0 else "127.0.0.1"]

    refused = 0
    for _ in range(400):
        endpoint = GuardedEndpoint(memory, parse_target("http://shop.example.test/"), Guard(), resolve)
        connecting = endpoint.connect(Factory.forProtocol(Protocol))
        failures: list[BaseException] = []
        connecting.addErrback(lambda failure, kept=failures: kept.append(failure.value))
        for _ in range(4):
            await _turn()
        refused += any(isinstance(failure, RefusedTargetError) for failure in failures)
        connecting.cancel()
    assert refused == 200
    assert [client[0] for client in memory.tcpClients] == [PUBLIC] * 200


async def test_of_mixed_addresses_only_public_ones_are_tried(reactor) -> None:
    memory = MemoryReactorClock()

    async def resolve(host: str) -> list[str]:
        return ["::1", "10.0.0.1", PUBLIC, "fe80::1%eth0"]

    connecting = GuardedEndpoint(memory, parse_target("http://shop.example.test/"), Guard(), resolve).connect(
        Factory.forProtocol(Protocol)
    )
    connecting.addErrback(lambda failure: None)
    for _ in range(4):
        await _turn()
    assert [client[0] for client in memory.tcpClients] == [PUBLIC]
    connecting.cancel()


async def test_a_peer_that_is_not_the_address_decided_on_is_let_go_before_a_word(reactor) -> None:
    memory = MemoryReactorClock()

    async def resolve(host: str) -> list[str]:
        return [PUBLIC]

    failures: list[BaseException] = []
    endpoint = GuardedEndpoint(memory, parse_target("http://shop.example.test/"), Guard(), resolve)
    endpoint.connect(Factory.forProtocol(Protocol)).addErrback(lambda failure: failures.append(failure.value))
    for _ in range(4):
        await _turn()
    transport = StringTransportWithDisconnection(peerAddress=IPv4Address("TCP", "127.0.0.1", 80))
    protocol = memory.tcpClients[0][2].buildProtocol(None)
    transport.protocol = protocol
    protocol.makeConnection(transport)
    for _ in range(4):
        await _turn()
    assert isinstance(failures[0], RefusedTargetError)
    assert transport.value() == b""
    assert transport.disconnecting or not transport.connected


async def test_loopback_names_are_never_asked_of_a_resolver() -> None:
    async def resolve(host: str) -> list[str]:
        raise AssertionError(host)

    for host in ("localhost", "relay.localhost"):
        assert await addresses_of(host, resolve) == [ipaddress.ip_address("127.0.0.1")]
    assert await addresses_of("10.0.0.1", resolve) == [ipaddress.ip_address("10.0.0.1")]


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "0.0.0.0"])  # noqa: S104
async def test_a_name_that_leads_to_loopback_is_refused_and_the_server_sees_nothing(web, crawls, address) -> None:
    crawls.guard = Guard()
    crawls.hosts = {"shop.example.test": [address]}
    crawled = await crawls.run()
    assert crawled.kinds() == ["guard"]
    assert web.seen == []


async def test_a_redirect_to_a_name_that_leads_to_loopback_is_refused(web, crawls) -> None:
    for path in ("/", "/robots.txt"):
        web.page(path, status=302, Location=f"http://www.shop.example.test:{web.port}/canary")
    crawled = await crawls.run()
    assert crawled.kinds() == ["guard"]
    assert not any("canary" in path for path in web.paths())


async def test_a_robots_on_another_host_never_leads_into_an_allowed_place(web, crawls) -> None:
    inside = f"inside.internal:{web.port}"
    crawls.guard = Guard.allowing([*crawls.guard.allowed_places, inside])
    crawls.hosts["inside.internal"] = ["127.0.0.1"]
    web.page("/robots.txt", status=302, Location=f"http://{inside}/canary")
    web.page("/")
    crawled = await crawls.run()
    assert web.paths() == ["/robots.txt", "/"]
    assert len(crawled.pages) == 1


async def test_a_kept_connection_serves_only_the_host_it_was_made_for(web, crawls) -> None:
    crawls.first = tuple(FurtherRequest(f"http://shop.example.test:{web.port}/{number}") for number in range(3))
    crawls.first += (FurtherRequest(f"http://www.shop.example.test:{web.port}/canary"),)
    crawled = await crawls.run()
    assert crawled.kinds() == ["guard"]
    assert "/canary" not in web.paths()


async def test_without_a_contact_only_places_allowed_by_name_are_read(web, crawls) -> None:
    crawls.identity = Identity("0.0")
    web.page("/")
    assert (await crawls.run()).kinds() == []
    crawls.guard = Guard()
    crawled = await crawls.run()
    assert crawled.kinds() == ["guard"]
    assert "contact" in crawled.failures[0].detail


async def _turn() -> None:
    await asyncio.sleep(0)
