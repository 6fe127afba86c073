"""The commands that serve a fake CustomerGauge, and tell what it is and what it claims."""

import re
import shlex
import socket
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import click

from cgmock import behaviour_report
from cgmock.cli.group import cgmock, chosen, echo, emit, failure, seed_option, tenant_option, tenants_of
from cgmock.clock import Clock
from cgmock.core.tenant import Tenant
from cgmock.journal.redaction import without_userinfo
from cgmock.mock_api import MockAPI
from cgmock.stores.base import MAX_JOURNAL, MAX_RECORDS, NameTakenError, StoreError
from cgmock.stores.memory import MemoryStore
from cgmock.wsgi import control_token_of

_DEFAULT_PORT = 8787
_DEFAULT_PROXY_PORT = 8788
_PROXY = re.compile(r"http://[^/\s]+:[0-9]+/?")
_TRUST = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
_TOKEN = re.compile(r"[!-~]+")


@cgmock.command()
@click.option(
    "--host", default="127.0.0.1", show_default=True, show_envvar=True, help="Address to listen on."
)
@click.option(
    "--port",
    default=_DEFAULT_PORT,
    type=click.IntRange(0, 65535),
    show_default=True,
    show_envvar=True,
    help="Port to listen on; 0 picks a free one.",
)
@seed_option
@click.option(
    "--max-journal",
    default=MAX_JOURNAL,
    type=click.IntRange(1),
    show_default=True,
    show_envvar=True,
    help="Journal entries that a tenant keeps.",
)
@click.option(
    "--max-records",
    default=MAX_RECORDS,
    type=click.IntRange(1),
    show_default=True,
    show_envvar=True,
    help="Objects of each kind that a tenant keeps.",
)
@click.option(
    "--database",
    show_envvar=True,
    help="Keep everything in sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME, and share it with all who do.  [default: memory]",
)
@click.option(
    "--workers",
    default=1,
    type=click.IntRange(1, 64),
    show_default=True,
    show_envvar=True,
    help="Processes that answer; more than one need --database.",
)
@click.option(
    "--reset", is_flag=True, show_envvar=True, help="Forget all that is in the database before the start."
)
@click.option(
    "--control-token",
    show_envvar=True,
    help="Bearer token with which other machines may use the control API; without it, only this one may. Other users of this machine can see options: use the variable or --control-token-file.",
)
@click.option(
    "--control-token-file",
    type=click.Path(path_type=Path),
    show_envvar=True,
    help="File whose first line is the control token.",
)
@click.option(
    "--server",
    type=click.Choice(["granian", "werkzeug"]),
    default="granian",
    show_default=True,
    show_envvar=True,
    help="granian is fast, and has 512 requests under way at once; werkzeug has a thread for each connection, and can break it as planned.",
)
@click.option(
    "--tls",
    is_flag=True,
    show_envvar=True,
    help="Serve https, with a certificate of the vendor's hosts and of this machine.",
)
@click.option(
    "--tls-dir",
    type=click.Path(path_type=Path),
    default=lambda: Path(click.get_app_dir("cgmock")) / "tls",
    show_default="your folder of applications",
    show_envvar=True,
    help="Folder that keeps the certificate authority.",
)
@click.option(
    "--proxy",
    is_flag=True,
    show_envvar=True,
    help="Have a proxy beside it, through which the vendor's hosts are the fake; for this machine alone, with --tls.",
)
@click.option(
    "--proxy-port",
    default=_DEFAULT_PROXY_PORT,
    type=click.IntRange(0, 65535),
    show_default=True,
    show_envvar=True,
    help="Port of the proxy; 0 picks a free one.",
)
def serve(
    *,
    host: str,
    port: int,
    seed: Path | None,
    max_journal: int,
    max_records: int,
    database: str | None,
    workers: int,
    reset: bool,
    control_token: str | None,
    control_token_file: Path | None,
    server: str,
    tls: bool,
    tls_dir: Path,
    proxy: bool,
    proxy_port: int,
) -> None:
    """Serve the fake until Ctrl-C; prints its URL when it is ready."""
    from cgmock.servers import granian as servers

    if control_token_file is not None:
        control_token = _token_of(control_token_file, control_token)
    if control_token is not None and not _TOKEN.fullmatch(control_token):
        raise failure("--control-token must be visible ASCII characters without a blank, at least one.")
    if proxy and not tls:
        raise failure("--proxy leads to https, so it needs --tls.")
    _require_database(database, server, workers, reset=reset)
    authority, certificate = _certificates(tls_dir) if tls else (None, None)
    serve_until_stopped = servers.serve if server == "granian" else servers.serve_threaded
    tenants = tenants_of(seed)
    if database is None:
        build = partial(_build, tenants, max_journal, max_records)
    else:
        _prepare(database, tenants, reset=reset, is_demo=seed is None)
        build = partial(_build_shared, database, max_journal, max_records)
    address = servers.Address(host, port, control_token, certificate, workers=workers)
    try:
        with _proxy(proxy_port) if proxy else nullcontext() as listener:
            proxied_at = None if listener is None else int(listener.getsockname()[1])
            ready = partial(_announce, authority=authority, proxy_port=proxied_at)
            serve_until_stopped(build, address._replace(proxy=listener), ready)
    except OSError as error:
        raise failure(
            f"Cannot listen on {host or 'no host'} port {port}: {error.strerror or error}. "
            "Choose another with --host or --port."
        ) from error


@cgmock.command()
@click.argument("seed", type=click.Path(path_type=Path))
def check(seed: Path) -> None:
    """Read a seed and print what it describes; every mistake is reported at once."""
    for tenant in tenants_of(seed):
        echo(_summary(tenant))


