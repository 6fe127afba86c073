"""The table of endpoints of the control API. It registers the routes, and the OpenAPI document is generated from it."""

from cgmock.journal.expectations import Verdict
from cgmock.mock_api import MockAPI
from cgmock.seeds.tenant_tables import Part
from cgmock.stores.base import MAX_CHECKPOINTS, Collection
from cgmock.web.openapi.control import Body, Endpoint, describe
from cgmock.web.openapi.words import COUNT, Node, closed, listed, schema, words
from cgmock.web.params import AFTER, CURSOR, LEASE, LIMIT, ORDER, SEARCH, TIMEOUT, WAIT
from cgmock.web.routes import general, journals, tenants
from cgmock.web.serializers import ClaimsJson, NearMissJson

_TENANTS = "/v1/tenants"
_TENANT = f"{_TENANTS}/{{name}}"
_CHECKPOINT = f"{_TENANT}/checkpoints/{{checkpoint}}"
_JOURNAL = f"{_TENANT}/journal"
_CLOCK = f"{_TENANT}/clock"
_FAULTS = f"{_TENANT}/faults"

_PAGE = (LIMIT, CURSOR, ORDER, AFTER, *SEARCH)
_DOCUMENT: Node = {"type": "object", "required": ["openapi", "info", "paths"]}
_TAKEN = {409: "A name, client id or webhook id belongs to another tenant."}
_IN_USE = {422: "A webhook uses the configuration."}

_TOO_MANY = {409: f"The tenant already has {MAX_CHECKPOINTS} checkpoints."}
_NO_APP = {409: "The tenant has no connected app that could send a record."}

_OF_FIRST = ("$response.body#/data/0/name", ("tenant", *Collection, "journal", "clock", "faults"))
_OF_NEW = (
    "$response.body#/name",
    ("tenant", "resetTenant", "freezeClock", "advanceClock", "addFault", "removeTenant"),
)
_APP = {"client_id": "acme-crm", "client_secret": "acme-secret"}
_WEBHOOK = {"username": "shop", "password": "acme-password", "configuration": "contact"}
_RECORD = {"Email": "joe@example.com"}
_EXPECTATION = {"record": _RECORD, "times": 1}
_FAULT = {"endpoint": "records", "status": 503, "headers": {"Retry-After": "5"}, "times": 2}
_TRIED = Body("TryRecord", {"configuration": "contact", "record": _RECORD})
_EXPECTED = Body("Expectations", {"expect": [_EXPECTATION]})
_FROZEN = Body("FreezeClock", {"at": 3600}, required=False)
_ADVANCED = Body("AdvanceClock", {"seconds": 3600}, required=False)


def control_document(_: MockAPI) -> Node:
    """Return this document."""
    return describe(ENDPOINTS)


def _rows(collection: Collection) -> Endpoint:
    rows, cursor = listed(schema(collection.title())), {"type": ["integer", "null"]}
    page = closed({"data": rows, "next_cursor": cursor, "dropped": COUNT})
    path, fixed = f"{_TENANT}/{collection}", {"collection": collection}
    return Endpoint("GET", path, tenants.rows, page, fixed, query=(LIMIT, CURSOR), id=collection)


def _part(part: Part, one: str, example: Node) -> tuple[Endpoint, ...]:
    path, fixed, shown = f"{_TENANT}/{part}", {"part": part}, schema(one)
    item, body = f"{path}/{{key}}", Body(f"Sent{one}", example, required=bool(example))
    put = Endpoint("PUT", item, tenants.put_part, shown, fixed, (200, 201), (), body, _TAKEN, id=f"put{one}")
    return (
        Endpoint("GET", path, tenants.list_parts, listed(shown), fixed, id=f"list{one}"),
        Endpoint("GET", item, tenants.get_part, shown, fixed, id=f"get{one}"),
        put,
        Endpoint("DELETE", item, tenants.delete_part, None, fixed, errors=_IN_USE, id=f"delete{one}"),
    )


