"""The document of the vendor's endpoints."""

from functools import cache

from cgmock.core import catalog
from cgmock.core.behaviours import Behaviour
from cgmock.core.catalog import Rules
from cgmock.core.endpoints.responses import EXPANSIONS, MAX_PER_PAGE
from cgmock.core.tenant import Region
from cgmock.web.openapi.vendor_answers import (
    EMPTY,
    MISDIRECTED,
    RATE_HEADERS,
    RECORD_REFUSED,
    REFUSAL,
    SHARED,
    STORED_IN_SILENCE,
    TOKEN_ERROR,
    UNAUTHENTICATED,
    answer,
    refusals,
    shared,
)
from cgmock.web.openapi.vendor_schemas import SCHEMAS
from cgmock.web.openapi.words import (
    FORM,
    HERE,
    JSON,
    TEXT,
    Node,
    body,
    document,
    listed,
    path,
    query,
    sample,
    schema,
)

JSON_SAMPLE: Node = {
    "configuration": "53505294-0b20-2509-b15d-c8e377701d66",
    "record": {
        "Account Name": "ACME",
        "First Name": "Joe",
        "Last Name": "Doe",
        "Email": "joe.doe@example.com",
        "Sent Date": "2023-05-10 11:34:56",
        "Survey Completed Date": "2022-05-10 12:34:56",
        "NPS Score": "10",
    },
}
FORM_SAMPLE: Node = {**JSON_SAMPLE, "configuration": "12305294-0b20-4009-b95d-c8123301d66"}
"""The two sample bodies of the vendor's article (5000880071)."""

_DESCRIPTION = """\
The endpoints of CustomerGauge that this fake answers, as far as anybody outside can know them.

Each answer names the behaviours behind it with their evidence: **documented** by the vendor (or by the service it
builds on), seen on the real **framework**, **assumed**, or **observed** live. Their ids are those of the journal."""


@cache
def vendor_document() -> Node:
    """The OpenAPI 3.1 document of the vendor's endpoints."""
    components = {"schemas": SCHEMAS, "responses": SHARED, "securitySchemes": _SECURITY_SCHEMES}
    return document("CustomerGauge as cgmock knows it", _DESCRIPTION, _paths(), components)


def _paths() -> Node:
    return {
        "/oauth2/token": {"servers": _servers("auth"), "post": _issue_token()},
        "/.well-known/jwks.json": {"servers": _servers("auth"), "get": _publish_keys()},
        "/records/": {
            "servers": _servers("imports.api"),
            "put": _put_record(),
            "options": _options("Records", "PUT"),
        },
        "/hooks/{id}": {
            "servers": [HERE],
            "parameters": [path("id", "The webhook.", {**TEXT, "pattern": "^[^/]+$"})],
            "put": _put_webhook(),
            "options": _options("Webhook", "PUT"),
        },
        "/v7/rest/sync/responses": {
            "servers": _servers("api"),
            "get": _get_responses(),
            "options": _options("Responses", "GET,HEAD"),
        },
    }


def _servers(service: str) -> list[Node]:
    return [
        HERE,
        {
            "url": f"https://{service}.{{region}}.customergauge.com",
            "description": "the vendor",
            "variables": {"region": {"enum": list(Region), "default": Region.EU}},
        },
    ]


def _issue_token() -> Node:
    example = {"grant_type": "client_credentials", "client_id": "demo-client", "client_secret": "demo-secret"}
    refused = (
        *(Behaviour.TOKEN_REQUEST, Behaviour.TOKEN_CLIENT, Behaviour.TOKEN_GRANT, Behaviour.TOKEN_FLOW),
        *(
            Behaviour.TOKEN_CONTENT_TYPE,
            Behaviour.TOKEN_SCOPE,
            Behaviour.TOKEN_QUERY,
            Behaviour.BODY_INCOMPLETE,
        ),
    )
    by_rfc = answer("No token, where `token_errors` is `rfc`.", TOKEN_ERROR, Behaviour.TOKEN_CLIENT)
    return {
        "operationId": "issueToken",
        "summary": "Exchange the credentials of a connected app for an access token.",
        "description": "The credentials stand in the body, or in a Basic header.",
        "security": [{"ClientSecretBasic": []}, {}],
        "requestBody": {
            "required": True,
            "content": {FORM: {"schema": schema("TokenRequest"), **sample("credentials", example)}},
        },
        "responses": {
            "200": answer(
                "A token.",
                body(schema("Token")),
                Behaviour.TOKEN_ISSUED,
                Behaviour.TOKEN_SHAPE,
                Behaviour.TOKEN_QUERY,
            ),
            "400": answer("No token.", TOKEN_ERROR, *refused),
            "401": {**by_rfc, "headers": {"WWW-Authenticate": {"schema": TEXT}}},
            "405": shared("TokenMethodNotAllowed"),
        },
    }


def _publish_keys() -> Node:
    return {
        "operationId": "publishKeys",
        "summary": "The keys that access tokens are signed with.",
        "security": [],
        "responses": {
            "200": answer("A JSON Web Key Set (RFC 7517).", body(schema("KeySet")), Behaviour.TOKEN_KEYS),
            "400": shared("BrokenOff"),
            "405": shared("KeysMethodNotAllowed"),
        },
    }


