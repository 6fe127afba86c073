"""Where CustomerGauge is hosted, and the hosts of each region."""

from difflib import get_close_matches
from enum import StrEnum
from typing import Self

from cgclient.errors import ConfigurationError


class Region(StrEnum):
    """A host region (read from the login URL: `https://cvm.{region}.customergauge.com`)."""

    EU = "eu"
    US = "us"
    AU = "au"

    @classmethod
    def named(cls, name: str) -> Self:
        """The region of that name, in lower case as in host names; ConfigurationError when there is none."""
        if name in set(cls):
            return cls(name)
        near = get_close_matches(name.strip(" .").lower(), cls, n=1)
        hint = f"; did you mean {near[0]}?" if near else "."
        raise ConfigurationError(f"The region must be eu, us or au, not {name!r}{hint}")

    @property
    def auth_url(self) -> str:
        """The base of the token service."""
        return f"https://auth.{self}.customergauge.com"

    @property
    def imports_url(self) -> str:
        """The base of the imports API."""
        return f"https://imports.api.{self}.customergauge.com"

    @property
    def webhooks_url(self) -> str:
        """The base of the incoming webhooks."""
        return f"https://hooks.{self}.customergauge.com"

    @property
    def api_url(self) -> str:
        """The base of what reads data back."""
        return f"https://api.{self}.customergauge.com"
