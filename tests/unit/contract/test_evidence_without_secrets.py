"""The plan, the list of writes and the evidence of a contract run show no secret, whatever its characters."""

import json

import httpx
from hypothesis import example, given, settings, strategies as st

from cgmock.contract.exchanges import answered, asked, names
from cgmock.journal.redaction import Redactor
from cgmock.live.rails import shown
from tests.unit.journal.test_redaction import ENCODINGS, SECRETS, leaks, texts


@example("00123\x80", "Latin-1")
@example("00123\x80", "Latin-1 in percent signs")
@given(secret=SECRETS, encoding=st.sampled_from(sorted(ENCODINGS)))
@settings(max_examples=60)
def test_no_exchange_shows_a_secret(secret: str, encoding: str) -> None:
    encoded = ENCODINGS[encoding](secret)
    redactor = Redactor([secret])
    tidied = names({}, {secret: "<client secret>"}, redactor).tidied
    for content_type in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        headers = {
            "content-type": content_type,
            "x-note": encoded.decode("latin-1").encode("ascii", "ignore").decode(),
        }
        for body in (b'{"record": {"Name": "%s"}}' % encoded, b"a=b&Name=%s" % encoded):
            request = httpx.Request(
                "PUT", "http://h/records/", params={"a": secret}, headers=only_visible(headers), content=body
            )
            response = httpx.Response(422, headers={"content-type": content_type}, content=body)
            evidence = [
                tidied(asked("imports", "/records/", request)),
                tidied(answered(response)),
                shown(request, redactor),
            ]
            text = json.dumps(evidence, ensure_ascii=False) + "\n".join(texts(evidence))
            assert leaks(text, secret) == []


def test_a_secret_is_redacted_before_a_long_body_is_cut() -> None:
    body = "x" * 1990 + "a-known-secret" + "x" * 10
    request = httpx.Request("PUT", "http://h/", content=body)

    assert shown(request, Redactor(["a-known-secret"]))["body"] == f"{'x' * 1990}[redacted]… (2014 bytes)"


def test_a_secret_is_redacted_before_a_long_text_of_the_evidence_is_cut() -> None:
    tidied = names({}, {}, Redactor(["a-known-secret"])).tidied
    response = httpx.Response(422, text="x" * 390 + "a-known-secret" + "x" * 10)

    assert tidied(answered(response))["text"] == f"{'x' * 390}[redacted]… (410 characters)"


def only_visible(headers: dict[str, str]) -> dict[str, str]:
    """Headers without the characters that httpx refuses to send."""
    return {name: "".join(filter(str.isprintable, value)) for name, value in headers.items()}
