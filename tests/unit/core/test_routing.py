import json

import pytest
from hypothesis import given, settings, strategies as st

from cgmock.core.behaviours import UNSERVED, Behaviour
from cgmock.core.laravel.request import POST_MAX_SIZE
from cgmock.core.messages import Request, Response
from cgmock.core.routing import Endpoint, decide, endpoint_of
from cgmock.core.tenant import Dialect, NoAcceptHeader, TrailingSlash
from tests.acme import FORM, JSON, NOW, put, put_json, tenant, view

GOOD = put_json("contact", {"Email": "joe@example.com"})


def at(host: str) -> Request:
    """A good request at a host."""
    return GOOD._replace(headers={**GOOD.headers, "host": host})


@pytest.mark.parametrize("path", ["/records/", "/records", "/records//"])
def test_the_records_endpoint_answers_with_and_without_a_slash(path: str) -> None:
    assert decide(view(), GOOD._replace(path=path), NOW).response.status == 200


def test_without_the_slash_it_is_not_found_when_the_policy_says_so() -> None:
    strict = view(tenant(trailing_slash=TrailingSlash.REQUIRED))

    assert decide(strict, GOOD._replace(path="/records"), NOW).response.status == 404
    assert decide(strict, GOOD, NOW).response.status == 200


@pytest.mark.parametrize("path", ["/", "", "//records", "/Records", "/records/x", "/recordsX", "/oauth2"])
def test_an_unknown_path_is_404_before_the_token_is_looked_at(path: str) -> None:
    response = decide(view()._replace(claims=None), GOOD._replace(path=path), NOW).response

    assert response.status == 404
    assert response.body == b'{\n    "message": ""\n}'


def test_a_wrong_method_is_405_before_the_token_is_looked_at() -> None:
    response = decide(view()._replace(claims=None), GOOD._replace(method="POST"), NOW).response

    message = "The POST method is not supported for this route. Supported methods: PUT."
    assert response.status == 405
    assert json.loads(response.body) == {"message": message}
    assert ("Allow", "PUT") in response.headers


@pytest.mark.parametrize(
    ("dialect", "not_found", "not_allowed"),
    [
        (Dialect.LARAVEL9, "", "this route"),
        (Dialect.LARAVEL10, "The route x could not be found.", "route records"),
    ],
)
def test_404_and_405_are_worded_in_the_dialect(dialect: Dialect, not_found: str, not_allowed: str) -> None:
    of = view(tenant(dialect=dialect))

    missing = decide(of, GOOD._replace(path="/x/"), NOW).response
    wrong = decide(of, GOOD._replace(method="GET"), NOW).response

    assert json.loads(missing.body) == {"message": not_found}
    assert not_allowed in json.loads(wrong.body)["message"]


@pytest.mark.parametrize(("path", "shown"), [("/", "/"), ("/X/", "X"), ("/X/Y", "X/Y")])
def test_the_newest_dialect_shows_the_path_without_the_slashes_around_it(path: str, shown: str) -> None:
    response = decide(view(tenant(dialect=Dialect.LARAVEL10)), GOOD._replace(path=path), NOW).response

    assert json.loads(response.body) == {"message": f"The route {shown} could not be found."}


def test_options_tells_the_method() -> None:
    response = decide(view()._replace(claims=None), GOOD._replace(method="OPTIONS"), NOW).response

    assert (response.status, response.body) == (200, b"")
    assert ("Allow", "PUT") in response.headers


def test_head_gets_the_headers_of_the_405_and_no_body() -> None:
    response = decide(view(), GOOD._replace(method="HEAD"), NOW).response

    assert (response.status, response.body) == (405, b"")


@pytest.mark.parametrize(
    "request_",
    [
        put(GOOD.body, method="POST", headers={**GOOD.headers, "x-http-method-override": "put"}),
        put(b"configuration=contact&record[Email]=j@x.io&_method=PUT", FORM, method="POST"),
        put(GOOD.body, method="POST", query="_method=PUT"),
    ],
)
def test_a_post_can_be_a_put_by_an_override(request_: Request) -> None:
    assert decide(view(), request_, NOW).response.status == 200


