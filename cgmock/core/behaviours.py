"""The table of behaviours: each decision the core takes, with the evidence that CustomerGauge decides so."""

from collections.abc import Iterable
from enum import Enum, StrEnum
from typing import NamedTuple


class Evidence(StrEnum):
    """How a behaviour is known.

    documented: a document of the vendor says so; framework: seen on a real Laravel; assumed: nobody outside has seen
    it, and where it matters a policy switches it; observed: seen live.
    """

    DOCUMENTED = "documented"
    FRAMEWORK = "framework"
    ASSUMED = "assumed"
    OBSERVED = "observed"


_WEAKEST_FIRST = (Evidence.ASSUMED, Evidence.FRAMEWORK, Evidence.DOCUMENTED, Evidence.OBSERVED)
_DOCUMENTED, _FRAMEWORK, _ASSUMED = Evidence.DOCUMENTED, Evidence.FRAMEWORK, Evidence.ASSUMED
_RECORDS = "PUT Record (External Response), 5000880071"
_WEBHOOK = "Incoming Webhook, 5000874298"
_RESPONSES = "GET Responses, 5000875861"
_COGNITO = (
    "Amazon Cognito developer guide, token endpoint; that CustomerGauge uses it is inferred from its URL"
)
_LARAVEL = "Laravel 8.83"


