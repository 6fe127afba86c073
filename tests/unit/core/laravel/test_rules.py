import pytest

from cgmock.core.laravel.responses import Rule
from cgmock.core.laravel.rules import broken_rules, is_integer
from cgmock.core.php.values import PhpValue

INTEGER, BETWEEN = Rule.INTEGER, Rule.BETWEEN


def shown(value: object) -> str:
    """A value as a short id; without a backslash, for pytest writes it twice when it collects a test again."""
    return ascii(value).replace("\\", "")[:30]


@pytest.mark.parametrize(
    "value",
    ["0", "-0", "+5", " 5\n", "1000", "9223372036854775807", "-9223372036854775808", 5, 1.0, True],
    ids=shown,
)
def test_an_integer_is_taken(value: PhpValue) -> None:
    assert is_integer(value)


@pytest.mark.parametrize(
    "value",
    [
        "1.0",
        "1e3",
        "0x1",
        "007",
        "",
        "x",
        "- 5",
        "\u0665",
        "9223372036854775808",
        "1" * 5000,
        1.5,
        1e30,
        False,
        None,
        {},
    ],
    ids=shown,
)
def test_anything_else_is_not(value: PhpValue) -> None:
    assert not is_integer(value)


@pytest.mark.parametrize(
    ("value", "broken"),
    [
        ("1", ()),
        ("1000", ()),
        ("0", (BETWEEN,)),
        ("1001", (BETWEEN,)),
        ("-1", (BETWEEN,)),
        ("5.5", (INTEGER,)),
        ("1e3", (INTEGER,)),
        ("1e4", (INTEGER, BETWEEN)),
        ("1e999", (INTEGER, BETWEEN)),
        ("x", (INTEGER,)),
        ("x" * 1001, (INTEGER, BETWEEN)),
        ("é" * 600, (INTEGER,)),
        (None, (INTEGER, BETWEEN)),
        ({}, (INTEGER, BETWEEN)),
        ({0: "1"}, (INTEGER,)),
        (True, ()),
        (False, (INTEGER, BETWEEN)),
        (5.5, (INTEGER,)),
        (1001, (BETWEEN,)),
        (" ", ()),
    ],
    ids=shown,
)
def test_a_value_breaks_the_rules_that_laravel_says(value: PhpValue, broken: tuple[Rule, ...]) -> None:
    assert broken_rules(value, (1, 1000)) == broken


def test_without_a_range_there_is_one_rule() -> None:
    assert (broken_rules("0"), broken_rules("x")) == ((), (INTEGER,))