def _put_record() -> Node:
    record = schema("Import")
    refused = (
        *(
            Behaviour.INPUT_REQUIRED,
            Behaviour.RECORD_REQUIRED,
            Behaviour.BODY_UNREAD,
            Behaviour.RECORD_NOT_ARRAY,
        ),
        *(Behaviour.CONFIGURATION_UNKNOWN, *RECORD_REFUSED),
    )
    return {
        "operationId": "putRecord",
        "summary": "Import one record by an import configuration.",
        "description": _data_types(),
        "security": [{"ConnectedApp": []}],
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": record, **sample("vendor", JSON_SAMPLE)},
                FORM: {
                    "schema": record,
                    "encoding": {"record": {"style": "deepObject", "explode": True}},
                    **sample("vendor", FORM_SAMPLE),
                },
            },
        },
        "responses": {
            "200": {
                **answer(
                    "Taken. What became of each heading stands in the journal alone.",
                    EMPTY,
                    *(*STORED_IN_SILENCE, Behaviour.CONFIGURATION_UNKNOWN),
                ),
                "headers": RATE_HEADERS,
                "links": {"readBack": {"operationId": "getResponses"}},
            },
            **refusals(*refused, unauthenticated=UNAUTHENTICATED),
            "429": shared("TooManyAttempts"),
        },
    }


def _put_webhook() -> Node:
    example = {"Email": "joe.doe@example.com", "First Name": "Joe"}
    called = (Behaviour.WEBHOOK_CALLED, Behaviour.WEBHOOK_ANSWERED, Behaviour.WEBHOOK_NAME_RESTORED)
    fields = query("record", "Fields that are not in the body.", schema("Record"))
    return {
        "operationId": "putWebhook",
        "summary": "Import one record by an incoming webhook, without OAuth2.",
        "description": "The vendor's webhooks are at `https://hooks.{region}.customergauge.com/{id}`.",
        "security": [{"Webhook": []}],
        "parameters": [{**fields, "style": "form", "explode": True}],
        "requestBody": {"content": {JSON: {"schema": schema("Record"), **sample("contact", example)}}},
        "responses": {
            "200": answer(
                "Taken. What became of each field stands in the journal alone.",
                EMPTY,
                *(*called, *STORED_IN_SILENCE),
            ),
            **refusals(*(*called, *RECORD_REFUSED), unauthenticated=(Behaviour.WEBHOOK_UNAUTHENTICATED,)),
            "404": answer("There is no such webhook.", REFUSAL, Behaviour.WEBHOOK_GONE, *MISDIRECTED),
        },
    }


def _get_responses() -> Node:
    following = {"operationId": "getResponses", "parameters": {"cursor": "$response.body#/cursor/next"}}
    told = (
        *(Behaviour.RESPONSES_LISTED, Behaviour.RESPONSES_END, Behaviour.RESPONSES_SHAPE),
        *(Behaviour.RESPONSES_PERIOD, Behaviour.RESPONSES_EXPANDED),
    )
    return {
        "operationId": "getResponses",
        "summary": "Read survey responses back, oldest first.",
        "security": [{"ConnectedApp": []}],
        "parameters": _PARAMETERS_OF_RESPONSES,
        "responses": {
            "200": {
                **answer("A page of responses.", body(schema("Responses")), *told),
                "headers": RATE_HEADERS,
                "links": {"next": following},
            },
            **refusals(Behaviour.RESPONSES_INVALID, unauthenticated=UNAUTHENTICATED),
            "429": shared("TooManyAttempts"),
        },
    }


def _options(name: str, allowed: str) -> Node:
    told = answer("The methods of this path.", EMPTY, Behaviour.OPTIONS)
    return {
        "operationId": f"optionsOf{name}",
        "summary": "Tell which methods there are.",
        "security": [],
        "responses": {
            "200": {**told, "headers": {"Allow": {"required": True, "schema": {"const": allowed}}}},
            "400": shared("BrokenOff"),
            "404": shared("NotFound"),
            "413": shared("TooLarge"),
        },
    }


def _data_types() -> str:
    """The table of data types, as Markdown."""
    rows = [
        f"| {rules.display_name} | {_required(rules)} | {rules.source} |" for rules in catalog.RULES.values()
    ]
    sentence = "The configuration has the data type, which says what is written and what a record must have."
    return "\n".join([sentence, "", "| data type | required fields | source |", "|---|---|---|", *rows])


def _required(rules: Rules) -> str:
    groups = ([catalog.FIELDS[name].display_name for name in group] for group in rules.required)
    return ", ".join(" or ".join(names) for names in groups)


# An empty parameter is null to Laravel, and an integer is what PHP takes for one.
_INTEGER: Node = {"type": ["integer", "null"], "minimum": -(2**63), "maximum": 2**63 - 1}
_PARAMETERS_OF_RESPONSES = [
    query("per_page", "How many at most.", {**_INTEGER, "minimum": 1, "maximum": MAX_PER_PAGE}),
    query("cursor", "The `cursor.next` of the page before.", _INTEGER),
    {
        **query("period", "Days, by one of the dates of a response.", schema("Period")),
        "style": "deepObject",
        "explode": True,
    },
    query("with[]", f"What to add: {', '.join(EXPANSIONS)}. Other words are passed over.", listed(TEXT)),
]

_SECURITY_SCHEMES: Node = {
    "ConnectedApp": {
        "type": "oauth2",
        "description": "A Bearer token, which lives an hour and is good in the region of its tenant.",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "scopes": {}}},
    },
    "ClientSecretBasic": {
        "type": "http",
        "scheme": "basic",
        "description": "Client id and secret of a connected app.",
    },
    "Webhook": {"type": "http", "scheme": "basic", "description": "Username and password of the webhook."},
}
