"""The tenant of `fixtures/tenants/contract.toml`, fakes of it that are right or wrong, and the suite in this process."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from cgmock import seeds
from cgmock.contract.checks import Check, attempt
from cgmock.contract.local import in_process, mock_target, with_expired_token
from cgmock.contract.session import Session
from cgmock.contract.suite import checks
from cgmock.core.messages import Request, Response
from cgmock.core.tenant import (
    BadValue,
    Dialect,
    EmptyOnUpdate,
    HeadingCase,
    NoAcceptHeader,
    Policies,
    RepeatResponse,
    Tenant,
    TokenContentType,
    TokenErrors,
    TrailingSlash,
    UnknownConfiguration,
    UnknownTouchpoint,
    WebhookKeys,
    WebhookQueryNames,
    YesNo,
)
from cgmock.faults import Answer
from cgmock.live.rails import Guard, Rails
from cgmock.live.results import Result
from cgmock.live.target import Target
from cgmock.mock_api import MockAPI
from tests.paths import FIXTURES

SEED = FIXTURES / "tenants" / "contract.toml"
(ACME,) = seeds.load(SEED)

OTHER_POLICIES = Policies(
    unknown_configuration=UnknownConfiguration.NOT_FOUND,
    heading_case=HeadingCase.INSENSITIVE,
    unknown_touchpoint=UnknownTouchpoint.DROPPED,
    bad_value=BadValue.STORED,
    repeat_response=RepeatResponse.IGNORED,
    empty_on_update=EmptyOnUpdate.CLEARS,
    no_accept_header=NoAcceptHeader.LARAVEL_REDIRECT,
    trailing_slash=TrailingSlash.REQUIRED,
    dialect=Dialect.LARAVEL10,
    multi_object_requires_account=YesNo.YES,
    external_response_requires_dates=YesNo.YES,
    token_errors=TokenErrors.RFC,
    token_content_type=TokenContentType.INVALID_REQUEST,
    webhook_keys=WebhookKeys.HEADINGS,
    webhook_query_names=WebhookQueryNames.DROPPED,
    rate_limit=75,
)
"""Another value of each policy that leaves all of them to be seen."""

Handler = Callable[[Request], Response]
Change = Callable[[Handler, Request], Response]
"""How a fake answers, given how a right one would."""


class Mutant(MockAPI):
    """A fake that is wrong in one way."""

    def __init__(self, tenant: Tenant, change: Change) -> None:
        super().__init__([tenant])
        self._change = change

    def answer(self, request: Request) -> Answer:
        """Answer as the change says."""
        right = super().answer
        return Answer(self._change(lambda each: right(each).response, request))


def right(handle: Handler, request: Request) -> Response:
    """The change that changes nothing."""
    return handle(request)


def with_policies(policies: Policies) -> Tenant:
    """ACME with other policies."""
    return replace(ACME, policies=policies)


def session(mock: MockAPI, tenant: Tenant = ACME, run: str = "abcd1234") -> Session:
    """A session with a mock of this process, which waits on the tenant's clock."""
    target = with_expired_token(mock_target(tenant), mock)
    clock = mock.store.hosted(tenant.name).clock
    return Session(
        target, Guard(in_process(mock), target, Rails(allow_invitations=True)), run, sleep=clock.advance
    )


def results(chosen: Session, only: Callable[[Check], bool] = lambda _: True) -> Iterator[Result]:
    """What becomes of the checks, one after the other."""
    yield from (attempt(check, chosen) for check in checks() if only(check))
    chosen.close()


def local_target(url: str, environ: Mapping[str, str] | None = None) -> Target:
    """ACME at a URL."""
    return Target.at(url, ACME, environ)
