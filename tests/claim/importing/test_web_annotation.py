"""Web Annotations of several programs: the quotation decides, offsets and the words around tell places apart."""

import json
from pathlib import Path
from typing import Any

import pytest

from .runs import ENCODING, Run, run, words

TEXT = "😀 The ferry is late, the office said.\n\nThe ferry is late, Mara Lind repeated. It was\nthe fog.\n"
LATE = "The ferry is late"
SOURCE = "https://news.example/2026/ferry.html"


def selector(exact: str, prefix: str = "", suffix: str = "", start: object = None) -> list[dict[str, Any]]:
    position = [{"type": "TextPositionSelector", "start": start, "end": 0}] if start is not None else []
    return [{"type": "TextQuoteSelector", "exact": exact, "prefix": prefix, "suffix": suffix}, *position]


def annotation(*selectors: list[dict[str, Any]], id: str = "https://notes.example/a1", **others: Any) -> dict[str, Any]:
    targets = [{"source": SOURCE, "selector": each} for each in selectors]
    return {"id": id, "type": "Annotation", "target": targets} | others


def read(folder: Path, data: object, mapping: str = ENCODING) -> Run:
    (folder / "ferry.txt").write_text(TEXT, "utf-8")
    (folder / "notes.json").write_text(json.dumps(data), "utf-8")
    return run("web-annotation", folder / "notes.json", mapping)


def place(found: Run) -> int:
    [attribution] = found.article.attributions
    [first, *_] = attribution.words
    return first.start  # type: ignore[union-attr]


FIRST, SECOND = TEXT.index(LATE), TEXT.rindex(LATE)


@pytest.mark.parametrize(
    ("chosen", "at"),
    [
        (selector(LATE, suffix=", Mara"), SECOND),
        (selector(LATE, prefix="said.The"[:5], suffix=""), SECOND),  # of a page without line ends
        (selector(LATE, start=SECOND), SECOND),
        (selector(LATE, start=SECOND + 1), SECOND),  # UTF-16 counts two for 😀
        (selector(LATE, start=FIRST + 1), FIRST),
        (selector(LATE, suffix=", the office", start=SECOND), FIRST),  # the words decide, not the offset
        (selector("It was the fog", start=3), TEXT.index("It was")),
    ],
)
def test_words_in_several_places_are_told_apart(tmp_path: Path, chosen: list[dict[str, Any]], at: int) -> None:
    assert place(read(tmp_path, annotation(chosen))) == at


@pytest.mark.parametrize("start", [None, 7, -1, 10**30, True, "x", 1.5])
def test_a_false_offset_decides_nothing(tmp_path: Path, start: object) -> None:
    found = read(tmp_path, annotation(selector(LATE, start=start)))
    with pytest.raises(Exception, match="more than once"):
        words(found.article, found.article.attributions[0].words)
    assert place(read(tmp_path, annotation(selector("the office", start=start)))) == TEXT.index("the office")


HYPOTHESIS = {
    "total": 2,
    "rows": [
        {
            "id": "Xy-3_z",
            "user": "acct:ada@hypothes.is",
            "uri": SOURCE,
            "tags": ["source:the harbour office", "act:warned", "ferry"],
            "document": {"title": ["Ferry late"]},
            "target": [{"source": SOURCE, "selector": [{"type": "RangeSelector"}, *selector("the fog", start=4)]}],
        },
        {"id": "page", "user": "acct:ada@hypothes.is", "uri": SOURCE, "target": [{"source": SOURCE}]},
    ],
}


def test_the_search_of_hypothes_is_is_read(tmp_path: Path) -> None:
    mapping = ENCODING.replace('encoder = {id = "id/org/quoth", label = "Quoth"}', "")
    found = read(tmp_path, HYPOTHESIS, mapping)
    assert found.sayings() == {"xy-3-z": ("the harbour office", "the fog")}
    assert found.article.attributions[0].speech_act == "warned"
    assert dict(found.article.facts) == {"headline": "Ferry late", "url": SOURCE}
    assert found.article.encoding.encoder.id == "id/person/ada"
    assert found.told == [("without a quotation", "notes.json#annotation 2")]


