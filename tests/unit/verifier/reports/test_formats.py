"""The formats are a table, and light until the page is asked for."""

from cgmock.verifier.reports import FORMATS


def test_the_formats() -> None:
    assert list(FORMATS) == ["text", "json", "junit", "sarif", "html", "markdown"]
