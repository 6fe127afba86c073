"""What the core reads and answers is what a real Laravel reads and answers."""

from hypothesis import given

from cgmock.core.authorization import bearer
from cgmock.core.laravel.request import POST_MAX_SIZE, effective_method, read_input
from cgmock.core.laravel.responses import expects_json
from cgmock.core.messages import Request
from tests.oracle.answers import answer, outline, page, shown
from tests.oracle.examples import Examples, examples
from tests.oracle.laravel import Laravel
from tests.oracle.requests import FORM, plain_requests, requests
from tests.oracle.rows import exactly


@examples()
def test_every_request_is_read_and_answered_as_laravel_does(laravel: Laravel, examples: Examples) -> None:
    @examples.chosen
    @given(requests())
    def compare(request: Request) -> None:
        theirs = laravel.ask(request)

        ours = read_input(request)

        assert theirs.reading is not None
        assert exactly(ours.raw) == exactly(theirs.reading.input.raw)
        assert exactly(ours.values) == exactly(theirs.reading.input.values)
        assert effective_method(request) == theirs.reading.method
        assert shown(answer(request)) == shown(theirs.response)

    compare()


@examples(one_of=5)
def test_every_client_is_known_and_gets_json_or_a_page_as_from_laravel(
    laravel: Laravel, examples: Examples
) -> None:
    @examples.chosen
    @given(plain_requests())
    def compare(request: Request) -> None:
        theirs = laravel.ask(request._replace(headers={**request.headers, "x-render": "stock"}))

        assert theirs.reading is not None
        assert expects_json(request) == theirs.reading.expects_json
        assert bearer(request) == theirs.reading.bearer
        assert outline(page(request)) == outline(theirs.response)

    compare()


def test_a_body_of_the_greatest_size_is_taken(laravel: Laravel) -> None:
    request = _of_size(POST_MAX_SIZE)

    theirs = laravel.ask(request).response

    assert (theirs.status, shown(answer(request))) == (422, shown(theirs))


def test_a_body_of_one_byte_more_is_too_large(laravel: Laravel) -> None:
    request = _of_size(POST_MAX_SIZE + 1)

    theirs = laravel.ask(request).response

    assert (theirs.status, shown(answer(request))) == (413, shown(theirs))


def _of_size(size: int) -> Request:
    return Request("PUT", "/records/", "", {"content-type": FORM}, b"x" * size, size)