def test_an_override_that_is_no_method_is_404() -> None:
    request = GOOD._replace(method="POST", headers={**GOOD.headers, "x-http-method-override": "P-T"})

    response = decide(view(), request, NOW).response

    assert json.loads(response.body) == {"message": "Bad hostname provided."}


def test_an_override_that_is_no_method_is_404_of_its_own_wherever_it_goes() -> None:
    request = GOOD._replace(path="/x", method="POST", headers={"x-http-method-override": "P-T"})

    assert json.loads(decide(view(), request, NOW).response.body) == {"message": "Bad hostname provided."}


def test_an_override_that_is_no_text_is_none() -> None:
    request = put(b'{"_method": 5}', method="POST")

    assert decide(view(), request, NOW).response.status == 405


def test_a_body_over_the_limit_is_413_before_anything_else() -> None:
    response = decide(view(), GOOD._replace(path="/x", length=POST_MAX_SIZE + 1), NOW).response

    assert response.status == 413
    assert json.loads(response.body) == {"message": ""}


@pytest.mark.parametrize("path", ["/records/", "/x", "/oauth2/token", "/hooks/contacts"])
@pytest.mark.parametrize("length", [len(GOOD.body) + 1, POST_MAX_SIZE])
def test_a_body_that_breaks_off_is_400_whatever_it_is_for(path: str, length: int) -> None:
    outcome = decide(view(), GOOD._replace(path=path, length=length), NOW)

    assert outcome.response == Response(400)
    assert (outcome.changes, outcome.behaviours) == ((), (Behaviour.BODY_INCOMPLETE,))


@pytest.mark.parametrize("length", [0, len(GOOD.body)])
def test_a_body_that_is_all_there_is_taken(length: int) -> None:
    assert decide(view(), GOOD._replace(length=length), NOW).response.status == 200


@pytest.mark.parametrize(
    ("host", "path", "endpoint"),
    [
        ("", "/records/", Endpoint.RECORDS),
        ("", "/hooks/contacts", Endpoint.WEBHOOK),
        ("auth.eu.customergauge.com", "/oauth2/token", Endpoint.TOKEN),
        ("auth.eu.customergauge.com", "/records/", None),
        ("", "/x", None),
    ],
)
def test_a_request_is_for_what_its_host_and_path_say(host: str, path: str, endpoint: Endpoint | None) -> None:
    assert endpoint_of(Request("PUT", path, headers={"host": host})) is endpoint


@pytest.mark.parametrize(
    ("request_", "behaviour"),
    [
        (GOOD._replace(length=POST_MAX_SIZE + 1), Behaviour.BODY_TOO_LARGE),
        (GOOD._replace(path="/x"), Behaviour.PATH_UNKNOWN),
        (GOOD._replace(method="GET"), Behaviour.METHOD_WRONG),
        (GOOD._replace(method="OPTIONS"), Behaviour.OPTIONS),
        (
            GOOD._replace(method="POST", headers={**GOOD.headers, "x-http-method-override": "P-T"}),
            Behaviour.OVERRIDE_INVALID,
        ),
    ],
)
def test_each_misdirected_request_is_told_by_its_behaviour(request_: Request, behaviour: Behaviour) -> None:
    assert decide(view(), request_, NOW).behaviours == (behaviour,)


def test_a_good_token_without_a_tenant_is_no_token() -> None:
    outcome = decide(view(None), GOOD, NOW)

    assert (outcome.response.status, outcome.behaviours) == (401, (Behaviour.UNAUTHENTICATED,))


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("imports.api.eu.customergauge.com", 200),
        ("imports.api.eu.customergauge.com:443", 200),
        ("auth.eu.customergauge.com", 404),
        ("hooks.eu.customergauge.com", 404),
        ("127.0.0.1:8787", 200),
        ("", 200),
    ],
)
def test_each_host_of_the_vendor_serves_its_own_paths(host: str, status: int) -> None:
    assert decide(view(), at(host), NOW).response.status == status


