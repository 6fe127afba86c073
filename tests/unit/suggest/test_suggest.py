"""`cgmock suggest`: what it prints is a mapping by which `cgmock verify` finds the headings."""

import csv
import io
import json
import tomllib
from collections.abc import Sequence
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import assume, example, given, settings, strategies as st

from cgmock import seeds
from cgmock.cli import cgmock
from cgmock.core import catalog
from cgmock.core.catalog import DataType
from cgmock.suggest.column_formats import Column
from cgmock.suggest.drafts import Draft, checklist, toml
from cgmock.suggest.proposing import Confidence, Lead, Left, Proposal, propose, takes
from cgmock.suggest.sampling import sample
from cgmock.verifier.files import DataFile
from cgmock.verifier.model import Flow
from cgmock.verifier.sources.workbook import STARTS
from tests.unit.verifier.running import mapping_file, verified
from tests.unit.verifier.test_corpus import CLEAN, WORKBOOKS

TYPES = {
    "responses": "external_response",
    "contacts": "contact",
    "accounts": "account",
    "aliases": "account_alias",
    "activities": "activity",
    "surveys": "survey",
    "multi": "multi_object",
}


def suggested(*arguments: str, text: str | bytes | None = None) -> tuple[int, str]:
    """The exit code of `cgmock suggest`, and what it printed."""
    result = CliRunner().invoke(cgmock, ["suggest", *arguments], input=text)
    return result.exit_code, result.stdout_bytes.decode() + result.stderr


def table(headings: Sequence[str], *rows: Sequence[str]) -> bytes:
    """A file of CSV."""
    written = io.StringIO()
    csv.writer(written).writerows([headings, *rows])
    return written.getvalue().encode()


def drafted(content: bytes, data_type: DataType | None = None) -> Draft:
    """What is proposed for a file."""
    columns, findings = sample(DataFile("export.csv", partial(BytesIO, content)))
    return Draft("export.csv", propose(columns, data_type), findings)


def line_of(proposal: Proposal, heading: str) -> Lead | Left:
    """What becomes of a heading."""
    (line,) = (line for line in proposal.lines if line.heading == heading)
    return line


@st.composite
def files_of_display_names(draw: st.DrawFn) -> tuple[DataType, bytes]:
    """Files whose headings are the display names of fields, with any values."""
    data_type = draw(st.sampled_from(DataType))
    names = [field.display_name for field in catalog.FIELDS.values() if takes(data_type, field)]
    headings = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    values = st.sampled_from(["", "joe@example.com", "2026-03-02 10:30:00", "02.03.2026", "9", "Y", "A", "x"])
    rows = draw(st.lists(st.tuples(*[values] * len(headings)), max_size=3))
    return data_type, table(headings, *rows)


@settings(deadline=None)
@given(file=files_of_display_names())
def test_display_names_are_all_led_and_verify_finds_none_of_them_lost(
    tmp_path_factory: pytest.TempPathFactory, file: tuple[DataType, bytes]
) -> None:
    data_type, content = file
    mapping = tmp_path_factory.mktemp("suggested") / "mapping.toml"

    mapping.write_text(toml(drafted(content, data_type)), encoding="utf-8")

    report = verified(mapping_file(mapping), content)
    assert [flow for flow in report.headings if flow.flow is Flow.LOST] == []


@settings(deadline=None)
@given(headings=st.lists(st.text(), min_size=1, max_size=8), data_type=st.sampled_from([None, *DataType]))
@example(
    ['"', "\\", "\x7f", "\x00", "a\nb", "a\r\nb", "\t", "👍", "\u2028", "=", "#", "[x]", "'''", '"""'], None
)
@example(["\ufeffEmail", "Email\u202e", "E\u0301mail"], DataType.CONTACT)
def test_whatever_the_headings_are_the_draft_is_toml_and_reads_as_them(
    headings: list[str], data_type: DataType | None
) -> None:
    columns = [Column(heading, ("x",)) for heading in dict.fromkeys(headings)]
    proposal = propose(columns, data_type)
    everything = proposal._replace(
        lines=tuple(
            Lead(line.heading, catalog.FIELDS["email"], Confidence.LOW, "")
            if isinstance(line, Left) and line.segment
            else line
            for line in proposal.lines
        )
    )

    read = tomllib.loads(toml(Draft("export.csv", everything)))

    assert read["headings"].keys() == {lead.heading for lead in everything.leads}
    assert tomllib.loads(toml(Draft("export.csv", proposal)))["headings"] == {
        lead.heading: lead.field.name for lead in proposal.leads
    }
    assert len(checklist(Draft("export.csv", proposal)).splitlines()) >= len(columns)


