"""What a report says beyond the corpus: the mapping alone, policies, samples, distributions, what was not checked."""

from dataclasses import replace
from pathlib import Path

import pytest

from cgmock.core.catalog import DataType, field
from cgmock.core.outcome import RateWindow
from cgmock.core.tenant import BadValue, Configuration, HeadingCase, Policies, RepeatResponse, YesNo
from cgmock.verifier import columns, neighbours
from cgmock.verifier.deciding import Assumed
from cgmock.verifier.mapping import AnyTouchpoint, MappingFile
from cgmock.verifier.model import Finding, Flow, Report
from cgmock.verifier.rules import BY_ID, Rule, Severity
from cgmock.verifier.samples import sample, visible
from cgmock.verifier.verify import without_known
from tests.acme import ACME
from tests.unit.verifier.running import mapping_file, verified

CORPUS = Path(__file__).with_name("corpus")
MAPPINGS = CORPUS / "mappings"
RESPONSES = mapping_file(MAPPINGS / "responses.toml")
CONTACTS = mapping_file(MAPPINGS / "contacts.toml")
ROW = "joe@example.com,2026-03-01 09:00:00,2026-03-02 10:30:00,{score}\n"


def responses(*scores: object, heading: str = "NPS Score") -> bytes:
    """An export with these scores."""
    lines = [
        f"Email,Sent Date,Survey Completed Date,{heading}\n",
        *(ROW.format(score=score) for score in scores),
    ]
    return "".join(lines).encode()


def of(report: Report, rule: Rule) -> Finding:
    """The one finding of a rule."""
    (finding,) = report.by_rule[rule]
    return finding


def described(data_type: DataType, headings: dict[str, str], **policies: object) -> MappingFile:
    """A mapping with these headings, of a tenant with these policies."""
    configuration = Configuration(reference="r", name="n", data_type=data_type, headings=headings)
    tenant = replace(
        ACME,
        configurations={"r": configuration},
        policies=replace(Policies(), **policies),  # type: ignore[arg-type]
    )
    return MappingFile("mapping.toml", configuration, tenant, {}, knows_touchpoints=True, is_seed=True)


def test_a_rule_has_an_id_of_its_own_that_stays_what_it_is() -> None:
    assert len(BY_ID) == len(Rule)
    assert [rule.id for rule in Rule] == sorted(BY_ID)
    assert BY_ID["CG001"] is Rule.HEADING_UNMAPPED
    assert Rule.HEADING_UNMAPPED.slug == "heading-unmapped"


def test_every_rule_says_how_it_is_known() -> None:
    assert all(rule.would and rule.advice and rule.source for rule in Rule)


@pytest.mark.parametrize("mapping", sorted(MAPPINGS.iterdir()), ids=lambda path: path.stem)
def test_a_mapping_alone_is_looked_at(mapping: Path) -> None:
    report = verified(mapping_file(mapping))

    assert not report.sources
    assert "no data was given" in report.verdict


def test_a_mapping_without_what_its_data_type_requires_is_not_ready() -> None:
    report = verified(mapping_file(MAPPINGS / "without_email.toml"))

    assert of(report, Rule.REQUIRED_UNMAPPED).heading == "Email or Phone"
    assert report.verdict.startswith("Not ready: 1 error")


def test_a_finding_of_a_mapping_has_the_line_of_the_heading() -> None:
    file = MAPPINGS / "csat.toml"

    line = of(verified(mapping_file(file)), Rule.SCORE_HEADING).line

    assert file.read_text().splitlines()[(line or 0) - 1].startswith('"CSAT"')


def test_a_field_of_another_data_type_is_an_error_of_a_mapping_alone_and_of_data_that_has_it() -> None:
    mapping = mapping_file(MAPPINGS / "accounts_with_email.toml")

    alone = of(verified(mapping), Rule.FIELD_OF_ANOTHER_TYPE)
    never_sent = of(verified(mapping, b"Account Name\nACME\n"), Rule.FIELD_OF_ANOTHER_TYPE)

    assert alone.severity is Severity.ERROR
    assert never_sent.severity is Severity.WARNING


