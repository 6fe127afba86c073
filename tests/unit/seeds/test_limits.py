"""Files that no seed is like are refused with one sentence, and within a second."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cgmock import seeds
from cgmock.seeds.reader import MAX_BYTES, MAX_MISTAKES

TENANT = '[[tenants]]\nname = "acme"\n'
A_SECOND = 1.0 if sys.gettrace() is None else 10.0
"""Measuring coverage takes its time, too."""


@contextmanager
def within_a_second() -> Iterator[None]:
    """Fail if something takes longer, by the time of this process's processor."""
    started = time.process_time()
    yield
    assert time.process_time() - started < A_SECOND


def mistakes(path: Path) -> tuple[seeds.Mistake, ...]:
    """The mistakes of a file, which both kinds of files have."""
    with within_a_second(), pytest.raises(seeds.SeedError) as refused:
        seeds.load(path)
    with within_a_second(), pytest.raises(seeds.SeedError):
        seeds.load_mapping(path)
    return refused.value.mistakes


@pytest.mark.parametrize("kind", ["/dev/zero", "fifo", "directory", "/dev/null"])
def test_what_is_no_file_is_not_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "seed.toml" if not kind.startswith("/") else Path(kind)
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()

    assert mistakes(path) == (seeds.Mistake(str(path), 1, "", "cannot be read: it is not a regular file."),)


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "seed.toml"
    with path.open("wb") as file:
        file.truncate(64 * 1024**3)

    assert mistakes(path) == (seeds.Mistake(str(path), 1, "", "is larger than 1024 KiB: split it."),)


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "seed.toml"
    path.write_text(f"{TENANT}{'#' * (MAX_BYTES - len(TENANT))}")

    assert [tenant.name for tenant in seeds.load(path)] == ["acme"]


@pytest.mark.parametrize(
    "line",
    [
        "a.b" * 66_000 + " = 1",
        f"[{'a.' * 100_000}a]",
        f"x = {{ {'a.' * 100_000}a = 1 }}",
        f"[[{' . '.join(['a'] * 50_000)}]]",
        '"a".' * 40_000 + "a = 1",
        f"{'a.' * 100_000}",
    ],
)
def test_a_key_that_is_too_deep_is_one_sentence(tmp_path: Path, line: str) -> None:
    path = tmp_path / "seed.toml"
    path.write_text(f"{TENANT}{line}\n")

    assert mistakes(path) == (seeds.Mistake(str(path), 3, "", "a key must not have more than 32 dots."),)


def test_dots_in_texts_comments_and_numbers_are_no_depth() -> None:
    dots = "." * 100
    text = f"{TENANT}# {dots}\ntouchpoints = ['{dots}', \"{dots}\", '''{dots}''']\n"

    assert seeds.loads(text)[0].touchpoints == {dots}


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(f"key{number} = 1" for number in range(30_000)),
        TENANT + "\n".join(f"key{number} = 1" for number in range(30_000)),
        "\n".join(TENANT.replace("name", f"n{number}") for number in range(10_000)),
        TENANT + "[[tenants.webhooks]]\n" * 10_000,
    ],
)
def test_only_the_first_mistakes_are_listed(tmp_path: Path, text: str) -> None:
    path = tmp_path / "seed.toml"
    path.write_text(text)

    *listed, last = mistakes(path)

    assert len(listed) == MAX_MISTAKES
    assert last.message == "only the first 50 mistakes are listed."


def test_a_table_with_too_many_mistakes_is_refused_as_soon() -> None:
    with within_a_second(), pytest.raises(seeds.SeedError) as refused:
        seeds.tenant({f"key{number}": 1 for number in range(100_000)})

    assert len(refused.value.mistakes) == MAX_MISTAKES + 1
