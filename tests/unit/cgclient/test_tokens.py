"""One token for many: no connection, no thread but the test's own."""

import threading

import pytest

from cgclient.answers import Answer
from cgclient.errors import AuthenticationError
from cgclient.tokens import Token, Tokens

NOTHING = Answer(400, {}, b'{"error": "invalid_client"}')


def granted(value: str) -> Answer:
    """The answer with a token."""
    return Answer(200, {}, b'{"access_token": "%s", "expires_in": 3600}' % value.encode())


@pytest.fixture
def tokens() -> Tokens:
    """Without a token yet."""
    return Tokens(lambda: 0.0)


def test_a_token_is_fetched_once(tokens: Tokens) -> None:
    first = tokens.current(lambda: granted("one"))

    assert first.value == "one"
    assert tokens.current(lambda: granted("two")) is first


def test_two_who_were_refused_with_one_token_renew_it_once(tokens: Tokens) -> None:
    refused = tokens.current(lambda: granted("one"))

    renewed = tokens.current(lambda: granted("two"), refused=refused)

    assert renewed.value == "two"
    assert tokens.current(lambda: granted("three"), refused=refused) is renewed


def test_a_fetch_that_fails_lets_the_next_one_ask(tokens: Tokens) -> None:
    asked, answered = threading.Event(), threading.Event()
    found: list[Token] = []

    def refuse() -> Answer:
        asked.set()
        answered.wait(120)
        return NOTHING

    def ask() -> None:
        asked.wait(120)
        answered.set()
        found.append(tokens.current(lambda: granted("one")))

    other = threading.Thread(target=ask, daemon=True)
    other.start()
    with pytest.raises(AuthenticationError):
        tokens.current(refuse)
    other.join(120)

    assert [token.value for token in found] == ["one"]
