import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from enum import StrEnum
from functools import partial
from itertools import count
from pathlib import Path
from typing import get_type_hints

import pytest
from hypothesis import given, strategies as st

from cgmock import seeds
from cgmock.core.catalog import FIELDS, DataType
from cgmock.core.tenant import Dialect, Policies, Region, Tenant, Webhook, WebhookState, YesNo
from tests.paths import FIXTURES

JSON_SAMPLE = "53505294-0b20-2509-b15d-c8e377701d66"
FORM_SAMPLE = "12305294-0b20-4009-b95d-c8123301d66"
PARAMETER_TABLE = "9dd58237-c913-4073-9c76-07da0b49ff50"
TENANT = '[[tenants]]\nname = "acme"\n'
APP = '[[tenants.connected_apps]]\nclient_id = "crm"\nclient_secret = "s"\n'
CONFIGURATION = (
    '[[tenants.configurations]]\nreference = "r"\ndata_type = "contact"\nheadings = { "Email" = "email" }\n'
)
POLICIES = "[tenants.policies]\n"
NO_HEADINGS = CONFIGURATION.replace('headings = { "Email" = "email" }\n', "")
TENANT_KEYS = "name, region, touchpoints, connected_apps, configurations, webhooks, policies"


def mistakes(text: str) -> list[str]:
    """What is wrong with a seed, one line each."""
    with pytest.raises(seeds.SeedError) as caught:
        seeds.loads(text, file="seed.toml")
    return str(caught.value).splitlines()


def places(text: str) -> list[tuple[int, str]]:
    """The line and key of each mistake."""
    with pytest.raises(seeds.SeedError) as caught:
        seeds.loads(text)
    return [(each.line, each.key) for each in caught.value.mistakes]


def test_the_demo_has_every_data_type_and_the_vendor_s_references() -> None:
    (demo,) = seeds.demo()

    assert demo.configurations.keys() >= {JSON_SAMPLE, FORM_SAMPLE, PARAMETER_TABLE}
    assert demo.configurations["contact"].name == "Contacts (Default)"
    assert {each.data_type for each in demo.configurations.values()} == set(DataType)


@pytest.mark.parametrize("reference", [JSON_SAMPLE, FORM_SAMPLE, PARAMETER_TABLE])
def test_the_demo_knows_all_headings_of_the_vendor_s_samples(reference: str) -> None:
    sample = json.loads((FIXTURES / "records" / "vendor_sample.json").read_text(encoding="utf-8"))

    (demo,) = seeds.demo()

    assert demo.configurations[reference].fields.keys() >= sample["record"].keys()


def test_the_demo_knows_the_headings_of_the_vendor_s_parameter_table() -> None:
    (demo,) = seeds.demo()

    known = demo.configurations[PARAMETER_TABLE].fields
    assert known.keys() >= {"Email", "AccountName", "Sent Date", "Completed Date"}


def test_the_demo_spells_out_defaults_only() -> None:
    (demo,) = seeds.demo()

    assert (demo.region, demo.policies) == (Region.EU, Policies())


def test_a_file_may_hold_many_tenants() -> None:
    first, second = seeds.load(FIXTURES / "tenants" / "two_tenants.toml")

    assert (first.region, second.region) == (Region.EU, Region.US)
    assert second.policies.dialect is Dialect.LARAVEL10
    assert second.policies.multi_object_requires_account is YesNo.YES
    assert second.policies.rate_limit == 600
    assert second.connected_apps[0].scopes == ("imports/write", "responses/read")
    assert second.webhooks == {
        "acme-america-shop": Webhook(
            id="acme-america-shop",
            username="shop",
            password="acme-america-password",
            configuration="invitations",
            state=WebhookState.DEACTIVATED,
        )
    }


def test_what_is_not_said_has_its_default() -> None:
    (tenant,) = seeds.loads(TENANT + CONFIGURATION)

    assert (tenant.region, tenant.touchpoints, tenant.policies) == (Region.EU, frozenset(), Policies())
    assert (tenant.connected_apps, tenant.webhooks) == ((), {})
    assert tenant.configurations["r"].name == "Contact"


