"""The client: one record at a time, as the imports API takes it."""

from __future__ import annotations

import base64
import os
import random as randomness
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal, NoReturn, Self, TypedDict, TypeVar, Unpack
from urllib.parse import quote, urlencode

import httpx

from cgclient import pages
from cgclient.answers import MAYBE_WRITTEN, Answer, failure_of_read, failure_of_write
from cgclient.bodies import Record, flat_body, form_body, json_body
from cgclient.errors import AmbiguousWriteError, ConfigurationError, TransportError
from cgclient.events import Hook
from cgclient.http import DEFAULT_TIMEOUT, Http, NoAnswerError, Request, Timeout, is_usable
from cgclient.pages import Page, Period, Response
from cgclient.regions import Region
from cgclient.retries import DEFAULT_RETRIES, Repeater, Retries
from cgclient.tokens import Token, Tokens

if TYPE_CHECKING:
    import httpx2

Encoding = Literal["json", "form"]

_FORM = "application/x-www-form-urlencoded"
_JSON = "application/json"


_UNAUTHORIZED = HTTPStatus.UNAUTHORIZED
_Result = TypeVar("_Result")


class _Same(Enum):
    """The default of an option that stays as it is."""

    SAME = "same"


SAME: Final = _Same.SAME


class Options(TypedDict, total=False):
    """The options of a client that are not said in the environment."""

    transport: httpx.BaseTransport | None
    http: httpx.Client | httpx2.Client | None
    timeout: Timeout | _Same
    retries: Retries
    retry_ambiguous: bool
    hooks: Sequence[Hook]
    clock: Callable[[], float]
    sleep: Callable[[float], None]
    random: Callable[[], float]


