"""A run of the suite: what its processes have to know, handed on in a folder and, where it is secret, in the environment."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from cgmock import seeds
from cgmock.clock import Clock
from cgmock.contract.session import Session
from cgmock.core.tenant import Tenant
from cgmock.live.network import Network
from cgmock.live.rails import Guard, Rails, Tickets, Unlimited, Written
from cgmock.live.target import Kind, Target

_FILE, _TICKETS = "run.json", "tickets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """How a target is talked to. `id` is part of all that is written; `seed` and `tenant` tell what the target has.

    `budget` is how many writes may leave, None for as many as come.
    """

    id: str
    seed: str | None
    tenant: str
    hosts: tuple[str, ...] = ()
    budget: int | None = None
    allow_invitations: bool = False
    patience: float = 0.0
    written: str | None = None
    ledger: str | None = None


def new_id() -> str:
    """An id that no other run has."""
    return secrets.token_hex(4)


def today() -> date:
    """The date of today in UTC."""
    return datetime.fromtimestamp(Clock().now(), UTC).date()


def hand_on(run: Run, target: Target, folder: Path) -> Mapping[str, str]:
    """Write what a run's processes read into an empty folder, and return what they need in their environment."""
    urls = [target.auth_url, target.imports_url, target.api_url, target.hooks_url]
    (folder / _FILE).write_text(
        json.dumps({"run": asdict(run), "kind": target.kind, "urls": urls}), encoding="utf-8"
    )
    if run.budget is not None:
        Tickets.issue(folder / _TICKETS, run.budget)
    environment = {"CG_CLIENT_ID": target.client_id, "CG_CLIENT_SECRET": target.client_secret}
    return environment | ({"CG_EXPIRED_TOKEN": target.expired_token} if target.expired_token else {})


def take_up(folder: Path, environ: Mapping[str, str]) -> tuple[Run, Target]:
    """Read what was handed on."""
    content = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    run = Run(**{**content["run"], "hosts": tuple(content["run"]["hosts"])})
    auth_url, imports_url, api_url, hooks_url = content["urls"]
    target = Target(
        kind=Kind(content["kind"]),
        auth_url=auth_url,
        imports_url=imports_url,
        api_url=api_url,
        hooks_url=hooks_url,
        client_id=environ["CG_CLIENT_ID"],
        client_secret=environ["CG_CLIENT_SECRET"],
        tenant=_tenant(run),
        expired_token=environ.get("CG_EXPIRED_TOKEN"),
    )
    return run, target


def session(run: Run, target: Target, folder: Path) -> Session:
    """A session over the network, kept on the rails."""
    rails = Rails(
        hosts=frozenset(run.hosts),
        budget=Unlimited() if run.budget is None else Tickets(folder / _TICKETS),
        allow_invitations=run.allow_invitations or target.is_local,
        written=Written(Path(run.written), run.id) if run.written else None,
    )
    return Session(target, Guard(Network(), target, rails), run.id, patience=run.patience)


def _tenant(run: Run) -> Tenant:
    tenants = seeds.demo() if run.seed is None else seeds.load(Path(run.seed))
    return next(tenant for tenant in tenants if tenant.name == run.tenant)
