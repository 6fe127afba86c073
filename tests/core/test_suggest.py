import pytest

from cgmock.core.suggest import nearest

KNOWN = ("Account Name", "Email", "First Name", "NPS Score")


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("Emial", "Email"),
        ("email", "Email"),
        ("AccountName", "Account Name"),
        (" account_name ", "Account Name"),
        ("Frist Name", "First Name"),
        ("Еmаil", "Email"),
        ("Nps score", "NPS Score"),
    ],
)
def test_a_misspelt_word_is_led_to_the_nearest(word: str, known: str) -> None:
    assert nearest(word, KNOWN) == known


@pytest.mark.parametrize("word", ["", " - ", "Weather", "x" * 100_000])
def test_an_unrelated_word_is_led_nowhere(word: str) -> None:
    assert nearest(word, KNOWN) is None
