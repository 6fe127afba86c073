"""The bodies of the vendor's endpoints, those of records made from the table of fields."""

from cgmock.core import catalog
from cgmock.core.catalog import Field
from cgmock.core.endpoints.responses import PERIOD_FIELDS
from cgmock.core.endpoints.token import LIFETIME
from cgmock.web.openapi.words import TEXT, TEXT_OR_NULL, Node, closed, listed, schema, words

_VALUE: Node = {"type": ["string", "number", "boolean", "null"]}
_DAY: Node = {"type": "string", "format": "date"}


def _heading(field: Field) -> Node:
    shape = f"{field.format}, at most {field.max_length} characters"
    return {**_VALUE, "description": f"Field `{field.name}` of the {field.entity}: {shape}. {field.source}"}


_TOKENS: Node = {
    "TokenRequest": {
        "type": "object",
        "properties": {
            "grant_type": {"const": "client_credentials"},
            "client_id": TEXT,
            "client_secret": TEXT,
            "scope": {
                **TEXT,
                "description": "Scopes of the connected app, with blanks between; all if left out.",
            },
        },
        "required": ["grant_type"],
    },
    "Token": closed(
        {"access_token": TEXT, "expires_in": {"const": LIFETIME}, "token_type": {"const": "Bearer"}}
    ),
    "TokenError": closed(
        {
            "error": words(
                [
                    "invalid_request",
                    "invalid_client",
                    "invalid_grant",
                    "unauthorized_client",
                    "unsupported_grant_type",
                    "invalid_scope",
                ]
            )
        }
    ),
    "KeySet": closed({"keys": listed(schema("Key"))}),
    "Key": closed(
        {
            "kty": {"const": "RSA"},
            "use": {"const": "sig"},
            "alg": {"const": "RS256"},
            "kid": TEXT,
            "n": TEXT,
            "e": TEXT,
        }
    ),
}

_RECORDS: Node = {
    "Import": {
        "type": "object",
        "properties": {
            "configuration": {
                **TEXT,
                "minLength": 1,
                "description": "The reference of an import configuration, which has data type and mapping.",
            },
            "record": {**schema("Record"), "minProperties": 1},
        },
        "required": ["configuration", "record"],
    },
    "Record": {
        "type": "object",
        "description": (
            "Values by heading. Those named here are the display names of the fields; a configuration may have "
            "others, and what it does not know is dropped in silence."
        ),
        "properties": {field.display_name: _heading(field) for field in catalog.FIELDS.values()},
        "additionalProperties": _VALUE,
    },
    "Refusal": closed({"message": TEXT}),
    "Invalid": closed(
        {
            "message": TEXT,
            "errors": {
                "type": "object",
                "description": "The messages of each input that is wrong.",
                "minProperties": 1,
                "additionalProperties": {**listed(TEXT), "minItems": 1},
            },
        }
    ),
}

_RESPONSES: Node = {
    "Period": {
        "type": ["object", "null"],
        "properties": {"field": words(PERIOD_FIELDS), "start": _DAY, "end": _DAY},
        "required": ["field", "start", "end"],
    },
    "Responses": closed(
        {"data": listed(schema("Response")), "cursor": closed({"next": {"type": ["integer", "null"]}})}
    ),
    "Response": {
        "type": "object",
        "description": "A response by the technical names of its fields; a segment's is `segment_` and its name.",
        "properties": {
            "number_customergauge": {"type": "integer"},
            "contact": {"type": "object"},
            "account": {"type": "object"},
            "email": TEXT_OR_NULL,
            "phone": TEXT_OR_NULL,
            "nps": {"type": ["integer", "string", "null"]},
            "comment": TEXT_OR_NULL,
            "date_creation": TEXT,
            "date_sent": TEXT_OR_NULL,
            "date_survey_response": TEXT_OR_NULL,
            "touchpoint": TEXT_OR_NULL,
        },
        "required": ["number_customergauge", "contact", "account", "date_creation"],
    },
}

SCHEMAS: Node = {**_TOKENS, **_RECORDS, **_RESPONSES}
