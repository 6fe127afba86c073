"""A state machine that any CustomerGauge can be run against, and that knows what it has to answer."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import ClassVar, Protocol, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from hypothesis.strategies import SearchStrategy

from cgmock.core import catalog
from cgmock.core.messages import Request, Response
from cgmock.core.tenant import Policies, Refusal, Tenant, Webhook
from cgmock.stores.base import Collection, Row
from cgmock.strategies.model import Model, Object
from cgmock.strategies.payloads import Payload, json_body
from cgmock.strategies.plans import Record
from cgmock.strategies.sendings import Call, Put, Sendings, active_webhooks
from cgmock.strategies.tokens import TokenRequest, basic

Send = Callable[[Request], Response]
"""Has a target answer a request."""

_BAD_TOKENS = ("x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.")
_LIFETIME = 3600
_OWN = frozenset({"id", "created_at", "updated_at", "request", "number_customergauge", "date_creation"})
"""What an object has beside what records said."""


class HttpResponse(Protocol):
    """An answer as httpx has it."""

    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def content(self) -> bytes: ...


class HttpClient(Protocol):
    """A client as `httpx.Client`; it has a base URL, and follows no redirects."""

    def request(self, method: str, url: str, *, content: bytes, headers: Mapping[str, str]) -> HttpResponse:
        """Send a request, and give its answer."""


def over_http(client: HttpClient) -> Send:
    """Sends by a client whose base URL serves all endpoints, as that of a fake does."""

    def send(request: Request) -> Response:
        url = f"{request.path}?{request.query}" if request.query else request.path
        answer = client.request(request.method, url, content=request.body, headers=request.headers)
        return Response(answer.status_code, tuple(answer.headers.items()), answer.content)

    return send


_K = TypeVar("_K")


@cache
def _sendings(machine: type["CustomerGaugeMachine"]) -> Sendings:
    return Sendings(machine.tenant)


def _drawn(strategy: Callable[[Sendings], SearchStrategy[_K]]) -> SearchStrategy[_K]:
    """One of the strategies for the tenant of the machine."""

    def for_machine(machine: "CustomerGaugeMachine") -> SearchStrategy[_K]:
        return strategy(_sendings(type(machine)))

    return st.runner().flatmap(for_machine)


class CustomerGaugeMachine(RuleBasedStateMachine):
    """Writes records of all kinds, and compares the answers and what is stored with a small model.

    A subclass says what `tenant` the target has, with the default policies, and how to `start` it empty. `wait` and
    `rows` are for a target that can be asked for them.
    """

    tenant: ClassVar[Tenant]

    puts: Bundle[Put] = Bundle("puts")

    def __init__(self) -> None:
        super().__init__()
        if self.tenant.policies != Policies():
            raise InvalidArgument("The tenant must have the default policies: the model knows no other")
        self._send = self.start()
        self._model = Model()
        self._token = ""

    def start(self) -> Send:
        """What has a target answer, one that holds nothing yet: `MockAPI.handle`, or `over_http` of a client."""
        raise InvalidArgument(
            "Define start(): it returns what answers requests, `MockAPI.handle` for example"
        )

    def wait(self, seconds: int) -> bool:  # noqa: ARG002  (a subclass uses it)
        """Let time pass for the target; False where nobody can."""
        return False

    def rows(self, collection: Collection) -> Sequence[Row] | None:  # noqa: ARG002  (a subclass uses it)
        """All objects of a kind that the target holds, oldest first; None where nobody can look."""
        return None

    @initialize(request=_drawn(lambda sendings: sendings.granted))
    def fetch_token(self, request: TokenRequest) -> None:
        """Nothing goes without."""
        self._token = str(self._ask(request)["access_token"])

    @rule(request=_drawn(lambda sendings: sendings.asked))
    def ask_for_token(self, request: TokenRequest) -> None:
        """A token, or an error of OAuth."""
        answer = self._ask(request)
        if request.error is None:
            assert answer["token_type"] == "Bearer", answer
        else:
            assert answer["error"] == request.error, answer

    @rule(target=puts, put=_drawn(lambda sendings: sendings.valid))
    def put_valid(self, put: Put) -> MultipleResults[Put]:
        """A valid record is stored."""
        return self._put(put)

    @rule(target=puts, put=_drawn(lambda sendings: sendings.invalid))
    def put_invalid(self, put: Put) -> MultipleResults[Put]:
        """Nothing of an invalid record is stored."""
        return self._put(put)

    @rule(target=puts, put=_drawn(lambda sendings: sendings.near_misses))
    def put_near_miss(self, put: Put) -> MultipleResults[Put]:
        """What is below an unmapped heading is not stored."""
        return self._put(put)

    @rule(put=puts)
    def repeat(self, put: Put) -> None:
        """A record that comes twice updates what it may, and is recorded twice if it is a response."""
        self._put(put)

    @rule(put=_drawn(lambda sendings: sendings.valid), token=st.sampled_from(_BAD_TOKENS))
    def put_without_token(self, put: Put, token: str) -> None:
        """A bad token is refused."""
        _expect_unauthenticated(self._send(_request("PUT", "/records/", _bearer(token), put.payload)))

    @rule(request=_drawn(lambda sendings: sendings.granted), put=_drawn(lambda sendings: sendings.valid))
    def use_up_token(self, request: TokenRequest, put: Put) -> None:
        """A token is good for an hour."""
        self.fetch_token(request)
        if self.wait(_LIFETIME - 1):
            assert self._page(1, 0).status == 200, "the token died before its hour was over"
            self.wait(1)
            _expect_unauthenticated(
                self._send(_request("PUT", "/records/", _bearer(self._token), put.payload))
            )
            self.fetch_token(request)

    @precondition(lambda machine: bool(active_webhooks(machine.tenant)))
    @rule(call=_drawn(lambda sendings: sendings.calls))
    def call_webhook(self, call: Call) -> None:
        """A webhook takes a valid record."""
        webhook = self.tenant.webhooks[call.webhook]
        configuration = self.tenant.configurations[webhook.configuration].by_display_name
        if self._model.is_clear(configuration, call.record):
            _expect_accepted(self._call(webhook, webhook.password, call.record))
            self._model.take(configuration, call.record)

    @precondition(lambda machine: bool(active_webhooks(machine.tenant)))
    @rule(call=_drawn(lambda sendings: sendings.calls))
    def call_webhook_without_password(self, call: Call) -> None:
        """A wrong password is refused."""
        webhook = self.tenant.webhooks[call.webhook]
        _expect_unauthenticated(self._call(webhook, f"{webhook.password}x", call.record))

    @rule(per_page=st.integers(1, 3))
    def read_back(self, per_page: int) -> None:
        """Each response is there, oldest first, with all that its record said and nothing else."""
        recorded = [_by_technical_name(each) for each in self._model.objects[Collection.RESPONSES]]
        read = [*islice(self._responses(per_page), len(recorded) + 1)]
        assert read == recorded, f"{read} is read back, not {recorded}"

    @invariant()
    def look(self) -> None:
        """The target holds what the model holds."""
        for collection, expected in self._model.objects.items():
            rows = self.rows(collection)
            if rows is not None:
                held = [{name: cell for name, cell in row.items() if _is_said(name, cell)} for row in rows]
                assert held == expected, f"{held} is held, not {expected}"

    def _ask(self, request: TokenRequest) -> Mapping[str, object]:
        headers, query, body, error = request
        answer = self._send(Request("POST", "/oauth2/token", query, headers, body, len(body)))
        assert answer.status == (400 if error else 200), f"{answer} to {request}"
        content: Mapping[str, object] = json.loads(answer.body)
        return content

    def _put(self, put: Put) -> MultipleResults[Put]:
        payload, reference, stored, refusal = put
        configuration = self.tenant.configurations[reference]
        if stored is not None and not self._model.is_clear(configuration, stored):
            return multiple()
        answer = self._send(_request("PUT", "/records/", _bearer(self._token), payload))
        if refusal is Refusal.UNPROCESSABLE:
            assert answer.status == 422, answer
            assert json.loads(answer.body)["errors"], answer
        else:
            _expect_accepted(answer)
        if stored is not None:
            self._model.take(configuration, stored)
        return multiple(put)

    def _call(self, webhook: Webhook, password: str, record: Record) -> Response:
        payload = Payload(json_body(record), "application/json", record)
        return self._send(_request("PUT", f"/hooks/{webhook.id}", basic(webhook.username, password), payload))

    def _responses(self, per_page: int) -> Iterator[Object]:
        cursor = 0
        while True:
            answer = self._page(per_page, cursor)
            assert answer.status == 200, answer
            content = json.loads(answer.body)
            yield from map(_flat, content["data"])
            if not content["data"]:
                return
            cursor = content["cursor"]["next"]

    def _page(self, per_page: int, cursor: int) -> Response:
        headers = {"authorization": _bearer(self._token), "accept": "application/json"}
        return self._send(
            Request("GET", "/v7/rest/sync/responses", f"per_page={per_page}&cursor={cursor}", headers)
        )


def _request(method: str, path: str, authorization: str, payload: Payload) -> Request:
    headers = {
        "authorization": authorization,
        "content-type": payload.content_type,
        "accept": "application/json",
    }
    return Request(method, path, "", headers, payload.body, len(payload.body))


def _bearer(token: str) -> str:
    return f"Bearer {token}"


def _expect_accepted(answer: Response) -> None:
    assert (answer.status, answer.body) == (200, b""), answer


def _expect_unauthenticated(answer: Response) -> None:
    assert answer.status == 401, answer
    assert json.loads(answer.body) == {"message": "Unauthenticated."}, answer


def _by_technical_name(values: Object) -> Object:
    fields = ((catalog.field(name), value) for name, value in values.items())
    return {field.technical_name: value for field, value in fields if field is not None}


def _flat(row: Mapping[str, object]) -> dict[str, object]:
    """What a record said, the members of objects with a dot in their names."""
    flat: dict[str, object] = {}
    for name, value in row.items():
        members = (
            {f"{name}.{key}": each for key, each in value.items()}
            if isinstance(value, dict)
            else {name: value}
        )
        flat |= {key: each for key, each in members.items() if _is_said(key, each)}
    return flat


def _is_said(name: str, value: object) -> bool:
    return name not in _OWN and value is not None
