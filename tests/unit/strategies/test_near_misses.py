from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from cgmock import seeds
from cgmock.core.catalog import DataType
from cgmock.core.spelling import nearest
from cgmock.core.tenant import Configuration, Refusal
from cgmock.strategies import Garbled, Misspelt, NearMiss, Slip, SwappedColumns, configurations, near_misses
from tests.acme import ACME, CONFIGURATIONS, decided, fates
from tests.levels import by_level
from tests.unit.strategies.checking import check, simplest

CONTACTS = near_misses(CONFIGURATIONS["contact"])


def expect_what_it_says(configuration: Configuration, missed: NearMiss) -> None:
    """What is misspelt is dropped, and led back to what was meant; swapped columns are stored without a word."""
    configurations = {configuration.reference: configuration}
    outcome = decided(configuration.reference, missed.record, replace(ACME, configurations=configurations))

    if isinstance(missed, SwappedColumns):
        assert outcome.response.status == 200
        assert fates(outcome) == dict.fromkeys(missed.record, "stored")
        return
    (notice,) = (notice for notice in outcome.notices if notice.heading == missed.heading)
    assert outcome.response.status == (422 if missed.refusal else 200)
    assert bool(outcome.changes) is not bool(missed.refusal)
    assert notice.fate == "unmapped"
    assert isinstance(missed, Garbled) or notice.nearest == missed.meant


@by_level("examples", unit=30, thorough=1500)
@pytest.mark.parametrize("data_type", DataType)
def test_a_near_miss_is_dropped_and_led_back(data_type: DataType, examples: int) -> None:
    configuration = CONFIGURATIONS[data_type]

    check(
        near_misses(configuration, touchpoints=ACME.touchpoints),
        lambda missed: expect_what_it_says(configuration, missed),
        examples,
    )


@by_level("examples", unit=15, thorough=1000)
def test_so_it_is_for_any_configuration(examples: int) -> None:
    pairs = configurations().flatmap(lambda each: st.tuples(st.just(each), near_misses(each)))

    check(pairs, lambda pair: expect_what_it_says(*pair), examples)


@pytest.mark.parametrize(
    ("slip", "heading"),
    [
        (Slip.CASE, "account name"),
        (Slip.BLANKS, "Account Name "),
        (Slip.NO_BREAK_SPACE, "Account Name\N{NO-BREAK SPACE}"),
        (Slip.LOOK_ALIKE, "\N{CYRILLIC CAPITAL LETTER A}ccount Name"),
        (Slip.NO_BLANKS, "AccountName"),
        (Slip.MISSING_LETTER, "ccount Name"),
        (Slip.EXTRA_LETTER, "AAccount Name"),
        (Slip.SWAPPED_LETTERS, "cAcount Name"),
    ],
)
def test_a_heading_is_missed_by_any_slip(slip: Slip, heading: str) -> None:
    strategy = near_misses(replace(CONFIGURATIONS["account"], headings={"Account Name": "account_name"}))

    found = simplest(strategy, lambda missed: isinstance(missed, Misspelt) and missed.slip is slip)

    assert found == Misspelt({heading: "0"}, slip, heading, "Account Name", Refusal.UNPROCESSABLE)


def test_a_required_heading_that_is_missed_may_be_rescued_by_another() -> None:
    lost = simplest(CONTACTS, lambda missed: missed.meant == "Email")
    kept = simplest(CONTACTS, lambda missed: missed.meant == "Email" and "Phone" in missed.record)

    unprocessable = Refusal.UNPROCESSABLE
    assert lost == Misspelt({"email": "0@example.com"}, Slip.CASE, "email", "Email", unprocessable)
    assert kept == Misspelt({"Phone": "0", "email": "0@example.com"}, Slip.CASE, "email", "Email", None)


def test_two_columns_are_swapped_only_where_both_values_fit() -> None:
    strategy = near_misses(CONFIGURATIONS["external_response"], touchpoints=ACME.touchpoints)

    found = simplest(
        strategy, lambda missed: isinstance(missed, SwappedColumns) and missed.heading == "Sent Date"
    )

    assert found.meant == "Survey Completed Date"


def test_nobody_can_be_sure_where_headings_are_alike_or_short_or_foreign() -> None:
    headings = {
        "Email": "email",
        "E-Mail": "phone",
        "NPS": "first_name",
        "Größe": "last_name",
        "?!": "country",
    }
    configuration = replace(CONFIGURATIONS["contact"], headings=headings)
    strategy = near_misses(configuration)

    garbled: set[str] = set()

    def note(missed: NearMiss) -> None:
        expect_what_it_says(configuration, missed)
        garbled.update([missed.meant] if isinstance(missed, Garbled) else [])

    check(strategy, note, 200)
    assert garbled == set(headings)


@pytest.mark.parametrize("reference", ["contact", "account", "survey", "multi-object", "activity"])
def test_every_slip_of_the_demo_s_headings_is_led_back(reference: str) -> None:
    (demo,) = seeds.demo()
    configuration = demo.configurations[reference]
    slips: set[tuple[str, Slip]] = set()

    def note(missed: NearMiss) -> None:
        if not isinstance(missed, SwappedColumns):
            slips.add((missed.meant, missed.slip))
            assert nearest(missed.heading, configuration.headings) == missed.meant

    check(near_misses(configuration), note, 100)
    assert {slip for _, slip in slips} >= {Slip.CASE, Slip.MISSING_LETTER, Slip.EXTRA_LETTER}


def test_a_configuration_that_maps_too_little_is_an_invalid_argument() -> None:
    with pytest.raises(InvalidArgument):
        near_misses(replace(CONFIGURATIONS["contact"], headings={}))
