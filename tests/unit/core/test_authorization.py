import pytest

from cgmock.core.authorization import Basic, basic
from cgmock.core.messages import Request


@pytest.mark.parametrize(
    ("header", "credentials"),
    [
        ("Basic dTpw", Basic("u", "p")),
        ("bASIC  dTpw ", Basic("u", "p")),
        ("Basic dTpwOnA=", Basic("u", "p:p")),
        ("Basic dQ==", Basic("u", "")),
        ("Basic d!Tpw", Basic(None, None)),
        ("Basic /w==", Basic(None, None)),
        ("Basic", Basic("", "")),
        ("Bearer dTpw", None),
        ("", None),
    ],
)
def test_a_basic_header_holds_a_username_up_to_the_first_colon_and_a_password(
    header: str, credentials: Basic | None
) -> None:
    assert basic(Request("PUT", "/", headers={"authorization": header})) == credentials
