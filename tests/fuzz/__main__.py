"""Searches for a request that breaks a promise, led by coverage: `poe fuzz --inputs 1000000`."""

import argparse
import os
import sys
import time
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["cgmock.core"]):
    from tests.fuzz.inputs import mutated, seeds
    from tests.fuzz.search import LONGEST, judged, report


def main() -> None:
    """Try inputs until one fails; then print it as a test, and end with 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    corpus = TemporaryDirectory()
    for number, seed in enumerate(seeds()):
        (Path(corpus.name) / f"{number:04}").write_bytes(seed)
    search = _Search(arguments.inputs, corpus)
    options = [f"-seed={arguments.seed}", f"-max_len={LONGEST}", "-verbosity=0", corpus.name]
    atheris.Setup([sys.argv[0], *options], search, custom_mutator=_mutate)
    atheris.Fuzz()


class _Search:
    """Counts the inputs, and ends the program: libFuzzer itself never comes back."""

    def __init__(self, inputs: int, corpus: TemporaryDirectory[str]) -> None:
        self._inputs = inputs
        self._corpus = corpus
        self._tried = 0
        self._started = time.monotonic()

    def __call__(self, sent: bytes) -> None:
        self._tried += 1
        if judged(sent):
            self._end(report(sent), 1)
        if self._tried == self._inputs:
            self._end("No input broke a promise.", 0)

    def _end(self, text: str, code: int) -> None:
        seconds = time.monotonic() - self._started
        print(f"{text}\n{self._tried} inputs in {seconds:.0f} s, {self._tried / seconds:.0f} a second")
        sys.stdout.flush()
        self._corpus.cleanup()
        os._exit(code)


def _mutate(sent: bytes, longest: int, seed: int) -> bytes:
    """A change of ours, or one of libFuzzer's, which knows what the code compared."""
    random = Random(seed)
    if random.random() < 0.5:
        return bytes(atheris.Mutate(sent, longest))
    return mutated(sent, random)[:longest]


main()
