"""The public names: they are frozen, documented, and the same for type checkers as at run time."""

import ast
import doctest
import inspect
import re
from enum import StrEnum
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

import cgmock
from cgmock import testing
from cgmock.core.outcome import FateName
from cgmock.core.routing import EndpointName
from cgmock.faults import PREPARED
from cgmock.faults.fault import EffectName
from cgmock.faults.prepared import PreparedName
from tests import public_names
from tests.paths import README
from tests.public_names import MODULES, public

DOCUMENTED = [
    pytest.param(value, id=f"{module}.{name}")
    for module in MODULES
    for name, value in public(module).items()
    if inspect.isclass(value) or inspect.isfunction(value)
]
CALLED = [
    pytest.param(value, id=name)
    for name, value in public("cgmock").items()
    if inspect.isfunction(value) or (inspect.isclass(value) and not issubclass(value, StrEnum | Exception))
]


def test_the_public_names_and_their_signatures_are_frozen() -> None:
    frozen = public_names.FILE.read_text(encoding="utf-8")

    assert public_names.rendered() == frozen, f"If the change is intended: {public_names.COMMAND}"


def test_type_checkers_and_the_interpreter_find_the_same_names() -> None:
    module = ast.parse(Path(str(cgmock.__file__)).read_text(encoding="utf-8"))
    (static,) = (each.body for each in module.body if isinstance(each, ast.If))
    imported = {
        (name.asname, f"{each.module}.{name.name}")
        for each in static
        if isinstance(each, ast.ImportFrom)
        for name in each.names
    }

    lazily: dict[str, str] = vars(cgmock)["_MODULES"]
    assert imported == {(name, f"{module}.{name}") for name, module in lazily.items()}
    assert {*lazily, "__version__"} == set(cgmock.__all__)


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_is_there_once(module: str) -> None:
    names = import_module(module).__all__

    assert len(names) == len(set(names))
    assert set(names) <= set(dir(import_module(module)))
    assert all(value is not None for value in public(module).values())


@pytest.mark.parametrize("module", [cgmock, testing])
def test_a_name_that_is_none_is_an_attribute_error(module: Any) -> None:
    with pytest.raises(AttributeError, match=f"^module '{module.__name__}' has no attribute 'Fualt'$"):
        _ = module.Fualt


def test_the_version_is_that_of_the_distribution() -> None:
    assert cgmock.__version__ == version("cgmock")


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        (EndpointName, cgmock.Endpoint),
        (EffectName, cgmock.Effect),
        (FateName, cgmock.Fate),
        (PreparedName, PREPARED),
    ],
)
def test_type_checkers_know_every_name(names: object, meant: Any) -> None:
    assert set(get_args(names)) == set(meant)


@pytest.mark.parametrize("value", DOCUMENTED)
def test_every_public_name_has_a_docstring_of_its_own(value: Any) -> None:
    first, *_ = (value.__doc__ or "").splitlines()

    assert first.endswith((".", ":")), first
    assert not first.startswith(f"{value.__name__}("), "the one that a dataclass gets by default"


@pytest.mark.parametrize("value", [*DOCUMENTED, pytest.param(testing, id="cgmock.testing")])
def test_the_examples_of_the_docstring_run(value: Any) -> None:
    mock = cgmock.MockAPI(cgmock.load_seed())
    names = {name: each for module in MODULES for name, each in public(module).items()}
    names |= {"httpx": httpx, "mock": mock}

    example = doctest.DocTestParser().get_doctest(value.__doc__, names, value.__name__, None, None)
    told: list[str] = []
    doctest.DocTestRunner().run(example, out=told.append)

    assert told == []


@pytest.mark.parametrize("value", CALLED)
def test_the_docstring_describes_every_argument(value: Any) -> None:
    _, _, arguments = inspect.getdoc(value).partition("\nArgs:\n")  # type: ignore[union-attr]
    described = re.findall(r"^    \*{0,2}(\w+): \S", arguments.partition("\n\n")[0], re.MULTILINE)

    assert described == list(inspect.signature(value).parameters)


@pytest.mark.parametrize("kind", [cgmock.Effect, cgmock.Endpoint, cgmock.Fate])
def test_the_docstring_describes_every_member(kind: type[StrEnum]) -> None:
    described = re.findall(r"^    ([A-Z_]+): \S", inspect.getdoc(kind) or "", re.MULTILINE)

    assert described == [member.name for member in kind]


def test_the_readme_names_every_public_name() -> None:
    _, _, section = README.read_text(encoding="utf-8").partition("\n## Public names\n")
    section = section.partition("\n## ")[0]
    listed = {
        module: re.findall(r"`(\w+)`", names)
        for module, names in re.findall(r"^- `([\w.]+)`: (.*)\.$", section, re.MULTILINE)
    }

    assert {module: sorted(names) for module, names in listed.items()} == {
        module: sorted(import_module(module).__all__) for module in MODULES
    }
