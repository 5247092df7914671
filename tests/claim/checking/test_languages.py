"""Languages in every place that can have one, and dates of XSD 1.1."""

from pathlib import Path

import pytest
import rdflib
from language_tags import tags

from quoth.claim.checking import shacl
from quoth.claim.checking.check import check, read_all
from quoth.claim.model import language_tag

BASE = "http://localhost:8000/"
ORGANIZATION = "<http://localhost:8000/id/org/heron> a <http://www.w3.org/ns/org#Organization> ; "
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label> "
ARTICLE = "id: id/article/a\ntype: Article\nlabel: A\nlanguage: {}\n"
YAML_TEXT = 'entities:\n  - id: id/org/heron\n    type: Organization\n    label: {{"@value": A, "@language": {}}}\n'
JSON_TEXT = (
    '{{"@context": "https://w3id.org/quoth/context.jsonld", "id": "id/org/heron", "type": "Organization",\n'
    '"label": {{"@value": "A", "@language": "{}"}}}}'
)
PLACES = {
    "an article in YAML": ("a.yaml", ARTICLE, 4),
    "a text in YAML": ("a.yaml", YAML_TEXT, 4),
    "a text in JSON-LD": ("a.jsonld", JSON_TEXT, 2),
    "a text in Turtle": ("a.ttl", f'{ORGANIZATION}\n{LABEL} "A"@{{}} .', 2),
    "a text in TriG": ("a.trig", f'{ORGANIZATION}\n{LABEL} "A"@{{}} .', 2),
    "a value of xsd:language": (
        "a.ttl",
        f'{ORGANIZATION}\n{LABEL} "A"@en , "{{}}"^^<http://www.w3.org/2001/XMLSchema#language> .',
        2,
    ),
}
WRONG = {"English": "write en", "en_GB": "write en-GB", "xx": "write a tag such as en, de or pt-BR"}


