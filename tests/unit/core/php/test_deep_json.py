import json

import pytest
from hypothesis import given, strategies as st

from cgmock.core.php import deep_json

DECODER = json.JSONDecoder()
BITS = [
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    '"a"',
    '"b":',
    "1",
    "null",
    " ",
    "\n",
    '"',
    "-",
    "[]",
    "{ }",
    "\\",
    "\0",
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.sampled_from([None, 1]))
def test_every_document_is_read_as_python_reads_it(value: object, indent: int | None) -> None:
    assert deep_json.decode(json.dumps(value, indent=indent), DECODER, 100) == value


@given(st.lists(st.sampled_from(BITS), max_size=8).map("".join))
def test_what_python_refuses_is_refused(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(ValueError, match=r"."):
            deep_json.decode(text, DECODER, 100)
    else:
        assert deep_json.decode(text, DECODER, 100) == expected


@pytest.mark.parametrize("text", ["[1}", '{"a":1]', "[1", "[1]]", "[[1] 2]", "{1:2}", "[1,]", "", "[}"])
def test_an_array_that_is_not_closed_as_it_was_opened_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        deep_json.decode(text, DECODER, 100)


@pytest.mark.parametrize(
    ("text", "depth"), [("[]", 1), ("[1]", 1), ("[[ ]]", 2), ('{"a":[1]}', 2), ("1", 0), ('[{"a":1}, 2]', 2)]
)
def test_a_document_has_at_most_so_many_levels(text: str, depth: int) -> None:
    assert deep_json.decode(text, DECODER, depth) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "depth"), [("[]", 0), ("{}", 0), ("[[ ]]", 1), ("[{ }]", 1), ('{"a":[1]}', 1), ("[[1", 1)]
)
def test_a_deeper_document_is_refused(text: str, depth: int) -> None:
    with pytest.raises(ValueError, match=r"^too deep$"):
        deep_json.decode(text, DECODER, depth)


@pytest.mark.parametrize("text", ["[1}", "{1:2}"])
def test_a_wrong_sign_makes_a_document_unreadable(text: str) -> None:
    with pytest.raises(ValueError, match=r"^unreadable$"):
        deep_json.decode(text, DECODER, 100)
