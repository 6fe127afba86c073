import pytest
from hypothesis import given, strategies as st

from cgmock.core.php.multipart import parse_multipart
from cgmock.core.php.values import PhpArray

TYPE = "multipart/form-data; boundary=x"
NAMED_A = "Content-Disposition: form-data; name=a"


@pytest.mark.parametrize(
    ("disposition", "fields"),
    [
        ('Content-Disposition: form-data; name="a"', {"a": "1"}),
        ("CONTENT-DISPOSITION:;name='a'", {"a": "1"}),
        ('Content-Disposition: form-data; name="record[Account Name]"', {"record": {"Account Name": "1"}}),
        ('Content-Disposition: form-data; name="a[ ]"', {"a": {0: "1"}}),
        ('Content-Disposition: form-data; name="a \\" \\\\b"', {'a_"_\\b': "1"}),
        ("Content-Disposition: form-data; name=a\\\\b c", {"a\\b": "1"}),
        ('Content-Disposition: form-data; x="; name=b"; NAME== a', {"a": "1"}),
        ('Content-Disposition: form-data; name="b"; name="a"', {"a": "1"}),
        ('Content-Disposition: form-data; name="a', {"a": "1"}),
        ("Content-Disposition: form-data; name=", {}),
        ("Content-Disposition: form-data", {}),
        ("Content-Disposition : form-data; name=a", {}),
        ("Content-Disposition: form-data;\r\n name=a", {"a": "1"}),
        ("Content-Disposition: form-data;\r\nname=a", {"a": "1"}),
        ("Content-Disposition: form-data;\r\n x:y; name=a", {"a": "1"}),
        ("Content-Disposition:\r\n name=a", {"a": "1"}),
        ("Content-Disposition: name=a", {"a": "1"}),
        ("Content-Disposition: \xa0name=a", {}),
        ("Content-Disposition: form-data; name=a; name", {"a": "1"}),
        ('Content-Disposition: form-data; name="a:b"', {"a:b": "1"}),
        ('Content-Disposition: form-data; name="a \r\nb"', {"a_b": "1"}),
        ("X: y\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: name=b", {"a": "1"}),
        (" ignored\r\nContent-Disposition: form-data; name=a", {"a": "1"}),
        ("\0", {}),
        ('Content-Disposition: form-data; name="\udcff"', {"\udcff": "1"}),
    ],
)
def test_a_part_has_the_name_that_php_finds(disposition: str, fields: PhpArray) -> None:
    assert parse_multipart(form(part(disposition, "1")), TYPE) == fields


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (f"--x\n{NAMED_A}\n\n1\n--x", "1"),
        (f"preamble\r\n--x\r\n{NAMED_A}\r\n\r\n1\r\n--x--", "1"),
        (f"--x\n{NAMED_A}\n\n1\r\r\n--x", "1\r"),
        (f"--x\n{NAMED_A}\n\n1\r\n--y\n--x", "1\r\n--y"),
        (f"--x\n{NAMED_A}\n\n1\n--xyz\n--x", "1"),
        (f"\n--x\n{NAMED_A}\n\n1\n--x", "1"),
        (f"--x\n{NAMED_A}\n\n1\n2\n--", "1\n2"),
        (f"--x\n{NAMED_A}\n\n1\0\n--x", "1\0"),
        (f"--x\n{NAMED_A}\n\n1", "1"),
        (f"--x\n{NAMED_A}\n\n1\r\n", "1"),
        (f"--x\n{NAMED_A}\n\n1\r\n--", "1"),
        (f"--x\n{NAMED_A}\n\n1\r", "1\r"),
        (f"--x\n{NAMED_A}\n\n1\n2", "1\n2"),
        (f"--x\n{NAMED_A}\n\n--x", "--x"),
        (f"--x--\n--x\n{NAMED_A}\n\n1\n--x", "1"),
        (f"--x\n{NAMED_A}\0; name=b\n\n1\n--x", "1"),
    ],
)
def test_a_value_ends_where_php_ends_it(body: str, value: str) -> None:
    assert parse_multipart(body.encode(), TYPE) == {"a": value}


@pytest.mark.parametrize(
    "content_type",
    [
        'multipart/form-data; boundary="x"; y',
        "multipart/form-data; BOUNDARY=x",
        "multipart/form-data, boundary=x, y",
        "multipart/form-data; the boundary is=x;",
        "multipart/form-data; boundary=x; boundary=y",
        "multipart/form-data; BOUNDARY=y; boundary=x",
        "multipart/form-data; BOUNDARY=x; BOUNDARY=y",
        "multipart/form-data; boundary=x; y=z",
        'multipart/form-data; boundary="x"; y="z"',
        "boundary=x",
    ],
)
def test_the_boundary_is_found(content_type: str) -> None:
    assert parse_multipart(form(part(NAMED_A, "1")), content_type) == {"a": "1"}


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary",
        'multipart/form-data; boundary="x',
        "x=x",
        "multipart/form-data; boundary=\u0100",
    ],
)
def test_without_a_boundary_there_are_no_fields(content_type: str) -> None:
    assert parse_multipart(form(part(NAMED_A, "1")), content_type) == {}


