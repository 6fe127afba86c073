"""Where CustomerGauge is hosted, and the hosts of each region."""

from enum import StrEnum


class Region(StrEnum):
    """A host region (read from the login URL: `https://cvm.{region}.customergauge.com`)."""

    EU = "eu"
    US = "us"
    AU = "au"

    @property
    def auth_url(self) -> str:
        """The base of the token service."""
        return f"https://auth.{self}.customergauge.com"

    @property
    def imports_url(self) -> str:
        """The base of the imports API."""
        return f"https://imports.api.{self}.customergauge.com"
