import json

import pytest
from hypothesis import given, strategies as st

from cgmock.core.php import values as php
from cgmock.core.php.values import PhpValue
from tests.paths import FIXTURES
from tests.php_notation import notation

VECTORS = FIXTURES / "php"


def vectors(function: str) -> pytest.MarkDecorator:
    """Texts, and what PHP 8.2 understood."""
    file = json.loads((VECTORS / f"{function}.json").read_text())
    rows = [
        pytest.param(vector["sent"].encode("utf-8", "surrogateescape"), vector["understood"], id=f"{number}")
        for number, vector in enumerate(file["vectors"])
    ]
    return pytest.mark.parametrize(("sent", "understood"), rows)


@vectors("parse_str")
def test_a_form_is_read_as_php_reads_it(sent: bytes, understood: object) -> None:
    fields = php.parse_str(sent)

    assert notation(fields) == notation_of_vector(understood)


@vectors("json_decode")
def test_a_json_document_is_read_as_php_reads_it(sent: bytes, understood: object) -> None:
    value = php.json_decode(sent)

    assert notation(value) == notation_of_vector(understood)


@vectors("strval")
def test_a_number_becomes_the_text_that_php_makes_of_it(sent: bytes, understood: str) -> None:
    text = php.text(php.json_decode(sent))

    assert text == understood


def test_a_boolean_becomes_the_digit_that_a_database_keeps() -> None:
    assert (php.text(True), php.text(False)) == ("1", "0")  # noqa: FBT003  (the values in question)


@given(st.binary())
def test_every_text_is_a_form(sent: bytes) -> None:
    for fields in (php.parse_str(sent), php.parse_post(sent)):
        assert all(isinstance(key, int | str) for key in fields)


@given(st.binary() | st.text('{}[]:,"\\u0d8ctrue-1.eE \n\0', max_size=30).map(str.encode))
def test_every_text_is_decoded(sent: bytes) -> None:
    php.json_decode(sent)


def test_a_form_has_at_most_a_thousand_fields() -> None:
    sent = b"&".join(b"f%d=x" % number for number in range(1005))

    fields = php.parse_str(b"&&" + sent)

    assert list(fields)[-1] == "f999"


def test_a_posted_form_has_one_field_more() -> None:
    sent = b"&".join(b"f%d=x" % number for number in range(1005))

    fields = php.parse_post(sent)

    assert list(fields)[-1] == "f1000"


def test_empty_fields_of_a_posted_form_count() -> None:
    fields = php.parse_post(b"&" * 1000 + b"a=1&b=2")

    assert fields == {"a": "1"}


def test_a_nul_does_not_end_a_posted_form() -> None:
    fields = php.parse_post(b"a=1\0&b=2")

    assert fields == {"a": "1\0", "b": "2"}


def test_a_name_may_have_64_brackets() -> None:
    fields = php.parse_str(b"a" + b"[x]" * 64 + b"=1")

    assert levels(fields) == 65


def test_a_name_with_one_bracket_more_is_dropped_and_all_that_its_base_name_has() -> None:
    deep = b"a" + b"[x]" * 65 + b"=1"

    assert php.parse_str(deep) == {}
    assert php.parse_str(b"a=1&b=2&" + deep) == {"b": "2"}


def test_a_bracket_that_is_left_open_may_be_the_64th() -> None:
    fields = php.parse_str(b"a" + b"[x]" * 63 + b"[y=1")

    assert levels(fields) == 64


@pytest.mark.parametrize("letter", [*"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-"])
def test_a_name_keeps_its_first_letter(letter: str) -> None:
    assert php.parse_str(letter.encode()) == {letter: ""}


def test_only_the_first_equals_sign_ends_a_name() -> None:
    assert php.parse_str(b"a=b=c&d=e=f%26") == {"a": "b=c", "d": "e=f&"}


def test_the_greatest_integer_may_be_appended_and_nothing_after_it() -> None:
    fields = php.parse_str(b"a[9223372036854775806]=x&a[]=y&a[]=z")

    assert fields == {"a": {9223372036854775806: "x", 9223372036854775807: "y"}}


def test_a_cookie_s_name_is_kept_when_it_was_sent_so() -> None:
    fields = php.parse_str(b"__Host-x.y-z=1&..Host-x=2&a[__Secure-b]=3")

    assert fields == {"__Host-x_y-z": "1", "a": {}}


def test_json_may_be_nested_511_times() -> None:
    value = php.json_decode(b"[" * 511 + b"1" + b"]" * 511)

    assert levels(value) == 511


@pytest.mark.parametrize("depth", [512, 2000, 200_000])
def test_json_that_is_nested_deeper_is_unreadable(depth: int) -> None:
    lists = php.json_decode(b"[" * depth + b"]" * depth)
    objects = php.json_decode(b'{"a":' * depth + b"1" + b"}" * depth)

    assert (lists, objects) == (None, None)


def test_json_may_be_nested_as_deep_whoever_asks() -> None:
    sent = b'{"a":[' * 255 + b"1" + b"]}" * 255

    assert levels(from_a_depth_of(700, sent)) == 510
    assert from_a_depth_of(700, b"[" * 512 + b"]" * 512) is None


@pytest.mark.parametrize(
    ("string", "length"),
    [
        ("", 0),
        ("abc", 3),
        ("é€\U0001f600", 3),
        ("\udcff\udcc1\udcf8", 3),
        ("caf\udce9 x", 4),
        ("\udcf0ab", 1),
        ("\x80x", 2),
        ("\u0800x", 2),
        ("\U00010000x", 2),
        ("\udcf8abc", 4),
    ],
)
def test_characters_are_counted_as_php_counts_them(string: str, length: int) -> None:
    assert php.length(string) == length


@pytest.mark.parametrize("sign", [b"", b"-"])
def test_a_number_may_have_any_number_of_digits(sign: bytes) -> None:
    value = php.json_decode(sign + b"9" * 5000)

    assert value == float(sign + b"inf")


@pytest.mark.parametrize("blank", [" ", "\t", "\n", "\r", "\0", "\x0b"])
def test_blanks_are_trimmed(blank: str) -> None:
    assert php.trim(f"{blank}a{blank}b{blank}{blank}") == f"a{blank}b"


@pytest.mark.parametrize("character", ["\x0c", "\xa0", "\u2003", "\ufeff"])
def test_other_white_space_is_kept(character: str) -> None:
    assert php.trim(f"{character}a{character}") == f"{character}a{character}"


@pytest.mark.parametrize(
    ("value", "array"), [(None, {}), ("x", {0: "x"}), (0, {0: 0}), ({"a": 1}, {"a": 1})], ids=repr
)
def test_a_scalar_becomes_an_array_of_itself(value: PhpValue, array: PhpValue) -> None:
    assert php.to_array(value) == array


def notation_of_vector(understood: object) -> str:
    return json.dumps(understood).replace("Infinity", "1e999")


def from_a_depth_of(calls: int, sent: bytes) -> PhpValue:
    return from_a_depth_of(calls - 1, sent) if calls else php.json_decode(sent)


def levels(value: PhpValue) -> int:
    """Arrays in arrays, down to the first value that is none."""
    deep = 0
    while isinstance(value, dict):
        deep, value = deep + 1, next(iter(value.values()), None)
    return deep
