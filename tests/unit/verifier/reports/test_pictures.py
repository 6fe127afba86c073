"""What the page draws is what the report has."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from cgmock.core import catalog
from cgmock.verifier.model import Distribution, Flow, HeadingFlow, Report, Rows
from cgmock.verifier.reports.pictures import Bar, Chart, End, Lanes, Line, charts, lanes, row_bars
from tests.unit.verifier.reports.acme import CONFIGURATION, REPORT

NPS = catalog.FIELDS["nps"]


def flowing(*headings: HeadingFlow, mapped: Mapping[str, str]) -> Lanes:
    """The picture of a file with these headings."""
    (picture,) = lanes(_report(headings, (), mapped))
    return picture


def chart(kind: str, counts: Mapping[str, int]) -> Chart:
    """The chart of these counts."""
    (only,) = charts(_report((), (Distribution("export.csv", "Heading", kind, counts),), {}))
    return only


def _report(
    headings: tuple[HeadingFlow, ...], distributions: tuple[Distribution, ...], mapped: Mapping[str, str]
) -> Report:
    return Report(
        "mapping.toml",
        replace(CONFIGURATION, headings=mapped),
        None,
        "data",
        (),
        Rows(),
        (),
        headings,
        (),
        distributions,
        (),
    )


def test_a_heading_that_is_stored_flows_to_its_field() -> None:
    picture = flowing(
        HeadingFlow("export.csv", "Score", NPS, Flow.STORED, None, 40),
        mapped={"Score": "nps"},
    )

    assert picture.headings == [End(0, "Score", Flow.STORED, "40")]
    assert picture.fields == [End(0, "NPS Score", Flow.STORED, 'as "Score"')]
    assert picture.lines == [Line("stored", "M0 18C50 18 50 18 100 18", 7.0)]
    assert picture.height == 36


def test_a_heading_that_is_lost_breaks_off_before_what_was_meant() -> None:
    picture = flowing(
        HeadingFlow("export.csv", "Else", None, Flow.LOST, None, 0),
        HeadingFlow("export.csv", "nps score", None, Flow.LOST, "NPS Score", 40),
        mapped={"NPS Score": "nps", "Email": "email", "Strange": "no_such_field"},
    )

    assert [(end.lane, end.name, end.flow) for end in picture.fields] == [
        (1, "NPS Score", Flow.NEVER_SENT),
        (2, "Email", Flow.NEVER_SENT),
        (3, "no_such_field", Flow.NEVER_SENT),
    ]
    assert [line.kind for line in picture.lines] == ["lost", "end", "meant", "lost", "end"]
    assert picture.height == 4 * 36
    assert picture.summary == (
        "2 headings of export.csv: 0 stored, 2 lost. 3 fields of the mapping: 3 without a value."
    )


def test_two_headings_of_one_field_meet() -> None:
    picture = flowing(
        HeadingFlow("export.csv", "Score", NPS, Flow.LOST, None, 1),
        HeadingFlow("export.csv", "NPS", NPS, Flow.STORED, None, 1),
        mapped={"Score": "nps", "NPS": "nps"},
    )

    assert picture.fields == [End(0, "NPS Score", Flow.STORED, 'as "Score", "NPS"')]
    assert picture.lines[-1] == Line("stored", "M0 54C50 54 50 18 100 18", 7.0)


def test_each_file_has_its_picture() -> None:
    other = HeadingFlow("other.csv", "Email", None, Flow.LOST, None, 1)
    pictures = list(lanes(_report((*REPORT.headings, other), (), CONFIGURATION.headings)))

    assert [(picture.file, len(picture.headings)) for picture in pictures] == [
        ("export.csv", 10),
        ("other.csv", 1),
    ]


def test_the_rows_are_shares_of_all() -> None:
    assert row_bars(Rows(whole=3, refused=1)) == [
        Bar("stored whole", 3, 0.75, "stored"),
        Bar("refused", 1, 0.25, "refused"),
    ]
    assert row_bars(Rows()) == []


def test_a_scale_that_is_another_leaves_places_empty() -> None:
    bars = chart("score", {"1": 10, "5": 20}).bars

    assert [bar.name for bar in bars] == [str(score) for score in range(11)]
    assert [bar.number for bar in bars] == [0, 10, 0, 0, 0, 20, 0, 0, 0, 0, 0]
    assert {bar.kind for bar in bars if bar.number} == {"detractor"}
    assert bars[1].share == 0.5


@pytest.mark.parametrize(
    ("counts", "remarks"),
    [
        ({}, []),
        ({"10": 3, "7": 1, "0": 1}, ["5 scores from 0 to 10.", "Taken for NPS, they give +40."]),
        ({"N/A": 2}, ['No score: "N/A" (2).']),
        (
            {"9": 1, **{f"x{number}": 1 for number in range(7)}},
            [
                "1 score from 9 to 9.",
                "Taken for NPS, they give +100.",
                'No score: "x0" (1), "x1" (1), "x2" (1), "x3" (1), "x4" (1) and 2 more.',
            ],
        ),
    ],
)
def test_scores_tell_what_they_would_be(counts: Mapping[str, int], remarks: list[str]) -> None:
    assert chart("score", counts).remarks == remarks


def test_a_wrong_century_is_seen() -> None:
    found = chart("year", {"1926": 5, "2024": 90, "2026": 80, "2206": 1, "20\u00a0": 1})

    assert [bar.name for bar in found.bars if bar.kind == "odd"] == ["1926", "2206", "20\u00a0"]
    assert found.remarks == [r'More than 20 years from 2024: "1926" (5), "2206" (1), "20\u00a0" (1).']


def test_too_many_years_are_taken_together() -> None:
    found = chart("year", {str(year): year for year in range(2000, 2020)} | {"1900": 1})

    assert [bar.name for bar in found.bars] == [*map(str, range(2005, 2020)), "1900", "else"]
    assert found.bars[-1].number == 2000 + 2001 + 2002 + 2003 + 2004


def test_no_dates_are_no_bars() -> None:
    assert chart("year", {}).bars == []
