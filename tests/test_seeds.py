from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from typing import get_type_hints

import pytest
from hypothesis import given, strategies as st

from cgmock import seeds
from cgmock.core.catalog import DataType
from cgmock.core.tenant import Dialect, Policies, Region, YesNo

FIXTURES = Path(__file__).parent.parent / "fixtures" / "tenants"
VENDOR_REFERENCES = {
    "53505294-0b20-2509-b15d-c8e377701d66",
    "12305294-0b20-4009-b95d-c8123301d66",
    "9dd58237-c913-4073-9c76-07da0b49ff50",
}
TENANT = '[[tenants]]\nname = "acme"\n'


def mistakes(text: str) -> list[str]:
    """What is wrong with a seed, one line each."""
    with pytest.raises(seeds.SeedError) as caught:
        seeds.loads(text, file="seed.toml")
    return str(caught.value).splitlines()


def test_the_demo_has_every_data_type_and_the_vendor_s_references() -> None:
    (demo,) = seeds.demo()

    assert demo.configurations.keys() >= VENDOR_REFERENCES | {"contact"}
    assert {each.data_type for each in demo.configurations.values()} == set(DataType)


def test_a_file_may_hold_many_tenants() -> None:
    first, second = seeds.load(FIXTURES / "two_tenants.toml")

    assert (first.region, second.region) == (Region.EU, Region.US)
    assert second.policies.dialect is Dialect.LARAVEL10
    assert second.policies.multi_object_requires_account is YesNo.YES
    assert second.policies.rate_limit == 600


def test_what_is_not_said_has_its_default() -> None:
    (tenant,) = seeds.loads(TENANT)

    assert (tenant.region, tenant.touchpoints, tenant.policies) == (Region.EU, frozenset(), Policies())


def test_the_policies_fixture_spells_out_every_policy_with_its_default_and_its_values() -> None:
    file = FIXTURES / "policies.toml"
    (tenant,) = seeds.load(file)
    text = file.read_text()

    assert tenant.policies == Policies()
    hints = get_type_hints(Policies)
    for each in fields(Policies):
        assert f"\n{each.name} = " in text
        kind = hints[each.name]
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            assert all(f'"{value}"' in text for value in kind)


def test_every_mistake_is_reported_at_once_with_its_line() -> None:
    file = FIXTURES / "mistakes.toml"

    with pytest.raises(seeds.SeedError) as caught:
        seeds.load(file)

    fields_ = "Fields: account_name, account_display_name,"
    shown = [
        f"{each.line}: {each.key}: {each.message.partition(fields_)[0].strip()}"
        for each in caught.value.mistakes
    ]
    assert shown == (FIXTURES / "mistakes.txt").read_text().splitlines()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "seed.toml:1: tenants: a seed describes at least one tenant, in a table [[tenants]]."),
        ("tenants = 1", "seed.toml:1: tenants: must be tables: write [[tenants]]."),
        ("x = [", "seed.toml:1: is not TOML: Invalid value (at end of document)."),
        ("a = 1\nb = \n", "seed.toml:2: is not TOML: Invalid value (at line 2, column 5)."),
        (f"{TENANT}policies = 1", "seed.toml:3: tenants.policies: must be a table."),
        (
            f"{TENANT}touchpoints = [1]",
            "seed.toml:3: tenants.touchpoints: must be a list of texts that are not blank.",
        ),
        (
            f"{TENANT}[tenants.policies]\nrate_limit = 0",
            'seed.toml:4: tenants.policies.rate_limit: must be "off" or the number of requests a minute.',
        ),
        (
            f'{TENANT}connected_apps = [{{ client_id = "a", client_secret = "b" }}, {{ client_id = "a", client_secret = "c" }}]',
            "seed.toml:3: tenants.connected_apps.client_id: the client id 'a' is there twice.",
        ),
        (
            f'{TENANT}"odd key" = """\n[[tenants]]\n"""',
            "seed.toml:3: tenants.odd key: is unknown. Allowed: name, region, touchpoints, connected_apps, "
            "configurations, policies.",
        ),
    ],
    ids=range(9),
)
def test_a_mistake_is_one_clear_line(text: str, expected: str) -> None:
    assert mistakes(text) == [expected]


def test_what_looks_like_a_header_in_a_text_misleads_nobody() -> None:
    text = f'{TENANT}touchpoints = ["""\n[not a header\n"""]\nregion = "uk"\n'

    assert mistakes(text) == ["seed.toml:6: tenants.region: 'uk' is not one of them. Allowed: eu, us, au."]


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"# one\n# caf\xe9\n")

    with pytest.raises(seeds.SeedError, match="cannot be read: No such file"):
        seeds.load(tmp_path / "absent.toml")
    with pytest.raises(seeds.SeedError, match=r"latin\.toml:2: is not UTF-8"):
        seeds.load(latin)


def test_a_byte_order_mark_does_not_matter(tmp_path: Path) -> None:
    file = tmp_path / "bom.toml"
    file.write_bytes(b"\xef\xbb\xbf" + TENANT.encode())

    assert seeds.load(file)[0].name == "acme"


SNIPPETS = st.sampled_from(
    [
        TENANT,
        "[tenants.policies]\n",
        "[[tenants.configurations]]\n",
        'headings = { "A" = "b" }\n',
        "[a.b]\n",
        'name = ""\n',
    ]
)


@given(st.lists(SNIPPETS | st.text()).map("".join))
def test_any_text_gives_tenants_or_mistakes(text: str) -> None:
    try:
        tenants = seeds.loads(text)
    except seeds.SeedError:
        return
    assert tenants


@pytest.mark.parametrize(
    "file", sorted((FIXTURES.parent / "mappings").glob("*.toml")), ids=lambda file: file.stem
)
def test_a_mapping_fixture_is_the_table_of_a_configuration(file: Path) -> None:
    text = file.read_text(encoding="utf-8").replace("[headings]", "[tenants.configurations.headings]")

    (tenant,) = seeds.loads(f"{TENANT}[[tenants.configurations]]\n{text}")

    assert len(tenant.configurations["responses"].fields) == 8