def test_an_alias_keeps_nothing_but_the_names() -> None:
    mapping = described(
        DataType.ACCOUNT_ALIAS, {"Account Name": "account_name", "Alias": "alias", "Industry": "industry"}
    )

    report = verified(mapping, b"Account Name,Alias,Industry\nACME,Acme Ltd,Anvils\n")

    assert of(report, Rule.FIELD_OF_ANOTHER_TYPE).heading == "Industry"


def test_what_a_tenant_s_policy_stores_all_the_same_is_a_warning() -> None:
    headings = {"Email": "email", "NPS Score": "nps"}
    strict = described(DataType.EXTERNAL_RESPONSE, headings)
    lenient = described(DataType.EXTERNAL_RESPONSE, headings, bad_value=BadValue.STORED)
    data = b"Email,NPS Score\njoe@example.com,eleven\n"

    assert of(verified(strict, data), Rule.SCORE_NOT_INTEGER).severity is Severity.ERROR
    assert of(verified(lenient, data), Rule.SCORE_NOT_INTEGER).severity is Severity.WARNING


def test_a_repeated_response_that_the_tenant_ignores_is_an_error() -> None:
    mapping = described(
        DataType.EXTERNAL_RESPONSE,
        {"Email": "email", "Comment": "comment"},
        repeat_response=RepeatResponse.IGNORED,
    )

    report = verified(mapping, b"Email,Comment\njoe@example.com,Good\njoe@example.com,Good\n")

    assert of(report, Rule.ROW_REPEATED).severity is Severity.ERROR


def test_where_dates_are_required_they_are_not_doubted_as_well() -> None:
    mapping = described(
        DataType.EXTERNAL_RESPONSE,
        {"Email": "email", "Sent Date": "sent_date", "Completed": "completed_date"},
        external_response_requires_dates=YesNo.YES,
    )

    report = verified(mapping, b"Email,Sent Date,Completed\njoe@example.com,,\n")

    assert Rule.DATE_EMPTY not in report.by_rule
    assert len(report.by_rule[Rule.REQUIRED_EMPTY]) == 2


def test_equal_rows_of_what_is_updated_are_harmless() -> None:
    row = b"joe@example.com,Joe\n"

    report = verified(CONTACTS, b"Email,First Name\n" + row + row + b",\n" + b",Ann\n")

    assert Rule.ROW_OVERWRITES not in report.by_rule
    assert Rule.ROW_REPEATED not in report.by_rule


def test_beyond_what_is_remembered_rows_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "REMEMBERED", 0)
    one = b"Email,NPS Score\njoe@example.com,9\n"

    report = verified(RESPONSES, one + b"joe@example.com,9\n" * 5000)

    assert Rule.ROW_REPEATED in report.by_rule
    assert of(report, Rule.ROW_REPEATED).count < 4999
    assert any("rows repeat" in what for what, _ in report.not_checked)


def test_another_configuration_that_knows_more_is_named() -> None:
    other = Configuration(
        reference="other",
        name="Accounts",
        data_type=DataType.ACCOUNT,
        headings={"A": "industry", "B": "alias"},
    )
    tenant = replace(CONTACTS.tenant, configurations={**CONTACTS.tenant.configurations, "other": other})

    report = verified(CONTACTS._replace(tenant=tenant), b"Email,A,B\njoe@example.com,x,y\n")

    assert of(report, Rule.ANOTHER_CONFIGURATION_FITS).detail == "other (Accounts)"


def test_a_distribution_shows_scores_and_years() -> None:
    report = verified(RESPONSES, responses(0, 9, 9, 11, "ten", *(f"x{number}" for number in range(300))))

    by_heading = {each.heading: each.counts for each in report.distributions}
    assert by_heading["Sent Date"] == {"2026": 305}
    assert list(by_heading["NPS Score"].items())[:4] == [("0", 1), ("9", 2), ("11", 1), ("ten", 1)]
    assert len(by_heading["NPS Score"]) <= 200


