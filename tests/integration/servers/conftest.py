import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from cgmock.control.remote import RemoteControl
from tests.processes import serving

CONTROL_TOKEN = "the-control-token"


@pytest.fixture(scope="package")
def served() -> Iterator[str]:
    """The URL of `cgmock serve` on a free port."""
    with serving() as (line,):
        yield line.split()[-1]
    assert line.startswith("A fake CustomerGauge answers at http://127.0.0.1:")


class Secured(NamedTuple):
    """A `cgmock serve --tls --proxy`: what it printed, its URL, the file to trust, the URL of the proxy, its control API."""

    printed: str
    url: str
    authority: Path
    proxy: str
    control: RemoteControl

    @property
    def trust(self) -> ssl.SSLContext:
        """What a client of Python verifies with."""
        return ssl.create_default_context(cafile=self.authority)


@pytest.fixture(scope="package", params=["granian", "werkzeug"])
def secured(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """A fake that is served by https, and a proxy to it."""
    folder = tmp_path_factory.mktemp("tls")
    options = ["--server", request.param, "--tls", "--tls-dir", str(folder), "--proxy", "--proxy-port", "0"]
    with serving(*options, "--control-token", CONTROL_TOKEN) as lines:
        url, authority, proxy = (line.split()[-1] for line in lines)
        trust = ssl.create_default_context(cafile=authority)
        control = RemoteControl(url, transport=httpx.HTTPTransport(verify=trust))
        yield Secured("".join(lines), url, Path(authority), proxy, control)
        control.close()
