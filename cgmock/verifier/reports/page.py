"""A report as one HTML file for people: no script, nothing from elsewhere, and nothing of strangers but their text."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from cgmock.verifier.model import Report
from cgmock.verifier.reports.pictures import charts, lanes, row_bars
from cgmock.verifier.reports.summary import WHOLE, facts
from cgmock.verifier.reports.wording import clear, counted
from cgmock.verifier.rules import Rule

_AT_ONCE = 8  # steps that are shown without being asked for


class Step(NamedTuple):
    """What to do, and the headings for which each rule asks it."""

    advice: str
    found: Sequence[tuple[Rule, Sequence[str]]]


def as_html(report: Report) -> str:
    """The page; its only style sheet is named by its hash, so that a browser takes no other."""
    style = files("cgmock.verifier.reports").joinpath("report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    state, _, numbers = report.verdict.partition(": ")
    return _rendering()(
        report=report,
        state=state,
        numbers=numbers,
        tone="good" if state == "Ready" else "bad",
        facts=list(facts(report)),
        steps=list(_steps(report)),
        at_once=_AT_ONCE,
        row_bars=row_bars(report.rows),
        lanes=list(lanes(report)),
        charts=list(charts(report)),
        whole=WHOLE,
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'",
    )


def _steps(report: Report) -> Iterator[Step]:
    for advice in report.next_steps:
        yield Step(
            advice,
            [
                (rule, list(dict.fromkeys(each.heading for each in found if each.heading is not None)))
                for rule, found in report.by_rule.items()
                if rule.advice == advice
            ],
        )


@cache
def _rendering() -> Callable[..., str]:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("cgmock.verifier.reports", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(clear=clear, counted=counted)
    return environment.get_template("report.html.jinja").render
