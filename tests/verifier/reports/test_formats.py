"""The formats are a table, and light until the page is asked for."""

import subprocess
import sys

from cgmock.verifier.reports import FORMATS

LIGHT = """
import sys
from cgmock.verifier.reports import FORMATS
from tests.verifier.reports.acme import REPORT
for name in FORMATS.keys() - {"html"}:
    FORMATS[name](REPORT)
assert not {"jinja2", "flask", "werkzeug"} & set(sys.modules), "heavy"
FORMATS["html"](REPORT)
assert "jinja2" in sys.modules
"""


def test_the_formats() -> None:
    assert list(FORMATS) == ["text", "json", "junit", "sarif", "html", "markdown"]


def test_only_the_page_needs_jinja() -> None:
    subprocess.run([sys.executable, "-c", LIGHT], check=True)  # noqa: S603  (our own)
