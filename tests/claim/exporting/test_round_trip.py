"""What is exported is read again as it was: words, parts, sources, acts, cues, mentions and ids."""

import csv
import io
import shutil
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth.claim.exporting import quotations, table, web_annotation
from quoth.claim.exporting.quotations import Quotation
from quoth.claim.importing import mapping as mappings
from quoth.claim.importing import readers
from quoth.claim.importing.article import Article, Place, Span
from quoth.claim.importing.places import Places
from quoth.claim.model.claim_summary import Quote
from quoth.claim.model.ontology import concepts
from quoth.resources import folder

from ...conftest import BASE, CORPUS
from ..importing.examples import ALL, MAPPING, ann, brat, imported, report
from ..importing.examples import corpus as importing
from ..importing.runs import ENCODING

Told = dict[str, tuple[str, str, list[Span], list[Span], list[Span]]]
"""The id of each claim → its source (“(own)”: the article), its act, the places of its words, cue and mention."""

FORMATS: dict[str, Callable[[Iterable[Quotation]], Iterator[str]]] = {
    "table": table.written,
    "web-annotation": web_annotation.written,
}


def told(found: Sequence[Quotation], text: str) -> Told:
    places = Places(text)

    def spans(quotes: Sequence[Quote]) -> list[Span]:
        assert all(q.start is not None and q.end is not None for q in quotes)
        return places.spans(Span(q.start or 0, q.end or 0) for q in quotes)

    return {
        quotations.name(q.claim): (
            "(own)" if q.own_voice else " ".join(q.source.split()),
            q.act,
            spans(q.words),
            spans(q.cue),
            spans(q.mention),
        )
        for q in found
    }


def read_again(format: str, written: str, text: str, name: str, at: Path) -> Told:
    """What the reader makes of an export over one text."""
    (at / "texts").mkdir(exist_ok=True)
    (at / "texts" / f"{name}.txt").write_bytes(text.encode())
    (at / "mapping.toml").write_text(ENCODING, "utf-8")
    (file := at / ("export.csv" if format == "table" else "export.json")).write_bytes(written.encode())
    reader = readers.get(format)
    found = [*reader.read(file, mappings.read(str(at / "mapping.toml"), reader.KEYS, format), at / "texts")]
    articles = [each for each in found if isinstance(each, Article)]
    assert len(articles) == len(found), found
    places = Places(text)

    def spans(given: Sequence[Place]) -> list[Span]:
        return places.spans(given)

    return {
        a.id: (
            " ".join(a.source.label.split()) if a.source else "(own)",
            a.speech_act,
            spans(a.words),
            spans(a.cue),
            spans(a.mention),
        )
        for article in articles
        for a in article.attributions
    }


def text_of(found: Sequence[Quotation]) -> str:
    """A text that has the words of all quotations at their places, for an article whose text is not at hand."""
    quotes = [q for each in found for q in (*each.words, *each.cue, *each.mention)]
    text = ["·"] * (max(q.end or 0 for q in quotes) + 40)
    for q in quotes:
        assert q.start is not None
        around = [(q.prefix, q.start - len(q.prefix)), (q.exact, q.start), (q.suffix, q.start + len(q.exact))]
        for words, start in around:
            text[start : start + len(words)] = words
    return "".join(text)


@pytest.mark.parametrize("format", FORMATS)
def test_the_corpus_of_the_guide_is_read_again(format: str, tmp_path: Path) -> None:
    found = [*quotations.of_documents([CORPUS], BASE)]
    text = (CORPUS / "harbour.txt").read_bytes().decode()
    expected = told(found, text)
    assert len(expected) == 27
    assert sum(source == "(own)" for source, *_ in expected.values()) > 0
    assert any(len(words) > 1 for _, _, words, *_ in expected.values())
    assert any(mention for *_, mention in expected.values())
    assert read_again(format, "".join(FORMATS[format](found)), text, "harbour", tmp_path) == expected


@pytest.mark.parametrize("format", FORMATS)
def test_the_shipped_articles_are_read_again(format: str, tmp_path: Path) -> None:
    every = [*quotations.of_documents([folder("data")], BASE)]
    assert every
    for article in {q.article for q in every}:
        found = [q for q in every if q.article == article]
        text = text_of(found)
        written = "".join(FORMATS[format](found))
        assert read_again(format, written, text, quotations.name(article), tmp_path) == told(found, text)


WORDS = st.sampled_from(
    [
        "late",
        "said",
        "=1+1",
        "'=x",
        "-",
        "+49",
        "@mara",
        '"quoted"',
        "a,b",
        ";",
        "😀",
        "Fähre",
        "[…]",
        "\n",
        "x\n\ny",
        "é",
    ]
)
TEXTS = st.lists(WORDS, min_size=6, max_size=30).map(" ".join)
LABELS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    str.strip
) | WORDS.filter(str.strip)


