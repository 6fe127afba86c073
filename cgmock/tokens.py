"""Access tokens: RS256 JSON Web Tokens, signed with a key that is made when it is first needed."""

import json
import threading
from functools import cached_property, lru_cache

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from cgmock.core.outcome import Claims

_REMEMBERED = 4096


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
        return jwt.encode({"alg": "RS256", "kid": key.kid}, dict(claims), key, algorithms=["RS256"])

    def claims(self, token: str) -> Claims | None:
        """The claims of a token that was signed here, or None; whether it has expired is not looked at."""
        try:
            return self._check(token)
        except (JoseError, ValueError, TypeError):
            return None

    def keys(self) -> str:
        """The public key as a JSON Web Key Set (RFC 7517)."""
        return json.dumps(KeySet([self._key]).as_dict(private=False))

    def prepare(self) -> None:
        """Make the key now, in the background, so that the first token request does not wait for it."""
        threading.Thread(target=lambda: self._key, name="cgmock-key", daemon=True).start()

    @property
    def _key(self) -> RSAKey:
        with self._making:
            return self._made_key

    @cached_property
    def _made_key(self) -> RSAKey:
        return RSAKey.import_key(json.loads(self._given or new_key()))

    def _checked(self, token: str) -> Claims:
        """The claims, which only this class can have signed; what it raises is not remembered."""
        return jwt.decode(token, self._key, algorithms=["RS256"]).claims


def new_key() -> str:
    """A private key for tokens, as a JSON Web Key (RFC 7517)."""
    key = RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, private=True, auto_kid=True)
    return json.dumps(key.as_dict(private=True))
