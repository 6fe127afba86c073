"""The rate limit, which is exceeded when all else is done."""

from cgmock.contract.checks import shows
from cgmock.contract.conversation import Conversation
from cgmock.contract.session import RESPONSES, json_object
from cgmock.core.behaviours import Behaviour
from cgmock.live.results import NotRunError
from cgmock.live.target import Service

_MOST_REQUESTS = 1000
"""Requests that are sent at most to exceed a limit."""


@shows(Behaviour.RATE_LIMITED)
def test_over_the_limit_the_answer_is_429_with_the_time_to_wait(api: Conversation) -> None:
    if not api.target.is_local:
        raise NotRunError("it would use up the limit of a live system")
    read = api.message(b"", None)._replace(method="GET", path=RESPONSES, query="per_page=1")
    response = api.send_quietly(read, Service.API)
    left = response.headers.get("x-ratelimit-remaining", "")
    if not left.isdecimal() or int(left) > _MOST_REQUESTS:
        raise NotRunError(f"the target tells of no limit, or of one over {_MOST_REQUESTS}")

    for _ in range(int(left) + 1):
        response = api.send_quietly(read, Service.API)

    message = json_object(response).get("message")
    api.note("over the limit", [response.status_code, message])
    assert response.status_code == 429
    assert response.headers["retry-after"].isdecimal()
    assert message == "Too Many Attempts."
