"""Each rule can be explained, and the page in the package is the table of all of them."""

from pathlib import Path

import pytest
from rich.cells import cell_len

from cgmock import verifier
from cgmock.verifier.reports.rulebook import explain, rules_markdown
from cgmock.verifier.rules import Rule

PAGE = Path(verifier.__file__).with_name("RULES.md")


@pytest.mark.parametrize("rule", Rule, ids=lambda rule: rule.id)
def test_a_rule_says_all_that_it_knows(rule: Rule) -> None:
    lines = explain(rule).split("\n")

    assert lines[0] == f"{rule.id} {rule.slug} ({rule.severity})"
    said = " ".join("\n".join(lines[1:]).split())
    assert said == f"{rule.would} To do: {rule.advice} Known: {rule.evidence} ({rule.source})"
    assert max(map(cell_len, lines)) <= 100


def test_the_page_is_the_table_of_all_rules() -> None:
    assert PAGE.read_text(encoding="utf-8") == rules_markdown() + "\n"


def test_the_table_has_a_row_for_each_rule() -> None:
    rows = [line for line in rules_markdown().split("\n") if line.startswith("| CG")]

    assert [row.split(" ")[1] for row in rows] == [rule.id for rule in Rule]
    assert {row.count("|") for row in rows} == {7}
