"""The argument MAPPING of commands: SEED.toml:REFERENCE, or a file that describes one configuration."""

from pathlib import Path
from typing import NamedTuple

from cgmock import seeds
from cgmock.cli.group import chosen, failure, tenants_of
from cgmock.core.spelling import nearest
from cgmock.core.tenant import Tenant


class Located(NamedTuple):
    """A mapping, the file it stands in, and the tenant of the seed that it is a part of."""

    file: Path
    mapping: seeds.ImportMapping
    tenant: Tenant | None


def mapping_at(place: str, tenant: str | None) -> Located:
    """The mapping at a place: a file, or a reference in a seed, of a tenant if it is named."""
    file, found, reference = place.partition(".toml:")
    if not found:
        return Located(Path(place), _mapping_file(Path(place)), None)
    path = Path(f"{file}.toml")
    tenants = tenants_of(path)
    searched = tenants if tenant is None else [chosen(tenants, tenant)]
    for each in searched:
        if reference in each.configurations:
            mapping = seeds.ImportMapping(each.configurations[reference], each.touchpoints)
            return Located(path, mapping, each)
    known = [name for each in searched for name in each.configurations]
    near = nearest(reference, known)
    hint = f"did you mean {near}?" if near else f"there are: {', '.join(known)}."
    raise failure(f"There is no configuration {reference}; {hint}")


def _mapping_file(path: Path) -> seeds.ImportMapping:
    try:
        return seeds.load_mapping(path)
    except seeds.SeedError as error:
        if any(mistake.key == "tenants" for mistake in error.mistakes):
            raise failure(f"{path} is a seed: name one of its configurations, {path}:REFERENCE.") from error
        raise failure(str(error)) from error
