"""What a check finds of its own among what it reads."""

from cgmock.contract.conversation import Conversation, Found
from cgmock.mock_api import MockAPI
from tests.unit.contract.fakes import ACME, session


def test_a_text_is_found_wherever_it_is_and_in_any_case() -> None:
    found = Found({}, {"number": 1, "contact": {"name": None}, "tags": ["one", {"name": "A Mark"}]})

    assert found.mentions("a mark")
    assert not found.mentions("another")


def test_only_the_marks_of_its_own_check_and_run_are_its_own() -> None:
    conversation = Conversation("heading.stored", session(MockAPI([ACME]), run="abcd1234"))
    mark = conversation.mark()
    rows = [
        {"comment": f"cgmock {mark}", "email": f"cgmock+{mark}@example.com"},
        {"comment": mark.replace("abcd", "dcba")},
        {"comment": mark.replace("stored", "unmapped")},
        "no row",
    ]

    assert mark == "abcd1234-heading-stored-01"
    assert conversation.marks_in(rows) == [mark]
    conversation.session.close()
