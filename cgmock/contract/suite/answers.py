"""What answers must be like, whatever the check."""

from collections.abc import Mapping, Sequence

import httpx

from cgmock.contract.session import json_object


def assert_accepted(response: httpx.Response) -> None:
    """The documented success: 200, and no body."""
    assert response.status_code == 200
    assert response.content == b""


def assert_accepted_or_refused(response: httpx.Response) -> None:
    """Where no document says how a record is refused: aloud, or with the usual 200."""
    if response.status_code == 422:
        errors_of(response)
    else:
        assert_accepted(response)


def assert_token_error(response: httpx.Response, code: str, *statuses: int) -> None:
    """An error of the token service: one code, and nothing else."""
    assert response.status_code in (statuses or (400,))
    assert json_object(response) == {"error": code}


def errors_of(response: httpx.Response) -> Mapping[str, Sequence[str]]:
    """The messages of the documented 422 by the path of the input they speak of."""
    assert response.status_code == 422
    content = json_object(response)
    assert content.keys() == {"message", "errors"}
    assert isinstance(content["message"], str)
    errors = content["errors"]
    assert isinstance(errors, dict)
    assert all(
        isinstance(each, list) and all(isinstance(text, str) for text in each) for each in errors.values()
    )
    return errors