@pytest.mark.parametrize(
    ("written", "read"),
    [("true", YesNo.YES), ("false", YesNo.NO), ('"yes"', YesNo.YES), ('"no"', YesNo.NO)],
)
def test_a_switch_is_a_word_or_a_truth_value(written: str, read: YesNo) -> None:
    (tenant,) = seeds.loads(f"{TENANT}{POLICIES}external_response_requires_dates = {written}")

    assert tenant.policies.external_response_requires_dates is read


def test_two_headings_may_go_to_one_field() -> None:
    (tenant,) = seeds.loads(f'{TENANT}{NO_HEADINGS}headings = {{ "Email" = "email", "E-Mail" = "email" }}')

    assert tenant.configurations["r"].headings == {"Email": "email", "E-Mail": "email"}


def test_two_tenants_may_share_a_reference() -> None:
    first, second = seeds.loads(f'{TENANT}{CONFIGURATION}[[tenants]]\nname = "other"\n{CONFIGURATION}')

    assert first.configurations == second.configurations


def test_the_policies_fixture_spells_out_every_policy_with_its_default_and_its_values() -> None:
    file = FIXTURES / "tenants" / "policies.toml"

    (tenant,) = seeds.load(file)

    assert tenant.policies == Policies()
    hints = get_type_hints(Policies)
    written = dict(
        line.split(" = ") for line in file.read_text(encoding="utf-8").splitlines() if " = " in line
    )
    for each in fields(Policies):
        comment = written[each.name].partition(" # ")[2]
        kind = hints[each.name]
        values = (
            [f'"{value}"' for value in kind] if isinstance(kind, type) and issubclass(kind, StrEnum) else []
        )
        assert comment.startswith(", ".join(values) or '"off"')


def test_every_mistake_is_reported_at_once_with_its_line() -> None:
    text = (FIXTURES / "tenants" / "mistakes.toml").read_text(encoding="utf-8")

    with pytest.raises(seeds.SeedError) as caught:
        seeds.loads(text, file="mistakes.toml")

    assert f"{caught.value}\n" == (FIXTURES / "tenants" / "mistakes.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "seed.toml:1: tenants: a seed describes at least one tenant, in a table [[tenants]]."),
        (
            "tenants = []",
            "seed.toml:1: tenants: a seed describes at least one tenant, in a table [[tenants]].",
        ),
        ("[tenants]", "seed.toml:1: tenants: must be tables: write [[tenants]]."),
        ("tenants = 1", "seed.toml:1: tenants: must be tables: write [[tenants]]."),
        ('\n[tenants]\nname = "a"', "seed.toml:2: tenants: must be tables: write [[tenants]]."),
        ("x = [", "seed.toml:1: is not TOML: Invalid value (at end of document)."),
        ("a = 1\nb = [\n\n", "seed.toml:2: is not TOML: Invalid value (at end of document)."),
        ("a = 1\nb = \n", "seed.toml:2: is not TOML: Invalid value (at line 2, column 5)."),
        (f"{TENANT}policies = 1", "seed.toml:3: tenants.policies: must be a table."),
        (
            f"{TENANT}touchpoints = [1]",
            "seed.toml:3: tenants.touchpoints: must be a list of texts that are not blank.",
        ),
        (
            f'{TENANT}touchpoints = "After Sales"',
            "seed.toml:3: tenants.touchpoints: must be a list of texts that are not blank.",
        ),
        (
            f"{TENANT}{POLICIES}rate_limit = 0",
            'seed.toml:4: tenants.policies.rate_limit: must be "off" or the number of requests a minute.',
        ),
        (
            f"{TENANT}{POLICIES}rate_limit = true",
            'seed.toml:4: tenants.policies.rate_limit: must be "off" or the number of requests a minute.',
        ),
        (
            f"{TENANT}{POLICIES}unknown_configuration = 422",
            "seed.toml:4: tenants.policies.unknown_configuration: must be a text in quotes, not a number. "
            'Allowed: "422", "404", "dropped".',
        ),
        (
            f'{TENANT}{POLICIES}multi_object_requires_account = "maybe"',
            "seed.toml:4: tenants.policies.multi_object_requires_account: 'maybe' is unknown. "
            'Allowed: "no", "yes", false, true.',
        ),
        (
            f"{TENANT}region = [true]",
            'seed.toml:3: tenants.region: must be a text in quotes, not a list. Allowed: "eu", "us", "au".',
        ),
        (
            f"{TENANT}region.x = true",
            'seed.toml:3: tenants.region: must be a text in quotes, not a table. Allowed: "eu", "us", "au".',
        ),
        (
            f"{TENANT}region = 2023-05-10",
            "seed.toml:3: tenants.region: must be a text in quotes, not a date or time. "
            'Allowed: "eu", "us", "au".',
        ),
        (
            f"{TENANT}region = true",
            "seed.toml:3: tenants.region: must be a text in quotes, not true or false. "
            'Allowed: "eu", "us", "au".',
        ),
        (
            f'{TENANT}connected_apps = [{{ client_id = "a", client_secret = "b" }}, {{ client_id = "a", client_secret = "c" }}]',
            "seed.toml:3: tenants.connected_apps.client_id: the client id 'a' is already at seed.toml:3.",
        ),
        (f"{TENANT}{APP}{TENANT}", "seed.toml:7: tenants.name: the tenant 'acme' is already at seed.toml:2."),
        (
            f"{TENANT}rgion = 1",
            f"seed.toml:3: tenants.rgion: is unknown; did you mean region? Allowed: {TENANT_KEYS}.",
        ),
        (f"{TENANT}'' = 1", f"seed.toml:3: tenants.'': is unknown. Allowed: {TENANT_KEYS}."),
        (f'{TENANT}"a\\nb" = 1', f"seed.toml:3: tenants.'a\\nb': is unknown. Allowed: {TENANT_KEYS}."),
    ],
    ids=count(),
)
def test_a_mistake_is_one_clear_line(text: str, expected: str) -> None:
    assert mistakes(text) == [expected]