@cgmock.command()
@seed_option
@tenant_option
@click.option(
    "--url",
    default=f"http://127.0.0.1:{_DEFAULT_PORT}",
    show_default=True,
    show_envvar=True,
    help="Where the fake is served.",
)
@click.option(
    "--proxy",
    show_envvar=True,
    help="URL of the proxy of `cgmock serve --proxy`, for clients with hosts written in.",
)
@click.option(
    "--ca",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True),
    show_envvar=True,
    help="File of the certificate authority of `cgmock serve --tls`, for clients to trust.",
)
def env(seed: Path | None, tenant: str | None, url: str, proxy: str | None, ca: str | None) -> None:
    """Print the variables that point a client at the fake: eval "$(cgmock env)"."""
    from cgmock.testing.fake import NoConnectedAppError, environment

    if proxy is not None and not _PROXY.fullmatch(proxy):
        raise failure(
            f"--proxy must be the URL that `cgmock serve --proxy` prints, as http://127.0.0.1:8788, not {without_userinfo(proxy)}."
        )
    described = chosen(tenants_of(seed), tenant)
    try:
        variables = environment(described, url.rstrip("/"))
    except NoConnectedAppError as error:
        raise failure(str(error)) from error
    variables |= {"HTTPS_PROXY": proxy} if proxy else {}
    variables |= dict.fromkeys(_TRUST, ca) if ca else {}
    for name, value in variables.items():
        emit(f"export {name}={shlex.quote(value)}", nl=True)


@cgmock.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(behaviour_report.FORMATS)),
    default="text",
    show_default=True,
    show_envvar=True,
    help="How to print it.",
)
def behaviours(format_: str) -> None:
    """Print what the fake claims, how each claim is known, and what nobody told us."""
    echo(behaviour_report.FORMATS[format_]())


@cgmock.command()
def demo() -> None:
    """Start the fake, send it the vendor's samples and two mistakes, and show what really happened."""
    from cgmock.cli.demo import run

    run()


def _token_of(file: Path, other: str | None) -> str:
    """The control token of a file, which must be the only one."""
    if other is not None:
        raise failure("--control-token and --control-token-file exclude each other.")
    try:
        return control_token_of(file)
    except OSError as error:
        raise failure(f"--control-token-file {file} cannot be read: {error.strerror}.") from error


def _build(tenants: tuple[Tenant, ...], max_journal: int, max_records: int) -> MockAPI:
    return MockAPI(store=MemoryStore(tenants, max_records=max_records, max_journal=max_journal))


def _require_database(database: str | None, server: str, workers: int, *, reset: bool) -> None:
    if server == "werkzeug" and workers > 1:
        raise failure("--server werkzeug is one process: leave --workers out, or take --server granian.")
    if database is None and workers > 1:
        raise failure(
            f"--workers {workers} needs --database sqlite:///FILE or postgresql://HOST/NAME: "
            "what is in memory is in one process alone."
        )
    if database is None and reset:
        raise failure("--reset needs --database: what is in memory is gone anyway.")


def _prepare(url: str, tenants: tuple[Tenant, ...], *, reset: bool, is_demo: bool) -> None:
    """Have a database ready, with the tenants of the seed, before anybody serves it; a demo is for an empty one."""
    try:
        from cgmock.stores.sql import Database, SqlStore
    except ImportError as error:
        raise failure("--database needs another package: pip install 'cgmock[sql]'.") from error
    try:
        database = Database(url)
        try:
            database.prepare(reset=reset)
            store = SqlStore(database)
            if not is_demo or not store.tenants():
                store.seed(tenants)
        finally:
            database.close()
    except NameTakenError as error:
        raise failure(
            f"The seed does not fit the database: {error} Remove it there, or use --reset."
        ) from error
    except StoreError as error:
        raise failure(str(error)) from error


def _build_shared(url: str, max_journal: int, max_records: int) -> MockAPI:
    from cgmock.stores.sql import Database, SqlStore

    return MockAPI(store=SqlStore(Database(url), max_records=max_records, max_journal=max_journal))


def _certificates(folder: Path) -> tuple[Path, Path]:
    """The files of the authority and of the server; who trusted an authority that is no more is told so."""
    from cgmock.servers.tls import certificates

    try:
        kept = certificates(folder, Clock().now())
    except OSError as error:
        raise failure(
            f"Cannot keep certificates in {folder}: {error.strerror or error}. Choose another folder with --tls-dir."
        ) from error
    if kept.renewed is not None:
        echo(f"The certificate authority {kept.renewed}; clients have to trust the new one.", err=True)
    return kept.authority, kept.server


def _proxy(port: int) -> socket.socket:
    from cgmock.servers.connect_proxy import listening

    try:
        return listening(port)
    except OSError as error:
        raise failure(
            f"The proxy cannot listen on port {port}: {error.strerror or error}. Choose another with --proxy-port."
        ) from error


def _announce(url: str, authority: Path | None = None, proxy_port: int | None = None) -> None:
    echo(f"A fake CustomerGauge answers at {url}")
    if authority is not None:
        echo(f"Clients have to trust {authority}")
    if proxy_port is not None:
        echo(f"A proxy leads the vendor's hosts to it: http://127.0.0.1:{proxy_port}")


def _summary(tenant: Tenant) -> str:
    lines = [f"{tenant.name} ({tenant.region}): {_count(len(tenant.connected_apps), 'connected app')}"]
    lines[0] += f", {_count(len(tenant.touchpoints), 'touchpoint')}"
    lines[0] += f", {_count(len(tenant.webhooks), 'webhook')}" if tenant.webhooks else ""
    for configuration in tenant.configurations.values():
        headings = _count(len(configuration.headings), "heading")
        lines.append(
            f"  {configuration.reference}  {configuration.data_type}, {headings}: {configuration.name}"
        )
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
