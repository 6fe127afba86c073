"""Access tokens: RS256 JSON Web Tokens (RFC 7519), signed with a key that is made when it is first needed.

A library for tokens of all kinds would take a third of the time in which a fake is ready.
"""

import hashlib
import json
import threading
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from functools import cached_property, lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from cgmock.core.outcome import Claims

_REMEMBERED = 4096
_PRIVATE_PARTS = ("p", "q", "d", "dp", "dq", "qi")


class Tokens:
    """Signs and checks tokens. A checked token is remembered, so that only its first request pays for it.

    `key` is the private JSON Web Key of all who sign; without it, this object has one of its own.
    """

    def __init__(self, key: str | None = None) -> None:
        self._given = key
        self._making = threading.Lock()
        self._check = lru_cache(maxsize=_REMEMBERED)(self._checked)

    def sign(self, claims: Claims) -> str:
        """A token with these claims."""
        key = self._key
        header = {"kid": _public(key)["kid"], "alg": "RS256"}
        signed = ".".join(_encoded(_compact(each)) for each in (header, claims))
        return f"{signed}.{_encoded(key.sign(signed.encode(), PKCS1v15(), SHA256()))}"

    def claims(self, token: str) -> Claims | None:
        """The claims of a token that was signed here, or None; whether it has expired is not looked at."""
        try:
            return self._check(token)
        except (InvalidSignature, ValueError):
            return None

    def keys(self) -> str:
        """The public key as a JSON Web Key Set (RFC 7517)."""
        return json.dumps({"keys": [_public(self._key)]})

    def prepare(self) -> None:
        """Make the key now, in the background, so that the first token request does not wait for it."""
        threading.Thread(target=lambda: self._key, name="cgmock-key", daemon=True).start()

    @property
    def _key(self) -> rsa.RSAPrivateKey:
        with self._making:
            return self._made_key

    @cached_property
    def _made_key(self) -> rsa.RSAPrivateKey:
        return _generated() if self._given is None else _private(json.loads(self._given))

    def _checked(self, token: str) -> Claims:
        """The claims, which only this class can have signed, with the header; what it raises is not remembered."""
        signed, _, signature = token.rpartition(".")
        self._key.public_key().verify(_decoded(signature), signed.encode(), PKCS1v15(), SHA256())
        claims: Claims = json.loads(_decoded(signed.partition(".")[2]))
        return claims


def new_key() -> str:
    """A private key for tokens, as a JSON Web Key (RFC 7517)."""
    key = _generated()
    numbers = key.private_numbers()
    parts = (numbers.p, numbers.q, numbers.d, numbers.dmp1, numbers.dmq1, numbers.iqmp)
    return json.dumps({**_public(key), **dict(zip(_PRIVATE_PARTS, map(_of_number, parts), strict=True))})


def _generated() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _private(key: Mapping[str, str]) -> rsa.RSAPrivateKey:
    """The key of a JSON Web Key (RFC 7518, section 6.3)."""
    e, n, p, q, d, dp, dq, qi = (
        int.from_bytes(_decoded(key[name]), "big") for name in ("e", "n", *_PRIVATE_PARTS)
    )
    return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, rsa.RSAPublicNumbers(e, n)).private_key()


def _public(key: rsa.RSAPrivateKey) -> Mapping[str, str]:
    """The public JSON Web Key, whose id is its thumbprint (RFC 7638)."""
    numbers = key.public_key().public_numbers()
    required = {"e": _of_number(numbers.e), "kty": "RSA", "n": _of_number(numbers.n)}
    thumbprint = hashlib.sha256(_compact(required)).digest()
    return {**required, "use": "sig", "alg": "RS256", "kid": _encoded(thumbprint)}


def _compact(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _of_number(number: int) -> str:
    return _encoded(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    """What was encoded. Raises ValueError for anything else than that, which Python would read in many spellings."""
    content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if _encoded(content) != text:
        raise ValueError(text)
    return content