@pytest.mark.parametrize("name", ["a b", "a/b", "ä", "a\\n", "..", ".", "-"])
def test_a_tenant_has_a_name_that_a_url_can_hold(name: str) -> None:
    (mistake,) = mistakes(f'[[tenants]]\nname = "{name}"')

    assert mistake.startswith("seed.toml:2: tenants.name: must be letters, digits, '.', '-' and '_'")


@pytest.mark.parametrize("name", ["a", "A.b-c_9", "_a", "...x"])
def test_a_tenant_s_name_may_have_dots_and_dashes(name: str) -> None:
    (tenant,) = seeds.loads(f'[[tenants]]\nname = "{name}"')

    assert tenant.name == name


@pytest.mark.parametrize(
    ("word", "field"), [("emial", "email"), ("NPS Score", "nps"), ("Survey Completed Date", "completed_date")]
)
def test_a_field_may_be_meant_by_its_name_or_its_display_name(word: str, field: str) -> None:
    (mistake,) = mistakes(f'{TENANT}{NO_HEADINGS}headings = {{ "A" = "{word}" }}')

    assert mistake == (
        f"seed.toml:6: tenants.configurations.headings.A: '{word}' is unknown; did you mean {field}? "
        f"Fields: {', '.join(FIELDS)}, segment:NAME."
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (TENANT + APP.replace('client_secret = "s"\n', ""), (3, "tenants.connected_apps.client_secret")),
        (
            f"{TENANT}[[tenants.connected_apps]]\nclient_id = ''\nclient_secret = 's'",
            (4, "tenants.connected_apps.client_id"),
        ),
        (TENANT + NO_HEADINGS, (3, "tenants.configurations.headings")),
        (TENANT + CONFIGURATION.replace('reference = "r"\n', ""), (3, "tenants.configurations.reference")),
        (
            TENANT + CONFIGURATION.replace('data_type = "contact"\n', ""),
            (3, "tenants.configurations.data_type"),
        ),
        (f"{TENANT}{CONFIGURATION}label = 1", (7, "tenants.configurations.label")),
        (f"{TENANT}{APP}secret = 1", (6, "tenants.connected_apps.secret")),
        (f"{TENANT}[other]", (3, "other")),
    ],
    ids=count(),
)
def test_a_mistake_is_at_its_key_or_at_the_header_above(text: str, expected: tuple[int, str]) -> None:
    assert places(text) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'x = """\n{TENANT}region = 1\n"""\n{TENANT}region = 1', [(1, "x"), (8, "tenants.region")]),
        (f"x = '''\n[[tenants]]\n'''\n{TENANT}region = 1", [(1, "x"), (6, "tenants.region")]),
        (f"x = [ # [\n  ['y = 1', [\n  [1] ]],\n]\n{TENANT}region = 1", [(1, "x"), (7, "tenants.region")]),
        (f'x = """a \\""" [""""\n{TENANT}region = 1', [(1, "x"), (4, "tenants.region")]),
        (f"x = '''a [''''\n{TENANT}region = 'uk'", [(1, "x"), (4, "tenants.region")]),
        (f'"x = [" = 1\n{TENANT}region = 1', [(1, "'x = ['"), (4, "tenants.region")]),
        (f"# \u2028 \x85 [[tenants]]\n{TENANT}region = 1", [(4, "tenants.region")]),
        (f"{TENANT}region = 1\n".replace("\n", "\r\n"), [(3, "tenants.region")]),
        (f"{TENANT}polices.x = 1", [(3, "tenants.polices")]),
        (f"{TENANT}policies.bad_value = 1", [(3, "tenants.policies.bad_value")]),
        (f"{TENANT}touchpoints = [\n  'a',\n  1,\n]", [(3, "tenants.touchpoints")]),
        (f"{TENANT}{APP}[[ tenants ]] # two\n  region = 1", [(6, "tenants.name"), (7, "tenants.region")]),
        (
            f"{TENANT}{CONFIGURATION}{NO_HEADINGS}[tenants.configurations.headings]\n'A B' = 1",
            [(8, "tenants.configurations.reference"), (11, "tenants.configurations.headings.'A B'")],
        ),
        ("tenants = [\n  { region = 'eu' },\n]", [(1, "tenants.name")]),
        (
            f"{TENANT}policies = {{ rate_limit = 0, dialect = 1 }}",
            [(3, "tenants.policies.rate_limit"), (3, "tenants.policies.dialect")],
        ),
    ],
    ids=count(),
)
def test_what_looks_like_a_header_or_a_key_misleads_nobody(
    text: str, expected: list[tuple[int, str]]
) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    "value",
    ["0x" + "f" * 5000, "x" * 100_000, "[" * 200 + "]" * 200],
    ids=["number", "text", "list"],
)
def test_a_mistake_is_short_however_large_the_value(value: str) -> None:
    written = f"'{value}'" if value.startswith("x") else value

    (mistake,) = mistakes(f"{TENANT}region = {written}")

    assert len(mistake) < 200


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 100_000], ids=["number", "list"])
def test_what_python_s_parser_cannot_take_is_a_mistake_too(value: str) -> None:
    (mistake,) = mistakes(f"{TENANT}region = {value}")

    assert mistake.startswith("seed.toml:1: is not TOML: ")


