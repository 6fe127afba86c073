"""What the core answers, and the parts of an answer that are compared."""

from dataclasses import replace
from typing import NamedTuple

from cgmock.core.messages import Request, Response
from cgmock.core.routing import decide
from cgmock.core.tenant import NoAcceptHeader, UnknownConfiguration
from tests.acme import NOW, tenant, view

_DROPPED, _REDIRECT = UnknownConfiguration.DROPPED, NoAcceptHeader.LARAVEL_REDIRECT
TAKES_ANYTHING = replace(tenant(unknown_configuration=_DROPPED), configurations={})
"""A tenant that takes any record for any reference, as the Laravel of these tests does."""

RENDERS_PAGES = replace(tenant(unknown_configuration=_DROPPED, no_accept_header=_REDIRECT), configurations={})
"""The same with Laravel's pages for those who do not ask for JSON."""


class Shown(NamedTuple):
    """The parts of an answer that are compared."""

    status: int
    allow: str | None
    content_type: str | None
    cache_control: str | None
    body: bytes


def answer(request: Request) -> Response:
    """What the core answers to a request with a good token."""
    return decide(view(TAKES_ANYTHING), request, NOW).response


def page(request: Request) -> Response:
    """The same for a tenant that renders pages."""
    return decide(view(RENDERS_PAGES), request, NOW).response


def shown(response: Response) -> Shown:
    """What is compared of an answer."""
    headers = {name.lower(): value for name, value in response.headers}
    allow, content_type, cache_control = map(headers.get, ("allow", "content-type", "cache-control"))
    return Shown(response.status, allow, content_type, cache_control, response.body)


def outline(response: Response) -> Shown:
    """What is compared of a page: its words and its charset's case are nobody's contract."""
    answered = shown(response)
    content_type = (answered.content_type or "").lower()
    return answered._replace(content_type=content_type, body=b"" if is_page(response) else answered.body)


def is_page(response: Response) -> bool:
    """Whether an answer is HTML that is to be looked at."""
    return b"<html" in response.body
