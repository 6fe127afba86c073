"""A tenant: one CustomerGauge system, and the policies that settle what no document settles."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from cgmock.core import catalog
from cgmock.core.catalog import DataType, Field


class Region(StrEnum):
    """Where a tenant is hosted; part of every vendor host name."""

    EU = "eu"
    US = "us"
    AU = "au"


class UnknownConfiguration(StrEnum):
    """What a reference that no configuration has is answered with."""

    SELECTED_INVALID = "422"
    NOT_FOUND = "404"
    DROPPED = "dropped"


class UnmappedHeading(StrEnum):
    """What becomes of a heading that the configuration does not know: documented, so there is one value."""

    DROPPED = "dropped"


class HeadingCase(StrEnum):
    """Whether `email` meets the heading `Email`."""

    SENSITIVE = "sensitive"
    INSENSITIVE = "insensitive"


class Refusal(StrEnum):
    """How a record that breaks a rule is refused: aloud, or with a 200 that stores nothing."""

    UNPROCESSABLE = "422"
    ACCEPTED_AND_FAILED = "accepted-and-failed"


class UnknownTouchpoint(StrEnum):
    """What becomes of a record with a touchpoint that the tenant does not have."""

    ACCEPTED_AND_FAILED = "accepted-and-failed"
    UNPROCESSABLE = "422"
    DROPPED = "dropped"


class BadValue(StrEnum):
    """What becomes of a record with a value of the wrong shape or length."""

    ACCEPTED_AND_FAILED = "accepted-and-failed"
    UNPROCESSABLE = "422"
    STORED = "stored"


class RepeatResponse(StrEnum):
    """What becomes of an external response that was sent before."""

    DUPLICATES = "duplicates"
    IGNORED = "ignored"


class EmptyOnUpdate(StrEnum):
    """What an empty value does to a field that has one."""

    KEEPS = "keeps"
    CLEARS = "clears"


class NoAcceptHeader(StrEnum):
    """How an error is answered to a client that does not ask for JSON."""

    JSON = "json"
    LARAVEL_REDIRECT = "laravel-redirect"


class TrailingSlash(StrEnum):
    """Whether `/records` is served as `/records/` is."""

    BOTH = "both"
    REQUIRED = "required"


class Dialect(StrEnum):
    """The major version of Laravel whose words the errors have."""

    LARAVEL8 = "laravel8"
    LARAVEL9 = "laravel9"
    LARAVEL10 = "laravel10"


class YesNo(StrEnum):
    """A switch."""

    NO = "no"
    YES = "yes"


class WebhookKeys(StrEnum):
    """What the keys of a webhook are: the display names of fields as documented, or the headings of its configuration."""

    DISPLAY_NAMES = "display-names"
    HEADINGS = "headings"


class WebhookQueryNames(StrEnum):
    """What becomes of a name in a webhook's query string whose blanks and dots PHP has turned into underscores."""

    RESTORED = "restored"
    DROPPED = "dropped"


class WebhookState(StrEnum):
    """Whether a webhook can be called."""

    ACTIVE = "active"
    DEACTIVATED = "deactivated"
    DELETED = "deleted"


class TokenErrors(StrEnum):
    """The status of a failed client authentication: 400 as Cognito documents it, or 401 as RFC 6749 has it."""

    COGNITO = "cognito"
    RFC = "rfc"


class TokenContentType(StrEnum):
    """The answer to a token request with a body that is not a form by its Content-Type."""

    METHOD_NOT_ALLOWED = "405"
    INVALID_REQUEST = "invalid-request"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """One value for each question that CustomerGauge's documents leave open; the first value of each is the default.

    `rate_limit` is the number of requests a minute, None for no limit.
    """

    unknown_configuration: UnknownConfiguration = UnknownConfiguration.SELECTED_INVALID
    unmapped_heading: UnmappedHeading = UnmappedHeading.DROPPED
    heading_case: HeadingCase = HeadingCase.SENSITIVE
    missing_required_field: Refusal = Refusal.UNPROCESSABLE
    unknown_touchpoint: UnknownTouchpoint = UnknownTouchpoint.ACCEPTED_AND_FAILED
    bad_value: BadValue = BadValue.ACCEPTED_AND_FAILED
    repeat_response: RepeatResponse = RepeatResponse.DUPLICATES
    empty_on_update: EmptyOnUpdate = EmptyOnUpdate.KEEPS
    no_accept_header: NoAcceptHeader = NoAcceptHeader.JSON
    trailing_slash: TrailingSlash = TrailingSlash.BOTH
    dialect: Dialect = Dialect.LARAVEL8
    multi_object_requires_account: YesNo = YesNo.NO
    external_response_requires_dates: YesNo = YesNo.NO
    token_errors: TokenErrors = TokenErrors.COGNITO
    token_content_type: TokenContentType = TokenContentType.METHOD_NOT_ALLOWED
    webhook_keys: WebhookKeys = WebhookKeys.DISPLAY_NAMES
    webhook_query_names: WebhookQueryNames = WebhookQueryNames.RESTORED
    rate_limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectedApp:
    """The credentials of one external system, and what its tokens may be used for."""

    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...] = ("imports/write",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An incoming webhook: an address that imports by the configuration with this reference, behind a password."""

    id: str
    username: str
    password: str = field(repr=False)
    configuration: str
    state: WebhookState = WebhookState.ACTIVE


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """An import configuration.

    Args:
        reference: Reference that a request names.
        name: Display name.
        data_type: Type of the objects that the configuration imports.
        headings: Field of each heading of a record.
    """

    reference: str
    name: str
    data_type: DataType
    headings: Mapping[str, str]

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """The field of each heading; a heading with a field that is not in the catalogue has none."""
        found = ((heading, catalog.field(name)) for heading, name in self.headings.items())
        return {heading: field for heading, field in found if field is not None}

    @cached_property
    def folded(self) -> Mapping[str, Field]:
        """The field of each heading in case-folded form, for a tenant that does not mind the case."""
        return {heading.casefold(): field for heading, field in self.fields.items()}

    @cached_property
    def by_display_name(self) -> "Configuration":
        """The same mapping with the display names of its fields for headings."""
        names = {field.display_name: field.name for field in self.fields.values()}
        return replace(self, headings=names)


@dataclass(frozen=True, kw_only=True)
class Tenant:
    """A CustomerGauge system. Tenants are isolated from each other.

    A tenant is usually read from a seed, by `load_seed`.

    Args:
        name: Name of the tenant.
        region: Region in the host names of the vendor.
        touchpoints: Names of the touchpoints.
        connected_apps: Client IDs and secrets.
        configurations: Import configurations by reference.
        webhooks: Incoming webhooks by ID.
        policies: Choices for what CustomerGauge does not document.
    """

    name: str
    region: Region = Region.EU
    touchpoints: frozenset[str] = frozenset()
    connected_apps: tuple[ConnectedApp, ...] = ()
    configurations: Mapping[str, Configuration] = field(default_factory=dict)
    webhooks: Mapping[str, Webhook] = field(default_factory=dict)
    policies: Policies = field(default_factory=Policies)

    @property
    def secrets(self) -> Iterator[str]:
        """What must never be shown: secrets and passwords, and what a Basic header makes of them."""
        pairs = [(app.client_id, app.client_secret) for app in self.connected_apps]
        pairs += [(webhook.username, webhook.password) for webhook in self.webhooks.values()]
        for name, secret in pairs:
            yield secret
            yield base64.b64encode(f"{name}:{secret}".encode()).decode()