def test_a_deep_key_is_a_mistake_too() -> None:
    assert places(f"{TENANT}region{'.a' * 30} = 1") == [(3, "tenants.region")]


def test_two_names_that_are_missing_are_not_the_same_name() -> None:
    assert places("[[tenants]]\n[[tenants]]") == [(1, "tenants.name"), (2, "tenants.name")]


@pytest.mark.parametrize("text", ["", " ", "\\t"])
def test_a_name_is_not_blank(text: str) -> None:
    assert mistakes(f'[[tenants]]\nname = "{text}"') == [
        "seed.toml:2: tenants.name: must be a text that is not blank."
    ]


def test_a_secret_is_in_no_mistake() -> None:
    app = '[[tenants.connected_apps]]\nclient_secret = "hush"\nclient_id = 7\n'

    assert "hush" not in "".join(mistakes(f"{TENANT}{app}"))


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(seeds.SeedError, match=r"absent\.toml:1: cannot be read: No such file"):
        seeds.load(tmp_path / "absent.toml")
    with pytest.raises(seeds.SeedError, match="cannot be read: "):
        seeds.load(tmp_path)


def test_a_file_that_is_not_utf_8_says_where(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"# one\n# caf\xe9\n")

    with pytest.raises(seeds.SeedError, match=r"latin\.toml:2: is not UTF-8 \(at byte offset 11\)"):
        seeds.load(latin)


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "bom.toml"
    file.write_bytes(b"\xef\xbb\xbf" + TENANT.encode())

    assert seeds.load(file) == seeds.loads(f"\ufeff{TENANT}") == seeds.loads(TENANT)