def test_scores_from_1_to_10_are_no_other_scale() -> None:
    report = verified(RESPONSES, responses(*range(1, 11), *range(1, 11), *range(1, 11)))

    assert Rule.SCORE_SCALE not in report.by_rule


def test_many_rows_are_noted() -> None:
    report = verified(CONTACTS, b"Email\n" + b"".join(b"joe%d@example.com\n" % each for each in range(5001)))

    assert of(report, Rule.MANY_ROWS).count == 5001


def test_a_heading_flows_or_is_lost() -> None:
    report = verified(CONTACTS, b"Email,Frist Name,Colour\njoe@example.com,Joe,\n")

    flows = {flow.heading: (flow.flow, flow.nearest, flow.filled) for flow in report.headings}
    assert flows == {
        "Email": (Flow.STORED, None, 1),
        "Frist Name": (Flow.LOST, "First Name", 1),
        "Colour": (Flow.LOST, None, 0),
    }
    assert "First Name" in report.never_sent
    assert not any(finding.heading == "First Name" for finding in report.findings)


def test_what_is_not_known_is_told() -> None:
    unknown = described(DataType.ACTIVITY, {"Touchpoint": "touchpoint"})._replace(
        knows_touchpoints=False, is_seed=False
    )

    not_checked = " ".join(what for what, _ in verified(unknown).not_checked)

    for subject in ("touchpoints exist", "contacts exist", "program sends", "policies", "this configuration"):
        assert subject in not_checked


def test_a_mapping_by_itself_takes_every_touchpoint() -> None:
    mapping = described(DataType.SURVEY, {"Email": "contact_reference", "Touchpoint": "touchpoint"})
    tenant = replace(mapping.tenant, touchpoints=AnyTouchpoint())

    report = verified(mapping._replace(tenant=tenant), b"Email,Touchpoint\njoe@example.com,Anywhere\n")

    assert Rule.TOUCHPOINT not in report.by_rule


def test_a_contact_reference_is_judged_as_what_it_looks_like() -> None:
    mapping = described(DataType.SURVEY, {"Contact": "contact_reference"})

    report = verified(mapping, b"Contact\ninfo@example.com\n0055 62\njoe doe@example.com\n55.62\n")

    assert {Rule.EMAIL_ROLE, Rule.PHONE_COUNTRY, Rule.EMAIL, Rule.PHONE} <= set(report.by_rule)


def test_what_sending_does_is_told_by_the_mapping() -> None:
    headings = {"Email": "email", "Division": "division"}
    activity = {**headings, "A": "account_name", "R": "reference", "S": "source", "T": "type"}
    default = described(DataType.CONTACT, headings)
    default = default._replace(configuration=replace(default.configuration, reference="contact"))

    assert Rule.DIVISION_BOUND in verified(described(DataType.EXTERNAL_RESPONSE, headings)).by_rule
    assert Rule.CONTACT_MUST_EXIST in verified(described(DataType.ACTIVITY, activity)).by_rule
    assert Rule.REFERENCE_DEFAULT in verified(default).by_rule


def test_a_file_of_headings_and_blank_rows_has_nothing_to_send() -> None:
    report = verified(CONTACTS, b"Email\n\n\n")

    assert report.verdict == "Nothing to send: 0 errors, 1 warning, no rows."


def test_a_column_of_very_many_values_is_judged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "REMEMBERED", 100)
    rows = b"".join(b"joe%d@example.com\n" % each for each in range(5000))

    report = verified(CONTACTS, b"Email\n" + rows + b"nobody\n")

    assert report.rows.whole == 5000


def test_known_findings_are_not_told_again() -> None:
    report = verified(CONTACTS, b"Email,Colour\njoe@example.com,red\n")
    known = {finding.fingerprint for finding in report.findings if finding.rule is Rule.HEADING_UNMAPPED}

    later = without_known(report, known)

    assert later.count(Severity.ERROR) == 0
    assert later.baselined == 1