@settings(deadline=None)
@given(content=st.binary(max_size=60))
@example(b"record[%FF]=x&record[Email]=joe@example.com&configuration=a")
@example(b'{"Email": ["x"], "Phone": null, "NPS": 9}')
@example(b"Email,Email,,\r\na,b,c,d\r\n")
def test_whatever_the_file_is_there_is_a_draft_or_a_sentence(content: bytes) -> None:
    assume(not content.startswith(STARTS))  # a workbook is read in a process of its own
    code, printed = suggested("-", text=content)

    assert code in {0, 1, 2}
    if code == 2:
        assert printed.count("\n") == 1
    else:
        assert tomllib.loads(printed)["data_type"] in set(DataType)


def test_ten_thousand_columns_are_ten_thousand_lines() -> None:
    headings = [f"Answer {number}" for number in range(9_999)]

    draft = drafted(table(["Email", *headings], ["joe@example.com", *headings]))

    assert len(toml(draft).splitlines()) > 10_000
    assert [lead.heading for lead in draft.proposal.leads] == ["Email"]


@pytest.mark.parametrize("data", sorted({*CLEAN} - {*WORKBOOKS}), ids=lambda path: path.name)
def test_the_mapping_that_is_proposed_for_a_clean_file_suits_it(data: Path, tmp_path: Path) -> None:
    check_proposal(data, tmp_path)


def check_proposal(data: Path, tmp_path: Path) -> None:
    """Check that the mapping proposed for an export loses nothing of it."""
    mapping = tmp_path / "mapping.toml"

    code, printed = suggested(str(data), "--output", str(mapping), "--reference", "responses")

    configuration = seeds.load_mapping(mapping).configuration
    assert code == 0
    assert printed.startswith(f"{len(configuration.headings)} of ")
    assert configuration.data_type == TYPES[data.name.split(".")[1]]
    lost = [flow.heading for flow in verified(mapping_file(mapping), data).headings if flow.flow is Flow.LOST]
    assert set(lost) <= {"Distributor", ""}


def test_a_draft_says_how_sure_it_is_and_why() -> None:
    content = table(
        ["Mail", "Frist Name", "E-mail 2", "NPS", "Colour", "Customer Type", "When", "", "Sent"],
        ["joe@example.com", "Joe", "joe@example.org", "1000", "red", "gold", "2026-01-01 10:00:00", "x", ""],
    )

    code, printed = suggested("-", "--name", 'Our "NPS"', "--data-type", "external_response", text=content)

    assert code == 0
    assert printed == (
        "# 4 of 9 headings of - lead to a field, 2 of them surely.\n"
        "# Mandatory in files, and no heading fits: Survey Completed Date.\n"
        "\n"
        'reference = "PASTE THE REFERENCE HERE"'
        "  # see the Reference column under Data, Rest APIs, Inbound Mapping\n"
        'name = "Our \\"NPS\\""\n'
        'data_type = "external_response"\n'
        "\n"
        "[headings]\n"
        '"Mail" = "email"  # high: another name of Email; the values fit\n'
        '"Frist Name" = "first_name"  # medium: much like a name of First Name\n'
        '# "E-mail 2" = "segment:E-mail 2"  # Email as well, but Mail is the better one\n'
        '"NPS" = "nps"  # low: the name of NPS Score; but the values do not fit\n'
        '# "Colour" = "segment:Colour"  # no field is known by this name\n'
        '# "Customer Type" = "segment:Customer Type"  # Type is no field of External Response\n'
        '# "When" = "segment:When"  # the values would fit sent_date or completed_date or order_date\n'
        '# "": a column without a heading cannot be mapped\n'
        '"Sent" = "sent_date"  # high: a usual name of Sent Date; no value was seen\n'
    )


