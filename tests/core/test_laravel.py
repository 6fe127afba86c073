import pytest

from cgmock.core import laravel
from cgmock.core.laravel import Rule
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


def test_newer_dialects_sum_up_the_first_message_and_count_the_others() -> None:
    errors = {"a": ["One."], "b": ["Two.", "Three."]}

    assert b'"message":"One. (and 2 more errors)"' in laravel.invalid(errors, Dialect.LARAVEL9).body


def test_slashes_are_escaped_as_php_does() -> None:
    assert b'"record.A\\/B"' in laravel.invalid({"record.A/B": ["x"]}, Dialect.LARAVEL8).body
