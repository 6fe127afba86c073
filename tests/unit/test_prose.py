"""The check for the style of sentences."""

import runpy
import sys
from pathlib import Path, PurePath

import pytest

from tests.paths import ROOT
from tests.prose import ADVICE, EXCEPTIONS, hits, main

PLANTED = {
    "The server tells the client.": "code that speaks",
    "A store that knows\nthe tenant.": "code that speaks",
    "The name of A and that of B.": "possessive",
    "A tenant whose clock is frozen.": "possessive",
    "Return None where there is a fault.": "where for if",
    "Nobody sends it.": "nobody",
    "The token is made anew.": "dated adverb",
    "The entry is shown no more.": "dated adverb",
    "The text is sent as\nit is.": "dated adverb",
    "Let the server wait.": "let",
    "Have a tenant be empty.": "let",
    "This token is none.": "is no",
    "This is no token.": "is no",
    "The client shall wait.": "stilted",
    "What the server returns.": "question word",
}
CLEAN = (
    "Return the unknown tenants.",
    "There is no tenant.",
    "The client is no longer connected.",
    "Wait for no more than five seconds.",
    "It has to be valid.",
    "The outlet of the valet.",
    "The command `tell whose` and `nobody`.",
    "See https://example.com/whose.",
)


@pytest.mark.parametrize("sentence", PLANTED)
def test_each_pattern_is_found_in_a_docstring(sentence: str) -> None:
    found = hits(f'def function():\n    """{sentence}"""\n', PurePath("cgmock/x.py"))

    assert [hit.pattern for hit in found] == [PLANTED[sentence]]


def test_each_pattern_has_a_planted_sentence() -> None:
    assert set(PLANTED.values()) == set(ADVICE)


@pytest.mark.parametrize("sentence", CLEAN)
def test_plain_sentences_have_no_hits(sentence: str) -> None:
    assert not hits(f'"""{sentence}"""\n', PurePath("cgmock/x.py"))


WHOSE = "a tenant whose clock stops"
MESSAGES = {
    f'"""First line.\n\n{WHOSE}\n"""': 3,
    f'LIMIT = 5\n"""{WHOSE}"""': 2,
    f"a = 1  # {WHOSE}": 1,
    "a = 1\n# a tenant\n# whose clock\n# stops": 3,
    "# a tenant\n\n# whose clock stops": 3,
    f'raise ValueError("{WHOSE}")': 1,
    f'raise ValueError("It stops: "\n    "{WHOSE}")': 1,
    'raise ValueError(f"a tenant whose clock {state}")': 1,
    'raise ValueError(f"a tenant {name} whose {clock!r} stops")': 1,
    f'option("--x", help="{WHOSE}")': 1,
}


@pytest.mark.parametrize("source", MESSAGES)
def test_comments_docstrings_and_messages_are_searched(source: str) -> None:
    found = hits(source, PurePath("cgmock/x.py"))

    assert [(hit.line, hit.pattern) for hit in found] == [(MESSAGES[source], "possessive")]


@pytest.mark.parametrize(
    "source", ['key = "whose"', 'key = f"{a} whose"', "whose = 1", 'f(f"{whose:>{told}}")']
)
def test_names_and_short_strings_are_not_searched(source: str) -> None:
    assert not hits(source, PurePath("cgmock/x.py"))


def test_names_of_tests_are_searched_and_their_data_is_not() -> None:
    source = f'def test_a_tenant_whose_clock_stops():\n    send("{WHOSE}")\n'

    assert [hit.line for hit in hits(source, PurePath("tests/x.py"))] == [1]


DOCUMENTS = {
    "x.md": (
        "# Tenants\n\na tenant whose\n\n## What it is\n\n```\n# What whose\n```\n\nWhat it is `whose`\n",
        [3, 5],
    ),
    "x.js": (
        "let whose = 'whose';\n/* one\n whose */\nf(`a ${tenant}\nwhose clock`); // let us wait\n",
        [3, 5, 5],
    ),
    "x.html": (
        "<p class='whose it is'>\nwhose <b>anew</b></p>\n<script>\nlet x = 1\n</script> as\nit is\n",
        [2, 2, 5],
    ),
    "x.jinja": ("{# told\nanew #}{% if whose %}{{ whose }}{% endif %}\n", [1, 2]),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_pages_and_scripts_are_searched(name: str) -> None:
    source, lines = DOCUMENTS[name]

    assert [hit.line for hit in hits(source, PurePath(name))] == lines


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree of files with one exception."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "README.md").write_text("A tenant whose clock is told.\n")
    (tmp_path / "cgmock").mkdir()
    (tmp_path / "cgmock" / "x.py").write_text('"""Return."""\n')
    assert main(["--write-exceptions"], tmp_path) == 0
    assert (tmp_path / EXCEPTIONS).read_text() == "    2 README.md\n"
    return tmp_path


def test_a_file_may_have_the_hits_that_are_listed_or_fewer(tree: Path) -> None:
    assert main([], tree) == 0

    (tree / "README.md").write_text("A tenant whose clock stops.\n")
    assert main([], tree) == 0


def test_a_file_that_is_not_listed_may_have_none(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "cgmock" / "x.py").write_text('"""Return.\n\nIt is sent anew.\n"""\n')

    assert main([], tree) == 1
    assert capsys.readouterr().out == (
        "cgmock/x.py has 1 hits, tests/prose-exceptions.txt allows 0:\n"
        'cgmock/x.py:3: dated adverb: "anew"; write instead: no longer, again, still, unchanged, automatically\n'
    )


def test_a_listed_file_may_not_get_worse(tree: Path) -> None:
    (tree / "README.md").write_text("A tenant whose clock is told anew.\n")

    assert main([], tree) == 1


@pytest.mark.parametrize("content", ["A tenant.\n", None])
def test_a_listed_file_without_hits_is_removed_from_the_list(
    tree: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    (tree / "README.md").unlink()
    if content:
        (tree / "README.md").write_text(content)

    assert main([], tree) == 1
    assert "README.md has no hits: run python -m tests.prose --write-exceptions" in capsys.readouterr().out
    assert main(["--write-exceptions"], tree) == 0
    assert main([], tree) == 0


def test_the_hits_of_a_file_are_listed(
    monkeypatch: pytest.MonkeyPatch, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["prose", str(tree / "README.md")])

    with pytest.raises(SystemExit, match="1"):
        runpy.run_path(str(ROOT / "tests" / "prose.py"), run_name="__main__")
    assert capsys.readouterr().out.count("README.md:1: ") == 2
