"""The network: httpx, and for the one request that keeps to no protocol the standard library."""

import socket
from contextlib import closing
from http.client import HTTPConnection, HTTPException

import httpx

from cgclient.limits import MAX_ANSWER

_SECONDS = 10.0


class Network(httpx.HTTPTransport):
    """Sends requests; one that announces more than it has breaks off there, and waits for an answer."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request."""
        announced = int(request.headers.get("content-length", "0"))
        return super().handle_request(request) if announced <= len(request.read()) else _broken_off(request)


def _broken_off(request: httpx.Request) -> httpx.Response:
    url = request.url
    with closing(HTTPConnection(url.host, url.port, timeout=_SECONDS)) as connection:
        try:
            connection.request(request.method, url.raw_path.decode(), request.content, dict(request.headers))
            connection.sock.shutdown(socket.SHUT_WR)
            response = connection.getresponse()
            return httpx.Response(
                response.status, headers=response.getheaders(), content=response.read(MAX_ANSWER)
            )
        except (OSError, HTTPException) as error:
            raise httpx.ReadError(str(error), request=request) from error
