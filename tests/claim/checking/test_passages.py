"""Whole passages of a text: only under a licence of the text that allows them, and else up to a share of it."""

from pathlib import Path

import pytest

from quoth.claim.checking import checked as units
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.check import check
from quoth.claim.model.licences import PASSAGES, Passages
from quoth.claim.model.report import Finding

from .written import BASE, document

WORDS = " ".join(f"word{n}" for n in range(31))
BY = "https://creativecommons.org/licenses/by/4.0/"


def found(folder: Path, text: str, words: str, licence: str = "", passages: Passages = PASSAGES) -> list[Finding]:
    """The findings of both ways to check, which are the same."""
    written = document(text, words)
    if licence:
        written = written.replace("}\nencoding:", f", licence: {licence}}}\nencoding:")
    # The claim is in words: what it says is not coded.
    head, _, rest = written.partition("    certainty:")
    written = (
        head.replace("    label: Doe told parliament that the ferry was late.\n", "") + rest[rest.index("inference") :]
    )
    (folder / "a.txt").write_text(text, "utf-8")
    path = folder / "a.yaml"
    path.write_text(written, "utf-8")
    whole = check([path], BASE, Texts(folder), passages=passages)[0]
    with units.checked([path], BASE, Texts(folder), passages=passages) as outcome:
        assert outcome.report.findings == whole.findings
    return [f for f in whole.findings if f.severity == "Violation"]


@pytest.mark.parametrize(
    ("licence", "others", "rules"),
    [
        ("", (), ["anchor-words"]),
        (BY, (), []),
        ("http://creativecommons.org/licenses/by-nd/2.0/at/", (), []),
        ("https://creativecommons.org/publicdomain/mark/1.0/", (), []),
        ("http://rightsstatements.org/vocab/InC/1.0/", (), ["anchor-words"]),
        ("https://evil.example.org/creativecommons.org/licenses/by/4.0/", (), ["anchor-words"]),
        ("https://star.example.org/reuse", (), ["anchor-words"]),
        ("https://star.example.org/reuse", ("https://star.example.org/",), []),
    ],
)
def test_a_long_quotation_needs_a_licence_of_the_text(
    licence: str, others: tuple[str, ...], rules: list[str], tmp_path: Path
) -> None:
    text = f"Doe told parliament that {WORDS}. It rained.\n"
    assert [f.rule for f in found(tmp_path, text, WORDS, licence, Passages(licences=others))] == rules


SENTENCE = "Doe told parliament that the ferry was late. "


@pytest.mark.parametrize(("length", "percent", "told"), [(100, 19, True), (100, 20, False), (101, 19, False)])
def test_the_claims_of_an_article_quote_at_most_a_share_of_its_text(
    length: int, percent: int, told: bool, tmp_path: Path
) -> None:
    # The cue “told” has 4 letters and the words 16: 20 of 100.
    text = SENTENCE + "x" * (100 - len(SENTENCE)) + "." * (length - 100)
    words = "the ferry was la"
    findings = found(tmp_path, text, words, "", Passages(percent, (), 100 if length == 100 else 102))
    assert [f.rule for f in findings] == (["quoted-share"] if told else [])
    if told:
        assert (
            findings[0].message == "its claims quote 20 % of its text, and no licence of the text allows more than 19 %"
        )
        assert findings[0].focus == f"{BASE}id/article/a"


def test_a_licence_of_the_text_allows_all_of_it(tmp_path: Path) -> None:
    text = SENTENCE + "x" * 55
    passages = Passages(1, (), 10)
    assert [f.rule for f in found(tmp_path, text, "the ferry was late", "", passages)] == ["quoted-share"]
    assert found(tmp_path, text, "the ferry was late", BY, passages) == []


def test_a_licence_is_one_iri(tmp_path: Path) -> None:
    text = SENTENCE + "It rained.\n"
    [finding] = found(tmp_path, text, "the ferry was late", f"[{BY}, {BY}2]")
    assert finding.message == "the licence of a text is one IRI"
