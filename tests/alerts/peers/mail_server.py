"""A mail server on loopback, over aiosmtpd, that takes mail or answers as it is told to."""

import asyncio
import email
import email.policy
import warnings
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class MailServer:
    """Keeps what it took. `recipient_script` and `data_script` hold the answers to the next RCPT and DATA.

    `dead` cuts every new connection; `silent` never greets.
    """

    def __init__(self, password: str | None = None) -> None:
        self.mails: list[EmailMessage] = []
        self.attempts: list[EmailMessage] = []
        self.recipient_script: deque[str] = deque()
        self.data_script: deque[str] = deque()
        self.logins: list[str] = []
        self.dead = False
        self.silent = False
        self.port = 0
        self._password = password
        self._connections: set[asyncio.BaseTransport] = set()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["MailServer"]:
        """Serve until left."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._protocol, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            for transport in self._connections:
                transport.close()
            server.close()
            await server.wait_closed()

    def _protocol(self) -> asyncio.Protocol:
        if self.dead or self.silent:
            return _Mute(self)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of passwords without TLS, which on loopback is meant
            return SMTP(
                self,
                hostname="mail.example.test",
                auth_require_tls=False,
                auth_required=self._password is not None,
                authenticator=self._authenticate,
                loop=asyncio.get_running_loop(),
            )

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        self.logins.append(mechanism)
        given = getattr(data, "password", b"").decode()
        return AuthResult(success=given == self._password, handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """The next answer of the script, or yes."""
        answer = self.recipient_script.popleft() if self.recipient_script else "250 OK"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """The next answer of the script, or yes."""
        parsed = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.attempts.append(parsed)
        answer = self.data_script.popleft() if self.data_script else "250 OK"
        if answer.startswith("2"):
            self.mails.append(parsed)
        return answer

    def connected(self, transport: asyncio.BaseTransport) -> None:
        """Cut it, or keep it waiting."""
        if self.dead:
            transport.close()
        else:
            self._connections.add(transport)


class _Mute(asyncio.Protocol):
    def __init__(self, server: MailServer) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._server.connected(transport)
