"""What one check says to the target and what it hears: marked records, raw answers, and the evidence of both."""

import base64
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

import httpx

from cgmock.contract.capabilities import Hook, Means
from cgmock.contract.exchanges import answered, asked, without_ids
from cgmock.contract.samples import Mapped, Sample, full_sample, sample
from cgmock.contract.session import FORM, JSON, RESPONSES, Session, json_object, waiting_time
from cgmock.core.catalog import DataType
from cgmock.core.messages import Request
from cgmock.core.visible import visible
from cgmock.live.results import Json, NotRunError
from cgmock.live.target import Service, Target

_POLL_SECONDS = 1.0
_VOLATILE = ("number_customergauge", "date_creation")


class Found(NamedTuple):
    """A response that was read back: its `values` by the names of the fields that were mapped, and the `whole` of it."""

    values: Json
    whole: Json

    def mentions(self, text: str) -> bool:
        """Whether a text is anywhere in it, in whatever case."""
        return any(text.casefold() in each.casefold() for each in _texts(self.whole))

    @property
    def stable(self) -> Json:
        """The whole of it, without what the service counts and times by itself."""
        return {**self.whole} | {name: f"<{name}>" for name in _VOLATILE if name in self.whole}


class Conversation:
    """The requests of one check, in order. `answer` is what it recorded, where it asks an open question."""

    def __init__(self, check: str, session: Session) -> None:
        self.check = check
        self.session = session
        self.answer: str = ""
        self._exchanges: list[Json] = []
        self._marks = 0

    @property
    def target(self) -> Target:
        """Whom it talks to."""
        return self.session.target

    @property
    def means(self) -> Means:
        """What the seed of the target gives means to."""
        return Means(self.target.tenant)

    @property
    def evidence(self) -> Sequence[Json]:
        """What was asked and answered, without secrets and without what differs from run to run."""
        names = self.session.names
        return [names.tidied(each) for each in self._exchanges]

    def tidied(self, text: str) -> str:
        """A text without secrets, without what differs from run to run, and without what a terminal obeys."""
        return visible(self.session.names.text(text))

    def saw(self, answer: str) -> None:
        """Record the target's answer to an open question."""
        self.answer = self.tidied(answer)
        self.note("the answer", answer)

    def note(self, what: str, seen: object) -> None:
        """Make something that was seen part of the evidence."""
        self._exchanges.append({what: seen})

    def message(self, body: bytes, content_type: str | None = JSON, **headers: str | None) -> Request:
        """A PUT to /records/ with the usual headers, or with others in their place; None leaves one out."""
        usual = {
            "accept": JSON,
            "authorization": f"Bearer {self.session.token}",
            "content-type": content_type,
        }
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in (usual | given).items() if value is not None}
        return Request("PUT", "/records/", "", kept, body)

    def send(self, message: Request, service: Service = Service.IMPORTS) -> httpx.Response:
        """Send a message; when the rate limit refuses it, wait and send it once more."""
        response = self._exchange(message, self.target.url(service), service)
        seconds = waiting_time(response)
        if seconds is None:
            return response
        self._exchanges.pop()
        self.session.sleep(seconds)
        return self._exchange(message, self.target.url(service), service)

    def send_quietly(self, message: Request, service: Service) -> httpx.Response:
        """Send a message as it is, and keep it out of the evidence."""
        return self.session.send(_http(message, self.target.url(service)), self.check)

    def send_abroad(self, message: Request) -> httpx.Response:
        """Send a message to the imports API of another region. Raises NotRunError."""
        abroad = self.target.abroad
        if abroad is None:
            raise NotRunError("the target has one host for all regions")
        base, host = abroad
        message = message._replace(headers={**message.headers, "host": host})
        return self._exchange(message, base, "imports of another region")

    def message_of(self, sample: Sample, **headers: str | None) -> Request:
        """A PUT of a sample as JSON."""
        return self.message(json_of(sample), **headers)

    def put(self, sample: Sample, **more: object) -> httpx.Response:
        """Send a sample as JSON; `more` goes beside or in place of `configuration` and `record`."""
        return self.send(self.message(json_of(sample, **more)))

    def put_form(self, sample: Sample) -> httpx.Response:
        """Send a sample as a form."""
        fields = {f"record[{heading}]": str(value) for heading, value in sample.record.items()}
        body = urlencode({"configuration": sample.mapped.reference, **fields}).encode()
        return self.send(self.message(body, FORM))

    def ask_token(self, **fields: str) -> httpx.Response:
        """Ask for a token with these fields in a form."""
        return self.send(token_request(urlencode(fields).encode()), Service.AUTH)

    def call(
        self, hook: Hook, record: Mapping[str, object] | None, *, query: str = "", **headers: str | None
    ) -> httpx.Response:
        """Call a webhook with flat JSON, with a query string, or with both."""
        usual: dict[str, str | None] = {"authorization": basic(hook.webhook.username, hook.webhook.password)}
        body = b"" if record is None else json.dumps(record, ensure_ascii=False).encode()
        message = self.message(body, **usual | headers)
        return self.send(message._replace(path=f"/{hook.webhook.id}", query=query), Service.HOOKS)

    def responses(self, query: str = "") -> httpx.Response:
        """Read responses; of the answer only our own become evidence, each as the mark it has."""
        message = self.message(b"", None)._replace(method="GET", path=RESPONSES, query=query)
        response = self.send(message, Service.API)
        rows = json_object(response).get("data")
        if isinstance(rows, list):
            answer = {"status": response.status_code, "responses": self.marks_in(rows)}
            self._exchanges[-1] = {**self._exchanges[-1], "answered": answer}
        return response

    def readable(self, *fields: str) -> Mapped:
        """A configuration with these fields, whose records can be read back. Raises NotRunError."""
        chosen = self.means.mapped(DataType.EXTERNAL_RESPONSE, *fields)
        _ = self.session.first_cursor
        return chosen

    def sample(self, mapped: Mapped, /, **fields: object) -> Sample:
        """A record that nothing is wrong with, but for these fields; None leaves one out."""
        _ = self.session.start  # before the first record is written
        return sample(mapped, self.mark(), fields)

    def full_sample(self, mapped: Mapped) -> Sample:
        """A record that nothing is wrong with and nothing is left out of."""
        _ = self.session.start
        return full_sample(mapped, self.mark(), min(self.target.tenant.touchpoints, default=None))

    def mark(self) -> str:
        """A text that nothing else has: of this run, of this check."""
        self._marks += 1
        return f"{self._marked}-{self._marks:02}"

    def marks_in(self, rows: Sequence[object]) -> list[str]:
        """The marks of the responses that are ours."""
        pattern = re.compile(rf"{re.escape(self._marked)}-[0-9]{{2}}")
        found = (next((mark for text in _texts(row) if (mark := pattern.search(text))), None) for row in rows)
        return [mark[0] for mark in found if mark]

    def look_for(self, sample: Sample) -> tuple[Found, ...]:
        """What can be read of a sample now. Raises NotRunError."""
        pages = self.session.pages(self.session.first_cursor, self.check)
        read = (Found(_values(row, sample.mapped), row) for page, _ in pages for row in page)
        return tuple(each for each in read if each.mentions(sample.mark))

    def found(self, sample: Sample, at_least: int = 1) -> tuple[Found, ...]:
        """What became of a sample in the responses, looked for with patience. Raises NotRunError."""
        found = self.look_for(sample)
        waited = 0.0
        while len(found) < at_least and waited < self.session.patience:
            self.session.sleep(_POLL_SECONDS)
            waited += _POLL_SECONDS
            found = self.look_for(sample)
        self.note(f"read back {sample.mark}", [each.values for each in found])
        return found

    def found_once(self, sample: Sample) -> Found:
        """The one response that a sample became. Raises AssertionError when there are more, or none."""
        found = self.found(sample)
        if len(found) != 1:
            raise AssertionError(f"{len(found)} responses were recorded, not one")
        return found[0]

    @property
    def _marked(self) -> str:
        return f"{self.session.run}-{self.check.replace('.', '-')}"

    def _exchange(self, message: Request, base: str, service: str) -> httpx.Response:
        request = _http(message, base)
        response = self.session.send(request, self.check)
        path = "/<webhook>" if service == Service.HOOKS else message.path
        answer = without_ids(answered(response), self.target.tenant.configurations)
        self._exchanges.append({"asked": asked(service, path, request), "answered": answer})
        return response


