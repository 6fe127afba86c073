import pytest

from cgmock.core.laravel import responses as laravel
from cgmock.core.laravel.responses import Rule
from cgmock.core.messages import Request
from cgmock.core.tenant import Dialect


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("configuration", "configuration"),
        ("record.Email", "record. email"),
        ("record.Account Name", "record. account name"),
        ("record.Acct. Name", "record. acct. name"),
        ("record.NPS Score", "record. n p s score"),
        ("record.job level", "record.job level"),
        ("record.a\tb_c", "record.a b c"),
        ("record.a\u2003b\x1cc", "record.ab\x1cc"),
        ("record.\u00c9\u03a3", "record.\u00e9\u03c3"),
    ],
)
def test_a_path_is_shown_as_laravel_shows_it(path: str, shown: str) -> None:
    assert laravel.attribute(path) == shown


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        (Dialect.LARAVEL8, "The record must be an array."),
        (Dialect.LARAVEL9, "The record must be an array."),
        (Dialect.LARAVEL10, "The record field must be an array."),
    ],
)
def test_a_text_is_worded_in_the_dialect(dialect: Dialect, text: str) -> None:
    assert laravel.text(Rule.ARRAY, "record", dialect) == text


def test_a_heading_may_look_like_a_placeholder() -> None:
    text = laravel.text(Rule.BETWEEN, "record.:max {0}", Dialect.LARAVEL8, other="0 and 10")

    assert text == "The record.10{0} must be between 0 and 10."


def test_the_methods_that_are_allowed_are_joined_with_blanks_for_an_error_only() -> None:
    refusal = laravel.method_not_allowed("PUT", "/x", ["GET", "HEAD"], Dialect.LARAVEL10)
    options = laravel.options(["GET", "HEAD"])

    assert ("Allow", "GET, HEAD") in refusal.headers
    assert b"not supported for route x. Supported methods: GET, HEAD." in refusal.body
    assert ("Allow", "GET,HEAD") in options.headers


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "text/html;q=.5, APPLICATION/JSON",
        "text/html;q=0, application/vnd.api+json;q=0.1",
        "text/html;q=x, application/json;q=0.1x",
        'text/html;q="0.5", application/json',
        "text/html;Q=0.5;level=1, application/json;q",
        ",;, application/json",
        "application/json;q=0.5, text/html;q=0.5",
        "text/html, application/json, text/html",
        '"/json"',
        'application/"json"',
        "/\\json",
        '"a, /json',
    ],
)
def test_json_is_asked_for_when_it_is_liked_most(accept: str) -> None:
    assert laravel.expects_json(Request("GET", "/", headers={"accept": accept}))


@pytest.mark.parametrize(
    "accept",
    [
        "",
        "*/*",
        "text/html, application/json",
        "application/json;q=0.9, x",
        "=/json",
        "x;y=/json",
    ],
)
def test_else_a_page_is(accept: str) -> None:
    assert not laravel.expects_json(Request("GET", "/", headers={"accept": accept}))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, True),
        ({"accept": "*"}, True),
        ({"accept": "*/*"}, True),
        ({"accept": "=x"}, False),
        ({"accept": "text/html"}, False),
        ({"x-pjax": "0"}, True),
        ({"x-pjax": "true"}, False),
        ({"x-requested-with": "xmlhttprequest"}, False),
    ],
)
def test_a_script_that_takes_anything_gets_json(headers: dict[str, str], expected: bool) -> None:  # noqa: FBT001
    sent = {"x-requested-with": "XMLHttpRequest"} | headers

    assert laravel.expects_json(Request("GET", "/", headers=sent)) is expected


def test_newer_dialects_sum_up_the_first_message_and_count_the_others() -> None:
    errors = {"a": ["One."], "b": ["Two.", "Three."]}

    assert b'"message":"One. (and 2 more errors)"' in laravel.invalid(errors, Dialect.LARAVEL9).body


def test_slashes_are_escaped_as_php_does() -> None:
    assert b'"record.A\\/B"' in laravel.invalid({"record.A/B": ["x"]}, Dialect.LARAVEL8).body
