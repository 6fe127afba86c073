"""What became of the rows, for people and for programs, and the file of those that failed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cgclient.importing.data import MARK, OUTCOME, Data
from cgclient.importing.journal import Failure, Outcome

_SHOWN = 20
_MEANINGS: Mapping[Outcome, str] = {
    Outcome.REFUSED: "Refused, and not written, are the rows",
    Outcome.AMBIGUOUS: "Nobody knows whether these rows were written; look for them before you send them again:",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The result of a run: how many rows have each outcome, over all runs of the journal.

    `seconds` and `sent` (rows that were tried) are those of this run, `stopped_by` tells why rows are left. A `dry` run
    sends nothing.
    """

    data: str
    counts: Mapping[Outcome, int]
    failures: Mapping[int, Failure]
    seconds: float = 0.0
    sent: int = 0
    stopped_by: str = ""
    dry: bool = False

    @property
    def text(self) -> str:
        """Some lines for people."""
        return "\n".join(self._lines())

    @property
    def json(self) -> str:
        """All of it for programs."""
        rows = {
            outcome: [
                {"row": row, "reason": failure.reason}
                for row, failure in self.failures.items()
                if failure.outcome is outcome
            ]
            for outcome in _MEANINGS
        }
        shown = {
            "data": self.data,
            "rows": sum(self.counts.values()),
            **{outcome.name.lower(): count for outcome, count in self.counts.items()},
            "refused_rows": rows[Outcome.REFUSED],
            "ambiguous_rows": rows[Outcome.AMBIGUOUS],
            "seconds": round(self.seconds, 3),
            "sent_in_this_run": self.sent,
            "dry_run": self.dry,
            "stopped_by": self.stopped_by or None,
        }
        return json.dumps(shown, ensure_ascii=False, indent=2)

    def _lines(self) -> Iterator[str]:
        counted = ", ".join(
            f"{count:,} {outcome}"
            for outcome, count in self.counts.items()
            if count or outcome is Outcome.ACCEPTED
        )
        if self.dry:
            yield f"{sum(self.counts.values()):,} rows of {self.data}: {counted}. This was a dry run: nothing was sent."
            return
        rate = f", {self.sent / self.seconds:,.0f} rows a second" if self.sent and self.seconds else ""
        yield f"{sum(self.counts.values()):,} rows of {self.data}: {counted}. {self.seconds:.1f} s{rate}."
        for outcome, meaning in _MEANINGS.items():
            yield from self._explained(outcome, meaning)
        if self.stopped_by:
            yield f"Stopped: {self.stopped_by}"
        if self.counts[Outcome.UNSENT]:
            yield "The same command goes on where this one stopped."

    def _explained(self, outcome: Outcome, meaning: str) -> Iterator[str]:
        """The rows by their reasons."""
        rows: dict[str, list[int]] = {}
        for row, failure in self.failures.items():
            if failure.outcome is outcome:
                rows.setdefault(failure.reason, []).append(row)
        if rows:
            yield meaning
        for reason, found in list(rows.items())[:_SHOWN]:
            more = f" and {len(found) - _SHOWN:,} more" if len(found) > _SHOWN else ""
            yield f"  {', '.join(map(str, found[:_SHOWN]))}{more}: {reason}"
        if len(rows) > _SHOWN:
            yield f"  … and {len(rows) - _SHOWN:,} more reasons"


def write_failed(path: Path, data: Data, failures: Mapping[int, Failure]) -> None:
    """Write the rows that failed as they stand in the data, with number, outcome and reason, to be sent again.

    The file is there as a whole or as it was. Raises DataError, or OSError.
    """
    rows = (row for row in data.whole().rows() if row.number in failures)
    marked = ({**row.record, **_marks(row.number, failures[row.number])} for row in rows)
    unfinished = path.with_name(f"{path.name}.unfinished")
    data.write(unfinished, marked, more=tuple(_marks(0, Failure(Outcome.REFUSED, ""))))
    unfinished.replace(path)


def _marks(number: int, failure: Failure) -> Mapping[str, object]:
    return {f"{MARK}row": number, OUTCOME: failure.outcome, f"{MARK}reason": failure.reason}
