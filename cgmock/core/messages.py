"""HTTP messages, as every door hands them to the core and takes them back."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

Headers = tuple[tuple[str, str], ...]


class Request(NamedTuple):
    """A request, free of the library that received it.

    `path` is percent-decoded, its bytes read as Latin-1 (as WSGI has it); `query` is the raw query string without
    its question mark; header names are lower case. `length` is what the body has or should have in bytes: more than
    it has when a door refused to keep that much, or when it broke off. `id` is unique, and given by the shell.
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
    """A response: status code, headers in order, body."""

    status: int
    headers: Headers = ()
    body: bytes = b""
