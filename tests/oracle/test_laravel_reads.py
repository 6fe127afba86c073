"""What the core reads of a request is what a real Laravel reads of it."""

import os

from hypothesis import given, settings

from cgmock.core.messages import Request
from cgmock.core.reading import POST_MAX_SIZE, effective_method, read_input, too_large
from tests.oracle.laravel import Laravel
from tests.oracle.requests import FORM, METHODS, requests
from tests.oracle.rows import exactly

EXAMPLES = int(os.environ.get("CGMOCK_ORACLE_EXAMPLES", "300"))


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None, database=None)
@given(requests(tuple(method for method in METHODS if method != "HEAD")))
def test_every_request_is_read_as_laravel_reads_it(laravel: Laravel, request: Request) -> None:
    theirs = laravel.read(request)

    ours = read_input(request)

    assert exactly(ours.raw) == exactly(theirs.input.raw)
    assert exactly(ours.values) == exactly(theirs.input.values)
    assert effective_method(request) == theirs.method


def test_a_body_of_the_greatest_size_is_taken(laravel: Laravel) -> None:
    request = _of_size(POST_MAX_SIZE)

    status = laravel.send(request).status

    assert (status, too_large(request)) == (422, False)


def test_a_body_of_one_byte_more_is_too_large(laravel: Laravel) -> None:
    request = _of_size(POST_MAX_SIZE + 1)

    status = laravel.send(request).status

    assert (status, too_large(request)) == (413, True)


def _of_size(size: int) -> Request:
    return Request("PUT", "/records/", "", {"content-type": FORM}, b"x" * size, size)
