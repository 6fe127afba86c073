"""An HTTP CONNECT proxy to the fake, and to nothing else, for programs that have the vendor's hosts written in."""

import asyncio
import re
import socket
import threading
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from http import HTTPStatus
from typing import NamedTuple

from cgmock.core.routing import VENDOR_HOSTS
from cgmock.faults.connection import reset_on_close

_HEAD_BYTES = 16 * 1024
_CHUNK = 64 * 1024
_CONNECT = re.compile(rb"CONNECT (\S+) HTTP/1\.[01]\r\n")
_BRIEFLY = 0.5  # seconds for who cannot be served


class Limits(NamedTuple):
    """Connections at a time; seconds that one may take to say what it wants, and may be silent after it."""

    connections: int = 256
    head: float = 10
    silence: float = 300


_LIMITS = Limits()
_ELSEWHERE = "This proxy leads to the fake alone: it takes CONNECT, to a host of CustomerGauge at port 443."


def listening(port: int) -> socket.socket:
    """A socket of this machine alone, to which the proxy's callers come; port 0 picks a free one. Raises OSError."""
    return socket.create_server(("127.0.0.1", port))


class Proxy:
    """Leads from a socket that listens to the address of the fake, in a thread of its own, until it is stopped.

    A tunnel is for a host of the vendor at port 443, or for a name of this machine at the port of the fake. To the
    fake, whoever comes through it is a caller of this machine: the socket must not be open to others.
    """

    def __init__(self, listener: socket.socket, fake: tuple[str, int], limits: Limits = _LIMITS) -> None:
        self._listener = listener
        self._fake = fake
        self._limits = limits
        self._callers = 0
        own = (f"{host}:{fake[1]}" for host in ("localhost", "127.0.0.1", "[::1]"))
        self._targets = frozenset([*(f"{host}:443" for host in VENDOR_HOSTS), *own])
        self._loop = asyncio.new_event_loop()
        self._stopped = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="cgmock proxy", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close all connections, and take no more."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._caller, sock=self._listener, limit=_HEAD_BYTES)
        await self._stopped.wait()
        server.close()  # the runner cancels what goes on

    async def _caller(self, reader: StreamReader, writer: StreamWriter) -> None:
        self._callers += 1
        # Who goes away, or is silent for too long, gets no answer; nobody gets one when all is cancelled.
        with suppress(OSError, EOFError, asyncio.CancelledError):
            try:
                refusal = await self._refusal(reader)
                if refusal is None:
                    await self._tunnel(reader, writer)
                else:
                    writer.write(_answer(*refusal))
            finally:
                await self._ended(writer)
                self._callers -= 1

    async def _refusal(self, reader: StreamReader) -> tuple[HTTPStatus, str] | None:
        is_full = self._callers > self._limits.connections
        try:
            head = await asyncio.wait_for(
                reader.readuntil(b"\r\n\r\n"), _BRIEFLY if is_full else self._limits.head
            )
        except asyncio.LimitOverrunError:
            return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "A request to this proxy has 16 KiB at most."
        if is_full:
            sentence = f"This proxy has {self._limits.connections} connections, which is its limit."
            return HTTPStatus.SERVICE_UNAVAILABLE, sentence
        asked = _CONNECT.match(head)
        if asked and asked[1].decode("latin-1").lower() in self._targets:
            return None
        return HTTPStatus.FORBIDDEN, _ELSEWHERE

    async def _tunnel(self, reader: StreamReader, writer: StreamWriter) -> None:
        from_fake, to_fake = await asyncio.open_connection(*self._fake)
        asking = asyncio.create_task(self._ask(reader, to_fake))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            await self._copy(from_fake, writer)
        except ConnectionResetError:  # as a planned fault does
            reset_on_close(writer.get_extra_info("socket"))
            raise
        finally:
            asking.cancel()
            await self._ended(to_fake)

    async def _ask(self, reader: StreamReader, to_fake: StreamWriter) -> None:
        """Say all that the caller says; the fake, told that there is no more, answers and ends the tunnel."""
        with suppress(OSError):
            await self._copy(reader, to_fake)
        to_fake.write_eof()

    async def _copy(self, source: StreamReader, sink: StreamWriter) -> None:
        while piece := await asyncio.wait_for(source.read(_CHUNK), self._limits.silence):
            sink.write(piece)
            await asyncio.wait_for(sink.drain(), self._limits.silence)

    async def _ended(self, writer: StreamWriter) -> None:
        writer.close()
        with suppress(OSError):
            await asyncio.wait_for(writer.wait_closed(), self._limits.head)
        writer.transport.abort()


def _answer(status: HTTPStatus, sentence: str) -> bytes:
    body = f"{sentence}\n".encode()
    return (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode() + body