REDIRECTING = tenant(no_accept_header=NoAcceptHeader.LARAVEL_REDIRECT)


def accepting(accept: str, **headers: str) -> Request:
    """A request without a configuration, which accepts these types."""
    return put(b"{}", headers={"content-type": JSON, "accept": accept, **headers})


@pytest.mark.parametrize("accept", ["*/*", "", "text/html, application/json", "text/html;q=0.5, */*"])
def test_an_error_is_a_redirect_for_who_does_not_ask_for_json_when_the_policy_says_so(accept: str) -> None:
    response = decide(view(REDIRECTING), accepting(accept), NOW).response

    assert response.status == 302
    assert ("Location", "/") in response.headers
    assert response.body.startswith(b"<!DOCTYPE html>\n<html><head><title>Redirecting to /</title>")


@pytest.mark.parametrize(
    "request_",
    [
        accepting("application/json"),
        accepting("text/html;q=0.5, application/json"),
        accepting("application/problem+json"),
        accepting("*/*", **{"x-requested-with": "XMLHttpRequest"}),
    ],
)
def test_an_error_is_json_for_who_asks_for_it(request_: Request) -> None:
    assert decide(view(REDIRECTING), request_, NOW).response.status == 422


def test_an_unauthenticated_page_redirects_to_the_login() -> None:
    response = decide(view(REDIRECTING)._replace(claims=None), accepting("*/*"), NOW).response

    assert ("Location", "/login") in response.headers


def test_any_other_error_is_a_page() -> None:
    response = decide(view(REDIRECTING), accepting("*/*")._replace(method="GET"), NOW).response

    assert response.status == 405
    assert ("Allow", "PUT") in response.headers
    assert response.body.startswith(b"<!DOCTYPE html>\n<html><head><title>405</title>")


def test_by_default_an_error_is_json_for_everybody() -> None:
    assert decide(view(), accepting("*/*"), NOW).response.status == 422


PATHS = st.sampled_from(["/records/", "/records", "/oauth2/token", "/.well-known/jwks.json"]) | st.text()
TYPES = (
    st.sampled_from([JSON, FORM, "application/vnd.x+json", "multipart/form-data", "TEXT/JSON"]) | st.text()
)
HEADER = st.text(st.characters(max_codepoint=255))
BODIES = st.binary() | st.sampled_from(
    [b'{"configuration":"contact","record":', b"record[", b"_method=PUT&a[b"]
)


@settings(max_examples=500)
@given(
    method=st.sampled_from(["PUT", "POST", "GET", "HEAD", "OPTIONS"]) | st.text(),
    path=PATHS,
    query=HEADER,
    headers=st.fixed_dictionaries(
        {},
        optional={
            "content-type": TYPES,
            "authorization": HEADER | HEADER.map("Basic {}".format),
            "host": HEADER | st.just("auth.eu.customergauge.com"),
            "accept": HEADER,
            "x-http-method-override": HEADER,
        },
    ),
    body=st.builds(bytes.__add__, BODIES, st.binary()),
)
def test_any_bytes_get_an_answer_that_is_no_500(
    method: str, path: str, query: str, headers: dict[str, str], body: bytes
) -> None:
    request = Request(method, path, query, headers, body, len(body))

    for of in (tenant(), REDIRECTING, None):
        outcome = decide(view(of), request, NOW)

        assert 200 <= outcome.response.status < 500
        assert outcome.behaviours
        assert outcome.changes == () or outcome.response.status == 200


@pytest.mark.parametrize(
    "path", ["/accounts", "/contracts/", "/activities/", "/nowhere", "//accounts", "/Accounts"]
)
def test_a_notice_names_a_documented_path_that_is_not_served(path: str) -> None:
    outcome = decide(view(), GOOD._replace(path=path), NOW)

    article = UNSERVED.get(path.rstrip("/"))
    reason = f"the fake does not serve {path}, which the vendor documents ({article})"
    assert outcome.response.status == 404
    assert [notice.reason for notice in outcome.notices] == ([reason] if article else [])
