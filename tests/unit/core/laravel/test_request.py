import pytest
from hypothesis import given, strategies as st

from cgmock.core.laravel.request import POST_MAX_SIZE, effective_method, read_input, too_large
from cgmock.core.messages import Request
from cgmock.core.php.values import PhpArray, PhpValue

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    "content_type",
    [JSON, f"{JSON}; charset=utf-8", "application/vnd.api+json", "text/json", f"{FORM}; x=/json"],
)
@pytest.mark.parametrize("method", ["PUT", "POST", "GET", "OPTIONS"])
def test_json_is_read_with_any_method(method: str, content_type: str) -> None:
    read = read_input(request(b'{"a":"b"}', content_type, method=method))

    assert read.values == {"a": "b"}


@pytest.mark.parametrize("content_type", ["APPLICATION/JSON", "application/js", "text/plain", FORM, ""])
def test_json_of_another_content_type_is_not_read(content_type: str) -> None:
    read = read_input(request(b'{"a":"b"}', content_type))

    assert "a" not in read.values


def test_json_that_is_no_object_becomes_an_array() -> None:
    read = read_input(request(b'"a"', JSON))

    assert read.values == {0: "a"}


def test_unreadable_json_has_no_fields() -> None:
    read = read_input(request(b'{"a":', JSON))

    assert read.values == {}


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", f"{FORM}X"])
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "put"])
def test_a_form_is_read_with_a_method_that_writes(method: str, content_type: str) -> None:
    read = read_input(request(b"record[a]=b", content_type, method=method))

    assert read.values == {"record": {"a": "b"}}


@pytest.mark.parametrize("content_type", [FORM.upper(), "text/plain", "multipart/form-data; boundary=x", ""])
def test_a_form_of_another_content_type_is_not_read(content_type: str) -> None:
    read = read_input(request(b"a=b", content_type))

    assert read.values == {}


@pytest.mark.parametrize("content_type", [FORM, FORM.upper(), f"{FORM};x", f"{FORM},x", f"{FORM} x"])
def test_a_posted_form_is_read_whatever_its_case(content_type: str) -> None:
    read = read_input(request(b"a=b", content_type, method="POST"))

    assert read.values == {"a": "b"}


MULTIPART = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n b \r\n--x--"


@pytest.mark.parametrize(
    "content_type", ["multipart/form-data; boundary=x", "MULTIPART/FORM-DATA,boundary=x"]
)
def test_a_posted_multipart_form_is_read(content_type: str) -> None:
    read = read_input(request(MULTIPART, content_type, method="POST"))

    assert (read.raw, read.values) == ({"a": " b "}, {"a": "b"})


def test_a_multipart_form_is_read_of_a_post_only() -> None:
    read = read_input(request(MULTIPART, "multipart/form-data; boundary=x"))

    assert read.values == {}


def test_a_multipart_form_that_pretends_to_be_json_has_no_fields() -> None:
    read = read_input(request(b'{"a":"b"}', "multipart/form-data; x=/json; boundary=x", method="POST"))

    assert read.values == {}


def test_a_posted_form_is_read_by_php_itself_and_goes_on_after_a_nul() -> None:
    posted = read_input(request(b"a=1\0&b=2", FORM, method="POST"))
    put = read_input(request(b"a=1\0&b=2", FORM))

    assert (list(posted.values), list(put.values)) == (["a", "b"], ["a"])


@pytest.mark.parametrize("content_type", [f"{FORM}X", f"{FORM}\t", "text/plain"])
def test_a_posted_form_of_another_content_type_is_not_read(content_type: str) -> None:
    read = read_input(request(b"a=b", content_type, method="POST"))

    assert read.values == {}


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_form_is_not_read_with_a_method_that_reads(method: str) -> None:
    read = read_input(request(b"a=b", FORM, method=method, query="c=d"))

    assert read.values == {"c": "d"}


@pytest.mark.parametrize(("body", "content_type"), [(b'{"a":"body"}', JSON), (b"a=body", FORM)])
def test_the_query_adds_what_the_body_does_not_have(body: bytes, content_type: str) -> None:
    read = read_input(request(body, content_type, query="b=query&a=query"))

    assert list(read.values.items()) == [("a", "body"), ("b", "query")]


def test_the_query_is_read_in_the_bytes_that_were_sent() -> None:
    read = read_input(request(b"", JSON, query="a=caf\xc3\xa9&b=%e2%82%ac"))

    assert read.values == {"a": "café", "b": "€"}


