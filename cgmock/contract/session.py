"""What all checks of a process share: the connection, the token, the run, and from where on responses are read back."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

import httpx

from cgclient.http import tls_advice
from cgclient.limits import MAX_ANSWER, Deadline
from cgmock.clock import Clock, monotonic
from cgmock.contract.exchanges import Names, names
from cgmock.journal.redaction import Redactor
from cgmock.live.rails import CHECK, NUMBER
from cgmock.live.results import CouldNotCheckError, Json, NotRunError
from cgmock.live.target import Target

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
RESPONSES = "/v7/rest/sync/responses"

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_TOTAL = 100.0
"""Seconds that a request may take altogether."""

_PAGE, _MOST_PAGES = 1000, 50
_LONGEST_WINDOW = 61.0
"""Seconds to wait at most for a rate window to end."""

_DAY = timedelta(days=1)


class Start(NamedTuple):
    """The cursor after the responses that were there before a run, or why none can be read."""

    cursor: object
    hindrance: str = ""


class Session:
    """A run against a target over a transport. `run` is its id, part of all it writes.

    `patience` is how many seconds to look for what was written; `sleep` waits, and `now` tells Unix seconds.
    """

    def __init__(  # noqa: PLR0913  (the last three have good defaults)
        self,
        target: Target,
        transport: httpx.BaseTransport,
        run: str,
        *,
        patience: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] | None = None,
    ) -> None:
        self.target = target
        self.run = run
        self.patience = patience
        self.sleep = sleep
        self._now = now or Clock().now
        self._http = httpx.Client(transport=transport, timeout=_TIMEOUT, trust_env=False)
        self._deadline = Deadline(monotonic, httpx.ReadTimeout)
        self._sent = 0
        self._unreachable: set[str] = set()
        self._redactor = Redactor([*target.tenant.secrets, target.client_secret])
        self._tokens = {target.expired_token: "<expired token>"} if target.expired_token else {}

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, request: httpx.Request, check: str) -> httpx.Response:
        """Send a request of a check. A host that cannot be reached is tried no more: CouldNotCheckError."""
        host = request.url.host
        if host in self._unreachable:
            raise CouldNotCheckError(f"the host {host} cannot be reached")
        self._sent += 1
        more = {CHECK: check, NUMBER: self._sent, "trace": self._deadline.trace}
        request.extensions = {**request.extensions, **more}
        self._deadline.at = monotonic() + _TOTAL
        try:
            with closing(self._http.send(request, stream=True)) as response:
                return self._read(response)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            self._unreachable.add(host)
            advice = tls_advice(error, str(request.url))
            raise CouldNotCheckError(f"the host {host} cannot be reached{advice}") from error
        finally:
            self._deadline.at = math.inf

    def _read(self, response: httpx.Response) -> httpx.Response:
        """The same response with its body, which is limited in size and time."""
        body = bytearray()
        for chunk in response.iter_bytes():
            self._deadline.left()
            body += chunk
            if len(body) > MAX_ANSWER:
                raise CouldNotCheckError(
                    f"an answer of {response.url.host} has more than {MAX_ANSWER // 1024**2} MiB"
                )
        headers = [each for each in response.headers.multi_items() if each[0] != "content-encoding"]
        return httpx.Response(
            response.status_code, headers=headers, content=bytes(body), request=response.request
        )

    @cached_property
    def token(self) -> str:
        """A token of the client. Raises CouldNotCheckError."""
        fields = {
            "grant_type": "client_credentials",
            "client_id": self.target.client_id,
            "client_secret": self.target.client_secret,
        }
        url = f"{self.target.auth_url}/oauth2/token"
        response = self.send(httpx.Request("POST", url, data=fields, headers={"Accept": JSON}), "session")
        token = json_object(response).get("access_token")
        if not isinstance(token, str) or not token.isascii():
            raise CouldNotCheckError(f"the token service answered {response.status_code} without a token")
        self._tokens[token] = "<token>"
        return token

    @cached_property
    def start(self) -> "Start":
        """Where the responses of this run begin, as it is found at the first time."""
        try:
            *_, (_, cursor) = self.pages(None, "session")
        except NotRunError as error:
            return Start(None, str(error))
        return Start(cursor)

    @property
    def first_cursor(self) -> object:
        """The cursor after the responses that were there before the run. Raises NotRunError."""
        if self.start.hindrance:
            raise NotRunError(self.start.hindrance)
        return self.start.cursor

    @property
    def names(self) -> Names:
        """What stands for the parts of messages that differ from run to run."""
        hooks = self.target.tenant.webhooks.values()
        whole = {self.target.client_id: "<client id>"} | {hook.username: "<username>" for hook in hooks}
        secrets = {hook.password: "<password>" for hook in hooks} | {
            self.target.client_secret: "<client secret>"
        }
        return names(whole, secrets | self._tokens | {self.run: "<run>"}, self._redactor)

    def pages(
        self, cursor: object, check: str, per_page: int = _PAGE
    ) -> Iterator[tuple[tuple[Json, ...], object]]:
        """The responses from a cursor on, page by page with the cursor after it, the empty end included.

        Raises NotRunError when the target shows none.
        """
        for _ in range(_MOST_PAGES):
            place = {"per_page": str(per_page)} | ({} if cursor is None else {"cursor": str(cursor)})
            rows, following = _page(self._patiently(self._responses_request(place), check))
            yield rows, following
            if not rows or following in (cursor, None):
                return
            cursor = following
        raise NotRunError(f"there are more than {per_page * _MOST_PAGES} new responses: too many to read")

    def _patiently(self, request: httpx.Request, check: str) -> httpx.Response:
        response = self.send(request, check)
        seconds = waiting_time(response)
        if seconds is None:
            return response
        self.sleep(seconds)
        return self.send(request, check)

    def _responses_request(self, place: Mapping[str, str]) -> httpx.Request:
        """A request for a page. Of a live system that may have had responses for years, only those of these days."""
        parameters = dict(place)
        if not self.target.is_local:
            today = datetime.fromtimestamp(self._now(), UTC)
            parameters |= {
                "period[field]": "date_creation",
                "period[start]": f"{today - _DAY:%Y-%m-%d}",
                "period[end]": f"{today + _DAY:%Y-%m-%d}",
            }
        headers = {"Accept": JSON, "Authorization": f"Bearer {self.token}"}
        return httpx.Request("GET", f"{self.target.api_url}{RESPONSES}", params=parameters, headers=headers)


def json_object(response: httpx.Response) -> Json:
    """The JSON object of a body, empty when it holds none."""
    try:
        content = response.json()
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def waiting_time(response: httpx.Response) -> float | None:
    """How long to wait before the same request again, None when that would not help."""
    seconds = response.headers.get("retry-after", "")
    limited = response.status_code == httpx.codes.TOO_MANY_REQUESTS and seconds.isdecimal()
    return min(float(seconds), _LONGEST_WINDOW) if limited else None


def _page(response: httpx.Response) -> tuple[tuple[Json, ...], object]:
    content = json_object(response)
    rows, cursor = content.get("data"), content.get("cursor")
    if response.status_code != httpx.codes.OK or not isinstance(rows, list):
        raise NotRunError(
            f"the target shows no responses: GET {RESPONSES} was answered with {response.status_code}"
        )
    following = cursor.get("next") if isinstance(cursor, dict) else None
    return tuple(row for row in rows if isinstance(row, dict)), following
