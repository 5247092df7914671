"""What is checked of articles: the form of their metadata, and that one text is not taken for two."""

from pathlib import Path

import pytest

from ...small_article import BEAM, METADATA, RECORD, checked, document

REPRINT = """
  - id: id/article/bridge-in-the-post
    type: NewsArticle
    label: The bridge in the Post
    language: en
    url: https://post.example.org/bridge
"""
COPY = document("  []", entities="").replace("article/bridge", "article/copy").split("claims:")[0]


def found(folder: Path, *documents: str) -> list[tuple[str, str]]:
    report, _ = checked(folder, *documents)
    return [(finding.severity, str(finding)) for finding in report.findings]


def test_two_articles_with_one_text_are_noticed(tmp_path: Path) -> None:
    [finding] = checked(tmp_path, document(BEAM), COPY)[0].findings
    words = str(finding)
    assert (finding.rule, finding.severity) == ("same-text", "Warning")
    assert "document-1.yaml" in words
    assert "id/article/bridge" in words
    assert "reprints" in words


@pytest.mark.parametrize("original", ["id/article/bridge", "id/article/copy"])
def test_a_declared_reprint_is_no_second_text(tmp_path: Path, original: str) -> None:
    first, second = document(BEAM), COPY
    if original == "id/article/bridge":
        second = COPY.replace(RECORD, f"reprints: {original}\n{RECORD}")
    else:
        first = first.replace(RECORD, f"reprints: {original}\n{RECORD}")
    assert found(tmp_path, first, second) == []


def test_two_reprints_of_one_article_are_no_two_texts(tmp_path: Path) -> None:
    declared = COPY.replace(RECORD, f"reprints: id/article/bridge\n{RECORD}")
    assert found(tmp_path, document(BEAM), declared, declared.replace("article/copy", "article/third")) == []


def test_a_reprint_needs_no_text_and_no_encoding(tmp_path: Path) -> None:
    reprint = f"{REPRINT}    reprints: id/article/bridge\n"
    assert found(tmp_path, document(BEAM).replace("\nclaims:", f"{reprint}\nclaims:")) == []
    messages = [words for _, words in found(tmp_path, document(BEAM).replace("\nclaims:", f"{REPRINT}\nclaims:"))]
    assert any("SHA-256" in words for words in messages)
    assert any("who encoded it" in words for words in messages)


@pytest.mark.parametrize(
    ("given", "wrong", "said"),
    [
        ("datePublished: 2026-11-20", "datePublished: someday", "datePublished: “someday” is not a date"),
        (
            "publisher: id/org/evening-star",
            "publisher: id/org/nobody",
            "publisher: id/org/nobody is not described anywhere",
        ),
        (
            "author: id/person/ada-quill",
            "author: id/place/nowhere",
            "author: id/place/nowhere is not described anywhere",
        ),
        ("archivedAt: https://archive", "archivedAt: file:///archive", "an archived copy is an IRI"),
        ("archivedAt: https://archive", "archivedAt: archive", "the whole address, from https:// on"),
        ("url: https://evening", "url: evening", "'evening.example.org/2026/bridge?id=7' is not a web address"),
        ("url: https://evening.example.org/2026/bridge?id=7", "url: id/article/bridge", "the whole address"),
    ],
)
def test_what_is_said_of_an_article_has_its_form(tmp_path: Path, given: str, wrong: str, said: str) -> None:
    assert given in METADATA
    assert any(said in words for _, words in found(tmp_path, document(BEAM).replace(given, wrong)))


@pytest.mark.parametrize(
    ("given", "wrong", "remedy"),
    [
        ("publisher: id/org/evening-star", "publisher: The Evening Star", "{id: id/org/the-evening-star, type: Org"),
        (
            "author: id/person/ada-quill",
            "author: Ada Quill",
            "{id: id/person/ada-quill, type: Person, label: Ada Quill}",
        ),
        ("url: https://evening", "url: evening", "the whole address"),
        ("author: id/person/ada-quill", "author: id/place/nowhere", "correct the id, describe it"),
        ("language: en", "language: english", "write en"),
        ("speechAct: said", "speechAct: sayed", "at /ns/speech-act"),
    ],
)
def test_a_mistake_is_on_the_line_of_its_key(tmp_path: Path, given: str, wrong: str, remedy: str) -> None:
    written = document(BEAM.replace("{id", "\n    {id").replace(", speechAct", ",\n    speechAct")).replace(
        given, wrong
    )
    report, _ = checked(tmp_path, written)
    [line] = {f.line for f in report.findings if remedy in f.remedy}
    assert wrong in written.splitlines()[line - 1]


def test_the_words_of_a_claim_are_called_so(tmp_path: Path) -> None:
    messages = [words for _, words in found(tmp_path, document(BEAM.split(", words")[0] + "}"))]
    assert any(words.endswith("add words") for words in messages)


@pytest.mark.parametrize("tag", ["en", "de", "pt-BR", "zh-Hant-TW", "gsw"])
def test_a_language_is_a_tag(tmp_path: Path, tag: str) -> None:
    messages = [words for _, words in found(tmp_path, document(BEAM).replace("language: en", f"language: {tag}"))]
    assert not any("language is needed" in words for words in messages)


@pytest.mark.parametrize("name", ["english", "German", "en_GB", "en-"])
def test_a_language_is_no_name(tmp_path: Path, name: str) -> None:
    messages = [words for _, words in found(tmp_path, document(BEAM).replace("language: en", f"language: {name}"))]
    assert any("BCP 47" in words for words in messages)


def test_a_licence_without_a_scheme_is_called_out(tmp_path: Path) -> None:
    written = document(BEAM).replace("licence: https://creativecommons.org/licenses/by/4.0/", "licence: CC-BY-4.0")
    assert any(
        "licence: 'CC-BY-4.0' is neither an id nor a web address" in words for _, words in found(tmp_path, written)
    )


@pytest.mark.parametrize(("other", "rules"), [("copy/worker", []), ("bridge/worker-too", ["entity-twice"])])
def test_unnamed_sources_of_two_articles_are_not_one(tmp_path: Path, other: str, rules: list[str]) -> None:
    worker = "  - {id: id/source/bridge/worker, type: [AnonymousSource, Person], label: a worker}\n"
    first = document(BEAM).replace("\nclaims:", f"{worker}\nclaims:")
    second = f"entities:\n{worker.replace('bridge/worker', other)}"
    report, _ = checked(tmp_path, first, second)
    assert [f.rule for f in report.findings if f.rule == "entity-twice"] == rules
