"""Each test of the core starts with empty caches, so that what it calls is really run."""

import pytest

from cgmock.core.messages import _host
from cgmock.core.record_import import _plan, _stored
from cgmock.core.routing import _place
from cgmock.core.spelling import _folded, _nearest


@pytest.fixture(autouse=True)
def _cold_caches() -> None:
    for cached in (_folded, _host, _nearest, _place, _plan, _stored):
        cached.cache_clear()
