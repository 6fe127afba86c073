"""What the core knows of Laravel's rules, texts and routes is what a real Laravel does."""

import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, strategies as st

from cgmock.core.laravel import responses as ours
from cgmock.core.laravel.request import effective_method, read_input
from cgmock.core.laravel.responses import Rule
from cgmock.core.laravel.rules import broken_rules
from cgmock.core.messages import Request, Response
from cgmock.core.php import values as php
from cgmock.core.php.values import PhpValue
from cgmock.core.tenant import Dialect
from tests.oracle.answers import Shown, shown
from tests.oracle.examples import Examples, examples
from tests.oracle.laravel import Laravel
from tests.oracle.requests import JSON, METHODS, headings, numbers, responses_queries

BATCH = 40
"""Names or values that are judged in one request."""

RULES: Mapping[Rule, tuple[object, str, str]] = {
    Rule.REQUIRED: ("", "required", ""),
    Rule.ARRAY: ("x", "array", ""),
    Rule.STRING: ([], "string", ""),
    Rule.IN: ("x", "in:Y,N", ""),
    Rule.EMAIL: ("x", "email", ""),
    Rule.REGEX: ("x", "regex:/y/", ""),
    Rule.DATE_FORMAT: ("x", "date_format:Y-m-d H:i:s", "Y-m-d H:i:s"),
    Rule.INTEGER: ("x", "integer", ""),
    Rule.MAX: ("xx", "max:1", "1"),
}
"""For each rule a value that breaks it, the rule in Laravel's words, and what it compares with."""

RESPONSES = "/v7/rest/sync/responses"
ROUTES = {RESPONSES: ("GET", "HEAD"), "/hooks/5": ("PUT",)}
"""Paths, and the methods that they have a route for."""


@examples(one_of=20)
def test_every_heading_is_shown_as_laravel_shows_it(laravel: Laravel, examples: Examples) -> None:
    @examples.chosen
    @given(st.lists(st.tuples(headings(), st.sampled_from(sorted(RULES))), max_size=BATCH))
    def compare(broken: list[tuple[str, Rule]]) -> None:
        cases = [{"name": name, "value": RULES[rule][0], "rules": [RULES[rule][1]]} for name, rule in broken]

        theirs = laravel.errors(cases)

        assert theirs == [
            {f"record.{name}": [ours.text(rule, f"record.{name}", Dialect.LARAVEL8, other=RULES[rule][2])]}
            for name, rule in broken
        ]

    compare()


@examples(one_of=20)
def test_every_value_is_an_integer_in_a_range_as_laravel_finds_it(
    laravel: Laravel, examples: Examples
) -> None:
    @examples.chosen
    @given(st.lists(numbers(), max_size=BATCH), st.integers(-9, 9), st.integers(0, 999))
    def compare(values: list[object], low: int, extent: int) -> None:
        between = f"between:{low},{low + extent}"
        cases = [{"name": "x", "value": value, "rules": ["integer", between]} for value in values]

        theirs = laravel.errors(cases)

        assert theirs == [
            _errors("record.x", php.json_decode(json.dumps(value).encode()), (low, low + extent))
            for value in values
        ]

    compare()


@examples(one_of=20)
def test_every_query_for_responses_is_judged_as_laravel_judges_it(
    laravel: Laravel, examples: Examples
) -> None:
    @examples.chosen
    @given(responses_queries())
    def compare(query: str) -> None:
        request = Request("GET", RESPONSES, query, {"accept": JSON})

        theirs = laravel.ask(request).response

        sent = read_input(request).values
        errors = {
            name: messages
            for name, between in {"per_page": (1, 1000), "cursor": None}.items()
            if name in sent
            for messages in _errors(name, sent[name], between).values()
        }
        expected = ours.invalid(errors, Dialect.LARAVEL8) if errors else ours.accepted()
        assert shown(theirs) == shown(expected)

    compare()


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", METHODS)
def test_every_method_of_a_route_is_answered_as_laravel_does(
    laravel: Laravel, method: str, path: str
) -> None:
    request = Request(method, path, "", {"accept": JSON})

    theirs = laravel.ask(request).response

    assert shown(theirs) == _without_body(_of_route(method, path), method)


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("override", ["get", "HEAD", "PUT", "options", "DELETE", "BREW"])
def test_every_override_of_a_route_is_answered_as_laravel_does(
    laravel: Laravel, override: str, path: str
) -> None:
    request = Request("POST", path, "", {"accept": JSON, "x-http-method-override": override})

    theirs = laravel.ask(request).response

    assert shown(theirs) == shown(_of_route(effective_method(request) or "", path))


def _errors(path: str, value: PhpValue, between: tuple[int, int] | None) -> Mapping[str, Sequence[str]]:
    other = "{} and {}".format(*between) if between else ""
    broken = broken_rules(value, between)
    messages = [ours.text(rule, path, Dialect.LARAVEL8, other=other) for rule in broken]
    return {path: messages} if messages else {}


def _of_route(method: str, path: str) -> Response:
    allowed = ROUTES[path]
    if method in allowed:
        return ours.accepted()
    if method == "OPTIONS":
        return ours.options(allowed)
    return ours.method_not_allowed(method, path, allowed, Dialect.LARAVEL8)


def _without_body(response: Response, method: str) -> Shown:
    return shown(response._replace(body=b"") if method == "HEAD" else response)