class Behaviour(Enum):
    """A row: `id`, `sentence`, `evidence`, `source`."""

    def __init__(self, identifier: str, sentence: str, evidence: Evidence, source: str) -> None:
        self.id = identifier
        self.sentence = sentence
        self.evidence = evidence
        self.source = source

    TOKEN_ISSUED = (
        "token.issued",
        "Client credentials are exchanged for a Bearer token that lives one hour.",
        _DOCUMENTED,
        "Authenticating using OAuth2, 5000846993",
    )
    TOKEN_SHAPE = (
        "token.shape",
        "A token is a JSON Web Token, RS256, with Cognito's claims; expires_in is a number, token_type is Bearer.",
        _ASSUMED,
        _COGNITO,
    )
    TOKEN_METHOD = (
        "token.method",
        "The token endpoint answers any method but POST with 405 and no body.",
        _ASSUMED,
        "Amazon Cognito developer guide, token endpoint, documents POST only; no document shows the refusal",
    )
    TOKEN_CONTENT_TYPE = (
        "token.content-type",
        "The token endpoint answers a body without the Content-Type of a form with 405 and no body.",
        _ASSUMED,
        "Seen on Cognito: amazon-cognito-auth-js#52 and repost.aws QUrAGZgkOARnyZpkbFQ4Oy_g; policy token_content_type",
    )
    TOKEN_REQUEST = (
        "token.invalid-request",
        "A form that lacks a parameter, or contains JSON, is an invalid_request.",
        _ASSUMED,
        _COGNITO,
    )
    TOKEN_CLIENT = (
        "token.invalid-client",
        "An unknown client id or a wrong secret is an invalid_client.",
        _ASSUMED,
        _COGNITO,
    )
    TOKEN_GRANT = (
        "token.unsupported-grant-type",
        "Any grant type that the token service does not have is an unsupported_grant_type.",
        _ASSUMED,
        _COGNITO,
    )
    TOKEN_FLOW = (
        "token.unauthorized-client",
        "A connected app can use only client_credentials. The other grant types are an unauthorized_client.",
        _ASSUMED,
        _COGNITO,
    )
    TOKEN_SCOPE = (
        "token.invalid-scope",
        "Scopes that the app does not have are passed over beside one that it has, and alone are an invalid_scope.",
        _ASSUMED,
        f"{_COGNITO}, for the first half; repost.aws QUnhrxb08MRJaH7hIRtUnCKA saw the second, which the guide lacks",
    )
    TOKEN_QUERY = (
        "token.secret-in-query",
        "Credentials in the query string work, also without a body and a Content-Type. They end up in access logs.",
        _ASSUMED,
        "dyvenia/viadot sends them so since 2023",
    )
    TOKEN_KEYS = (
        "token.keys",
        "The keys that tokens are signed with are published as a JSON Web Key Set, here beside the token endpoint.",
        _ASSUMED,
        "Amazon Cognito publishes them on a host of its own, which is not in this fake",
    )
    KEYS_METHOD = (
        "token.keys-method",
        "The keys are only read: any other method is answered with 405 and no body.",
        _ASSUMED,
        "As the token endpoint",
    )
    UNAUTHENTICATED = (
        "auth.unauthenticated",
        "A missing, malformed or foreign token is answered with 401 Unauthenticated.",
        _ASSUMED,
        "PATCH Users Disable, 5000875271, documents it for a sibling API",
    )
    TOKEN_EXPIRED = (
        "auth.expired",
        "An expired token looks like any other invalid one.",
        _ASSUMED,
        "PATCH Users Disable, 5000875271, documents it for a sibling API",
    )
    TOKEN_REGION = (
        "auth.region",
        "A token of one region is refused on a host of another.",
        _ASSUMED,
        "Each region has a token service of its own",
    )
    RATE_LIMITED = (
        "rate.limited",
        "Over the limit: 429 Too Many Attempts with Retry-After.",
        _ASSUMED,
        "Laravel's throttle middleware; that CustomerGauge uses it is a guess",
    )
    BODY_TOO_LARGE = (
        "http.too-large",
        "A body over 8 MiB is answered with 413 before anything else.",
        _FRAMEWORK,
        f"{_LARAVEL}, ValidatePostSize",
    )
    BODY_INCOMPLETE = (
        "http.incomplete",
        "A body that breaks off is answered with 400, and nothing of it is taken.",
        _ASSUMED,
        "A server before PHP, nginx for example, hands on whole bodies only",
    )
    PATH_UNKNOWN = (
        "http.not-found",
        "An unknown path is answered with 404, before the token is looked at.",
        _FRAMEWORK,
        _LARAVEL,
    )
    METHOD_WRONG = (
        "http.method-not-allowed",
        "A wrong method is answered with 405 and Allow, before the token is looked at.",
        _FRAMEWORK,
        _LARAVEL,
    )
    OVERRIDE_INVALID = (
        "http.invalid-override",
        "A POST whose method override is no method is answered with 404.",
        _FRAMEWORK,
        _LARAVEL,
    )
    OPTIONS = ("http.options", "OPTIONS is answered with 200 and Allow.", _FRAMEWORK, _LARAVEL)
    ERRORS_AS_HTML = (
        "http.redirect",
        "Without Accept: application/json an error is a redirect or a page.",
        _ASSUMED,
        f"{_LARAVEL} does so; the vendor's samples send no Accept header, so its application may not",
    )
    RECORD_ACCEPTED = (
        "records.accepted",
        "A record that is taken is answered with 200 and an empty body.",
        _DOCUMENTED,
        _RECORDS,
    )
    INPUT_REQUIRED = (
        "records.required",
        "Without a configuration the answer is 422 in Laravel's words.",
        _DOCUMENTED,
        _RECORDS,
    )
    RECORD_REQUIRED = (
        "records.record-required",
        "Without a record, or with an empty one, the answer is 422 as well; both are told at once.",
        _FRAMEWORK,
        _LARAVEL,
    )
    BODY_UNREAD = (
        "records.unread-body",
        "A body that is broken, or is not what its Content-Type says, counts as empty: the answer is never 400.",
        _FRAMEWORK,
        _LARAVEL,
    )
    RECORD_NOT_ARRAY = (
        "records.record-array",
        "A record that is no object is answered with 422.",
        _FRAMEWORK,
        f"{_LARAVEL}, validation rule array",
    )
    CONFIGURATION_UNKNOWN = (
        "records.unknown-configuration",
        "A reference that no configuration has is refused.",
        _ASSUMED,
        "Policy unknown_configuration",
    )
    HEADING_STORED = (
        "heading.stored",
        "The value of a mapped heading is stored in its field.",
        _DOCUMENTED,
        _RECORDS,
    )
    HEADING_UNMAPPED = (
        "heading.unmapped",
        "A heading that the configuration does not know is dropped in silence.",
        _DOCUMENTED,
        f"{_RECORDS}: Changes to Import Configurations",
    )
    HEADING_CASE = (
        "heading.case-insensitive",
        "A heading in another case meets its mapping.",
        _ASSUMED,
        "Policy heading_case; an older PUT Records Multi-Object, 5000872699, says the opposite",
    )
    HEADING_OVERWRITTEN = (
        "heading.overwritten",
        "Of two headings that are mapped to one field, the last one sent wins.",
        _ASSUMED,
        "Import order",
    )
    VALUE_TRIMMED = (
        "value.trimmed",
        "Blanks around a value are cut off; those around a heading are not.",
        _FRAMEWORK,
        f"{_LARAVEL}, TrimStrings",
    )
    VALUE_CONVERTED = (
        "value.converted",
        "A JSON number or boolean is stored as PHP writes it as text.",
        _ASSUMED,
        "PHP's string conversion",
    )
    VALUE_EMPTY = (
        "value.empty",
        "An empty value leaves the field as it is.",
        _ASSUMED,
        "Policy empty_on_update",
    )
    VALUE_BAD = (
        "value.bad",
        "A record with a value of the wrong shape or length fails.",
        _ASSUMED,
        "Policy bad_value",
    )
    TOUCHPOINT_UNKNOWN = (
        "value.unknown-touchpoint",
        "A record with a touchpoint that the tenant does not have fails.",
        _ASSUMED,
        f"Policy unknown_touchpoint; {_RECORDS} accepts no others, without the refusal; field Touchpoint only: 5000879244",
    )
    FIELD_REQUIRED = (
        "record.required-field",
        "A record without a field that its data type requires is refused.",
        _ASSUMED,
        f"Policy missing_required_field; {_RECORDS} has a 422 for required fields, of the request or of the record",
    )
    FIELD_MISPLACED = (
        "record.misplaced-field",
        "A field that the data type, or a record without an account name, has no place for is not stored.",
        _ASSUMED,
        "Imports: upload and mapping, 5000866058",
    )
    RECORD_FAILED = (
        "record.failed",
        "Nothing of a record that fails is stored.",
        _ASSUMED,
        "Diagnosing failed files/records, 5000877891",
    )
    ACCOUNT_SAVED = (
        "import.account",
        "An account is created, or updated when its name is known.",
        _DOCUMENTED,
        "PUT Account, 5000872475",
    )
    ALIAS_ADDED = (
        "import.alias",
        "An account gets one more name.",
        _DOCUMENTED,
        "PUT Record (Account Alias), 5000872721",
    )
    ALIAS_HONOURED = (
        "import.alias-honoured",
        "Contacts, surveys and activities find an account by its alias.",
        _DOCUMENTED,
        "PUT Record (Account Alias), 5000872721",
    )
    ALIAS_IGNORED = (
        "import.alias-ignored",
        "Multi-object and external response records do not know aliases: the account is created anew.",
        _ASSUMED,
        "PUT Record (Account Alias), 5000872721, does not list them among those that do",
    )
    CONTACT_SAVED = (
        "import.contact",
        "A contact is created, or updated when its email or phone is known.",
        _DOCUMENTED,
        "PUT Contact, 5000872718",
    )
    INVITATION_SENT = (
        "import.invitation",
        "A survey or multi-object record sends an invitation.",
        _DOCUMENTED,
        "Imports: upload and mapping, 5000866058",
    )
    INVITATION_POPULATED = (
        "import.auto-populated",
        "A survey takes from the contact what the record does not say; a multi-object record does not.",
        _DOCUMENTED,
        "Multi-Object upload, 5000873256",
    )
    RESPONSE_RECORDED = (
        "import.response",
        "An external response is recorded, and never updates an earlier one.",
        _DOCUMENTED,
        _RECORDS,
    )
    RESPONSE_REPEATED = (
        "import.repeated-response",
        "An external response that was sent before is recorded again.",
        _ASSUMED,
        "Policy repeat_response; Duplication Rule, 5000883691, exempts external responses",
    )
    ACTIVITY_SAVED = (
        "import.activity",
        "An activity is created, or updated when its reference is known.",
        _DOCUMENTED,
        "PUT Activities, 5000810958",
    )
    WEBHOOK_CALLED = (
        "webhook.called",
        "A webhook takes one record, its fields by their display names, as query parameters or flat JSON.",
        _DOCUMENTED,
        _WEBHOOK,
    )
    WEBHOOK_ANSWERED = (
        "webhook.answered",
        "A webhook answers as PUT /records/ does: 200 and no body, or 422.",
        _ASSUMED,
        "No document shows an answer",
    )
    WEBHOOK_UNAUTHENTICATED = (
        "webhook.unauthenticated",
        "A webhook without its username and password in a Basic header is answered with 401.",
        _ASSUMED,
        f"{_WEBHOOK} asks for the header; no document shows the refusal",
    )
    WEBHOOK_GONE = (
        "webhook.not-found",
        "A webhook that does not exist, or was deactivated or deleted, is answered with 404.",
        _ASSUMED,
        f"{_WEBHOOK}: can be deactivated or deleted; no document shows the refusal",
    )
    WEBHOOK_NAME_RESTORED = (
        "webhook.restored-name",
        "A name in the query string whose blanks PHP has turned into underscores meets its field all the same.",
        _ASSUMED,
        f"{_WEBHOOK} sends names with blanks so; policy webhook_query_names",
    )
    RESPONSES_LISTED = (
        "responses.listed",
        "Responses are read back oldest first, 1 to 1000 a page, from a cursor on.",
        _DOCUMENTED,
        _RESPONSES,
    )
    RESPONSES_END = (
        "responses.end",
        "After the last response the data is empty.",
        _DOCUMENTED,
        _RESPONSES,
    )
    RESPONSES_SHAPE = (
        "responses.shape",
        "A response has the technical names of its fields, null where empty; the cursor of an empty page is the one sent.",
        _ASSUMED,
        f"{_RESPONSES}, an older version for /v6/rest/responses; dyvenia/viadot reads cursor.next",
    )
    RESPONSES_PERIOD = (
        "responses.period",
        "A period keeps the responses that have one of their dates on one of its days.",
        _ASSUMED,
        "dyvenia/viadot sends it so",
    )
    RESPONSES_EXPANDED = (
        "responses.expanded",
        "The drivers, tags, questions and properties that with[] asks for are there, and empty: no record can write them.",
        _ASSUMED,
        "dyvenia/viadot asks for these four",
    )
    RESPONSES_INVALID = (
        "responses.invalid",
        "A parameter out of its range is answered with 422 in Laravel's words.",
        _ASSUMED,
        f"{_RESPONSES}: number from 1 to 1000; no document shows the refusal",
    )


