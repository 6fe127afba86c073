"""Access tokens, and how others read them."""

import base64
import json

import jwt
import pytest

from cgmock.core.outcome import Claims
from cgmock.tokens import Tokens, new_key

CLAIMS: Claims = {"sub": "acme-crm", "iat": 1_000}
TOKENS = Tokens()
TOKEN = TOKENS.sign(CLAIMS)
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")
N = json.loads(TOKENS.keys())["keys"][0]["n"]


def encoded(value: object) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_a_token_is_what_others_can_check_by_the_published_key() -> None:
    (key,) = jwt.PyJWKSet.from_json(TOKENS.keys()).keys

    assert jwt.decode(TOKEN, key, algorithms=["RS256"]) == CLAIMS
    assert jwt.get_unverified_header(TOKEN) == {"alg": "RS256", "kid": key.key_id}


def test_nothing_private_is_published() -> None:
    (key,) = json.loads(TOKENS.keys())["keys"]

    assert sorted(key) == ["alg", "e", "kid", "kty", "n", "use"]


def test_the_claims_of_a_token_are_those_that_were_signed() -> None:
    assert TOKENS.claims(TOKEN) == CLAIMS


def test_all_who_have_a_key_take_each_other_s_tokens() -> None:
    key = new_key()
    one, other = Tokens(key), Tokens(key)

    assert other.claims(one.sign(CLAIMS)) == CLAIMS
    assert one.keys() == other.keys()


def test_a_key_is_one_that_others_can_read() -> None:
    key = new_key()
    signed = jwt.encode(dict(CLAIMS), jwt.PyJWK.from_json(key), algorithm="RS256")

    assert Tokens(key).claims(signed) == CLAIMS


FORGED = {
    "nothing": "",
    "empty parts": "..",
    "other letters": "é.é.é",
    "no text at all": "\udcff.\udcff.\udcff",
    "no signature": f"{HEADER}.{PAYLOAD}",
    "an empty signature": f"{HEADER}.{PAYLOAD}.",
    "a part more": f"{TOKEN}.",
    "padding": f"{TOKEN}=",
    "a blank": f"{TOKEN[:-9]} {TOKEN[-9:]}",
    "a letter less": TOKEN[:-1],
    "other claims": f"{HEADER}.{encoded({**CLAIMS, 'sub': 'other'})}.{SIGNATURE}",
    "unsigned": f"{encoded({'alg': 'none'})}.{PAYLOAD}.",
    "another algorithm": f"{encoded({'alg': 'none'})}.{PAYLOAD}.{SIGNATURE}",
    "signed with the public key": jwt.encode({"sub": "x"}, jwt.PyJWK({"kty": "oct", "k": N}), "HS256"),
    "signed elsewhere": Tokens().sign(CLAIMS),
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_what_was_not_signed_here_has_no_claims(token: str) -> None:
    assert TOKENS.claims(token) is None


def test_no_other_spelling_of_a_signature_is_taken() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same_bytes = letters[letters.index(TOKEN[-1]) + 1]

    assert TOKENS.claims(TOKEN[:-1] + same_bytes) is None
