"""The network guard at the socket: a name is resolved once, its addresses are decided on, and one of them is connected.

Because the connection is made to the address that was decided on, a name that resolves elsewhere a moment later
changes nothing; the connected peer is compared all the same before a request is written.
"""

import asyncio
import ipaddress
from collections.abc import Sequence
from typing import cast

from scrapy.exceptions import CannotResolveHostError
from scrapy.utils.defer import deferred_from_coro, maybe_deferred_to_future
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint, wrapClientTLS
from twisted.internet.interfaces import IProtocol, IProtocolFactory, IReactorTCP, IStreamClientEndpoint
from twisted.web.client import URI
from twisted.web.iweb import IPolicyForHTTPS

from crawlers.network_guard import Guard, IPAddress, RefusedTargetError, Target, is_loopback_name, parse_target
from crawlers.spiders.failures import NETWORK_ERRORS
from crawlers.spiders.setup import Resolve

RESOLVE_SECONDS = 10.0
CONNECT_SECONDS = 10.0


class GuardedEndpoints:
    """Gives Twisted's HTTP agent endpoints that connect only where the guard allows."""

    def __init__(self, reactor: IReactorTCP, guard: Guard, resolve: Resolve, policy: IPolicyForHTTPS) -> None:
        self._reactor = reactor
        self._guard = guard
        self._resolve = resolve
        self._policy = policy

    def endpointForURI(self, uri: URI) -> IStreamClientEndpoint:
        """The endpoint for what Twisted made of the address; refused where ada-url made something else of it."""
        seen: bytes = uri.toBytes()  # type: ignore[no-untyped-call]
        target = parse_target(seen.decode("latin-1"))
        if (target.scheme, target.host, target.port) != _as_twisted_sees(uri):
            raise RefusedTargetError(f"two parsers read the host of {target.href} differently; it is not asked")
        # Zope's interfaces are asked for by duck, and mypy does not know them.
        endpoint = cast("IStreamClientEndpoint", GuardedEndpoint(self._reactor, target, self._guard, self._resolve))
        if target.scheme == "http":
            return endpoint
        creator = self._policy.creatorForNetloc(uri.host, uri.port)  # type: ignore[call-arg, misc]
        return wrapClientTLS(creator, endpoint)


class GuardedEndpoint:
    """Connects to the first address of a host that the guard allows and that answers."""

    def __init__(self, reactor: IReactorTCP, target: Target, guard: Guard, resolve: Resolve) -> None:
        self._reactor = reactor
        self._target = target
        self._guard = guard
        self._resolve = resolve

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        """A connection, or RefusedTargetError where no address of the host may be asked."""
        return deferred_from_coro(self._connect(protocolFactory))

    async def _connect(self, factory: IProtocolFactory) -> IProtocol:
        addresses = self._allowed(await addresses_of(self._target.host, self._resolve))
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self._connect_to(address, factory)
            except NETWORK_ERRORS as error:
                failure = error
        raise failure or CannotResolveHostError(self._target.host)

    async def _connect_to(self, address: IPAddress, factory: IProtocolFactory) -> IProtocol:
        kind = TCP4ClientEndpoint if address.version == 4 else TCP6ClientEndpoint
        endpoint = kind(self._reactor, str(address), self._target.port, timeout=CONNECT_SECONDS)
        protocol: IProtocol = await maybe_deferred_to_future(endpoint.connect(factory))
        peer = ipaddress.ip_address(protocol.transport.getPeer().host)
        try:
            self._guard.check_address(self._target, peer)
        except RefusedTargetError:
            protocol.transport.abortConnection()
            raise
        return protocol

    def _allowed(self, addresses: Sequence[IPAddress]) -> list[IPAddress]:
        """The addresses that may be asked; raises the guard's refusal where none may."""
        allowed = []
        refusal: RefusedTargetError | None = None
        for address in addresses:
            try:
                self._guard.check_address(self._target, address)
            except RefusedTargetError as error:
                refusal = error
            else:
                allowed.append(address)
        if not allowed and refusal is not None:
            raise refusal
        return allowed


async def addresses_of(host: str, resolve: Resolve) -> list[IPAddress]:
    """The addresses of a host, IPv4 first; loopback names are never asked of a resolver (RFC 6761)."""
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        pass
    if is_loopback_name(host):
        return [ipaddress.IPv4Address("127.0.0.1")]
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await resolve(host)
    except (OSError, UnicodeError) as error:
        raise CannotResolveHostError(host) from error
    # A scope (`fe80::1%eth0`) makes an address link-local whatever it says; it is decided on without.
    addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in found]
    return sorted(addresses, key=lambda address: address.version)


def _as_twisted_sees(uri: URI) -> tuple[str, str, int]:
    host = uri.host.decode("latin-1").strip("[]").rstrip(".").lower()
    return uri.scheme.decode("latin-1"), host, uri.port
