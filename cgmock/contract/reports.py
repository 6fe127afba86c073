"""A parity report as text, JSON, JUnit and Markdown: one model, of which each format has every row."""

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from xml.etree import ElementTree as ET

from cgmock.contract.parity import Report, Status


def as_text(report: Report) -> str:
    """A line for each row, and the counts."""
    return "\n".join(_text(report))


def as_json(report: Report) -> str:
    """One JSON document."""
    counts = {status.value: count for status, count in report.counts.items()}
    content = {"counts": counts, "rows": [row._asdict() for row in report.rows]}
    return json.dumps(content, indent=2, ensure_ascii=False)


def as_junit(report: Report) -> str:
    """JUnit XML: what differs is a failure, what shows nothing an error."""
    counts = report.counts
    errors = sum(counts[status] for status in _SHOWING_NOTHING)
    totals = {"tests": str(len(report.rows)), "failures": str(counts[Status.DIFFERS]), "errors": str(errors)}
    suites = ET.Element("testsuites", totals)
    suite = ET.SubElement(suites, "testsuite", {"name": "cgmock parity", **totals})
    for row in report.rows:
        case = ET.SubElement(suite, "testcase", {"classname": row.kind, "name": row.id})
        if row.status is not Status.SAME:
            problem = "failure" if row.status is Status.DIFFERS else "error"
            ET.SubElement(case, problem, {"type": row.status, "message": _printable(row.reason)})
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode")


def as_markdown(report: Report) -> str:
    """A table."""
    return "\n".join(_markdown(report))


_SHOWING_NOTHING = (Status.COULD_NOT_CHECK, Status.NOT_RUN, Status.EXPIRED)


def _text(report: Report) -> Iterator[str]:
    width = max(len(status) for status in Status)
    for row in report.rows:
        reason = f": {_printable(row.reason)}" if row.reason else ""
        yield f"{row.status:<{width}}  {row.id} [{row.kind}]{reason}"
    yield _totals(report)


def _markdown(report: Report) -> Iterator[str]:
    yield "| behaviour or question | known by | parity | seen on | why |"
    yield "|---|---|---|---|---|"
    for row in report.rows:
        cells = (
            f"`{row.id}`",
            row.kind,
            row.status,
            row.date,
            row.reason.replace("|", "/").replace("\n", " "),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""
    yield _totals(report)


def _totals(report: Report) -> str:
    return ", ".join(f"{count} {status}" for status, count in report.counts.items() if count)


def _printable(text: str) -> str:
    """A text on one line; XML has no place for control characters."""
    return "".join(char if char.isprintable() else " " for char in text)


FORMATS: Mapping[str, Callable[[Report], str]] = MappingProxyType(
    {"text": as_text, "json": as_json, "junit": as_junit, "markdown": as_markdown}
)