def test_a_checklist_says_what_to_enter() -> None:
    content = table(["Email", "Touchpoint", "Colour"], ["joe@example.com", "After Sales", "red"])

    code, printed = suggested("-", "--format", "checklist", text=content)

    assert code == 0
    assert printed == (
        "2 of 3 headings of - lead to a field, 2 of them surely.\n"
        "The headings suit the data type Multi-Object best; --data-type takes another.\n"
        "A record of Multi-Object sends a survey to its contact.\n"
        "\n"
        "[ ] Open Data, Rest APIs, Inbound Mapping; in older systems Data, Imports, Configurations, API Configurations.\n"
        '[ ] Begin a new mapping: data type Multi-Object, name "Multi-Object".\n'
        "[ ] Give each field its Field Heading (in older systems File heading), capitals and blanks as they are here.\n"
        '    [ ] Email: "Email" (high: the name of Email; the values fit)\n'
        '    [ ] Touchpoint: "Touchpoint" (high: the name of Touchpoint)\n'
        "[ ] Decide on the headings without a field: what is not mapped is dropped in silence.\n"
        '    [ ] "Colour": no field is known by this name\n'
        "[ ] See in System Settings that every touchpoint of the file exists.\n"
        "[ ] Copy what the Reference column says into the mapping file, then run cgmock verify with it and the file.\n"
    )


def test_a_checklist_of_a_file_that_is_mapped_whole_has_nothing_to_decide() -> None:
    _, printed = suggested("-", "--format", "checklist", text=table(["Account Name"], ["ACME"]))

    assert "Decide" not in printed
    assert "touchpoint" not in printed


def test_a_required_field_that_no_heading_fits_is_named_and_ends_the_command_with_1() -> None:
    code, printed = suggested("-", "--data-type", "activity", text=table(["Colour", "Type"], ["red", "Call"]))

    assert code == 1
    assert "# REQUIRED, and no heading fits: Account Name.\n" in printed
    assert "# REQUIRED, and no heading fits: Reference.\n" in printed
    assert '# "Colour": no field is known by this name\n' in printed


def test_the_required_ones_of_which_one_is_enough_are_named_together() -> None:
    code, printed = suggested("-", "--data-type", "contact", text=b"Colour\nred\n")

    assert (code, "# REQUIRED, and no heading fits: Email or Phone.\n" in printed) == (1, True)


def test_an_email_is_the_contact_reference_of_a_survey_without_one() -> None:
    content = table(["Email", "E-mail", "Phone"], ["joe@example.com", "ann@example.com", "+49 30 1234567"])

    proposal = drafted(content, DataType.SURVEY).proposal

    assert [(lead.heading, lead.field.name) for lead in proposal.leads] == [
        ("Email", "contact_reference"),
        ("Phone", "phone"),
    ]
    assert line_of(proposal, "E-mail").reason == "Email as well, but Email is the better one"
    assert proposal.missing == ()


def test_a_contact_reference_is_better_than_an_email() -> None:
    content = table(["Email", "Contact Reference"], ["joe@example.com", "joe@example.com"])

    proposal = drafted(content, DataType.SURVEY).proposal

    assert [lead.field.name for lead in proposal.leads] == ["email", "contact_reference"]


def test_a_survey_with_neither_misses_it() -> None:
    assert drafted(b"Touchpoint\nx\n", DataType.SURVEY).proposal.missing == (("contact_reference",),)


