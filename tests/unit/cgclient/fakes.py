"""A service as small as a test needs it."""

from collections.abc import Callable
from typing import Unpack

import httpx

from cgclient import Client, Retries
from cgclient.client import Options

ONCE = Retries(attempts=1)

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class FakeService:
    """Issues tokens, and gives the answers it was told to, the last one for ever; remembers every request."""

    def __init__(self, *answers: Answer, tokens: tuple[Answer, ...] = (), lifetime: object = 3600) -> None:
        self.answers = list(answers) or [httpx.Response(200)]
        self.tokens = list(tokens)
        self.lifetime = lifetime
        self.requests: list[httpx.Request] = []
        self.issued = 0
        self.pauses: list[float] = []
        self.now = 0.0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        request.read()
        self.requests.append(request)
        if request.url.path.endswith("/oauth2/token"):
            if self.tokens:
                return _given(self.tokens.pop(0), request)
            self.issued += 1
            token = {
                "access_token": f"token-{self.issued}",
                "expires_in": self.lifetime,
                "token_type": "Bearer",
            }
            return httpx.Response(200, json=token)
        return _given(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0], request)

    @property
    def records(self) -> list[httpx.Request]:
        """The requests that carried a record."""
        return [request for request in self.requests if request.method == "PUT"]

    def client(self, **options: Unpack[Options]) -> Client:
        """A client that talks to this service, and whose time passes only while it waits: see `pauses`."""
        usual: Options = {
            "transport": httpx.MockTransport(self),
            "retries": ONCE,
            "clock": lambda: self.now,
            "sleep": self._wait,
            "random": lambda: 0.0,
        }
        return Client("the-id", "the-secret", **(usual | options))

    def _wait(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


def _given(answer: Answer, request: httpx.Request) -> httpx.Response:
    if isinstance(answer, Exception):
        raise answer
    return answer if isinstance(answer, httpx.Response) else answer(request)