class Client:
    """Writes records to one CustomerGauge system, and reads responses back; safe to share between threads.

    `auth_url`, `imports_url`, `api_url` and `webhooks_url` are the bases of other hosts, a fake's for example; with
    `imports_url` alone, webhooks are below it at `/hooks`. `transport` is any transport of httpx; `http` a whole client
    of httpx or httpx2, which stays open, and whose timeouts count where `timeout` is not said. `timeout` limits each
    phase of an exchange, and the exchange as a whole: to itself if it is a number, to the sum of the phases of an
    `httpx.Timeout` (default 100 seconds). At most 32 MiB of an answer are read.

    A forked process opens its own connections, and raises ConfigurationError if `transport` or `http` was passed.

    What provably was not written is sent again as `retries` say; with `retry_ambiguous`, also what may have been
    written. Each request is one debug line of the logger `cgclient` (method, host, path, status, time); `hooks` are told
    of it and of every pause. Raises ConfigurationError for an unknown region, unusable credentials or a URL that is no
    base.
    """

    def __init__(  # noqa: PLR0913  (all but the first three have good defaults)
        self,
        client_id: str,
        client_secret: str,
        region: str = "eu",
        *,
        auth_url: str | None = None,
        imports_url: str | None = None,
        api_url: str | None = None,
        webhooks_url: str | None = None,
        transport: httpx.BaseTransport | None = None,
        http: httpx.Client | httpx2.Client | None = None,
        timeout: Timeout | _Same = SAME,
        retries: Retries = DEFAULT_RETRIES,
        retry_ambiguous: bool = False,
        hooks: Sequence[Hook] = (),
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = randomness.random,
    ) -> None:
        _check_credentials(client_id, client_secret)
        if http is not None and transport is not None:
            raise ConfigurationError("Give http or transport, not both: a client has its own transport.")
        hosts = Region.named(region)
        if not webhooks_url and imports_url:
            webhooks_url = f"{imports_url.rstrip('/')}/hooks"
        self._credentials = {"client_id": client_id, "client_secret": client_secret}
        self._token_url = f"{_base('auth_url', auth_url or hosts.auth_url)}/oauth2/token"
        self._records_url = f"{_base('imports_url', imports_url or hosts.imports_url)}/records/"
        self._responses_url = f"{_base('api_url', api_url or hosts.api_url)}/v7/rest/sync/responses"
        self._webhooks_url = _base("webhooks_url", webhooks_url or hosts.webhooks_url)
        self._http = Http(http, transport, hooks, clock)
        self._timeout = timeout if not isinstance(timeout, _Same) else _usual_timeout(http)
        self._repeater = Repeater(retries, retry_ambiguous, clock, sleep, random)
        self._tokens = Tokens(clock)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ, **options: Unpack[Options]) -> Self:
        """A client from CG_CLIENT_ID, CG_CLIENT_SECRET and CG_REGION (eu); the options are those of `Client`.

        Other hosts are CG_AUTH_URL, CG_IMPORTS_URL, CG_API_URL and CG_WEBHOOKS_URL. A blank variable is an absent one.
        """
        said = {name: value.strip() for name, value in environ.items() if name.startswith("CG_")}
        missing = [name for name in ("CG_CLIENT_ID", "CG_CLIENT_SECRET") if not said.get(name)]
        if missing:
            raise ConfigurationError(f"Set {' and '.join(missing)} in the environment.")
        return cls(
            said["CG_CLIENT_ID"],
            said["CG_CLIENT_SECRET"],
            said.get("CG_REGION") or "eu",
            auth_url=said.get("CG_AUTH_URL"),
            imports_url=said.get("CG_IMPORTS_URL"),
            api_url=said.get("CG_API_URL"),
            webhooks_url=said.get("CG_WEBHOOKS_URL"),
            **options,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._records_url!r})"

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled."""
        raise TypeError(
            "A client holds a secret and open connections, which do not travel: make one where it is needed, with Client.from_env() for example."
        )

    @property
    def client_id(self) -> str:
        """The id of the connected app."""
        return self._credentials["client_id"]

    @property
    def records_url(self) -> str:
        """Where records go."""
        return self._records_url

    def close(self) -> None:
        """Close the connections, also for the clients that `with_options` made of this one."""
        self._http.close()

    def with_options(
        self,
        *,
        timeout: Timeout | _Same = SAME,
        retries: Retries | None = None,
        retry_ambiguous: bool | None = None,
    ) -> Self:
        """The same client with other options, for one call for example; it shares token and connections."""
        other = object.__new__(type(self))
        vars(other).update(vars(self))
        if not isinstance(timeout, _Same):
            other._timeout = timeout
        repeater = self._repeater
        other._repeater = replace(
            repeater,
            retries=repeater.retries if retries is None else retries,
            ambiguous=repeater.ambiguous if retry_ambiguous is None else retry_ambiguous,
        )
        return other

    def put_record(self, configuration: str, record: Record, encoding: Encoding = "json") -> None:
        """Write one record through the import configuration with this reference.

        Returns when CustomerGauge has accepted it, which does not mean that it kept every heading. Raises a
        CustomerGaugeError, which is an AmbiguousWriteError if the write may have happened, and ValueError for a record
        that the encoding cannot carry; then nothing was sent.
        """
        request = Request("PUT", self._records_url, *_written(configuration, record, encoding))
        self._repeat(partial(_write, partial(self._authorized, request)))

    def put_webhook(self, webhook: str, record: Record, *, username: str, password: str) -> None:
        """Write one record through an incoming webhook, which takes the names of fields as they are displayed.

        `webhook` is its id, or its address, of which the id alone is taken: the host is the client's. It raises what
        `put_record` does.
        """
        headers = {"Content-Type": _JSON, "Authorization": _basic(username, password)}
        url = f"{self._webhooks_url}/{quote(webhook.rstrip('/').rpartition('/')[2], safe='')}"
        request = Request("PUT", url, headers, flat_body(record))
        self._repeat(partial(_write, partial(self._http.send, request, self._timeout)))

    def responses(
        self,
        *,
        per_page: int = 1000,
        cursor: int | str = 0,
        period: Period | None = None,
        expand: Sequence[str] = (),
    ) -> Iterator[Response]:
        """The recorded responses after a cursor, oldest first; each page is fetched when its first one is wanted.

        `expand` names what more each of them shall have, `drivers` for example. Raises a CustomerGaugeError.
        """
        while True:
            query = pages.query(per_page, cursor, period, expand)
            request = Request("GET", f"{self._responses_url}?{query}")
            page = self._repeat(partial(_read, partial(self._authorized, request), cursor))
            yield from page.rows
            if page.next is None:
                return
            cursor = page.next

    def _repeat(self, attempt: Callable[[], _Result]) -> _Result:
        return self._repeater.repeat(attempt, self._http.tell)

    def _authorized(self, request: Request) -> Answer:
        """The answer to a request with a token, or to a second one with a new token when the first is refused."""
        token = self._token()
        answer = self._bearing(token, request)
        return (
            self._bearing(self._token(refused=token), request) if answer.status == _UNAUTHORIZED else answer
        )

    def _bearing(self, token: Token, request: Request) -> Answer:
        headers = {**request.headers, "Authorization": f"Bearer {token.value}"}
        return self._http.send(replace(request, headers=headers), self._timeout)

    def _token(self, refused: Token | None = None) -> Token:
        try:
            return self._tokens.current(self._fetch_token, refused=refused)
        except NoAnswerError as error:
            raise _nothing_written(error) from error.__cause__

    def _fetch_token(self) -> Answer:
        content = urlencode({"grant_type": "client_credentials", **self._credentials}).encode()
        return self._http.send(
            Request("POST", self._token_url, {"Content-Type": _FORM}, content), self._timeout
        )


def _write(send: Callable[[], Answer]) -> None:
    """One attempt to write a record."""
    try:
        answer = send()
    except NoAnswerError as error:
        failure = AmbiguousWriteError(f"{error} {MAYBE_WRITTEN}") if error.sent else _nothing_written(error)
        raise failure from error.__cause__
    failed = failure_of_write(answer)
    if failed is not None:
        raise failed


def _read(send: Callable[[], Answer], cursor: int | str) -> Page:
    """One attempt to read a page."""
    try:
        answer = send()
    except NoAnswerError as error:
        raise _nothing_written(error) from error.__cause__
    failed = failure_of_read(answer)
    if failed is not None:
        raise failed
    return pages.read(answer, cursor)


def _nothing_written(error: NoAnswerError) -> TransportError:
    return TransportError(f"{error} Nothing was written; check region, URL and network.")


def _written(configuration: str, record: Record, encoding: Encoding) -> tuple[Mapping[str, str], bytes]:
    """Headers and content of a record."""
    match encoding:
        case "json":
            return {"Content-Type": _JSON}, json_body(configuration, record)
        case "form":
            return {"Content-Type": _FORM}, form_body(configuration, record)
    raise ValueError(f"The encoding must be json or form, not {encoding!r}.")


def _basic(username: str, password: str) -> str:
    """A Basic header (RFC 7617); a name with a colon would be read as another one."""
    if ":" in username:
        raise ValueError("The username of a webhook has no colon.")
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def _usual_timeout(http: httpx.Client | httpx2.Client | None) -> Timeout:
    """Ours, or that of a client that somebody has set up."""
    return DEFAULT_TIMEOUT if http is None else httpx.Timeout(**http.timeout.as_dict())


def _check_credentials(client_id: str, client_secret: str) -> None:
    if not client_id or not client_secret:
        raise ConfigurationError("A client id and a client secret are needed: those of your connected app.")
    if not (client_id + client_secret).isprintable():
        raise ConfigurationError(
            "The client id or the client secret holds a line break or the like: copy it again."
        )


def _base(name: str, url: str) -> str:
    """The URL without its last slash; one with a password is refused, since URLs are shown."""
    try:
        read = httpx.URL(url)
    except httpx.InvalidURL:
        read = httpx.URL()
    if not is_usable(url) or read.scheme not in ("http", "https") or read.userinfo or set(url) & set("?#"):
        raise ConfigurationError(
            f"{name} must read like https://host or http://host:port/path, with no more to it."
        )
    return url.rstrip("/")
