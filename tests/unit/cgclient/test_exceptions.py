"""Every exception class of both packages survives pickling and copying, as process pools require."""

import copy
import inspect
import pickle
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import pytest

import cgclient
import cgmock
from cgmock.faults import Effect
from cgmock.seeds import Mistake
from cgmock.seeds.tenant_tables import Part

_MADE_BY_PYTEST = (
    "cgmock.contract.plugin",
    "cgmock.contract.suite",
)  # imported by another run of pytest only
_ARGUMENTS: Mapping[str, object] = {
    "checkpoint": "before",
    "code": 2,
    "effect": Effect.RESET,
    "error": "invalid_client",
    "errors": {"record.Email": ("wrong",)},
    "host": "example.com",
    "kind": "ReadTimeout",
    "key": "Web",
    "known": ("first", "second"),
    "message": "It failed.",
    "mistakes": [Mistake("seed.toml", 3, "regoin", "is unknown.")],
    "msg": "It failed.",
    "name": "acme",
    "part": Part.TOUCHPOINTS,
    "pytrace": False,
    "retry_after": 7.0,
    "sent": True,
    "sentence": "It failed.",
    "status": 422,
    "temporary": False,
    "tenant": "acme",
    "what": "name",
}
_COPIES: Mapping[str, Callable[[BaseException], BaseException]] = {
    "pickle": lambda error: pickle.loads(pickle.dumps(error)),  # noqa: S301
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


def _classes() -> Iterator[type[BaseException]]:
    for package in (cgclient, cgmock):
        for found in walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__") and not found.name.startswith(_MADE_BY_PYTEST):
                yield from _defined_in(import_module(found.name))


def _defined_in(module: ModuleType) -> Iterator[type[BaseException]]:
    for value in vars(module).values():
        if (
            inspect.isclass(value)
            and issubclass(value, BaseException)
            and value.__module__ == module.__name__
        ):
            yield value


@pytest.mark.parametrize("method", _COPIES)
@pytest.mark.parametrize("kind", list(_classes()), ids=lambda kind: kind.__name__)
def test_every_exception_survives_pickling_and_copying(kind: type[BaseException], method: str) -> None:
    error = _example(kind)
    error.add_note("In row 3.")

    copied = _COPIES[method](error)

    assert (type(copied), str(copied), copied.args) == (kind, str(error), error.args)
    assert vars(copied) == vars(error)


def _example(kind: type[BaseException]) -> BaseException:
    if not inspect.isfunction(kind.__init__):
        return kind("It failed.")
    parameters = list(inspect.signature(kind.__init__).parameters.values())[1:]
    positional = [_ARGUMENTS[each.name] for each in parameters if each.kind is not each.KEYWORD_ONLY]
    named = {each.name: _ARGUMENTS[each.name] for each in parameters if each.kind is each.KEYWORD_ONLY}
    return kind(*positional, **named)