ENDPOINTS = (
    Endpoint(
        "GET",
        "/health",
        general.health,
        closed({"status": words(["ok"])}),
        is_public=True,
    ),
    Endpoint("GET", "/openapi.json", control_document, _DOCUMENT),
    Endpoint("GET", "/vendor-openapi.json", general.vendor_document, _DOCUMENT),
    Endpoint("GET", "/v1/behaviours", general.behaviours, ClaimsJson),
    Endpoint("GET", "/v1/unclaimed", journals.unclaimed, query=_PAGE),
    Endpoint("GET", "/v1/unclaimed/{number}", journals.unclaimed_entry),
    Endpoint("GET", _TENANTS, tenants.tenants, listed(schema("Tenant")), links=_OF_FIRST),
    Endpoint(
        "POST",
        _TENANTS,
        tenants.add_tenant,
        schema("Tenant"),
        statuses=(201,),
        query=(LEASE,),
        body=Body("Seed", {"name": "acme", "connected_apps": [_APP]}),
        errors=_TAKEN,
        links=_OF_NEW,
    ),
    Endpoint("GET", _TENANT, tenants.tenant, schema("Tenant")),
    Endpoint(
        "PUT",
        _TENANT,
        tenants.replace_tenant,
        schema("Tenant"),
        body=Body("Description", {"touchpoints": ["After Sales"]}),
        errors=_TAKEN,
    ),
    Endpoint("DELETE", _TENANT, tenants.remove_tenant),
    Endpoint("POST", f"{_TENANT}/reset", tenants.reset_tenant, errors=_TAKEN),
    Endpoint("PUT", f"{_TENANT}/lease", tenants.lease_tenant, body=Body("Lease", {"seconds": 120})),
    Endpoint("POST", f"{_TENANT}/try", tenants.try_record, body=_TRIED, errors=_NO_APP),
    *_part(Part.CONNECTED_APPS, "ConnectedApp", {"client_secret": "acme-secret"}),
    *_part(Part.CONFIGURATIONS, "Configuration", {"data_type": "contact", "headings": {"Email": "email"}}),
    *_part(Part.TOUCHPOINTS, "Touchpoint", {}),
    *_part(Part.WEBHOOKS, "Webhook", _WEBHOOK),
    *_part(Part.POLICIES, "Policy", {"value": "422"}),
    Endpoint("GET", f"{_TENANT}/checkpoints", tenants.checkpoints),
    Endpoint("PUT", _CHECKPOINT, tenants.save_checkpoint, errors=_TOO_MANY),
    Endpoint("DELETE", _CHECKPOINT, tenants.delete_checkpoint),
    Endpoint("POST", f"{_CHECKPOINT}/restore", tenants.restore_checkpoint, errors=_TAKEN),
    *map(_rows, Collection),
    Endpoint("GET", _JOURNAL, journals.journal, query=(WAIT, *_PAGE)),
    Endpoint("GET", f"{_JOURNAL}/{{number}}", journals.entry),
    Endpoint("GET", f"{_JOURNAL}/count", journals.count_entries, closed({"count": COUNT}), query=SEARCH),
    Endpoint(
        "POST",
        f"{_JOURNAL}/near-misses",
        journals.near_misses,
        list[NearMissJson],
        query=(LIMIT,),
        body=Body("Expectation", _EXPECTATION, required=False),
    ),
    Endpoint("POST", f"{_JOURNAL}/verify", journals.verify_journal, Verdict, body=_EXPECTED),
    Endpoint(
        "POST", f"{_JOURNAL}/wait", journals.wait_for_journal, Verdict, query=(TIMEOUT,), body=_EXPECTED
    ),
    Endpoint("GET", f"{_TENANT}/usage", journals.usage),
    Endpoint("GET", _CLOCK, tenants.clock),
    Endpoint("POST", f"{_CLOCK}/freeze", tenants.freeze_clock, body=_FROZEN),
    Endpoint("POST", f"{_CLOCK}/advance", tenants.advance_clock, body=_ADVANCED),
    Endpoint("POST", f"{_CLOCK}/reset", tenants.reset_clock),
    Endpoint("GET", _FAULTS, tenants.faults, schema("Faults")),
    Endpoint(
        "POST",
        _FAULTS,
        tenants.add_fault,
        schema("Faults"),
        statuses=(201,),
        body=Body("Fault", _FAULT, required=False),
        errors={422: "The fault is invalid, or this server cannot break connections."},
    ),
    Endpoint("DELETE", _FAULTS, tenants.clear_faults),
)
