"""Each test of the core starts with empty caches, so that what it calls is really run."""

import pytest

from cgmock.core.imports import _plan, _stored
from cgmock.core.messages import _host
from cgmock.core.routing import _place
from cgmock.core.suggest import _folded, _nearest


@pytest.fixture(autouse=True)
def _cold_caches() -> None:
    for cached in (_folded, _host, _nearest, _place, _plan, _stored):
        cached.cache_clear()
