"""What a suite talks to: a mock, the live service, or somebody's own fake."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

import httpx

from cgclient.http import is_usable
from cgmock.core.tenant import ConnectedApp, Region, Tenant

_ELSEWHERE = {Region.EU: Region.US, Region.US: Region.AU, Region.AU: Region.EU}
_VENDOR = ".customergauge.com"


class Kind(StrEnum):
    """Whose service it is: ours, the vendor's, or somebody's at a URL."""

    MOCK = "mock"
    LIVE = "live"
    URL = "url"


class Service(StrEnum):
    """A service of CustomerGauge, which has a host of its own in each region."""

    AUTH = "auth"
    IMPORTS = "imports"
    API = "api"
    HOOKS = "hooks"


class TargetError(ValueError):
    """A target that cannot be meant; its text is a sentence for whoever asked for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A service that should behave like CustomerGauge.

    `tenant` is what a seed says of it. The URLs are bases without a last slash; a webhook is at `hooks_url`/ID.
    `expired_token` is a token of the client that is over an hour old, where there is one.
    """

    kind: Kind
    auth_url: str
    imports_url: str
    api_url: str
    hooks_url: str
    client_id: str
    client_secret: str = field(repr=False)
    tenant: Tenant
    expired_token: str | None = field(default=None, repr=False)

    @classmethod
    def at(
        cls, url: str, tenant: Tenant, environ: Mapping[str, str] | None = None, kind: Kind = Kind.URL
    ) -> Self:
        """The service that answers all paths at a URL; its credentials are those of CG_CLIENT_ID and CG_CLIENT_SECRET.

        Without them, they are those of the seed. Raises TargetError.
        """
        said = _said(environ or {})
        app = (
            tenant.connected_apps[0]
            if tenant.connected_apps
            else ConnectedApp(client_id="", client_secret="")
        )
        base = _base("The target", url)
        return cls(
            kind=kind,
            auth_url=base,
            imports_url=base,
            api_url=base,
            hooks_url=f"{base}/hooks",
            **_credentials(said, app),
            tenant=tenant,
            expired_token=said.get("CG_EXPIRED_TOKEN"),
        )

    @classmethod
    def live(cls, tenant: Tenant, environ: Mapping[str, str]) -> Self:
        """The vendor's service in the region of the seed, or where the CG_…_URL variables say.

        The credentials are those of the environment. Raises TargetError.
        """
        said = _said(environ)
        region = said.get("CG_REGION", tenant.region)
        if region != tenant.region:
            raise TargetError(
                f"CG_REGION is {region}, but the seed's tenant {tenant.name} is in {tenant.region}: correct one of them."
            )
        imports_url = _base(
            "CG_IMPORTS_URL", said.get("CG_IMPORTS_URL", f"https://imports.api.{region}{_VENDOR}")
        )
        hooks_url = (
            f"https://hooks.{region}{_VENDOR}" if "CG_IMPORTS_URL" not in said else f"{imports_url}/hooks"
        )
        return cls(
            kind=Kind.LIVE,
            auth_url=_base("CG_AUTH_URL", said.get("CG_AUTH_URL", f"https://auth.{region}{_VENDOR}")),
            imports_url=imports_url,
            api_url=_base("CG_API_URL", said.get("CG_API_URL", f"https://api.{region}{_VENDOR}")),
            hooks_url=hooks_url,
            **_credentials(said, ConnectedApp(client_id="", client_secret="")),
            tenant=tenant,
            expired_token=said.get("CG_EXPIRED_TOKEN"),
        )

    def url(self, service: Service) -> str:
        """The base of a service."""
        bases = {
            Service.AUTH: self.auth_url,
            Service.IMPORTS: self.imports_url,
            Service.API: self.api_url,
            Service.HOOKS: self.hooks_url,
        }
        return bases[service]

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that are not this machine."""
        services = [each for each in Service if each is not Service.HOOKS or self.tenant.webhooks]
        hosts = (httpx.URL(self.url(service)).host for service in services)
        return frozenset(host for host in hosts if not is_this_machine(host))

    @property
    def is_local(self) -> bool:
        """Whether nothing that is sent to it leaves this machine."""
        return not self.hosts

    @property
    def abroad(self) -> tuple[str, str] | None:
        """The base of the imports API, and the Host header, that stand for another region; None where there is none."""
        host = f"imports.api.{_ELSEWHERE[self.tenant.region]}{_VENDOR}"
        if httpx.URL(self.imports_url).host.endswith(_VENDOR):
            return f"https://{host}", host
        return (self.imports_url, host) if self.is_local and self.kind is not Kind.URL else None


def is_this_machine(host: str) -> bool:
    """Whether a host, as a URL has it, is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _said(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables of a client; a blank one is an absent one."""
    return {
        name: value.strip() for name, value in environ.items() if name.startswith("CG_") and value.strip()
    }


def _credentials(said: Mapping[str, str], app: ConnectedApp) -> dict[str, str]:
    client_id = said.get("CG_CLIENT_ID", app.client_id)
    client_secret = said.get("CG_CLIENT_SECRET", app.client_secret)
    if not client_id or not client_secret:
        raise TargetError(
            "Set CG_CLIENT_ID and CG_CLIENT_SECRET in the environment: those of your connected app."
        )
    return {"client_id": client_id, "client_secret": client_secret}


def _base(name: str, url: str) -> str:
    try:
        read = httpx.URL(url)
    except httpx.InvalidURL:
        read = httpx.URL()
    if not is_usable(url) or read.scheme not in ("http", "https") or read.userinfo or set(url) & set("?#"):
        raise TargetError(f"{name} must read like https://host or http://host:port/path, with no more to it.")
    return url.rstrip("/")
