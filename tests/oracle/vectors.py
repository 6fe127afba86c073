"""What the PHP of this machine understands of each vector in `fixtures/php`; as a command, write it there anew."""

import base64
import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from cgmock.core.php.values import PhpValue
from tests.oracle.laravel import HERE
from tests.oracle.rows import value_of
from tests.paths import FIXTURES
from tests.php_notation import notation

FUNCTIONS = ("parse_str", "json_decode", "strval")
_VECTORS = FIXTURES / "php"


def path_of(function: str) -> Path:
    """The file with the vectors of a PHP function."""
    return _VECTORS / f"{function}.json"


def renewed(function: str) -> str:
    """The text of that file, with what PHP understands of each `sent` in it."""
    file = json.loads(path_of(function).read_text())
    sent = [vector["sent"] for vector in file["vectors"]]
    understood = ask_php(function, (each.encode("utf-8", "surrogateescape") for each in sent))
    vectors = ",\n".join(
        f'    {{"sent": {json.dumps(each)},\n     "understood": {notation(value)}}}'
        for each, value in zip(sent, understood, strict=True)
    )
    return f'{{\n  "about": {json.dumps(file["about"])},\n  "vectors": [\n{vectors}\n  ]\n}}\n'


def ask_php(function: str, sent: Iterable[bytes]) -> Sequence[PhpValue]:
    """What a PHP function makes of each text."""
    lines = "".join(f"{function} {base64.b64encode(each).decode()}\n" for each in sent)
    script = HERE / "app" / "understand.php"
    answer = subprocess.run(["php", script], input=lines, capture_output=True, check=True, text=True)  # noqa: S603, S607
    return [value_of(json.loads(line)) for line in answer.stdout.splitlines()]


if __name__ == "__main__":
    for each in FUNCTIONS:
        path_of(each).write_text(renewed(each))