@st.composite
def generated(draw: st.DrawFn) -> tuple[str, list[Quotation]]:
    """A text and quotations in it."""
    text = draw(TEXTS)
    tokens = [n for n, (a, b) in enumerate(zip(" " + text, text, strict=False)) if a.isspace() and not b.isspace()]

    def quotes(least: int, most: int) -> list[Quote]:
        ends = sorted(draw(st.lists(st.sampled_from(tokens), min_size=2 * least, max_size=2 * most, unique=True)))
        spans = [(a, a + len(text[a:b].rstrip())) for a, b in zip(ends[::2], ends[1::2], strict=False)]
        return [Quote(text[a:b], "", "", a, b) for a, b in spans if text[a:b].strip()]

    found = []
    for number in range(draw(st.integers(1, 4))):
        if not (words := quotes(1, 2)):
            continue
        own = draw(st.booleans())
        sources = ["article"] if own else [" ".join(draw(LABELS).split())]
        act = draw(st.sampled_from(["", *concepts("speechAct")]))
        parts = (words, quotes(0, 2), quotes(0, 2))
        iri = f"{BASE}id/claim/story/c-{number}"
        found.append(Quotation(iri, f"{BASE}id/article/story", sources, own, act, *parts, {}, "", "", "", ""))
    return text, found


@pytest.mark.parametrize("format", FORMATS)
@settings(max_examples=150, deadline=None)
@given(example=generated())
def test_any_quotations_are_read_again(
    format: str, example: tuple[str, list[Quotation]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    text, found = example
    if not found:
        return
    at = tmp_path_factory.getbasetemp() / "any"
    at.mkdir(exist_ok=True)
    assert read_again(format, "".join(FORMATS[format](found)), text, "story", at) == told(found, text)


@pytest.mark.parametrize("text", ["=1+1", "+49", "-5", "@mara", "'=x", "\tx", "''-y"])
def test_no_cell_of_the_table_is_a_formula(text: str) -> None:
    quote = [Quote(text, "", "", 0, len(text))]
    written = "".join(
        table.written([Quotation("c", "a", [text], False, "said", quote, quote, quote, {}, "", "", "", "")])
    )
    [row] = csv.DictReader(io.StringIO(written, newline=""))
    assert [row[key] for key in ("source", "quotation", "cue", "mention")] == [f"'{text}"] * 4


@pytest.mark.parametrize("format", FORMATS)
def test_claims_are_written_one_by_one(format: str) -> None:
    """What is written before the claims end: the export of a large corpus is in memory at no time."""
    found = quotations.of_documents([CORPUS], BASE)
    pieces = FORMATS[format](found)
    assert next(pieces)
    assert "ferry" in next(pieces)
    assert len([*found]) == 26
    assert "".join(pieces).strip() in ("", "]\n}")


def test_the_claims_of_all_documents_are_in_memory_at_no_time(tmp_path: Path) -> None:
    def peak(articles: range) -> int:
        for n in articles:
            text = (CORPUS / "harbour.yaml").read_text("utf-8").replace("/harbour", f"/harbour-{n}")
            (tmp_path / f"{n}.yaml").write_text(text, "utf-8")
        tracemalloc.start()
        assert sum(1 for _ in quotations.of_documents([tmp_path], BASE)) == 27 * articles.stop
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    few, many = peak(range(2)), peak(range(5))
    assert many < 1.3 * few


@pytest.mark.parametrize("format", FORMATS)
def test_rival_encodings_and_levels_are_imported_again_as_they_were(format: str, tmp_path: Path) -> None:
    """Through the import: documents that the check accepts, with every encoding, level, address and date."""
    annotators = MAPPING + '[files]\nname = "(?P<name>.*)_(?P<annotator>[a-z]+)"\ntext = "{name}.txt"\n'
    annotators = annotators.replace('id/person/coder", label = "Coder', 'id/person/{annotator}", label = "{annotator}')
    (first := tmp_path / "first").mkdir()
    for name in ("ada", "roke"):
        brat(tmp_path / "in", ann(*ALL), name=f"ferry_{name}")
    imported(importing(first), tmp_path / "in", annotators)
    document = first / "articles" / "ferry.yaml"
    facts = 'url: "https://news.example/ferry"\nheadline: "Late"\ndatePublished: "2026-11-01"\nlabel:'
    document.write_text(document.read_text("utf-8").replace("label:", facts, 1), "utf-8")
    before = [*quotations.of_documents([first / "articles"], BASE)]
    assert len(before) == 12  # of each encoding five, and that the mayor believes something

    (second := tmp_path / "second").mkdir()
    (second / "texts").mkdir()
    shutil.copy(first / "texts" / "ferry.txt", second / "texts")
    file = tmp_path / ("export.csv" if format == "table" else "export.json")
    file.write_text("".join(FORMATS[format](before)), "utf-8", newline="")
    rule = MAPPING.replace('encoder = {id = "id/person/coder", label = "Coder", type = "Person"}', "")
    outcome = imported(importing(second), file, rule.replace("brat", format), format=format)
    assert outcome.misfits == []
    assert [f for f in report(second).findings if f.severity == "Violation"] == []
    after = {q.claim: q for q in quotations.of_documents([second / "articles"], BASE)}
    assert after == {q.claim: q for q in before}
