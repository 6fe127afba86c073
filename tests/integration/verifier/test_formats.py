"""Report formats import only the packages that they need, in a fresh interpreter."""

import subprocess
import sys

LIGHT = """
import sys
from cgmock.verifier.reports import FORMATS
from tests.unit.verifier.reports.acme import REPORT
for name in FORMATS.keys() - {"html"}:
    FORMATS[name](REPORT)
assert not {"jinja2", "flask", "werkzeug"} & set(sys.modules), "heavy"
FORMATS["html"](REPORT)
assert "jinja2" in sys.modules
"""


def test_only_the_page_needs_jinja() -> None:
    subprocess.run([sys.executable, "-c", LIGHT], check=True)  # noqa: S603  (our own)
