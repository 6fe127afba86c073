"""The JSON of a journal entry leads back to the entry."""

import json

from hypothesis import given, settings, strategies as st

from cgmock.control.serialization import deserialize_entry, from_iso, serialize_entry, to_iso
from cgmock.core.behaviours import Behaviour
from cgmock.core.messages import Request, Response
from cgmock.core.outcome import Fate, Notice
from cgmock.faults import Effect
from cgmock.journal.journal import Entry

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=9)
BODIES = TEXTS.map(str.encode)
HEADERS = st.dictionaries(TEXTS, TEXTS, max_size=3)
COUNTS = st.integers(min_value=0, max_value=10**6)
MOMENTS = st.integers(min_value=0, max_value=32_503_680_000).map(float)
NOTICES = st.builds(
    Notice,
    heading=st.none() | TEXTS,
    fate=st.sampled_from(Fate),
    behaviour=st.just(Behaviour.VALUE_BAD),
    field=st.none() | TEXTS,
    reason=TEXTS,
    nearest=st.none() | TEXTS,
)
ENTRIES = st.builds(
    Entry,
    number=COUNTS,
    time=MOMENTS,
    request=st.builds(Request, TEXTS, TEXTS, TEXTS, HEADERS, BODIES, COUNTS, TEXTS),
    response=st.builds(
        Response, st.sampled_from([0, 200, 422]), HEADERS.map(lambda headers: tuple(headers.items())), BODIES
    ),
    notices=st.lists(NOTICES, max_size=2).map(tuple),
    behaviours=st.just((Behaviour.VALUE_BAD, Behaviour.RECORD_ACCEPTED)),
    more_notices=COUNTS,
    fault=st.sampled_from(["", *Effect]),
)


@settings(max_examples=25, deadline=None)
@given(ENTRIES)
def test_an_entry_survives_json(entry: Entry) -> None:
    assert deserialize_entry(json.loads(json.dumps(serialize_entry(entry)))) == entry


@given(MOMENTS)
def test_a_time_survives_iso_8601(moment: float) -> None:
    assert from_iso(to_iso(moment)) == moment


def test_an_entry_lists_the_behaviours_of_its_notices() -> None:
    notice = Notice("Email", Fate.FAILED, Behaviour.VALUE_BAD)
    entry = Entry(1, 0.0, Request("PUT", "/records/", body=b"\xff"), Response(200), (notice,), ())

    shown = serialize_entry(entry)

    assert (shown["behaviours"], shown["evidence"]) == (
        [Behaviour.VALUE_BAD.id],
        Behaviour.VALUE_BAD.evidence,
    )
    assert shown["notices"][0]["lost"]
    assert shown["request"]["body"] == "\N{REPLACEMENT CHARACTER}"
