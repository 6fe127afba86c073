"""Views that do not depend on a tenant."""

from collections.abc import Mapping

from cgmock.behaviour_report import claims
from cgmock.mock_api import MockAPI
from cgmock.web import openapi


def health(mock: MockAPI) -> Mapping[str, object]:
    """Check whether the fake can answer requests."""
    mock.store.check()
    return {"status": "ok"}


def vendor_document(_: MockAPI) -> Mapping[str, object]:
    """Return the OpenAPI document of the vendor's endpoints."""
    return openapi.vendor_document()


def behaviours(_: MockAPI) -> Mapping[str, object]:
    """List all behaviours with their evidence, the known differences and the open questions."""
    return claims()
