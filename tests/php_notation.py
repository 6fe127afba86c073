"""PHP values as JSON that keeps apart what PHP keeps apart: an array is a list of its keys and values, in order."""

import json

from cgmock.core.php.values import PhpValue


def notation(value: PhpValue) -> str:
    """A value as one line of JSON. Equal lines are identical values: 1 is not 1.0, and the key 1 is not "1"."""
    return json.dumps(_pairs(value)).replace("Infinity", "1e999")


def _pairs(value: PhpValue) -> object:
    if isinstance(value, dict):
        return [[key, _pairs(each)] for key, each in value.items()]
    return value
