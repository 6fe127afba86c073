"""The public names of both packages with their signatures, as text.

`python -m tests.public_names` prints them. `tests/surface/public.txt` has what it printed last.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cached_property
from importlib import import_module
from types import NoneType
from typing import Any

from tests.paths import SURFACE

MODULES = (
    "cgmock",
    "cgmock.flask",
    "cgmock.httpx",
    "cgmock.pytest_plugin",
    "cgmock.respx",
    "cgmock.strategies",
    "cgmock.testing",
    "cgclient",
)
"""The modules that have public names, in their `__all__`."""

FILE = SURFACE / "public.txt"
COMMAND = "python -m tests.public_names > tests/surface/public.txt"
_SIMPLE = (bool, int, float, str, bytes, tuple, frozenset, dict, NoneType)


class _Text(str):
    """A text that a signature shows without quotes."""

    __slots__ = ()
    __repr__ = str.__str__


def rendered() -> str:
    """Return all public names, a line for each name and each member of a class."""
    return "".join(f"{line}\n" for module in MODULES for line in _module(module))


def public(module: str) -> dict[str, Any]:
    """Return what a module exports, by name."""
    loaded = import_module(module)
    return {name: getattr(loaded, name) for name in loaded.__all__}


def _our_classes(kind: type) -> list[type]:
    """Return a class and its bases, without those of other packages, the base first."""
    return [each for each in reversed(kind.__mro__) if each.__module__.startswith(("cgmock", "cgclient"))]


def _module(module: str) -> Iterator[str]:
    yield f"{module}"
    for name, value in sorted(public(module).items()):
        if name == "__version__":
            yield f"    {name}: str"
        elif inspect.isclass(value):
            bases = ", ".join(_base(base) for base in value.__bases__ if base is not object)
            yield f"    class {name}({bases})" if bases else f"    class {name}"
            yield from (f"        {line}" for line in _class(value))
        elif inspect.isfunction(value):
            yield f"    def {name}{_signature(value)}"
        else:
            yield f"    {name} = {_short(str(value))}"


def _base(base: type) -> str:
    return "NamedTuple" if base is tuple else base.__name__


def _class(kind: type) -> Iterator[str]:
    ours = _our_classes(kind)
    members = {name: value for each in ours for name, value in vars(each).items()}
    annotations = {name: each for base in ours for name, each in inspect.get_annotations(base).items()}
    if not issubclass(kind, Enum) and {"__init__", "__new__"} & members.keys():
        yield f"__init__{_signature(kind)}"
    for name in sorted(name for name in members | annotations if not name.startswith("_")):
        value = members.get(name)
        if name in annotations:
            yield f"{name}: {_annotation(annotations[name])}"
        elif isinstance(value, Enum):
            yield f"{name} = {value.value!r}"
        elif isinstance(value, property | cached_property):
            getter: Any = value.func if isinstance(value, cached_property) else value.fget
            yield f"{name}: {_annotation(inspect.signature(getter).return_annotation)}"
        else:
            yield f"{name}{_signature(getattr(kind, name))}"


def _signature(called: Callable[..., object]) -> str:
    signature = inspect.signature(called)
    parameters = [
        each.replace(
            annotation=each.empty if each.annotation is each.empty else _Text(_annotation(each.annotation)),
            default=each.empty if each.default is each.empty else _Text(_default(each.default)),
        )
        for each in signature.parameters.values()
    ]
    result = signature.return_annotation
    has_result = not inspect.isclass(called) and result is not signature.empty
    returned = _Text(_annotation(result)) if has_result else signature.empty
    return str(signature.replace(parameters=parameters, return_annotation=returned))


def _annotation(annotation: Any) -> str:
    text = getattr(annotation, "__forward_arg__", annotation)
    return _short(text if isinstance(text, str) else inspect.formatannotation(text))


def _short(text: str) -> str:
    """Return an annotation without the names of modules."""
    return re.sub(r"\b(?:\w+\.)+(?=\w)", "", text)


def _default(value: object) -> str:
    """Return a default value as it would be written, or an ellipsis if it is not a simple value."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    return repr(value) if isinstance(value, _SIMPLE) else "..."


if __name__ == "__main__":
    sys.stdout.write(rendered())