def test_recogito_s_annotations_are_read_for_the_text_of_the_file_s_name(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text(TEXT, "utf-8")
    own = {"id": "r1", "bodies": [], "target": {"annotation": "r1", "selector": [{"quote": LATE, "start": FIRST + 1}]}}
    standard = {"id": "#r2", "body": [], "target": {"selector": selector("the fog")}}
    (tmp_path / "ferry.json").write_text(json.dumps([own, standard]), "utf-8")
    found = run("web-annotation", tmp_path / "ferry.json")
    assert found.sayings() == {"r1": ("an unnamed source", LATE), "r2": ("an unnamed source", "the fog")}


def test_parts_cues_mentions_and_the_own_voice(tmp_path: Path) -> None:
    body = [
        {"type": "TextualBody", "purpose": "tagging", "value": "source:"},
        {"purpose": "quoth:cue", "source": SOURCE, "selector": selector("said")},
        {"purpose": "quoth:mention", "source": SOURCE, "selector": selector("the office")},
    ]
    found = read(tmp_path, annotation(selector("The ferry", suffix=" is late, the"), selector("the fog"), body=body))
    [attribution] = found.article.attributions
    assert found.sayings() == {"a1": ("(own)", "The ferry | the fog")}
    assert words(found.article, attribution.cue) == "said"
    assert words(found.article, attribution.mention) == "the office"


def test_each_creator_has_an_encoding_of_their_own(tmp_path: Path) -> None:
    both = [
        annotation(selector("the fog"), id="x/1", creator={"name": "Ada Quill"}),
        annotation(selector("the fog"), id="x/2", creator="https://people.example/roke"),
    ]
    found = read(tmp_path, {"type": "AnnotationCollection", "first": {"items": both}})
    assert [(a.encoding.name, a.first) for a in found.articles] == [
        ("ada-quill", True),
        ("https-people-example-roke", False),
    ]


@pytest.mark.parametrize(
    ("odd", "kind"),
    [
        ({"target": 5}, "without a quotation"),
        ({"target": {"source": SOURCE, "selector": [None, 3, {"exact": 5}, {"type": []}]}}, "without a quotation"),
        (annotation(selector(LATE, suffix=", Mara"), tags=["act:shouted"]), "unknown act"),
        (annotation(selector("the fog"), tags=[1, None]) | {"target": [{"source": "boat"}]}, "without a text"),
    ],
)
def test_an_odd_annotation_is_told_by_its_number_and_loses_no_other(tmp_path: Path, odd: Any, kind: str) -> None:
    found = read(tmp_path, [odd, annotation(selector("the fog"), body=[3, {"purpose": "tagging", "value": 8}])])
    assert [told for told in found.told if told[0] != "without a text"] == (
        [(kind, "notes.json#annotation 1")] if kind != "without a text" and odd.get("target") != 5 else []
    )
    assert found.misfits
    assert found.sayings() == {"a1": ("an unnamed source", "the fog")}


def test_a_mapping_says_which_text_and_which_tags(tmp_path: Path) -> None:
    mapping = ENCODING + '[texts]\n"https://x.example/?p=3" = "ferry"\n[tags]\nsource = "@"\n'
    odd = annotation(selector("the fog"), tags=["@Mara Lind"])
    odd["target"][0]["source"] = "https://x.example/?p=3"
    assert read(tmp_path, odd, mapping).sayings() == {"a1": ("Mara Lind", "the fog")}


@pytest.mark.parametrize(
    "body",
    [
        {"motivation": "tagging", "bodyValue": "source:Mara Lind"},
        {"motivation": "tagging", "body": {"type": "TextualBody", "value": "source:Mara Lind"}},
        {"body": [{"type": "TextualBody", "purpose": "tagging", "value": "Source: Mara Lind"}]},
        {"motivation": "commenting", "tags": ["SOURCE:Mara Lind"], "bodyValue": "source:nobody"},
    ],
)
def test_a_tag_is_one_in_whatever_form_the_standard_allows(tmp_path: Path, body: dict[str, Any]) -> None:
    assert read(tmp_path, annotation(selector("the fog"), **body)).sayings() == {"a1": ("Mara Lind", "the fog")}


def test_creators_without_latin_letters_are_told_apart(tmp_path: Path) -> None:
    mapping = ENCODING.replace('encoder = {id = "id/org/quoth", label = "Quoth"}', "")
    both = [annotation(selector("the fog"), id=f"x/{n}", creator={"name": n}) for n in ("田中", "佐藤")]
    assert len({a.encoding.encoder.id for a in read(tmp_path, both, mapping).articles}) == 2


def test_addresses_of_one_text_are_one_article(tmp_path: Path) -> None:
    both = [annotation(selector("the fog"), id="x/1"), annotation(selector("the office"), id="x/2")]
    both[1]["target"][0]["source"] = SOURCE + "?from=feed"
    assert [a.id for a in read(tmp_path, both).article.attributions] == ["1", "2"]
