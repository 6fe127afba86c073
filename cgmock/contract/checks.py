"""The table of checks: which function shows which behaviour, or asks which open question."""

from collections.abc import Callable
from typing import NamedTuple

import httpx

from cgmock.contract.conversation import Conversation
from cgmock.contract.session import Session
from cgmock.core.behaviours import Behaviour
from cgmock.core.questions import QUESTIONS, Question
from cgmock.live.results import CouldNotCheckError, NotRunError, Result, Verdict

Body = Callable[[Conversation], None]

FAILURES = (AssertionError, LookupError, TypeError, ValueError, AttributeError)
"""What a function raises on an answer that it does not expect; a wrong answer may have any shape."""

HINDRANCES = (NotRunError, CouldNotCheckError, httpx.HTTPError)
"""What a function raises when it comes to no answer."""


class Check(NamedTuple):
    """A behaviour or an open question, and the function that holds a conversation about it."""

    subject: Behaviour | Question
    body: Body

    @property
    def id(self) -> str:
        """The id of the behaviour or of the question."""
        return self.subject.id

    @property
    def is_open(self) -> bool:
        """Whether it is a question, whose answer is recorded and not judged."""
        return isinstance(self.subject, Question)

    @property
    def kind(self) -> str:
        """The evidence of the behaviour, or `question`."""
        return "question" if isinstance(self.subject, Question) else self.subject.evidence.value


CHECKS: dict[Body, Check] = {}
"""The checks by their functions; filled when the modules of the suite are imported."""

_QUESTIONS = {question.id: question for question in QUESTIONS}


def shows(behaviour: Behaviour) -> Callable[[Body], Body]:
    """Mark the function that asserts a behaviour."""
    return _entering(behaviour)


def asks(question: str) -> Callable[[Body], Body]:
    """Mark the function that records the answer to an open question."""
    return _entering(_QUESTIONS[question])


def attempt(check: Check, session: Session) -> Result:
    """Hold the conversation of a check, and say what became of it."""
    conversation = Conversation(check.id, session)
    failure: BaseException | None = None
    try:
        check.body(conversation)
    except (*FAILURES, *HINDRANCES) as error:
        failure = error
    return judged(check, conversation, failure)


def judged(check: Check, conversation: Conversation, failure: BaseException | None) -> Result:
    """What became of a check whose conversation ended, perhaps by a failure."""
    evidence = conversation.evidence
    match failure:
        case None if check.is_open:
            return Result(check.id, Verdict.RECORDED, answer=conversation.answer, evidence=evidence)
        case None:
            return Result(check.id, Verdict.PASSED, evidence=evidence)
        case NotRunError():
            return Result(check.id, Verdict.NOT_RUN, conversation.tidied(str(failure)))
        case CouldNotCheckError():
            return Result(check.id, Verdict.COULD_NOT_CHECK, conversation.tidied(str(failure)))
        case httpx.HTTPError():
            return Result(check.id, Verdict.COULD_NOT_CHECK, f"no answer came ({type(failure).__name__})")
        case _:
            kind = "" if isinstance(failure, AssertionError) else f"{type(failure).__name__}: "
            reason = kind + (str(failure).partition("\n")[0] or "an assertion failed")
            return Result(check.id, Verdict.FAILED, conversation.tidied(reason), evidence=evidence)


def _entering(subject: Behaviour | Question) -> Callable[[Body], Body]:
    def enter(body: Body) -> Body:
        CHECKS[body] = Check(subject, body)
        return body

    return enter