def json_of(sample: Sample, **more: object) -> bytes:
    """The JSON body of a sample; `more` goes beside or in place of `configuration` and `record`."""
    content = {"configuration": sample.mapped.reference, "record": sample.record, **more}
    return json.dumps(content, ensure_ascii=False).encode()


def token_request(body: bytes, content_type: str = FORM, **headers: str) -> Request:
    """A request for a token."""
    return Request(
        "POST", "/oauth2/token", "", {"accept": JSON, "content-type": content_type, **headers}, body
    )


def basic(username: str, password: str) -> str:
    """A Basic header (RFC 7617)."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


def _http(message: Request, base: str) -> httpx.Request:
    url = f"{base}{message.path}" + (f"?{message.query}" if message.query else "")
    return httpx.Request(message.method, url, headers=dict(message.headers), content=message.body or None)


def _values(row: Json, mapped: Mapped) -> Json:
    """The values of the mapped fields, None where the response has none."""
    fields = mapped.configuration.fields
    return {name: _member(row, fields[heading].technical_name) for name, heading in mapped.headings.items()}


def _member(row: Json, path: str) -> object:
    place: object = row
    for name in path.split("."):
        place = place.get(name) if isinstance(place, dict) else None
    return place


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case Mapping():
            yield from (text for each in value.values() for text in _texts(each))
        case list():
            yield from (text for each in value for text in _texts(each))
        case _:
            pass
