"""Gets what comes by npm, once, into a cache folder of the user."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from tests.benchmarks.measure import NotHereError

MANIFEST = Path(__file__).with_name("package.json")


@cache
def modules() -> Path:
    """The folder of the modules that `package.json` names. Raises NotHereError."""
    if shutil.which("npm") is None:
        raise NotHereError("npm is not here; install Node 20 or later.")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cgmock-benchmarks"
    wanted, have = MANIFEST.read_text(encoding="utf-8"), home / "installed.json"
    if not have.exists() or have.read_text(encoding="utf-8") != wanted:
        _install(home, wanted)
        have.write_text(wanted, encoding="utf-8")
    return home / "node_modules"


def _install(home: Path, wanted: str) -> None:
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    (home / MANIFEST.name).write_text(wanted, encoding="utf-8")
    command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode:
        told = next(iter(done.stderr.splitlines()), "it did not say why")
        raise NotHereError(f"npm could not install it: {told}.")
