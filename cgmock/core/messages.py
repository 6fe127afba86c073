"""HTTP messages, as every door hands them to the core and takes them back."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

Headers = tuple[tuple[str, str], ...]


class Request(NamedTuple):
    """An HTTP request.

    Args:
        method: HTTP method.
        path: Path, percent-decoded and read as Latin-1, as in WSGI.
        query: Raw query string, without the question mark.
        headers: Headers by lower-case name.
        body: Body.
        length: Length of the body in bytes. It is greater than `len(body)` if the body is incomplete or too large.
        id: Unique ID, which `MockAPI` sets.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = {}
    body: bytes = b""
    length: int = 0
    id: str = ""

    @property
    def host(self) -> str:
        """The Host header without its port, in lower case."""
        return _host(self.headers.get("host", ""))

    @property
    def content_type(self) -> str:
        """The Content-Type header as sent, empty when absent."""
        return self.headers.get("content-type", "")


@lru_cache(maxsize=256)
def _host(header: str) -> str:
    return header.rpartition("@")[2].partition(":")[0].lower()


class Response(NamedTuple):
    """An HTTP response.

    Args:
        status: Status code. 0 means that no response was sent.
        headers: Pairs of name and value, in order.
        body: Body.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