UNSERVED = {
    "/accounts": "PUT Accounts, 5000857422",
    "/contracts": "PUT Contracts, 5000854242",
    "/activities": "PUT Activities, 5000810958",
}
"""Documented paths of the vendor's import host that the fake does not serve, with their articles."""

BEHAVIOURS = {behaviour.id: behaviour for behaviour in Behaviour}
"""Every behaviour by its id."""


class Difference(NamedTuple):
    """Something that differs from what a real Laravel does: what it does there, and why it does not here."""

    id: str
    there: str
    reason: str


DIFFERENCES = (
    Difference(
        "differs.other-endpoints",
        f"{', '.join(UNSERVED)} and PATCH Update Single Record are documented on the same hosts.",
        "The fake does not serve them: 404, or 405 for PATCH. Articles 5000857422, 5000854242, 5000810958, 5000897072.",
    ),
    Difference(
        "differs.uploaded-files",
        "A file that is uploaded under the name record[x] counts as a record.",
        "The fake has no place for files, and the vendor's documents have no multipart bodies.",
    ),
    Difference(
        "differs.broken-multipart",
        "After a part of a multipart form that it skips and that ends too early, PHP finds the next one.",
        "Such a form is broken; the fake reads no further.",
    ),
    Difference(
        "differs.encoded-slash",
        "/records%2F is another path than /records/, and not found.",
        "The servers in front of the fake hand on decoded paths.",
    ),
    Difference(
        "differs.non-ascii-header",
        "A header with a byte that is not ASCII, such as X-HTTP-Method-Override: PÜT, is read.",
        "granian drops such a header. All other adapters read it.",
    ),
    Difference(
        "differs.raw-target",
        "A request line with an unencoded quotation mark or angle bracket in its query string is read.",
        "granian answers it with 400. Clients encode these characters.",
    ),
    Difference(
        "differs.http-1.0",
        "Over HTTP/1.0 the response has Expires and Pragma beside Cache-Control.",
        "The fake does not receive the version of HTTP. It answers as over HTTP/1.1.",
    ),
    Difference(
        "differs.index-php",
        "/index.php/records/ is the same path as /records/.",
        "The fake has no front controller in its URLs: the path is not found.",
    ),
    Difference(
        "differs.invalid-host",
        "A Host header that is not a valid host name is refused with 404 or 400.",
        "The fake answers at any host name, with the paths of all the vendor's hosts.",
    ),
    Difference(
        "differs.redirect-target",
        "The redirect of an error, where there is one, leads to an absolute URL or to the Referer.",
        "The fake knows no page that anybody could come from: it leads to / or /login.",
    ),
    Difference(
        "differs.placeholder-in-heading",
        "A heading that contains :input or :values is filled with the value or the list in the text of an error.",
        "No configuration has such a heading.",
    ),
    Difference(
        "differs.undecodable-heading",
        "A heading that is not UTF-8 makes the answer with its error a 500.",
        "Headings of configurations are UTF-8, so none of them is named in an error.",
    ),
)
"""What is known to differ from Laravel; all that is compared with it in the tests does not."""


def weakest(behaviours: Iterable[Behaviour]) -> Evidence:
    """The evidence of an answer in which these behaviours took part, of which there is at least one."""
    return min((behaviour.evidence for behaviour in behaviours), key=_WEAKEST_FIRST.index)
