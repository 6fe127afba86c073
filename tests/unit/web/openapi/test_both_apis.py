"""Python can do all that HTTP can, and the other way round: both lists, walked."""

from collections.abc import Iterator

from cgmock import behaviour_report
from cgmock.clock import ClockControl
from cgmock.control.protocol import Control
from cgmock.control.remote import RemoteControl
from cgmock.faults import FaultControl
from cgmock.journal import heading_usage, replay
from cgmock.mock_api import MockAPI
from cgmock.stores.base import Store
from cgmock.testing.fake import FakeCustomerGauge
from cgmock.web.endpoints import ENDPOINTS
from cgmock.web.openapi.control import describe
from tests.unit.web.openapi.conformance import Contract

PYTHON: dict[str, tuple[object, ...]] = {
    "health": (RemoteControl.check,),
    "behaviours": (behaviour_report.claims,),
    "tenants": (Control.tenants,),
    "tenant": (Control.tenants,),
    "addTenant": (Control.add,),
    "replaceTenant": (Control.replace, FakeCustomerGauge.replace),
    "removeTenant": (Control.remove,),
    "resetTenant": (Control.reset, FakeCustomerGauge.reset),
    **{
        f"{what}{name}": members
        for name in ("ConnectedApp", "Configuration", "Touchpoint", "Webhook", "Policy")
        for what, members in {
            "list": (Control.part,),
            "get": (Control.part,),
            "put": (Control.put_part, FakeCustomerGauge.put),
            "delete": (Control.delete_part, FakeCustomerGauge.delete),
        }.items()
    },
    "checkpoints": (Control.checkpoints,),
    "saveCheckpoint": (Control.save, FakeCustomerGauge.save),
    "restoreCheckpoint": (Control.restore, FakeCustomerGauge.restore),
    "deleteCheckpoint": (Control.forget,),
    **dict.fromkeys(
        ("accounts", "contacts", "responses", "invitations", "activities"),
        (Control.rows, FakeCustomerGauge.data),
    ),
    "journal": (Control.entries, Control.wait, Control.dropped, FakeCustomerGauge.find),
    **dict.fromkeys(("entry", "unclaimedEntry"), (replay.copies,)),
    "usage": (heading_usage.usage,),
    "countEntries": (Control.count, FakeCustomerGauge.count),
    "nearMisses": (FakeCustomerGauge.near_misses,),
    "verifyJournal": (FakeCustomerGauge.verify, FakeCustomerGauge.expect, FakeCustomerGauge.expect_in_order),
    "waitForJournal": (FakeCustomerGauge.wait_for,),
    "unclaimed": (Control.unclaimed,),
    "clock": (Control.clock, ClockControl.now, ClockControl.is_frozen),
    "freezeClock": (ClockControl.freeze,),
    "advanceClock": (ClockControl.advance,),
    "resetClock": (ClockControl.reset,),
    "faults": (Control.faults, FaultControl.unmet, FaultControl.met),
    "addFault": (FaultControl.add,),
    "tryRecord": (MockAPI.try_record,),
    "leaseTenant": (Store.lease, Store.remove_expired),
    "clearFaults": (FaultControl.clear,),
}
"""What Python has for each operation of the control API."""

ABOUT_HTTP = {"controlDocument", "vendorDocument"}


def test_each_operation_can_be_had_in_python() -> None:
    operations = {operation["operationId"] for _, _, operation in Contract(describe(ENDPOINTS)).operations()}

    assert operations - ABOUT_HTTP == PYTHON.keys()


def test_what_python_can_do_can_be_had_over_http() -> None:
    told = {member for members in PYTHON.values() for member in members}

    assert {
        name for name, member in _public(Control, ClockControl, FaultControl) if member not in told
    } == set()


def _public(*kinds: type) -> Iterator[tuple[str, object]]:
    for kind in kinds:
        yield from ((f"{kind.__name__}.{name}", each) for name, each in vars(kind).items() if name[0] != "_")