def test_several_files_are_one_seed(tmp_path: Path) -> None:
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text(TENANT)
    two.write_text(TENANT.replace("acme", "other"))

    assert [tenant.name for tenant in seeds.load(one, two)] == ["acme", "other"]


def test_no_two_files_share_a_tenant_or_a_client_id(tmp_path: Path) -> None:
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text(TENANT + APP)
    two.write_text(f"# two\n{TENANT}{APP}")

    with pytest.raises(seeds.SeedError) as caught:
        seeds.load(one, two)

    assert str(caught.value).splitlines() == [
        f"{two}:3: tenants.name: the tenant 'acme' is already at {one}:2.",
        f"{two}:5: tenants.connected_apps.client_id: the client id 'crm' is already at {one}:4.",
    ]


def test_the_mistakes_of_all_files_are_reported_at_once(tmp_path: Path) -> None:
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text("x = [")
    two.write_text("[[tenants]]")

    with pytest.raises(seeds.SeedError) as caught:
        seeds.load(one, two)

    assert [(each.file, each.line) for each in caught.value.mistakes] == [(str(one), 1), (str(two), 1)]


def lines(read: Callable[[], tuple[Tenant, ...]]) -> tuple[str, ...]:
    """The tenants of a seed, or its mistakes: all that reading it may end with."""
    try:
        found: tuple[object, ...] = read()
    except seeds.SeedError as error:
        found = error.mistakes
    return tuple(map(str, found))


SNIPPETS = st.sampled_from(
    [TENANT, APP, CONFIGURATION, POLICIES, "[a.b]\n", 'name = ""\n', '"""', "'''", "= [", "}\n"]
)


@given(st.lists(SNIPPETS | st.text()).map("".join))
def test_any_text_gives_tenants_or_mistakes(text: str) -> None:
    found = lines(partial(seeds.loads, text))

    assert found
    assert all(len(each.splitlines()) == 1 for each in found)


WORDS = st.sampled_from(
    [
        *("tenants", "name", "region", "touchpoints", "connected_apps", "configurations", "policies"),
        *("client_id", "client_secret", "reference", "data_type", "headings", "bad_value", "rate_limit"),
        *("eu", "contact", "email", "stored", "off", "acme", ""),
    ]
) | st.text(st.characters(max_codepoint=126))
VALUES = st.recursive(
    WORDS | st.integers() | st.booleans() | st.floats() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
)


def written(value: object) -> str:
    """A value as TOML writes it on one line."""
    match value:
        case dict():
            return (
                "{" + ", ".join(f"{json.dumps(key)} = {written(each)}" for key, each in value.items()) + "}"
            )
        case list():
            return "[" + ", ".join(map(written, value)) + "]"
        case date():
            return value.isoformat()
        case float():
            return repr(value)
        case _:
            return json.dumps(value)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys((*TENANT_KEYS.split(", "), "other"), VALUES)))
def test_any_values_give_tenants_or_mistakes(tenant: dict[str, object]) -> None:
    assert lines(partial(seeds.loads, f"tenants = [{written(tenant)}]"))


