"""A report of the verifier in every format: of each, all findings can be read back."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cgmock.verifier.model import Report
from cgmock.verifier.reports.document import as_json
from cgmock.verifier.reports.junit import as_junit
from cgmock.verifier.reports.markdown import as_markdown
from cgmock.verifier.reports.page import as_html
from cgmock.verifier.reports.sarif import as_sarif
from cgmock.verifier.reports.text import as_text

FORMATS: Mapping[str, Callable[[Report], str]] = MappingProxyType(
    {
        "text": as_text,
        "json": as_json,
        "junit": as_junit,
        "sarif": as_sarif,
        "html": as_html,
        "markdown": as_markdown,
    }
)
