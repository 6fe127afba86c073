"""A service as small as a test needs it."""

from collections.abc import Callable

import httpx

from cgclient import Client

Answer = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class FakeService:
    """Issues tokens, and gives the answers it was told to, the last one for ever; remembers every request."""

    def __init__(self, *answers: Answer, tokens: tuple[Answer, ...] = (), lifetime: object = 3600) -> None:
        self.answers = list(answers) or [httpx.Response(200)]
        self.tokens = list(tokens)
        self.lifetime = lifetime
        self.requests: list[httpx.Request] = []
        self.issued = 0

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

    def client(self, clock: Callable[[], float] = lambda: 0.0) -> Client:
        """A client that talks to this service."""
        return Client("the-id", "the-secret", transport=httpx.MockTransport(self), clock=clock)


def _given(answer: Answer, request: httpx.Request) -> httpx.Response:
    if isinstance(answer, Exception):
        raise answer
    return answer if isinstance(answer, httpx.Response) else answer(request)
