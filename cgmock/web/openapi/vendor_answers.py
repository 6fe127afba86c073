"""What the vendor's endpoints answer, each answer with the behaviours behind it and their evidence."""

from cgmock.core.behaviours import Behaviour
from cgmock.web.openapi.words import HTML, JSON, TEXT, Node, body, schema, words

EMPTY = body({"type": "string", "maxLength": 0}, HTML)
TOKEN_ERROR = body(schema("TokenError"), f"{JSON};charset=UTF-8")
REFUSAL = {**body(schema("Refusal")), **body(TEXT, HTML)}
"""A message, or a page for a client that does not ask for JSON, where `no_accept_header` says so."""


def answer(sentence: str, content: Node, *behaviours: Behaviour) -> dict[str, object]:
    """A response, and how it is known."""
    known = dict.fromkeys(behaviours)
    told = [f"- {each.sentence} **{each.evidence}**: {each.source} (`{each.id}`)" for each in known]
    description = "\n".join([sentence, "", *told])
    return {"description": description, "content": content, "x-behaviours": [each.id for each in known]}


def shared(name: str) -> Node:
    """A reference to a response that several endpoints have."""
    return {"$ref": f"#/components/responses/{name}"}


def of(*areas: str) -> tuple[Behaviour, ...]:
    """The behaviours of these areas, which are what their ids begin with."""
    return tuple(each for each in Behaviour if each.id.partition(".")[0] in areas)


def refusals(*of_input: Behaviour, unauthenticated: tuple[Behaviour, ...]) -> Node:
    """What an endpoint of the application answers when it does not do what it is asked for."""
    redirect = answer(
        "The 401 or 422 of a client that does not ask for JSON, where `no_accept_header` says so.",
        body(TEXT, HTML),
        *(Behaviour.ERRORS_AS_HTML, *unauthenticated, *of_input),
    )
    return {
        "302": {**redirect, "headers": {"Location": _header(words(["/", "/login"]))}},
        "400": shared("BrokenOff"),
        "401": answer("The credentials are missing or wrong.", REFUSAL, *unauthenticated),
        "404": shared("NotFound"),
        "405": shared("MethodNotAllowed"),
        "413": shared("TooLarge"),
        "422": answer("The input is invalid.", body(schema("Invalid")), *of_input),
    }


def _header(content: Node) -> Node:
    return {"required": True, "schema": content}


RATE_HEADERS: Node = {
    name: {"description": "Where `rate_limit` is on.", "schema": {"type": "integer"}}
    for name in ("X-RateLimit-Limit", "X-RateLimit-Remaining")
}
UNAUTHENTICATED = of("auth")
STORED_IN_SILENCE = (Behaviour.RECORD_ACCEPTED, *of("heading", "value", "record", "import"))
RECORD_REFUSED = (Behaviour.FIELD_REQUIRED, Behaviour.VALUE_BAD, Behaviour.TOUCHPOINT_UNKNOWN)
MISDIRECTED = (Behaviour.PATH_UNKNOWN, Behaviour.OVERRIDE_INVALID)

SHARED: Node = {
    "BrokenOff": answer("The body ends before it should.", {}, Behaviour.BODY_INCOMPLETE),
    "NotFound": answer(
        "Nothing is there, on this path or any other.",
        REFUSAL,
        *(*MISDIRECTED, Behaviour.CONFIGURATION_UNKNOWN),
    ),
    "MethodNotAllowed": {
        **answer("The path has another method.", REFUSAL, Behaviour.METHOD_WRONG),
        "headers": {"Allow": _header(TEXT)},
    },
    "TokenMethodNotAllowed": {
        **answer(
            "The path has another method, or a body without the Content-Type of a form.",
            {},
            *(Behaviour.TOKEN_METHOD, Behaviour.TOKEN_CONTENT_TYPE, Behaviour.TOKEN_QUERY),
        ),
        "headers": {"Allow": {**_header(TEXT), "required": False}},
    },
    "KeysMethodNotAllowed": {
        **answer("The path has another method.", {}, Behaviour.KEYS_METHOD),
        "headers": {"Allow": _header(TEXT)},
    },
    "TooLarge": answer("The body is too large.", REFUSAL, Behaviour.BODY_TOO_LARGE),
    "TooManyAttempts": {
        **answer("The tenant's rate limit is used up.", REFUSAL, Behaviour.RATE_LIMITED),
        "headers": {
            **RATE_HEADERS,
            "Retry-After": {**_header({"type": "integer"}), "description": "Seconds."},
            "X-RateLimit-Reset": {**_header({"type": "integer"}), "description": "Unix seconds."},
        },
    },
}