@pytest.mark.parametrize(
    ("heading", "values", "field", "confidence"),
    [
        ("Email", ["a@b.c"], "email", Confidence.HIGH),
        ("Email", [], "email", Confidence.HIGH),
        ("Email", ["x"], "email", Confidence.LOW),
        ("Email", ["Joe <a@b.c>"], "email", Confidence.HIGH),
        ("Email", ["a@b.c", "d@e.f", "x", "y"], "email", Confidence.MEDIUM),
        ("Contact: Email", ["a@b.c"], "email", Confidence.HIGH),
        ("Contact: Email", [], "email", Confidence.MEDIUM),
        ("Customer First Name", ["Joe"], "first_name", Confidence.MEDIUM),
        ("First Name", ["a@b.c"], "first_name", Confidence.LOW),
        ("First Name", ["2026-01-01 10:00:00"], "first_name", Confidence.LOW),
        ("Account Manager", ["a@b.c"], "account_manager", Confidence.HIGH),
        ("How likely are you to recommend us?", ["9"], "nps", Confidence.HIGH),
        ("CSAT", ["5"], None, None),
        ("Lead quantity", list("012345"), None, None),
        ("x", list("012345"), "nps", Confidence.LOW),
        ("x", ["0", "1"], None, None),
        ("Agent", ["a@b.c"], None, None),
        ("Account ID", ["ACME"], None, None),
        ("x" * 200, ["y"], None, None),
        ("contact", ["y"], None, None),
    ],
)
def test_the_name_and_the_values_make_the_confidence(
    heading: str, values: list[str], field: str | None, confidence: Confidence | None
) -> None:
    proposal = propose([Column(heading, tuple(values))], DataType.EXTERNAL_RESPONSE)

    led = [(lead.field.name, lead.confidence) for lead in proposal.leads]
    assert led == ([(field, confidence)] if field else [])


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (Column("E-mail", ("a@b.c",)), Column("Email", ("x",))),
        (Column("Email", ("a@b.c",)), Column("Mail", ("a@b.c",))),
        (Column("E-mail", ("a@b.c",)), Column("Mail", ())),
        (Column("Mail", ("a@b.c",)), Column("Emails Address", ("a@b.c",))),
    ],
)
def test_of_two_headings_for_one_field_the_better_one_wins_wherever_it_stands(
    better: Column, worse: Column
) -> None:
    for columns in ([better, worse], [worse, better]):
        proposal = propose(columns, DataType.CONTACT)

        assert [lead.heading for lead in proposal.leads] == [better.heading]
        assert (
            line_of(proposal, worse.heading).reason
            == f"Email as well, but {better.heading} is the better one"
        )


def test_of_two_that_are_as_good_the_first_one_wins() -> None:
    proposal = propose([Column("Mobile", ()), Column("Telephone", ())], DataType.CONTACT)

    assert [lead.heading for lead in proposal.leads] == ["Mobile"]


def test_what_is_wrong_with_the_first_row_is_said() -> None:
    code, printed = suggested("-", text=b"Email,Email\na@b.c,d@e.f\n")

    assert code == 0
    assert printed.splitlines()[1] == (
        "# CG008: Email: Only the last of the columns with this heading arrives: a record has each heading once."
    )


def test_bodies_of_any_configuration_are_read() -> None:
    bodies = [
        {"configuration": name, "record": {"Email": "joe@example.com", "NPS": 9, "Tags": ["a"]}}
        for name in ("one", "two")
    ]

    draft = drafted("\n".join(map(json.dumps, bodies)).encode())

    assert [(lead.heading, lead.field.name) for lead in draft.proposal.leads] == [
        ("Email", "email"),
        ("NPS", "nps"),
    ]
    assert draft.findings == ()


def test_the_first_rows_are_enough() -> None:
    rows = [["x"]] * 4096 + [["joe@example.com"]] * 4096

    columns, _ = sample(DataFile("export.csv", partial(BytesIO, table(["A"], *rows))))

    assert columns == (Column("A", ("x",)),)


def test_a_heading_that_is_not_utf_8_is_a_comment() -> None:
    draft = drafted(b"configuration=a&record[%FF]=x&record[Email]=joe@example.com")

    assert '# "\\udcff": it is not UTF-8\n' in toml(draft)


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    output = tmp_path / "mapping.toml"
    output.write_text("mine")

    code, printed = suggested("-", "--output", str(output), text=b"Email\na@b.c\n")

    assert (code, printed) == (2, f"{output} is there already: name another file, or remove it.\n")
    assert output.read_text() == "mine"


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    output = tmp_path / "nowhere" / "mapping.toml"

    assert suggested("-", "--output", str(output), text=b"Email\na@b.c\n") == (
        2,
        f"{output} cannot be written: No such file or directory.\n",
    )


@pytest.mark.parametrize("option", ["--reference", "--name"])
def test_a_blank_name_or_reference_is_refused(option: str) -> None:
    assert suggested("-", option, " ", text=b"Email\n") == (2, f"{option} must not be blank.\n")


@pytest.mark.parametrize("content", [b"", b"\0", b"{", b"\xff\xfea"])
def test_what_cannot_be_read_is_one_sentence(content: bytes) -> None:
    code, printed = suggested("-", text=content)

    assert (code, printed.count("\n")) == (2, 1)


def test_a_file_that_is_not_there_is_one_sentence() -> None:
    assert suggested("nowhere.csv") == (2, "nowhere.csv cannot be read: No such file or directory.\n")


def test_the_default_reference_is_that_of_contacts() -> None:
    assert 'reference = "contact"\n' in toml(drafted(b"Email\na@b.c\n"))
