"""A mail server on loopback that takes every mail and keeps it; it speaks just enough SMTP for that (RFC 5321)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

GREETING = "220 mail.example.test"
MOST_LINE = 64 * 1024
_TAKEN = {"EHLO": "250 mail.example.test", "HELO": "250 mail.example.test", "MAIL": "250 OK", "RCPT": "250 OK"}
_ALSO_TAKEN = {"RSET": "250 OK", "NOOP": "250 OK"}


class Mailbox:
    """The raw mails that were taken, in order."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.port = 0

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Mailbox"]:
        """Serve until left."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=MOST_LINE)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            await server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await _say(writer, GREETING)
            while line := await reader.readline():
                verb = line[:4].decode("ascii", "replace").upper()
                if verb == "DATA":
                    await _say(writer, "354 go on")
                    self.mails.append(await _content(reader))
                    await _say(writer, "250 OK")
                elif verb == "QUIT":
                    await _say(writer, "221 bye")
                    return
                else:
                    await _say(writer, (_TAKEN | _ALSO_TAKEN).get(verb, "502 not here"))
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()


async def _content(reader: asyncio.StreamReader) -> bytes:
    """The mail up to the lone full stop, with the stops that were doubled made single."""
    lines: list[bytes] = []
    while (line := await reader.readline()) not in (b".\r\n", b""):
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)


async def _say(writer: asyncio.StreamWriter, line: str) -> None:
    writer.write(line.encode("ascii") + b"\r\n")
    await writer.drain()
