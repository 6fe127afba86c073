"""Paths, methods, sizes, and what a client asks for."""

from cgmock.contract.checks import shows
from cgmock.contract.conversation import Conversation, json_of
from cgmock.contract.suite.answers import errors_of
from cgmock.core.behaviours import Behaviour
from cgmock.live.results import NotRunError

_POST_MAX_SIZE = 8 * 1024 * 1024


@shows(Behaviour.BODY_TOO_LARGE)
def test_a_body_over_8_mib_is_answered_with_413(api: Conversation) -> None:
    sample = api.sample(api.means.importable())

    response = api.send(api.message(json_of(sample, padding="x" * _POST_MAX_SIZE)))

    assert response.status_code == 413


@shows(Behaviour.BODY_INCOMPLETE)
def test_a_body_that_breaks_off_is_answered_with_400(api: Conversation) -> None:
    if not (api.target.is_local and api.target.imports_url.startswith("http:")):
        raise NotRunError("it would leave a broken connection with another machine")
    sample = api.sample(api.means.importable())
    length = len(json_of(sample))

    response = api.send(api.message_of(sample, content_length=str(length + 1)))

    assert response.status_code == 400


@shows(Behaviour.PATH_UNKNOWN)
def test_an_unknown_path_is_answered_with_404_before_the_token_is_looked_at(api: Conversation) -> None:
    body = json_of(api.sample(api.means.importable()))

    with_token = api.send(api.message(body)._replace(path="/records/cgmock"))
    without = api.send(api.message(body, authorization=None)._replace(path="/cgmock"))

    assert (with_token.status_code, without.status_code) == (404, 404)


@shows(Behaviour.METHOD_WRONG)
def test_a_wrong_method_is_answered_with_405_before_the_token_is_looked_at(api: Conversation) -> None:
    response = api.send(api.message(b"", None, authorization=None)._replace(method="GET"))

    assert response.status_code == 405
    assert response.headers["allow"] == "PUT"


@shows(Behaviour.OVERRIDE_INVALID)
def test_a_post_whose_method_override_is_no_method_is_answered_with_404(api: Conversation) -> None:
    message = api.message(json_of(api.sample(api.means.importable())), x_http_method_override="P-U-T")

    response = api.send(message._replace(method="POST"))

    assert response.status_code == 404


@shows(Behaviour.OPTIONS)
def test_options_tells_the_methods(api: Conversation) -> None:
    response = api.send(api.message(b"", None, authorization=None)._replace(method="OPTIONS"))

    assert response.status_code == 200
    assert response.headers["allow"] == "PUT"


@shows(Behaviour.ERRORS_AS_HTML)
def test_an_error_for_whoever_does_not_ask_for_json_is_json_or_a_redirect(api: Conversation) -> None:
    response = api.send(api.message(b"{}", accept=None))

    if response.status_code == 302:
        assert response.headers["location"]
        assert "text/html" in response.headers["content-type"]
    else:
        assert errors_of(response).keys() == {"configuration", "record"}