@pytest.mark.parametrize(("tag", "remedy"), WRONG.items())
@pytest.mark.parametrize(("name", "text", "line"), PLACES.values(), ids=PLACES)
def test_a_tag_that_names_no_language_is_refused_with_the_one_that_is_meant(
    name: str, text: str, line: int, tag: str, remedy: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_text(text.format(tag), "utf-8")
    report, _ = check([tmp_path], BASE)
    [finding] = [f for f in report.findings if "is not a language tag (BCP 47)" in f.message]
    assert tag.casefold() in finding.message.casefold()
    assert (finding.severity, finding.file, finding.remedy) == ("Violation", str(tmp_path / name), remedy)
    assert finding.line in (line, line - 1)


@pytest.mark.parametrize("tag", ["en", "pt-BR", "zh-Hant-TW", "sl-rozaj-biske-1994", "x-velm", "qaa", "i-klingon"])
def test_a_good_tag_is_no_finding(tag: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(YAML_TEXT.format(tag), "utf-8")
    assert language_tag.is_valid(tag)
    report, _ = check([tmp_path], BASE)
    assert [str(f) for f in report.findings if f.severity == "Violation"] == []


@pytest.mark.parametrize(("name", "words"), [("a.yaml", '{"@value": Die Fähre'), ("a.ttl", '"Die Fähre"@de')])
def test_a_text_without_a_language_is_shown_how_in_its_own_syntax(name: str, words: str, tmp_path: Path) -> None:
    texts = {"a.yaml": "entities: [{id: id/org/heron, type: Organization}]\n", "a.ttl": f'{ORGANIZATION}{LABEL} "A" .'}
    (tmp_path / name).write_text(texts[name], "utf-8")
    report, _ = check([tmp_path], BASE)
    [finding] = [f for f in report.findings if "a label is needed" in f.message]
    assert words in finding.remedy
    assert ("@de" in str(finding)) == (name == "a.ttl")


DATES = {
    "date": (
        "-0012-11-29 0000-02-29 12000-01-01 2026-11-28Z 2026-11-28+14:00 -0004-02-29",
        "2026-02-29 2026-W01-1 20261128 2026-1-1 02026-01-01 26-01-01 2026-11-28T09:00:00 +2026-01-01 2026-11-28+15:00",
    ),
    "dateTime": (
        "-0044-03-15T00:00:00Z 12000-01-01T24:00:00 2026-11-28T09:30:00.5+01:00",
        "2026-11-28 2026-11-28T09:30 2026-11-28T25:00:00 2026-11-28T24:00:01 2026-11-31T00:00:00",
    ),
    "gYear": ("-0012 12000 2026Z", "26 02026"),
    "gYearMonth": ("-0012-11", "2026-13 2026"),
    "gMonthDay": ("--02-29", "--02-30 02-29"),
    "gDay": ("---31", "---32"),
    "time": ("24:00:00 09:30:00Z", "09:30 24:00:01 25:00:00"),
    "decimal": ("1.5 -.5 5.", "1e3 1,5 ."),
    "double": ("1e3 INF -INF NaN", "inf 1e"),
}


@pytest.mark.parametrize(("datatype", "good", "bad"), [(name, *texts) for name, texts in DATES.items()], ids=DATES)
def test_literals_have_the_forms_of_xsd_1_1(datatype: str, good: str, bad: str) -> None:
    assert shacl.known_types()
    for texts, ill in ((good, False), (bad, True)):
        for text in texts.split():
            literal = rdflib.Literal(text, datatype=rdflib.XSD[datatype], normalize=False)
            assert literal.ill_typed is ill, text


@pytest.mark.parametrize(
    ("date", "fits"), [("-0012-11-29", True), ("12000-01-01", True), ("2026-02-30", False), ("28.11.2026", False)]
)
def test_a_shape_that_asks_for_a_date_knows_every_year(date: str, fits: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"id: id/article/a\ntype: Article\nlabel: A\nlanguage: en\nencoding:\n  created: {date}\n", "utf-8")
    report, _ = check([path], BASE)
    assert (not [f for f in report.findings if f.line == 6 and date in f.message + f.value]) is fits


@pytest.mark.parametrize(
    "words", ["0123", "007", "1_000", "0x1F", "0o17", "12:30", "1234567890123456789", "2026-01-05"]
)
def test_a_plain_value_of_yaml_is_the_text_as_it_is_written(words: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(f"entities: [{{id: id/org/heron, type: Organization, label: {words}}}]\n", "utf-8")
    documents, findings = read_all([tmp_path], BASE)
    assert findings == []
    literals = [q.object for d in documents for q in d.quads if q.predicate.value.endswith("label")]
    assert [str(literal) for literal in literals] == [f'"{words}"@en']


def test_the_common_tags_are_in_the_registry() -> None:
    assert all(error.code in language_tag._ADVICE for tag in language_tag.COMMON for error in tags.tag(tag).errors)


GERMAN = "Das war in der Sitzung so, und sie ist lang. „It was that, and the end of it“, hieß es, to be sure. "


@pytest.mark.parametrize(
    ("words", "rules"),
    [
        # A long text has every common word of English somewhere, in names, titles and quotations.
        (GERMAN + "Die Abgeordneten haben darüber gesprochen, wie es weitergehen soll. " * 12, ["word-lists"]),
        ("It was the end of that, and to all in the room it is known.", ["language-words", "word-lists"]),
    ],
)
def test_a_text_is_english_where_english_words_are_common_in_it(words: str, rules: list[str], tmp_path: Path) -> None:
    head = "id: id/article/a\ntype: Article\nlabel: {'@value': A, '@language': de}\nlanguage: de\n"
    (tmp_path / "a.yaml").write_text(f"{head}claims:\n  - {{id: one, words: {words!r}}}\n", "utf-8")
    report, _ = check([tmp_path], BASE)
    assert [f.rule for f in report.findings if f.rule in ("language-words", "word-lists")] == rules
