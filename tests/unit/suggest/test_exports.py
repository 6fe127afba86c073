"""The headings of real-looking exports are led where they belong, and nowhere with confidence where they do not."""

import pytest

from cgmock.suggest.proposing import Confidence, propose
from tests.unit.suggest.exports import EXPORTS

LED = {
    (system, heading): lead
    for system, export in EXPORTS.items()
    for heading in export.headings
    for lead in propose(export.columns, export.data_type).leads
    if lead.heading == heading
}
MEANT = {
    (system, heading): field
    for system, export in EXPORTS.items()
    for heading, (_, field) in export.headings.items()
}


def test_there_are_enough_of_them() -> None:
    assert sum(field is not None for field in MEANT.values()) >= 80
    assert sum(field is None for field in MEANT.values()) >= 30


def test_nine_of_ten_headings_lead_to_the_field_that_is_meant() -> None:
    right = {
        place for place, field in MEANT.items() if (LED[place].field.name if place in LED else None) == field
    }

    assert len(right) >= 0.95 * len(MEANT), MEANT.keys() - right


def test_no_heading_leads_to_a_wrong_field_with_high_confidence() -> None:
    wrong = {
        place: lead.field.name
        for place, lead in LED.items()
        if lead.confidence is Confidence.HIGH and lead.field.name != MEANT[place]
    }

    assert wrong == {}


@pytest.mark.parametrize("system", EXPORTS)
def test_the_data_type_that_suits_an_export_is_found(system: str) -> None:
    export = EXPORTS[system]

    assert propose(export.columns).data_type is export.data_type
