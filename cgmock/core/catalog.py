"""What CustomerGauge's documents say about data types and fields, as tables; each row names its source.

Sources are numbers of articles on support.customergauge.com.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

SEGMENT = "segment:"
"""Prefix of a segment field: `segment:Distributor` is the tenant's own field "Distributor"."""

MAX_LENGTH = 128
"""Characters an imported value may have; documented for files (5000866058), assumed for the API."""


class DataType(StrEnum):
    """The type of the objects that an import configuration imports."""

    ACCOUNT = "account"
    ACCOUNT_ALIAS = "account_alias"
    CONTACT = "contact"
    SURVEY = "survey"
    MULTI_OBJECT = "multi_object"
    EXTERNAL_RESPONSE = "external_response"
    ACTIVITY = "activity"


class Entity(StrEnum):
    """The object that a field belongs to."""

    ACCOUNT = "account"
    CONTACT = "contact"
    SURVEY = "survey"
    ACTIVITY = "activity"


class Format(StrEnum):
    """The shape that a value must have."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    EMAIL_OR_PHONE = "email or phone"
    DATE = "YYYY-MM-DD HH:MM:SS"
    SCORE = "integer from 0 to 10"
    FLAG = "Y or N"
    JOB_LEVEL = "A, B, C or U"
    TOUCHPOINT = "touchpoint of the tenant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of CustomerGauge that a heading can be mapped to."""

    name: str
    display_name: str
    entity: Entity
    format: Format = Format.TEXT
    max_length: int = MAX_LENGTH
    source: str

    @property
    def technical_name(self) -> str:
        """The name by which GET Responses calls it; a dot leads into an object."""
        if self.name.startswith(SEGMENT):
            return f"segment_{'_'.join(self.display_name.lower().replace('.', ' ').split())}"
        return TECHNICAL_NAMES.get(self.name, self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a data type asks of a record: `required` holds groups of fields, one of each group must have a value."""

    display_name: str
    entities: frozenset[Entity]
    required: tuple[tuple[str, ...], ...]
    source: str


def field(name: str) -> Field | None:
    """The field of that name, or None. Any `segment:NAME` is a field of the survey record (5000866913)."""
    if name.startswith(SEGMENT) and name[len(SEGMENT) :].strip():
        label = name.removeprefix(SEGMENT)
        return Field(name=name, display_name=label, entity=Entity.SURVEY, source="5000866913")
    return FIELDS.get(name)


def _fields(entity: Entity, *rows: tuple[str, str, Format, str]) -> dict[str, Field]:
    return {
        name: Field(name=name, display_name=display_name, entity=entity, format=shape, source=source)
        for name, display_name, shape, source in rows
    }


FIELDS: Mapping[str, Field] = MappingProxyType(
    _fields(
        Entity.ACCOUNT,
        ("account_name", "Account Name", Format.TEXT, "5000872475"),
        ("account_display_name", "Account Display Name", Format.TEXT, "5000891678"),
        ("account_manager", "Account Manager", Format.TEXT, "5000873255"),
        ("account_manager_email", "Account Manager Email", Format.EMAIL, "5000873255"),
        ("parent_account", "Parent Account", Format.TEXT, "5000873255"),
        ("industry", "Industry", Format.TEXT, "5000873255"),
        ("company_size", "Company Size", Format.TEXT, "5000873255"),
        ("alias", "Alias", Format.TEXT, "5000872721"),
    )
    | _fields(
        Entity.CONTACT,
        ("email", "Email", Format.EMAIL, "5000736614"),
        ("phone", "Phone", Format.PHONE, "5000872699"),
        ("first_name", "First Name", Format.TEXT, "5000872718"),
        ("last_name", "Last Name", Format.TEXT, "5000872718"),
        ("job_title", "Job Title", Format.TEXT, "5000872718"),
        ("job_level", "Job Level", Format.JOB_LEVEL, "5000617657"),
        ("language", "Language", Format.TEXT, "5000887553"),
        ("country", "Country", Format.TEXT, "5000872718"),
        ("customer_number", "Customer Number", Format.TEXT, "5000872718"),
    )
    | _fields(
        Entity.SURVEY,
        ("contact_reference", "Contact Reference", Format.EMAIL_OR_PHONE, "5000873256"),
        ("touchpoint", "Touchpoint", Format.TOUCHPOINT, "5000880071"),
        ("division", "Division", Format.TEXT, "5000813723"),
        ("sent_date", "Sent Date", Format.DATE, "5000880071"),
        ("completed_date", "Survey Completed Date", Format.DATE, "5000880071"),
        ("nps", "NPS Score", Format.SCORE, "5000722515"),
        ("comment", "Comment", Format.TEXT, "5000879788"),
        ("follow_up_request", "Follow Up Request", Format.FLAG, "5000879788"),
        ("follow_up_details", "Follow Up Details", Format.TEXT, "5000879788"),
        ("order_date", "Order Date", Format.DATE, "5000722515"),
    )
    | _fields(
        Entity.ACTIVITY,
        ("reference", "Reference", Format.TEXT, "5000810958"),
        ("source", "Source", Format.TEXT, "5000810958"),
        ("type", "Type", Format.TEXT, "5000810958"),
        ("happened_at", "Happened At", Format.DATE, "5000810958"),
    )
)

TECHNICAL_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "account_name": "account.name",
        "first_name": "contact.first_name",
        "last_name": "contact.last_name",
        "customer_number": "number_customer",
        "sent_date": "date_sent",
        "completed_date": "date_survey_response",
        "order_date": "date_order",
    }
)
"""Technical names (5000897072, 5000875861) of the fields that we call otherwise."""

CONTACT_IDENTIFIERS = ("email", "phone")

INVITING = frozenset({DataType.SURVEY, DataType.MULTI_OBJECT})
"""Data types whose records send a survey to the contact (5000866058, 5000872699)."""

NEVER_UPDATED = INVITING | {DataType.EXTERNAL_RESPONSE}
"""Data types of which the same record makes one more object each time (5000880071, 5000873256)."""

ALIASES_HONOURED = frozenset({DataType.CONTACT, DataType.SURVEY, DataType.ACTIVITY})
"""Data types whose records find an account by its alias (5000872721)."""

RULES: Mapping[DataType, Rules] = MappingProxyType(
    {
        DataType.ACCOUNT: Rules(
            display_name="Account",
            entities=frozenset({Entity.ACCOUNT}),
            required=(("account_name",),),
            source="5000872475",
        ),
        DataType.ACCOUNT_ALIAS: Rules(
            display_name="Account Alias",
            entities=frozenset({Entity.ACCOUNT}),
            required=(("account_name",), ("alias",)),
            source="5000872721",
        ),
        DataType.CONTACT: Rules(
            display_name="Contact",
            entities=frozenset({Entity.ACCOUNT, Entity.CONTACT}),
            required=(CONTACT_IDENTIFIERS,),
            source="5000872718",
        ),
        DataType.SURVEY: Rules(
            display_name="Survey",
            entities=frozenset({Entity.ACCOUNT, Entity.CONTACT, Entity.SURVEY}),
            required=(("contact_reference",),),
            source="5000866058, 5000874298",
        ),
        DataType.MULTI_OBJECT: Rules(
            display_name="Multi-Object",
            entities=frozenset({Entity.ACCOUNT, Entity.CONTACT, Entity.SURVEY}),
            required=(CONTACT_IDENTIFIERS,),
            source="5000872699",
        ),
        DataType.EXTERNAL_RESPONSE: Rules(
            display_name="External Response",
            entities=frozenset({Entity.ACCOUNT, Entity.CONTACT, Entity.SURVEY}),
            required=(CONTACT_IDENTIFIERS,),
            source="5000880071",
        ),
        DataType.ACTIVITY: Rules(
            display_name="Activity",
            entities=frozenset({Entity.ACCOUNT, Entity.CONTACT, Entity.ACTIVITY}),
            required=(("account_name",), ("reference",), ("source",), ("type",)),
            source="5000874298, 5000810958",
        ),
    }
)
