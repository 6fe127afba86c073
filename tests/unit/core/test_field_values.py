import pytest

from cgmock.core import catalog
from cgmock.core.field_values import Flaw, flaw_of
from cgmock.core.laravel.responses import Rule

TOUCHPOINTS = frozenset({"After Sales"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("email", "joe.doe@example.com"),
        ("email", "a@localhost"),
        ("phone", "+55 (62) 01234-56789"),
        ("phone", "0049"),
        ("contact_reference", "joe@example.com"),
        ("contact_reference", "123"),
        ("sent_date", "2023-05-10 11:34:56"),
        ("sent_date", "2024-02-29 00:00:00"),
        ("nps", "0"),
        ("nps", "10"),
        ("nps", 7),
        ("nps", 7.0),
        ("follow_up_request", "Y"),
        ("follow_up_request", "N"),
        ("job_level", "A"),
        ("job_level", "B"),
        ("job_level", "C"),
        ("job_level", "U"),
        ("touchpoint", "After Sales"),
        ("comment", "x" * 128),
        ("segment:Distributor", "North"),
    ],
)
def test_a_documented_shape_is_good(name: str, value: str | float) -> None:
    field = catalog.field(name)

    assert field is not None
    assert flaw_of(field, value, TOUCHPOINTS) is None


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("email", "joe", "email"),
        ("email", "joe@", "email"),
        ("email", "@example.com", "email"),
        ("email", "a@b@c", "email"),
        ("email", "joe doe@example.com", "email"),
        ("phone", "12a", "regex"),
        ("phone", "()", "regex"),
        ("phone", "١٢", "regex"),
        ("contact_reference", "joe", "regex"),
        ("sent_date", "2023-05-10", "date_format"),
        ("sent_date", "2023-05-10T11:34:56", "date_format"),
        ("sent_date", "10/05/2023 11:34:56", "date_format"),
        ("sent_date", "2023-02-30 11:34:56", "date_format"),
        ("sent_date", "2023-05-10 25:34:56", "date_format"),
        ("sent_date", "2023-05-10 11:34:5Z", "date_format"),
        ("sent_date", "2023-05-10 11:34+01", "date_format"),
        ("sent_date", "2023-05-10 113456.1", "date_format"),
        ("sent_date", "2023-W19-3 11:34:56", "date_format"),
        ("sent_date", "2023-05-10 24:00:00", "date_format"),
        ("sent_date", "٢٠٢٣-05-10 11:34:56", "date_format"),
        ("nps", "11", "between"),
        ("nps", "-1", "between"),
        ("nps", "ten", "integer"),
        ("nps", "7.5", "integer"),
        ("nps", 2.5, "integer"),
        ("follow_up_request", "yes", "in"),
        ("job_level", "a", "in"),
        ("touchpoint", "Sales", "exists"),
        ("comment", "x" * 129, "max"),
    ],
)
def test_any_other_shape_is_a_flaw_of_its_rule(name: str, value: str | float, rule: str) -> None:
    flaw = flaw_of(catalog.FIELDS[name], value, TOUCHPOINTS)

    assert flaw is not None
    assert flaw.rule == rule


def test_a_value_that_is_too_long_is_told_how_long_it_may_be() -> None:
    flaw = flaw_of(catalog.FIELDS["comment"], "x" * 129, TOUCHPOINTS)

    assert flaw == Flaw(Rule.MAX, "is longer than 128 characters", "128")
