from dataclasses import replace

import pytest
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from cgmock.core.catalog import DataType
from cgmock.core.outcome import Outcome
from cgmock.core.tenant import Configuration
from cgmock.strategies import configurations, records
from cgmock.strategies.plans import Record
from cgmock.strategies.records import _configurations
from cgmock.strategies.values import _free, texts
from tests.acme import ACME, CONFIGURATIONS, decided, fates
from tests.levels import by_level
from tests.unit.strategies.checking import check, simplest

RESPONSES = records(CONFIGURATIONS["external_response"], touchpoints=ACME.touchpoints)


def stored(outcome: Outcome) -> dict[str, object]:
    """All that the changes of an outcome say, by the names of fields."""
    said: dict[str, object] = {}
    for change in outcome.changes:
        parts = {name: part for name, part in change._asdict().items() if part is not None}
        said |= {"account_name": parts["name"]} if "name" in parts else {}
        said |= {**parts.pop("values", {}), **parts}
    return said


def expect_all_stored(configuration: Configuration, record: Record) -> None:
    """Each heading has the fate `stored`, and each value is in a change."""
    outcome = decided(
        configuration.reference,
        record,
        replace(ACME, configurations={configuration.reference: configuration}),
    )

    assert outcome.response.status == 200
    assert fates(outcome) == dict.fromkeys(record, "stored")
    kept = stored(outcome)
    assert {heading: str(kept.get(configuration.headings[heading])) for heading in record} == {
        heading: str(value) for heading, value in record.items()
    }


@by_level("examples", unit=30, thorough=1430)
@pytest.mark.parametrize("data_type", DataType)
def test_every_heading_of_a_record_is_stored(data_type: DataType, examples: int) -> None:
    configuration = CONFIGURATIONS[data_type]

    check(
        records(configuration, touchpoints=ACME.touchpoints),
        lambda record: expect_all_stored(configuration, record),
        examples,
    )


@by_level("examples", unit=60, thorough=2000)
@pytest.mark.parametrize("field", ["email", "phone", "sent_date", "comment"])
def test_every_value_of_a_field_is_stored(field: str, examples: int) -> None:
    headings = {"Contact": "contact_reference", "It": field}
    configuration = replace(CONFIGURATIONS["survey"], headings=headings)

    check(records(configuration), lambda record: expect_all_stored(configuration, record), examples)


@by_level("examples", unit=20, thorough=1000)
def test_so_it_is_for_any_configuration(examples: int) -> None:
    pairs = configurations().flatmap(lambda each: st.tuples(st.just(each), records(each)))

    check(pairs, lambda pair: expect_all_stored(*pair), examples)


def test_a_configuration_can_be_of_a_wanted_data_type() -> None:
    drawn: set[DataType] = set()

    surveys = configurations(data_types=st.just(DataType.SURVEY))
    check(surveys, lambda configuration: drawn.add(configuration.data_type), 10)

    assert drawn == {DataType.SURVEY}


@pytest.mark.parametrize(
    ("data_type", "record"),
    [
        (DataType.ACCOUNT, {"Account Name": "0"}),
        (DataType.ACCOUNT_ALIAS, {"Account Name": "0", "Alias": "0"}),
        (DataType.CONTACT, {"Email": "0@example.com"}),
        (DataType.SURVEY, {"Contact Reference": "0@example.com"}),
        (DataType.ACTIVITY, {"Account": "0", "Reference": "0", "Source": "0", "Type": "0"}),
    ],
)
def test_a_record_shrinks_to_what_is_required(data_type: DataType, record: Record) -> None:
    assert simplest(records(CONFIGURATIONS[data_type]), lambda _: True) == record


def test_a_record_shrinks_to_the_heading_that_matters() -> None:
    with_at = simplest(RESPONSES, lambda record: any("@" in str(value) for value in record.values()))
    with_score = simplest(RESPONSES, lambda record: "NPS Score" in record and "Touchpoint" in record)

    assert with_at == {"Email": "0@example.com"}
    assert with_score == {"Email": "0@example.com", "NPS Score": "0", "Touchpoint": "After Sales"}


