"""The contract: one function for each behaviour and for each open question, which talks to any target over HTTP."""

from cgmock.contract.checks import CHECKS, Check
from cgmock.contract.suite import (
    test_headings,
    test_http,
    test_imports,
    test_limits,
    test_questions,
    test_records,
    test_responses,
    test_tokens,
    test_webhooks,
)

MODULES = (
    test_tokens,
    test_http,
    test_records,
    test_headings,
    test_imports,
    test_webhooks,
    test_responses,
    test_questions,
    test_limits,
)
"""The modules of the suite, in the order in which they are run."""


def checks() -> tuple[Check, ...]:
    """All checks, in the order in which they are run."""
    order = [module.__name__ for module in MODULES]
    return tuple(sorted(CHECKS.values(), key=lambda check: order.index(check.body.__module__)))