def test_more_rows_have_the_same_fingerprint() -> None:
    few = verified(CONTACTS, b"Email\nnobody\n")
    many = verified(CONTACTS, b"Email\njoe@example.com\nnobody\nno one\n")

    assert of(few, Rule.EMAIL).fingerprint in {finding.fingerprint for finding in many.findings}


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("email", "Joe.Doe1@example.com", "Aaa.Aaa9@aaaaaaa.aaa"),
        ("first_name", "Zoë\u200b", "Aaa<U+200B>"),
        ("phone", "+55 (62) 01234", "+99 (99) 99999"),
        ("comment", "x" * 50, "a" * 40 + "… (50 characters)"),
        ("sent_date", "02/03/2026 10:30", "02/03/2026 10:30"),
        ("sent_date", "joe@example.com", "aaa@aaaaaaa.aaa"),
        ("sent_date", "+55 62 01234", "+99 99 99999"),
        ("nps", "11", "11"),
        ("nps", "5562012345", "9999999999"),
        ("follow_up_request", "true", "true"),
        ("follow_up_request", "Joe Doe", "Aaa Aaa"),
        ("job_level", "a", "a"),
        ("first_name", {"a": "Joe"}, "{…}"),
    ],
)
def test_a_sample_tells_the_form_of_a_value_and_nothing_about_a_person(
    name: str, value: str, shown: str
) -> None:
    assert sample(field(name), value) == shown


def test_what_nobody_sees_in_a_heading_is_written_out() -> None:
    assert visible("First\u00a0Name") == "First<U+00A0>Name"
    assert visible("x" * 201) == "x" * 200 + "…"


def test_a_control_character_is_told() -> None:
    report = verified(CONTACTS, b"Email,First Name\njoe@example.com,J\x07oe\n")

    assert Rule.INVISIBLE in report.by_rule


def test_nothing_is_assumed_but_that_contacts_exist() -> None:
    nothing = Assumed()

    assert nothing.contact("joe@example.com", None) == {}
    assert nothing.account_of("ACME") is None
    assert not nothing.has_response({})
    assert not list(nothing.responses(0))
    assert nothing.rate_window() == RateWindow()


def test_no_value_of_a_person_is_in_a_report(subtests: pytest.Subtests) -> None:
    for data in sorted((CORPUS / "faulty").glob("*.responses.csv")):
        report = verified(RESPONSES, data)
        shown = [example.sample for finding in report.findings for example in finding.examples]
        with subtests.test(data.name):
            assert not any(
                secret in text for text in shown for secret in ("joe.doe", "Doe", "55 62", "Quick")
            )


def test_of_a_heading_in_two_cases_the_last_one_with_a_value_wins() -> None:
    headings = {"Account Name": "account_name", "Industry": "industry"}
    mapping = described(DataType.ACCOUNT, headings, heading_case=HeadingCase.INSENSITIVE)

    report = verified(mapping, b"Account Name,Industry,INDUSTRY\nACME,Anvils,\nHooli,Search,Software\n")

    assert (report.rows.whole, report.rows.in_part) == (1, 1)
    assert of(report, Rule.FIELD_TWICE).heading == "Industry"


def test_a_row_without_an_account_loses_only_what_it_has() -> None:
    mapping = described(
        DataType.CONTACT, {"Email": "email", "Account Name": "account_name", "Industry": "industry"}
    )

    report = verified(mapping, b"Email,Account Name,Industry\njoe@example.com,,Anvils\nann@example.com,,\n")

    assert (report.rows.whole, report.rows.in_part) == (1, 1)
    assert [example.row for example in of(report, Rule.ACCOUNT_UNNAMED).examples] == [2]


def test_a_field_that_is_required_and_not_mapped_is_told_once() -> None:
    mapping = mapping_file(MAPPINGS / "without_email.toml")

    finding = of(verified(mapping, b"First Name\nJoe\nAnn\n"), Rule.REQUIRED_UNMAPPED)

    assert (finding.file, finding.count) == ("without_email.toml", 1)


def test_few_scores_tell_nothing_about_their_scale() -> None:
    assert Rule.SCORE_SCALE not in verified(RESPONSES, responses(*[3] * 29)).by_rule
    assert Rule.SCORE_SCALE in verified(RESPONSES, responses(*[3] * 30)).by_rule
