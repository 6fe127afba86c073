"""The ledger: a folder with a small file for each behaviour and each open question that was seen somewhere."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from cgmock.live.results import Json, Result, Verdict
from cgmock.live.target import Target


class Entry(NamedTuple):
    """What was seen of a check: on which date (ISO 8601), of which target, and with which evidence."""

    id: str
    date: str
    target: str
    verdict: Verdict
    reason: str
    answer: str
    evidence: tuple[Json, ...]


class Unreadable(NamedTuple):
    """A file that is no entry."""

    id: str
    reason: str


def entry(result: Result, target: Target, date: str) -> Entry:
    """What a result leaves in the ledger."""
    seen = f"{target.kind} {target.imports_url}"
    return Entry(result.id, date, seen, result.verdict, result.reason, result.answer, tuple(result.evidence))


def write(folder: Path, entry: Entry) -> None:
    """Keep an entry, as one step. One that shows nothing takes the place of no other."""
    place = folder / f"{entry.id}.json"
    if not entry.evidence and place.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(entry._asdict(), indent=2, ensure_ascii=False)
    with tempfile.NamedTemporaryFile("w", dir=folder, prefix=".", delete=False, encoding="utf-8") as file:
        file.write(f"{text}\n")
    os.replace(file.name, place)  # noqa: PTH105  (the name is a text)


def read(folder: Path) -> Mapping[str, Entry | Unreadable]:
    """All entries by their ids."""
    return {path.stem: _read(path) for path in sorted(folder.glob("[!.]*.json"))}


def _read(path: Path) -> Entry | Unreadable:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        found = Entry(
            **{**content, "verdict": Verdict(content["verdict"]), "evidence": tuple(content["evidence"])}
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        return Unreadable(path.stem, f"{path.name} is no entry of a ledger ({type(error).__name__})")
    if found.id != path.stem:
        return Unreadable(path.stem, f"{path.name} is the entry of {found.id}")
    return found
