"""Texts that some store or encoding cannot hold are mistakes of a seed."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cgmock import seeds
from tests.acme import ACME


def with_each_text(content: object, text: str) -> Iterator[object]:
    """A table of a seed with the text in the place of each of its texts and keys, one at a time."""
    if isinstance(content, str):
        yield text
    elif isinstance(content, dict):
        for name, value in content.items():
            yield {**{key: each for key, each in content.items() if key != name}, text: value}
            yield from ({**content, name: each} for each in with_each_text(value, text))
    else:
        assert isinstance(content, list)
        for index, value in enumerate(content):
            yield from (
                [*content[:index], each, *content[index + 1 :]] for each in with_each_text(value, text)
            )


@pytest.mark.parametrize("text", ["a\0b", "\ud800-secret", "segment:\udfff"])
def test_a_text_that_cannot_be_stored_is_a_mistake_wherever_it_stands(text: str) -> None:
    webhooks = {name: webhook for name, webhook in ACME.webhooks.items() if name != "astray"}
    table = seeds.table(replace(ACME, webhooks=webhooks))
    seeds.tenant(table)
    tables = list(with_each_text(table, text))

    assert len(tables) > 100
    for each in tables:
        assert isinstance(each, dict)
        with pytest.raises(seeds.SeedError) as refused:
            seeds.tenant(each)
        json.dumps(str(refused.value)).encode()


def test_the_mistake_has_its_line() -> None:
    with pytest.raises(seeds.SeedError) as refused:
        seeds.loads('[[tenants]]\nname = "acme"\ntouchpoints = ["a\\u0000b"]\n', file="seed.toml")

    assert str(refused.value) == "seed.toml:3: tenants.touchpoints: must not contain NUL or lone surrogates."