@given(st.fixed_dictionaries(dict.fromkeys(("reference", "name", "data_type", "headings"), VALUES)))
def test_any_values_of_a_configuration_give_tenants_or_mistakes(configuration: dict[str, object]) -> None:
    tenant = {"name": "acme", "configurations": [configuration]}

    assert lines(partial(seeds.loads, f"tenants = [{written(tenant)}]"))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("seeds") / "seed.toml"


@given(content=st.binary() | st.lists(SNIPPETS.map(str.encode) | st.binary()).map(b"".join))
def test_any_file_gives_tenants_or_mistakes(file: Path, content: bytes) -> None:
    file.write_bytes(content)

    assert lines(partial(seeds.load, file))


NOISE = st.sampled_from(
    [
        "# [[tenants]]\n",
        "\r\n",
        'a = """\n[[tenants]]\nregion = 1\n"""\n',
        "b = '''\n[\n'''\n",
        "c = [\n  { d = ']' }, # ]\n]\n",
        "'e = [' = { f = [1] }\n",
        'g.h = "# \\" ["\n',
        "i = 1 # \u2028 '\n",
    ]
)


@given(st.lists(NOISE, unique=True))
def test_the_line_is_right_whatever_stands_above(noise: list[str]) -> None:
    above = TENANT + "".join(noise)

    found = [line for line, key in places(f"{above}region = 1") if key == "tenants.region"]

    assert found == [above.count("\n") + 1]


@pytest.mark.parametrize("file", sorted((FIXTURES / "mappings").glob("*.toml")), ids=lambda file: file.stem)
def test_a_mapping_fixture_is_the_table_of_a_configuration(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("[headings]", "[tenants.configurations.headings]")

    (tenant,) = seeds.loads(f"{TENANT}[[tenants.configurations]]\n{text}")

    assert seeds.load_mapping(file) == (tenant.configurations["responses"], frozenset())
    assert len(tenant.configurations["responses"].fields) == 8


def test_a_mapping_may_name_touchpoints(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        'reference = "r"\ndata_type = "survey"\ntouchpoints = ["Shop"]\nheadings = { "C" = "contact_reference" }\n'
    )

    assert seeds.load_mapping(mapping).touchpoints == {"Shop"}


def test_every_mistake_of_a_mapping_is_reported_at_once_with_its_line(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text('refs = "r"\n\n[headings]\n"Email" = "emial"\n')

    with pytest.raises(seeds.SeedError) as caught:
        seeds.load_mapping(mapping)

    assert [(each.line, each.key) for each in caught.value.mistakes] == [
        (1, "refs"),
        (1, "data_type"),
        (1, "reference"),
        (4, "headings.Email"),
    ]


def test_the_lines_of_headings_are_those_of_one_configuration(tmp_path: Path) -> None:
    seed = tmp_path / "seed.toml"
    seed.write_text(
        """\ufeff[[tenants]]
name = "acme"
[[tenants.configurations]]
reference = "other"
[tenants.configurations.headings]
Email = "email"
[[tenants.configurations]]
reference = "shared"
[tenants.configurations.headings]
Email = "email"
Phone = "phone"

[[tenants]]
name = "globex"
[[tenants.configurations]]
reference = "shared"
headings = { Email = "email" }

[[tenants]]
name = "empty"
"""
    )

    assert seeds.heading_lines_of(seed, "acme", "shared") == {"Email": 10, "Phone": 11}
    assert seeds.heading_lines_of(seed, "globex", "shared") == {"Email": 17}


def test_a_file_is_read_anew_only_when_it_says_something_else(tmp_path: Path) -> None:
    seed = tmp_path / "seed.toml"
    seed.write_text('[[tenants]]\nname = "acme"\n', encoding="utf-8")
    (first,) = seeds.load(seed)

    (again,) = seeds.load(seed)
    seed.write_text('[[tenants]]\nname = "umbrella"\n', encoding="utf-8")
    (other,) = seeds.load(seed)

    assert again is first
    assert other.name == "umbrella"
