"""What a planned fault does on a connection: what is written on it, and how it ends."""

import os
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from http import HTTPStatus
from wsgiref.types import WSGIEnvironment

from cgmock.core.messages import Headers, Response
from cgmock.faults.fault import Answer, BrokenConnectionError, Effect

PIECES = 10
"""Writes that a dribbled answer comes in."""

_NO_LINGER = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)


def connection(environ: WSGIEnvironment) -> socket.socket | None:
    """The connection that a request came on, of a server that lends it (werkzeug); else None."""
    lent = environ.get("werkzeug.socket")
    return lent if isinstance(lent, socket.socket) else None


def apply_effect(environ: WSGIEnvironment, answer: Answer) -> None:
    """Apply the effect of an answer to the connection. Always raises BrokenConnectionError."""
    lent, effect = connection(environ), answer.effect or Effect.CLOSE
    if lent is not None:
        with suppress(OSError):  # the client did not wait
            _write(lent, answer)
            _end(lent, effect)
    raise BrokenConnectionError(effect)


def reset_on_close(connection: socket.socket) -> None:
    """Send a RST when the connection is closed, instead of ending it in order."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)


def _write(lent: socket.socket, answer: Answer) -> None:
    before, between = (0.0, answer.delay / PIECES) if answer.effect is Effect.DRIBBLE else (answer.delay, 0.0)
    time.sleep(before)
    for piece in pieces(answer):
        time.sleep(between)
        lent.sendall(piece)


def _end(lent: socket.socket, effect: Effect) -> None:
    if effect is Effect.RESET:
        reset_on_close(lent)
        socket.close(lent.detach())
    else:
        lent.shutdown(socket.SHUT_RDWR)


def pieces(answer: Answer) -> Iterator[bytes]:
    """What is written on the connection before it is closed, one write after the other."""
    response = answer.response
    match answer.effect:
        case Effect.TRUNCATED:
            yield _head(response, ("Content-Length", str(promised(response)))) + cut(response)
        case Effect.MALFORMED_CHUNK:
            yield _head(response, ("Transfer-Encoding", "chunked")) + b"none\r\n" + response.body + b"\r\n"
        case Effect.DRIBBLE:
            whole = _head(response, ("Content-Length", str(len(response.body)))) + response.body
            size = -(-len(whole) // PIECES)
            yield from (whole[at : at + size] for at in range(0, len(whole), size))
        case _:
            return


def promised(response: Response) -> int:
    """The bytes that a truncated answer promises: all of its body, which may be empty, and one more."""
    return len(response.body) + 1


def cut(response: Response) -> bytes:
    """The bytes of the body that come."""
    return response.body[: len(response.body) // 2]


def _head(response: Response, framing: tuple[str, str]) -> bytes:
    status = response.status
    known = {each.value: each.phrase for each in HTTPStatus}
    headers: Headers = (*response.headers, framing, ("Connection", "close"))
    lines = [
        f"HTTP/1.1 {status} {known.get(status, 'Unknown')}",
        *(f"{name}: {value}" for name, value in headers),
    ]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
