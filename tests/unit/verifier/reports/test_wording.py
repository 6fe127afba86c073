"""What strangers wrote is shown on one line, and nothing of it is lost before it is too long."""

import json

import pytest
from hypothesis import given, settings, strategies as st
from rich.cells import cell_len

from cgmock.verifier.reports.wording import clear, folded, quoted
from tests.unit.verifier.reports.strategies import texts


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Account Name", "Account Name"),
        (" Account  Name ", r"\u0020Account  Name\u0020"),
        ("Account\u00a0Name", r"Account\u00a0Name"),
        ("a\u200bb\ufe0fc\u3164", r"a\u200bb\ufe0fc\u3164"),
        ("\u202eevil", r"\u202eevil"),
        ("a\nb\\n", r"a\nb\\n"),
        ("\udc80\x00", r"\udc80\u0000"),
        ("x" * 1_000_000, "x" * 200 + "… (1,000,000 characters)"),
        ('say "no"', 'say "no"'),
    ],
)
def test_what_nobody_would_see_is_written_out(text: str, shown: str) -> None:
    assert clear(text) == shown


@settings(deadline=None)
@given(texts)
def test_a_text_in_quotes_is_json(text: str) -> None:
    short = f"{text[:200]}… ({len(text):,} characters)" if len(text) > 200 else text

    assert json.loads(quoted(text)) == json.loads(json.dumps(short))


@settings(deadline=None)
@given(texts.map(clear), st.integers(2, 50))
def test_folded_lines_are_the_text(text: str, width: int) -> None:
    lines = list(folded(text, width))

    assert "".join(lines) == text
    assert all(cell_len(line) <= width for line in lines)


def test_lines_break_after_blanks() -> None:
    assert list(folded("a heading that is lost", 10)) == ["a heading ", "that is ", "lost"]
