import pytest

from cgmock.core import catalog
from cgmock.core.catalog import DataType, Entity, Field, Format


def test_each_data_type_asks_for_one_field_of_each_group() -> None:
    identifier = ("email", "phone")

    assert {data_type: rules.required for data_type, rules in catalog.RULES.items()} == {
        DataType.ACCOUNT: (("account_name",),),
        DataType.ACCOUNT_ALIAS: (("account_name",), ("alias",)),
        DataType.CONTACT: (identifier,),
        DataType.SURVEY: (("contact_reference",),),
        DataType.MULTI_OBJECT: (identifier,),
        DataType.EXTERNAL_RESPONSE: (identifier,),
        DataType.ACTIVITY: (("account_name",), ("reference",), ("source",), ("type",)),
    }


def test_each_data_type_writes_its_objects() -> None:
    assert {data_type: sorted(rules.entities) for data_type, rules in catalog.RULES.items()} == {
        DataType.ACCOUNT: ["account"],
        DataType.ACCOUNT_ALIAS: ["account"],
        DataType.CONTACT: ["account", "contact"],
        DataType.SURVEY: ["account", "contact", "survey"],
        DataType.MULTI_OBJECT: ["account", "contact", "survey"],
        DataType.EXTERNAL_RESPONSE: ["account", "contact", "survey"],
        DataType.ACTIVITY: ["account", "activity", "contact"],
    }


@pytest.mark.parametrize(
    ("entity", "names"),
    [
        (
            Entity.ACCOUNT,
            "account_name account_display_name account_manager account_manager_email parent_account industry "
            "company_size alias",
        ),
        (
            Entity.CONTACT,
            "email phone first_name last_name job_title job_level language country customer_number",
        ),
        (
            Entity.SURVEY,
            "contact_reference touchpoint division sent_date completed_date nps comment follow_up_request "
            "follow_up_details order_date",
        ),
        (Entity.ACTIVITY, "reference source type happened_at"),
    ],
)
def test_each_field_belongs_to_one_object(entity: Entity, names: str) -> None:
    assert [name for name, field in catalog.FIELDS.items() if field.entity is entity] == names.split()


def test_each_field_but_plain_text_has_its_format() -> None:
    formats = {
        name: field.format for name, field in catalog.FIELDS.items() if field.format is not Format.TEXT
    }

    assert formats == {
        "account_manager_email": Format.EMAIL,
        "email": Format.EMAIL,
        "phone": Format.PHONE,
        "job_level": Format.JOB_LEVEL,
        "contact_reference": Format.EMAIL_OR_PHONE,
        "touchpoint": Format.TOUCHPOINT,
        "sent_date": Format.DATE,
        "completed_date": Format.DATE,
        "order_date": Format.DATE,
        "nps": Format.SCORE,
        "follow_up_request": Format.FLAG,
        "happened_at": Format.DATE,
    }


def test_a_field_says_all_about_itself() -> None:
    assert catalog.field("email") == Field(
        name="email",
        display_name="Email",
        entity=Entity.CONTACT,
        format=Format.EMAIL,
        max_length=128,
        source="5000736614",
    )


def test_each_field_goes_by_its_name() -> None:
    assert [field.name for field in catalog.FIELDS.values()] == list(catalog.FIELDS)


def test_a_segment_is_a_text_of_the_survey_by_the_name_that_the_tenant_gave_it() -> None:
    assert catalog.field("segment:Sales Region") == Field(
        name="segment:Sales Region",
        display_name="Sales Region",
        entity=Entity.SURVEY,
        format=Format.TEXT,
        source="5000866913",
    )


@pytest.mark.parametrize("name", ["", "nope", "segment:", "segment:  ", "Email"])
def test_an_unknown_name_is_no_field(name: str) -> None:
    assert catalog.field(name) is None