def test_a_configuration_shrinks_to_what_is_required() -> None:
    assert simplest(configurations(), lambda _: True) == Configuration(
        reference="0", name="0", data_type=DataType.ACCOUNT, headings={"Account Name": "account_name"}
    )


@pytest.mark.parametrize(
    ("field", "corner"),
    [
        ("sent_date", "2024-02-29 23:59:59"),
        ("sent_date", "1999-12-31 23:59:59"),
        ("email", "+news@example.com"),
        ("email", "@bücher.example"),
        ("email", f"@{'d' * 51}.example.org"),
        ("phone", "+55 (62) 0"),
        ("comment", "x" * 128),
        ("comment", "two\r\nlines"),
        ("comment", "\N{GRINNING FACE}"),
        ("follow_up_request", "N"),
        ("job_level", "U"),
        ("nps", "10"),
    ],
)
def test_the_corners_are_reached(field: str, corner: str) -> None:
    headings = {"Contact": "contact_reference", "It": field}
    strategy = records(replace(CONFIGURATIONS["survey"], headings=headings))

    assert corner in str(simplest(strategy, lambda record: corner in str(record.get("It", "")))["It"])


def test_a_score_is_a_number_or_a_text() -> None:
    assert simplest(RESPONSES, lambda record: isinstance(record.get("NPS Score"), int))["NPS Score"] == 0
    assert simplest(RESPONSES, lambda record: isinstance(record.get("NPS Score"), str))["NPS Score"] == "0"


def test_the_longest_email_is_as_long_as_a_value_may_be() -> None:
    strategy = records(replace(CONFIGURATIONS["contact"], headings={"Email": "email"}))

    assert len(simplest(strategy, lambda record: len(str(record["Email"])) > 100)["Email"]) == 128  # type: ignore[arg-type]


def test_a_text_can_be_of_any_alphabet() -> None:
    strategy = records(replace(CONFIGURATIONS["account"], headings={"Account Name": "account_name"}))

    simplest(strategy, lambda record: any(letter > "\U000a0000" for letter in str(record["Account Name"])))


def test_either_heading_of_a_field_is_sent_but_not_both() -> None:
    headings = {"Email": "email", "E-mail": "email", "Phone": "phone"}
    configuration = replace(CONFIGURATIONS["contact"], headings=headings)
    sent: set[str] = set()

    def note(record: Record) -> None:
        expect_all_stored(configuration, record)
        sent.update(record)

    check(records(configuration), note, 100)
    assert sent == set(headings)


def test_a_touchpoint_is_one_that_the_tenant_has_and_that_arrives() -> None:
    configuration = CONFIGURATIONS["survey"]
    touchpoints = {"After Sales", " padded ", "x" * 129, ""}

    found = simplest(records(configuration, touchpoints=touchpoints), lambda record: "Touchpoint" in record)

    assert found["Touchpoint"] == "After Sales"
    check(
        records(configuration),
        lambda record: pytest.fail(str(record)) if "Touchpoint" in record else None,
        50,
    )


def test_a_configuration_that_maps_too_little_is_an_invalid_argument() -> None:
    configuration = replace(CONFIGURATIONS["contact"], headings={"First Name": "first_name"})

    with pytest.raises(InvalidArgument, match="'contact': it has no heading for email or phone"):
        records(configuration)


def test_a_heading_that_no_json_can_say_is_left_out() -> None:
    configuration = replace(CONFIGURATIONS["contact"], headings={"\ud800": "email", "Phone": "phone"})

    check(records(configuration), lambda record: expect_all_stored(configuration, record), 20)


def test_the_strategy_says_what_it_draws() -> None:
    assert repr(records(CONFIGURATIONS["account_alias"])) == "records_of(<Account Name, Alias>)"


def test_a_strategy_for_texts_is_built_once_for_all_configurations(monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = []
    build = st.text

    def text(alphabet: str, *, min_size: int, max_size: int) -> st.SearchStrategy[str]:
        lengths.append(max_size)
        return build(alphabet, min_size=min_size, max_size=max_size)

    monkeypatch.setattr(st, "text", text)
    for cached in (texts, _free, _configurations):
        cached.cache_clear()

    check(configurations(), lambda _: None, 20)

    assert len(lengths) == len(set(lengths))
