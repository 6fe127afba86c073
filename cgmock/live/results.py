"""What became of a check, and how a check says that it shows nothing."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

Json = Mapping[str, object]
"""A JSON object."""


class Verdict(StrEnum):
    """What became of a check: a behaviour passes or fails, an open question is recorded; the last two show nothing."""

    PASSED = "passed"
    FAILED = "failed"
    RECORDED = "recorded"
    NOT_RUN = "not-run"
    COULD_NOT_CHECK = "could-not-check"


class Result(NamedTuple):
    """What became of a check: `answer` is that of an open question, `evidence` what was sent and answered."""

    id: str
    verdict: Verdict
    reason: str = ""
    answer: str = ""
    evidence: Sequence[Json] = ()


class NotRunError(Exception):
    """The target, or what its seed says of it, gives no means to show this."""


class CouldNotCheckError(Exception):
    """The target did not get so far."""
