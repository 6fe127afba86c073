"""How Laravel's rules `integer` and `between` judge a value."""

import re

from cgmock.core.laravel.responses import Rule
from cgmock.core.php import values as php
from cgmock.core.php.values import PhpValue

_INT_MIN, _INT_MAX = -(2**63), 2**63 - 1
_INTEGER = re.compile(r"[ \t\r\v\n]*([+-]?(?:0|[1-9][0-9]{0,18}))[ \t\r\v\n]*")
_NUMERIC = re.compile(r"[ \t\n\r\v\f]*([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)[ \t\n\r\v\f]*")


def broken_rules(value: PhpValue, between: tuple[int, int] | None = None) -> tuple[Rule, ...]:
    """Which of the rules `integer` and, if given, `between` a value breaks that was sent; a blank text breaks none."""
    if isinstance(value, str) and not php.trim(value):
        return ()
    integer = () if is_integer(value) else (Rule.INTEGER,)
    outside = between is not None and not between[0] <= _size(value) <= between[1]
    return (*integer, Rule.BETWEEN) if outside else integer


def is_integer(value: PhpValue) -> bool:
    """Whether a value is an integer or a text that PHP's filter_var takes for one."""
    if isinstance(value, dict) or value is None or value is False:
        return False
    match = _INTEGER.fullmatch(php.text(value))
    return match is not None and _INT_MIN <= int(match[1]) <= _INT_MAX


def _size(value: PhpValue) -> float:
    """What `between` compares of a value with the rule `integer`: its number, or the length of what is no number."""
    if isinstance(value, dict):
        return len(value)
    if isinstance(value, str):
        match = _NUMERIC.fullmatch(value)
        return float(match[1]) if match else php.length(value)
    return value or 0
