"""The operations of a fake, used as a test uses them, with the types that they return."""

from datetime import UTC, datetime, timedelta
from typing import assert_type

from cgmock.journal.expectations import NearMiss
from cgmock.journal.journal import Entry
from cgmock.stores.base import Row
from cgmock.testing.fake import FakeCustomerGauge, Lost


def use(cg: FakeCustomerGauge) -> None:
    """Use a fake."""
    cg.clock.freeze(datetime(2026, 1, 31, tzinfo=UTC))
    cg.clock.advance(timedelta(hours=1))
    cg.clock.advance(0.5)
    assert_type(cg.find(path="/records/", status=200, notice="unmapped", heading="X"), list[Entry])
    assert_type(cg.find(since=0, text="joe", request=None), list[Entry])
    assert_type(cg.count(status=422), int)
    assert_type(cg.journal, list[Entry])
    assert_type(cg.data("contacts"), list[Row])
    assert_type(cg.lost, list[Lost])
    assert_type(cg.near_misses({"endpoint": "token"}), list[NearMiss])
    assert_type(cg.clock.is_frozen, bool)
