"""What the page draws: where each heading leads, how rows, scores and years are spread, as plain shapes."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, count
from typing import NamedTuple

from cgmock.verifier.model import Flow, HeadingFlow, Report, Rows
from cgmock.verifier.reports.wording import clear, counted, quoted

LANE = 36
"""Height of a heading in the picture of headings, in pixels; its width is 100, whatever room there is."""

_STUB = 42  # where the line of a heading ends that leads nowhere
_THINNEST, _THICKEST = 1.5, 7.0
_SCORES = (
    dict.fromkeys("0123456", "detractor")
    | dict.fromkeys("78", "passive")
    | {"9": "promoter", "10": "promoter"}
)
_MOST_YEARS, _MOST_ODD = 15, 5
_FAR = 20  # years from those of most dates
_OTHERS_NAMED = 5


class End(NamedTuple):
    """A heading or a field in the picture: its place from above, its name, and what becomes of it."""

    lane: int
    name: str
    flow: Flow
    remark: str


class Line(NamedTuple):
    """What leads from a heading to the right: a path, and how thick it is."""

    kind: str
    path: str
    width: float


class Lanes(NamedTuple):
    """The headings of a file on the left, the fields of the mapping on the right, and what flows between them."""

    file: str
    headings: Sequence[End]
    fields: Sequence[End]
    lines: Sequence[Line]
    height: int
    lost: int
    summary: str


class Bar(NamedTuple):
    """How many there are of something; `share` is that of the longest bar or of all, from 0 to 1."""

    name: str
    number: int
    share: float
    kind: str


class Chart(NamedTuple):
    """The bars of a heading, and what they tell in words."""

    file: str
    heading: str
    kind: str
    bars: Sequence[Bar]
    remarks: Sequence[str]


def row_bars(rows: Rows) -> Sequence[Bar]:
    """What becomes of the rows, as shares of all of them."""
    parts = (
        ("stored whole", rows.whole, "stored"),
        ("stored in part", rows.in_part, "part"),
        ("lost in silence", rows.failed, "lost"),
        ("refused", rows.refused, "refused"),
    )
    return [Bar(name, number, number / rows.all, kind) for name, number, kind in parts if number]


def lanes(report: Report) -> Iterator[Lanes]:
    """A picture for each file, with its headings in their order and each field beside its heading."""
    for file in dict.fromkeys(heading.file for heading in report.headings):
        yield _lanes(report, [heading for heading in report.headings if heading.file == file])


def charts(report: Report) -> Iterator[Chart]:
    """A chart for each distribution."""
    for file, heading, kind, counts in report.distributions:
        bars, remarks = _scores(counts) if kind == "score" else _years(counts)
        yield Chart(file, heading, kind, bars, remarks)


def _lanes(report: Report, flows: Sequence[HeadingFlow]) -> Lanes:
    mapped = _mapped(report)
    meant = [flow.field.display_name if flow.field else mapped.get(flow.nearest or "") for flow in flows]
    places = _places(meant, mapped.values())
    stored = {field for field, flow in zip(meant, flows, strict=True) if flow.flow is Flow.STORED}
    most = max(1, *(flow.filled for flow in flows))
    lines = [
        line
        for lane, (field, flow) in enumerate(zip(meant, flows, strict=True))
        for line in _lines(lane, None if field is None else places[field], flow, most)
    ]
    headings = [End(lane, flow.heading, flow.flow, f"{flow.filled:,}") for lane, flow in enumerate(flows)]
    fields = [_field_end(lane, field, stored, mapped) for field, lane in places.items()]
    height = LANE * (max(end.lane for end in (*headings, *fields)) + 1)
    lost = sum(flow.flow is not Flow.STORED for flow in flows)
    summary = (
        f"{counted(len(flows), 'heading')} of {clear(flows[0].file)}: {len(flows) - lost} stored, {lost} lost. "
        f"{counted(len(fields), 'field')} of the mapping: {len(fields) - len(stored)} without a value."
    )
    return Lanes(flows[0].file, headings, fields, lines, height, lost, summary)


def _mapped(report: Report) -> Mapping[str, str]:
    """The name of the field of each heading of the mapping."""
    known = report.configuration.fields
    return {
        heading: known[heading].display_name if heading in known else name
        for heading, name in report.configuration.headings.items()
    }


def _places(meant: Sequence[str | None], fields: Iterable[str]) -> dict[str, int]:
    """The lane of each field: that of the first heading which leads to it, or one below all headings."""
    places: dict[str, int] = {}
    for lane, field in enumerate(meant):
        if field is not None:
            places.setdefault(field, lane)
    below = count(len(meant))
    for field in fields:
        if field not in places:
            places[field] = next(below)
    return places


def _field_end(lane: int, field: str, stored: Collection[str | None], mapped: Mapping[str, str]) -> End:
    asked = [heading for heading, name in mapped.items() if name == field and heading != field]
    flow = Flow.STORED if field in stored else Flow.NEVER_SENT
    return End(lane, field, flow, f"as {', '.join(map(quoted, asked))}" if asked else "")


def _lines(lane: int, place: int | None, flow: HeadingFlow, most: int) -> Iterator[Line]:
    """A line to the field; or one that breaks off, and a faint one to the field that was meant."""
    start, width = _middle(lane), _THINNEST + (_THICKEST - _THINNEST) * flow.filled / most
    if place is not None:
        end = _middle(place)
        if flow.flow is Flow.STORED:
            yield Line("stored", f"M0 {start}C50 {start} 50 {end} 100 {end}", width)
        else:
            yield Line("meant", f"M{_STUB + 3} {start}C72 {start} 72 {end} 100 {end}", _THINNEST)
    if flow.flow is not Flow.STORED:
        yield Line("lost", f"M0 {start}H{_STUB}", width)
        yield Line("end", f"M{_STUB} {start - 8}V{start + 8}", _THINNEST)


def _middle(lane: int) -> int:
    return lane * LANE + LANE // 2


def _scores(counts: Mapping[str, int]) -> tuple[Sequence[Bar], Sequence[str]]:
    """A bar for each score there can be, and one for all that is none; the Net Promoter Score that they would give."""
    others = {text: number for text, number in counts.items() if text not in _SCORES}
    named = [(score, counts.get(score, 0), kind) for score, kind in _SCORES.items()]
    if others:
        named.append(("else", sum(others.values()), "odd"))
    remarks = list(
        _told_of_scores([(int(score), number) for score, number, _ in named[: len(_SCORES)] if number])
    )
    if others:
        remarks.append(f"No score: {_first_of(others)}.")
    return _bars(named), remarks


def _told_of_scores(scores: Sequence[tuple[int, int]]) -> Iterator[str]:
    number = sum(each for _, each in scores)
    if number:
        promoters = sum(each for score, each in scores if score >= 9)
        detractors = sum(each for score, each in scores if score <= 6)
        yield f"{counted(number, 'score')} from {scores[0][0]} to {scores[-1][0]}."
        yield f"Taken for NPS, they give {round(100 * (promoters - detractors) / number):+d}."


def _years(counts: Mapping[str, int]) -> tuple[Sequence[Bar], Sequence[str]]:
    """A bar for each year that has dates; one that is far from most others is probably of a wrong century."""
    usual = _median({int(year): number for year, number in counts.items() if _is_year(year)})
    near = {
        year: number for year, number in counts.items() if _is_year(year) and abs(int(year) - usual) <= _FAR
    }
    odd = {year: number for year, number in counts.items() if year not in near}
    shown = {*_most(odd, _MOST_ODD), *_most(near, _MOST_YEARS)}
    named = [
        (year, number, "odd" if year in odd else "year") for year, number in counts.items() if year in shown
    ]
    left_out = sum(number for year, number in counts.items() if year not in shown)
    if left_out:
        named.append(("else", left_out, "year"))
    return _bars(named), [f"More than {_FAR} years from {usual}: {_first_of(odd)}."] if odd else []


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 4


def _median(counts: Mapping[int, int]) -> int:
    """The year in the middle of all dates, or 0 without any."""
    years = sorted(counts)
    ends = list(accumulate(counts[year] for year in years))
    return years[bisect_left(ends, ends[-1] / 2)] if years else 0


def _most(counts: Mapping[str, int], number: int) -> Sequence[str]:
    return sorted(counts, key=lambda name: -counts[name])[:number]


def _bars(named: Sequence[tuple[str, int, str]]) -> Sequence[Bar]:
    longest = max(1, *(number for _, number, _ in named), 1)
    return [Bar(name, number, number / longest, kind) for name, number, kind in named]


def _first_of(counts: Mapping[str, int]) -> str:
    first = [f"{quoted(text)} ({number:,})" for text, number in list(counts.items())[:_OTHERS_NAMED]]
    more = len(counts) - _OTHERS_NAMED
    return ", ".join(first) + (f" and {more:,} more" if more > 0 else "")
