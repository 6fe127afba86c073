"""URL rules that Werkzeug compiles once per process."""

from typing import Any, ClassVar

from werkzeug.routing import Rule


class SharedRule(Rule):
    """A URL rule that is compiled for the first application of the process and copied for all others.

    Werkzeug compiles two generated functions per rule. This takes most of the time that creating an application takes,
    and a test session creates an application per test.
    """

    _compiled: ClassVar[dict[object, dict[str, Any]]] = {}

    def compile(self) -> None:
        """Compile the rule, or copy what a rule of the same path was compiled to."""
        key = (self.rule, self.strict_slashes, self.merge_slashes)
        if key not in self._compiled:
            super().compile()
            self._compiled[key] = dict(vars(self))
        own = {name: vars(self)[name] for name in ("map", "endpoint", "methods")}
        vars(self).update(self._compiled[key] | own)
