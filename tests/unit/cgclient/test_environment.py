"""Variables of the environment that cannot be used: one sentence, exit code 2 or 3, and no traceback."""

from pathlib import Path

import pytest

from cgclient.__main__ import main

ABSENT = "http://127.0.0.1:1"
USAGE, NOT_DELIVERED = 2, 3
PROXY = "A proxy of the environment is invalid: correct ALL_PROXY, HTTPS_PROXY, HTTP_PROXY and NO_PROXY.\n"
SOCKS = "A SOCKS proxy requires the package socksio: pip install 'httpx[socks]', or unset ALL_PROXY, HTTPS_PROXY and HTTP_PROXY.\n"
UNREADABLE = "The certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read: "
BASE = " must read like https://host or http://host:port/path, with no more to it.\n"

PROXIES = [
    ("socks5://127.0.0.1:1", SOCKS),
    ("socks5h://127.0.0.1:1", SOCKS),
    ("socks4://127.0.0.1:1", PROXY),
    ("nonsense://127.0.0.1", PROXY),
    ("ftp://127.0.0.1", PROXY),
    ("://", PROXY),
    ("http://", PROXY),
    ("http://127.0.0.1:port", PROXY),
    ("http://127.0.0.1:99999999", PROXY),
    ("127.0.0.1:65536", PROXY),
    ("http://127.0.0.1:0", PROXY),
    ("http://user:p#ssword@127.0.0.1", PROXY),
    ("http://[::1", PROXY),
    ("http://a..b", PROXY),
    ("http://xn--", PROXY),
    ("http://" + "a" * 64, PROXY),
    ("http://\x9b", PROXY),
    ("http://\x1b", PROXY),
]
URLS = [
    "http://127.0.0.1:99999999",
    "https://127.0.0.1:65536/path",
    "http://127.0.0.1:0",
    "http://127.0.0.1:-1",
    "http://127.0.0.1:port",
    "http://a..b",
    "http://xn--",
    "http://" + "a" * 64,
    "http://[::1",
    "http://[::gg]",
    "http://1.2.3.999",
    "http://\x9b",
    "http://\x1b",
    "http://",
    "socks5://127.0.0.1:1",
    "nonsense",
]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "CG_REGION", "CG_API_URL", "CG_WEBHOOKS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CG_CLIENT_ID", "id")
    monkeypatch.setenv("CG_CLIENT_SECRET", "secret")
    monkeypatch.setenv("CG_AUTH_URL", ABSENT)
    monkeypatch.setenv("CG_IMPORTS_URL", ABSENT)


@pytest.fixture(params=["put", "import"])
def command(request: pytest.FixtureRequest, tmp_path: Path) -> list[str]:
    """A command that needs a client."""
    if request.param == "put":
        file = tmp_path / "record.json"
        file.write_text('{"Email": "joe@example.com"}')
        return ["put", "--configuration", "contact", str(file)]
    return ["import", "--configuration", "contact", str(tmp_path / "absent.csv")]


def _failed(command: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = main(command, sleep=lambda _: None)
    output, error = capsys.readouterr()
    assert output == ""
    return code, error


@pytest.mark.parametrize("name", ["http_proxy", "HTTPS_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize(("proxy", "sentence"), PROXIES)
def test_a_proxy_that_cannot_be_used(
    *,
    proxy: str,
    sentence: str,
    name: str,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, proxy)

    assert _failed(command, capsys) == (USAGE, sentence)


def test_hosts_without_a_proxy_that_cannot_be_read(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("no_proxy", "[::1, [::gg]")

    assert _failed(command, capsys) == (USAGE, PROXY)


@pytest.mark.parametrize(
    ("name", "file", "reason"),
    [
        ("SSL_CERT_FILE", "/nonexistent", "No such file or directory."),
        ("SSL_CERT_FILE", "/etc", "Is a directory."),
        ("SSL_CERT_FILE", "/dev/null", "[X509"),
        ("SSL_CERT_FILE", "/proc/self/mem", "Input/output error."),
    ],
)
def test_certificates_that_cannot_be_read(
    *,
    name: str,
    file: str,
    reason: str,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, file)

    code, error = _failed(command, capsys)

    assert code == USAGE
    assert error.startswith(f"{UNREADABLE}{reason}")
    assert error.count("\n") == 1


@pytest.mark.parametrize("folder", ["/nonexistent", "/dev/null", "/etc"])
def test_a_folder_without_certificates_is_empty(
    folder: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "record.json"
    file.write_text("{}")
    monkeypatch.setenv("SSL_CERT_DIR", folder)

    code, error = _failed(["put", "--configuration", "contact", str(file)], capsys)

    assert (code, error.count("\n")) == (NOT_DELIVERED, 1)


@pytest.mark.parametrize("name", ["CG_AUTH_URL", "CG_IMPORTS_URL", "CG_API_URL", "CG_WEBHOOKS_URL"])
@pytest.mark.parametrize("url", URLS)
def test_a_url_that_cannot_be_used(
    url: str,
    name: str,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv(name, url)

    assert _failed(command, capsys) == (USAGE, f"{name.removeprefix('CG_').lower()}{BASE}")


@pytest.mark.parametrize("name", ["CG_CLIENT_ID", "CG_CLIENT_SECRET"])
def test_credentials_are_checked_before_the_rows_are_read(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(name)

    code, error = _failed(["import", "--configuration", "contact", "/nonexistent.csv"], capsys)

    assert (code, error) == (USAGE, f"Set {name} in the environment.\n")