def test_without_a_boundary_two_dashes_are_none() -> None:
    assert parse_multipart(f"--\n{NAMED_A}\n\n1\n--".encode(), "multipart/form-data; x=") == {}


@pytest.mark.parametrize(("size", "fields"), [(5116, {"a": "1"}), (5117, {})])
def test_a_boundary_may_be_as_long_as_php_has_room_for(size: int, fields: PhpArray) -> None:
    boundary = "b" * size
    body = f"--{boundary}\n{NAMED_A}\n\n1\n--{boundary}"

    assert parse_multipart(body.encode(), f"multipart/form-data; boundary={boundary}") == fields


def test_behind_a_file_that_was_not_chosen_the_next_part_is_found_at_once() -> None:
    no_file = 'Content-Disposition: form-data; name=f; filename=""'

    body = f"--x\n{no_file}\n\n--x\n{NAMED_A}\n\n1\n--x"

    assert parse_multipart(body.encode(), TYPE) == {"a": "1"}


def test_bytes_of_a_value_that_are_no_utf_8_become_surrogate_escapes() -> None:
    assert parse_multipart(form(part(NAMED_A, "\udcff")), TYPE) == {"a": "\udcff"}


def test_a_part_with_a_file_is_passed_over() -> None:
    file = part("Content-Disposition: form-data; name=f; filename=g", "2")
    no_file = part('Content-Disposition: form-data; name=f; filename=""', "")

    assert parse_multipart(form(file, no_file, part(NAMED_A, "1")), TYPE) == {"a": "1"}


def test_a_part_without_a_disposition_is_passed_over() -> None:
    assert parse_multipart(form(part("X: y", "2"), part(NAMED_A, "1")), TYPE) == {"a": "1"}


def test_nothing_is_read_behind_a_part_without_a_name() -> None:
    garbled = part("Content-Disposition: form-data", "2")

    assert parse_multipart(
        form(part("Content-Disposition:;name=b", "2"), garbled, part(NAMED_A, "1")), TYPE
    ) == {"b": "2"}


def test_a_form_has_at_most_a_thousand_fields() -> None:
    parts = [part(f"Content-Disposition: form-data; name=f{number}", "x") for number in range(1005)]

    assert list(parse_multipart(form(*parts), TYPE))[-1] == "f999"


def test_a_form_has_at_most_a_thousand_and_twenty_parts() -> None:
    files = [part("Content-Disposition: form-data; name=f; filename=g", "2")] * 1019

    assert parse_multipart(form(*files, part(NAMED_A, "1")), TYPE) == {"a": "1"}
    assert parse_multipart(form(*files, files[0], part(NAMED_A, "1")), TYPE) == {}


def test_a_line_that_is_longer_than_php_s_buffer_is_several() -> None:
    name = "y" * (5120 - len("Content-Disposition: form-data; name=")) + ":; name=a"

    assert parse_multipart(form(part(f"Content-Disposition: form-data; name={name}", "1")), TYPE) == {
        name.partition(":")[0]: "1"
    }


@given(
    st.binary() | st.lists(st.sampled_from(["--x", "\n", "\r\n", NAMED_A, "1"])).map("".join).map(str.encode)
)
def test_every_body_is_read(body: bytes) -> None:
    assert all(isinstance(key, int | str) for key in parse_multipart(body, TYPE))


def part(disposition: str, value: str) -> str:
    return f"--x\r\n{disposition}\r\n\r\n{value}\r\n"


def test_a_last_line_as_long_as_php_s_buffer_counts_although_nothing_ends_it() -> None:
    body = "--x\n" + NAMED_A.ljust(5120, "\t")

    assert parse_multipart(body.encode(), TYPE) == {"a": ""}


def test_a_line_that_php_s_buffer_cuts_keeps_its_carriage_return() -> None:
    begin = 'Content-Disposition: form-data; name="'.ljust(5119, "n")

    (name,) = parse_multipart(f'--x\n{begin}\ry"\n\n1\n--x'.encode(), TYPE)

    assert str(name).endswith("n\ry")


def form(*parts: str) -> bytes:
    return ("".join(parts) + "--x--\r\n").encode("utf-8", "surrogateescape")
