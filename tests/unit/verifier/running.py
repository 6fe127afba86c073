"""What the tests of the verifier run it with."""

from functools import partial
from io import BytesIO
from pathlib import Path

from cgmock import seeds
from cgmock.core.tenant import Policies, Tenant
from cgmock.verifier.files import DataFile, Options
from cgmock.verifier.mapping import AnyTouchpoint, MappingFile
from cgmock.verifier.model import Report
from cgmock.verifier.verify import verify

TODAY = "2026-11-24"
OPTIONS = Options(limit=5, jobs=1, today=TODAY)


def mapping_file(path: Path, policies: Policies | None = None) -> MappingFile:
    """A mapping file and a tenant that has nothing else."""
    configuration, touchpoints = seeds.load_mapping(path)
    host = Tenant(
        name="",
        touchpoints=touchpoints or AnyTouchpoint(),
        configurations={configuration.reference: configuration},
        policies=policies or Policies(),
    )
    lines = seeds.heading_lines(path)
    return MappingFile(path.name, configuration, host, lines, bool(touchpoints), is_seed=False)


def verified(mapping: MappingFile, *data: Path | bytes, options: Options = OPTIONS) -> Report:
    """The report of some files, or of their contents."""
    files = [
        DataFile("data", partial(BytesIO, each)) if isinstance(each, bytes) else DataFile.at(each, each.name)
        for each in data
    ]
    return verify(mapping, files, options)
