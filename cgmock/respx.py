"""The fake inside respx: code that talks to the vendor's hosts is tested as it is."""

from contextvars import ContextVar
from importlib.util import find_spec
from typing import ClassVar

import httpx

from cgmock.core.tenant import Region
from cgmock.httpx import answer, answer_later, needed
from cgmock.mock_api import MockAPI

with needed("respx"):
    import respx
    from respx.mocks import HTTPCoreMocker, Mocker
    from respx.models import ResolvedRoute, RouteList, SideEffectError
    from respx.types import RouteResultTypes

__all__ = ["mock_router"]

_is_awaited = ContextVar("is_awaited", default=False)
"""Whether the request that is resolved comes from an async client."""

_SERVICES = ("imports.api", "auth", "api", "hooks")


def mock_router(
    mock: MockAPI, *, assert_all_called: bool = True, assert_all_mocked: bool = True
) -> respx.MockRouter:
    """Return a router of respx that answers requests to the vendor's hosts with a mock.

    The router is a context manager and a decorator. It has a route for each host, for example
    `router["imports.api.eu"]`, which a test can mock. Routes that a test adds come first. If httpx2 is installed, the
    router also answers its clients, and the errors that it raises are those of httpx.

    Args:
        mock: The mock that answers.
        assert_all_called: Fail if a route that the test added was not called.
        assert_all_mocked: Fail if a request is sent to any other host.

    Example:
        >>> with mock_router(mock) as router:
        ...     outage = router["imports.api.eu"].mock(side_effect=httpx.ReadTimeout)
    """
    router = _Router(assert_all_called=assert_all_called, assert_all_mocked=assert_all_mocked)
    for region in Region:
        for service in _SERVICES:
            host = _VendorHost(f"{service}.{region}.customergauge.com", mock)
            router.add(host, name=f"{service}.{region}")
    return router


def add_loopback(router: respx.MockRouter) -> None:
    """Send the requests to 127.0.0.1 for which no other route exists."""
    router.routes.add(_Loopback(host="127.0.0.1").pass_through())


class _Loopback(respx.Route):
    """Everything that is sent to this machine."""


class _VendorHost(respx.Route):
    """Everything that is sent to one host of the vendor, which listens to https alone."""

    def __init__(self, host: str, mock: MockAPI) -> None:
        super().__init__(host=host, scheme="https", port=443)
        self._mock = mock

    def resolve(self, request: httpx.Request, **context: object) -> RouteResultTypes:
        """What a test has mocked this route with, else what the fake answers."""
        if self.side_effect or self.return_value:
            return super().resolve(request, **context)
        if _is_awaited.get():
            return answer_later(self._mock, request)
        try:
            return answer(self._mock, request)  # type: ignore[no-any-return]
        except httpx.TransportError as error:
            raise SideEffectError(self, origin=error) from error


class _Routes(RouteList):
    """Routes in the order of matching: those of a test, then ours."""

    def add(self, route: respx.Route, name: str | None = None) -> respx.Route:
        """Add a route in its place."""
        added = super().add(route, name)
        self._routes.sort(key=_is_ours)
        return added


class _Router(respx.MockRouter):
    """A router that takes the requests of httpx2, too, and knows that no test calls every host."""

    def __init__(self, *, assert_all_called: bool = True, assert_all_mocked: bool = True) -> None:
        super().__init__(assert_all_called=assert_all_called, assert_all_mocked=assert_all_mocked)
        self.routes = _Routes()

    def start(self) -> None:
        """Take requests."""
        super().start()
        if find_spec("httpcore2"):
            mocker = _mocker_of_httpx2()
            mocker.register(self)
            mocker.start()

    def stop(self, clear: bool = True, reset: bool = True, quiet: bool = False) -> None:  # noqa: FBT001, FBT002  (respx's own)
        """Take no more requests, and check that the test's own routes were called."""
        mocker = _mocker_of_httpx2()
        mocker.unregister(self)
        mocker.stop()
        super().stop(clear, reset, quiet)

    async def aresolve(self, request: httpx.Request) -> ResolvedRoute:
        """Resolve a request of an async client."""
        token = _is_awaited.set(True)
        try:
            return await super().aresolve(request)
        finally:
            _is_awaited.reset(token)

    def assert_all_called(self) -> None:
        """Assert that each route was called that a test has added."""
        missed = [route for route in self.routes if not route.called and not _is_ours(route)]
        if missed:
            raise AssertionError(f"RESPX: some routes were not called: {missed}")


class _HTTPCore2Mocker(HTTPCoreMocker):
    """Takes the requests of httpx2 where pytest-httpx2, which has such a mocker, is not loaded."""

    name = "cgmock"
    targets: ClassVar[list[str]] = [
        target.replace("httpcore.", "httpcore2.", 1) for target in HTTPCoreMocker.targets
    ]


def _mocker_of_httpx2() -> type[Mocker]:
    """The mocker that others share, so that their routers and ours see the same requests."""
    return Mocker.registry.get("httpcore2", _HTTPCore2Mocker)


def _is_ours(route: respx.Route) -> bool:
    return isinstance(route, _VendorHost | _Loopback)