def test_strings_are_trimmed_and_empty_ones_become_none() -> None:
    read = read_input(request(b'{"a":" x\\n","b":"","c":{"d":" \\u0000","e":["y "]},"f":1}', JSON))

    assert read.values == {"a": "x", "b": None, "c": {"d": None, "e": {0: "y"}}, "f": 1}
    assert read.raw == {"a": " x\n", "b": "", "c": {"d": " \0", "e": {0: "y "}}, "f": 1}


def test_trimming_keeps_the_order() -> None:
    read = read_input(request(b"a=+x&b=y&c=", FORM))

    assert list(read.values) == ["a", "b", "c"]


def test_names_are_not_trimmed() -> None:
    read = read_input(request(b'{" a ":"x"}', JSON))

    assert read.values == {" a ": "x"}


def test_what_trimming_leaves_alone_is_the_same_object() -> None:
    read = read_input(request(b'{"a":" x","b":"y","c":{"d":"z"},"e":{"f":""}}', JSON))

    changed = {key: read.values[key] is not read.raw[key] for key in read.raw}
    assert changed == {"a": True, "b": False, "c": False, "e": True}


def test_strings_are_trimmed_at_any_depth() -> None:
    read = read_input(request(b"[" * 511 + b'" x "' + b"]" * 511, JSON))

    assert (innermost(read.values), innermost(read.raw)) == ("x", " x ")


@given(st.binary(), st.sampled_from([JSON, FORM, ""]), st.sampled_from(["PUT", "POST", "GET"]), st.text())
def test_every_request_is_read(body: bytes, content_type: str, method: str, query: str) -> None:
    read = read_input(request(body, content_type, method=method, query=query))

    assert list(read.values) == list(read.raw)


@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE", "BREW", "put"])
def test_only_a_post_can_be_overridden(method: str) -> None:
    headers = {"x-http-method-override": "PATCH"}

    assert effective_method(Request(method, "/", "_method=PATCH", headers)) == method.upper()


@pytest.mark.parametrize(
    ("override", "method"),
    [("PUT", "PUT"), ("put", "PUT"), ("brew", "BREW"), ("p-ut", None), (" PUT", None), ("\xdf", None)],
)
def test_a_header_overrides_the_method(override: str, method: str | None) -> None:
    assert effective_method(Request("POST", "/", "", {"x-http-method-override": override})) == method


@pytest.mark.parametrize(
    ("body", "content_type", "query"),
    [
        (b"_method=put", FORM, ""),
        (b'{"_method":"put"}', JSON, ""),
        (b"", "", "_method=put"),
        (b"_method=+put+", FORM, "_method=patch"),
    ],
)
def test_a_field_overrides_the_method(body: bytes, content_type: str, query: str) -> None:
    assert effective_method(request(body, content_type, method="POST", query=query)) == "PUT"


@pytest.mark.parametrize("override", ["", "0"])
def test_an_empty_header_leaves_the_override_to_the_field(override: str) -> None:
    headers = {"x-http-method-override": override}

    assert effective_method(Request("POST", "/", "_method=put", headers)) == "PUT"


@pytest.mark.parametrize("body", [b"{}", b'{"_method":""}', b'{"_method":1}', b'{"_method":["PUT"]}'])
def test_a_post_without_a_text_for_the_override_stays_a_post(body: bytes) -> None:
    assert effective_method(request(body, JSON, method="POST")) == "POST"


@pytest.mark.parametrize("override", ["p-ut", "0", "po\u017ft"])
def test_a_field_that_is_no_method_is_refused(override: str) -> None:
    body = f'{{"_method":"{override}"}}'.encode()

    assert effective_method(request(body, JSON, method="POST")) is None


def test_eight_mebibytes_are_not_too_large() -> None:
    assert not too_large(Request("PUT", "/", length=POST_MAX_SIZE))


def test_one_byte_more_is_too_large() -> None:
    assert too_large(Request("PUT", "/", length=POST_MAX_SIZE + 1))


def request(body: bytes, content_type: str, *, method: str = "PUT", query: str = "") -> Request:
    return Request(method, "/records/", query, {"content-type": content_type}, body, len(body))


def innermost(array: PhpArray) -> PhpValue:
    value: PhpValue = array
    while isinstance(value, dict):
        value = value[0]
    return value
