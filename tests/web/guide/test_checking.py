"""The guide's lists of rules are those of the files; its list of what only a person can see is that of the tests."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from quoth.claim.rules.publication import DatasetRule, rules
from quoth.web.guide import chapters

MUTATIONS = Path(__file__).parents[2] / "claim" / "checking" / "mutations.yaml"
CHAPTER = (Path(chapters.__file__).parent / "checking.md").read_text("utf-8")
SECTIONS = {"violation": "Rules that decide", "warning": "Rules for a person to judge"}


def rules_table(severity: str) -> str:
    """The rules of a severity as the guide lists them: name, message, reason, remedy."""
    rows = ["| rule | you are told | because | what to do |", "|---|---|---|---|"]
    for rule in rules("check"):
        if rule.header.get("severity", "violation") == severity:
            cells = (_cell(rule.header[field]) for field in ("message", "reason", "remedy"))
            rows.append(f"| `{rule.name}` | {' | '.join(cells)} |")
    return "\n".join(rows)


def _cell(text: str) -> str:
    """Words of a header as Markdown shows them: an ellipsis stands for what varies."""
    return re.sub(r"[<“]?\{\w+\}[>”]?", "…", text).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def person_table() -> str:
    """The changes of meaning that no rule finds."""
    changes = YAML(typ="safe").load(MUTATIONS.read_text("utf-8"))
    rows = [f"| {change['what']} | {change['person']} |" for change in changes if "person" in change]
    return "\n".join(["| a mistake such as | because |", "|---|---|", *rows])


def section(heading: str) -> str:
    [text] = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", CHAPTER, re.DOTALL | re.MULTILINE)
    return str(text)


@pytest.mark.parametrize(("severity", "heading"), SECTIONS.items(), ids=SECTIONS)
def test_every_rule_is_in_the_guide_as_its_file_has_it(severity: str, heading: str) -> None:
    assert rules_table(severity) in section(heading)


def test_what_only_a_person_can_see_is_in_the_guide() -> None:
    assert person_table() in section("What only a person can see")


@pytest.mark.parametrize("rule", rules("check"), ids=[rule.name for rule in rules("check")])
def test_every_rule_says_what_why_and_what_to_do(rule: DatasetRule) -> None:
    assert all(len(rule.header[field].split()) > 2 for field in ("message", "reason", "remedy"))
    assert rule.header.get("severity", "warning") == "warning"
