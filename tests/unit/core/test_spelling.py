import pytest
from hypothesis import given, strategies as st

from cgmock.core.routing import Endpoint
from cgmock.core.spelling import member, nearest

KNOWN = ("Account Name", "Email", "First Name", "Last Name", "NPS Score")


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("Emial", "Email"),
        ("email", "Email"),
        ("E-Mail", "Email"),
        ("AccountName", "Account Name"),
        (" account_name ", "Account Name"),
        ("Account\N{NO-BREAK SPACE}Name", "Account Name"),
        ("Frist Name", "First Name"),
        ("Nps score", "NPS Score"),
        ("Еmаil", "Email"),
        ("Ｅｍａｉｌ", "Email"),
        ("Em\N{ZERO WIDTH SPACE}ail", "Email"),
        ("Email" + " " * 100_000, "Email"),
    ],
)
def test_a_misspelt_word_is_led_to_the_nearest(word: str, known: str) -> None:
    assert nearest(word, KNOWN) == known


@pytest.mark.parametrize("word", ["", " - ", "Weather", "\ud800", "x" * 100_000, "Email" + "x" * 100_000])
def test_an_unrelated_word_is_led_nowhere(word: str) -> None:
    assert nearest(word, KNOWN) is None


def test_where_nothing_is_known_nothing_is_near() -> None:
    assert nearest("Email", ()) is None


@pytest.mark.parametrize("word", ["Email", "", "?"])
def test_a_known_word_without_a_letter_is_near_to_nothing(word: str) -> None:
    assert nearest(word, ("", " - ")) is None


def test_words_of_any_length_may_be_the_same() -> None:
    assert nearest("x" * 100_000, ("x" * 1_000,)) == "x" * 1_000


def test_a_word_that_differs_in_its_case_only_wins_over_one_that_is_merely_alike() -> None:
    assert nearest("email", ("Emails", "E Mail", "Emial")) == "E Mail"


def test_of_words_that_are_alike_the_first_wins() -> None:
    assert nearest("Emall", ("Email", "Emaxl")) == "Email"


def test_two_swapped_letters_of_four_are_alike_enough() -> None:
    assert nearest("Naem", ("Name",)) == "Name"


@pytest.mark.parametrize(("word", "known"), [("Namx", "Name"), ("Ema", "Email")])
def test_three_letters_in_common_of_four_are_alike_enough(word: str, known: str) -> None:
    assert nearest(word, (known,)) == known


def test_one_letter_of_three_is_too_much() -> None:
    assert nearest("nsp", ("nps",)) is None


@given(st.text(), st.lists(st.text()))
def test_what_is_suggested_is_known(word: str, known: list[str]) -> None:
    assert nearest(word, known) in {*known, None}


@given(st.text(st.characters(categories=("L", "N")), min_size=1), st.lists(st.text()))
def test_a_known_word_of_letters_always_has_a_suggestion(word: str, others: list[str]) -> None:
    assert nearest(word, [*others, word]) is not None


def test_a_name_means_its_member() -> None:
    assert member(Endpoint, "endpoint", "records") is Endpoint.RECORDS
    assert member(Endpoint, "endpoint", Endpoint.TOKEN) is Endpoint.TOKEN


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("recods", "unknown endpoint `recods`; did you mean `records`?"),
        ("RECORDS", "unknown endpoint `RECORDS`; did you mean `records`?"),
        ("x", "unknown endpoint `x`; valid names: token, keys, records, responses, webhook."),
        (5, "unknown endpoint `5`; valid names: token, keys, records, responses, webhook."),
        (
            "x" * 1000,
            f"unknown endpoint `{'x' * 60}`; valid names: token, keys, records, responses, webhook.",
        ),
    ],
)
def test_an_unknown_name_is_refused_with_the_closest_valid_one(name: object, sentence: str) -> None:
    class OwnError(ValueError):
        pass

    with pytest.raises(OwnError) as caught:
        member(Endpoint, "endpoint", name, OwnError)

    assert str(caught.value) == sentence
