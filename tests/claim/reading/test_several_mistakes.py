"""The mistakes of one document that are independent of each other are listed in one run, by their lines."""

from pathlib import Path

import pytest

from quoth.claim.checking.check import MOST_MISTAKES
from quoth.claim.model.report import Finding

from ..checking.written import checked, document


def found(folder: Path, *changes: tuple[str, str]) -> list[Finding]:
    text = document()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return [f for f in checked(folder, text).findings if f.severity == "Violation"]


def test_mistakes_of_keys_entries_ids_and_values_are_found_at_once(tmp_path: Path) -> None:
    entities = "  - Roe\n  - {type: Person, label: Z}\n  - {id: id/person/doe, type: Person, label: A}\n"
    claims = "  - {id: x, level: office, words: a}\n  - {id: y, words: a, anchor: b}\n  - {words: a}\n"
    findings = found(
        tmp_path,
        ("claims:\n", f"{entities}claims:\n{claims}"),
        ("polarity: positive", "polarty: positive"),
        ("    tense: past", "    tense:"),
        ("label: the ferry}", "label: the ferry, Ltd}"),
        ("label: Quoth}", 'label: {"@value": B, "@language": en_GB}}'),
    )
    assert [(f.line, f.message) for f in findings] == [
        (12, "'en_GB' is not a language tag (BCP 47)"),
        (15, "entities has 'Roe' without keys"),
        (16, "an entry of entities has no id"),
        (17, "id/person/doe is described twice, first on line 13"),
        (19, "no level has the name 'office'"),
        (20, "the claim has words and an anchor, which are the same"),
        (21, "an entry of claims has no id"),
        (32, "there is no key 'polarty' here"),
        (34, "tense has no value"),
        (35, "a comma ends the value the ferry here"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [("claims:\n", "claim:\n"), ("id: late\n    label", "ids: late\n    label"), ("claims:\n", "levels: 5\nclaims:\n")],
)
def test_what_follows_from_a_mistake_is_not_listed(old: str, new: str, tmp_path: Path) -> None:
    assert len(found(tmp_path, (old, new), ("source: id/person/doe", "level: office"))) == 1


def test_the_first_mistakes_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    entities = "".join(f"  - {{id: id/org/a-{n}, type: Organization, label: A, nme: B}}\n" for n in range(50))
    findings = found(tmp_path, ("claims:\n", f"{entities}claims:\n"))
    assert len(findings) == MOST_MISTAKES
    assert findings[-1].remedy.endswith(f"(the file has {50 - MOST_MISTAKES} more mistakes of this sort)")
