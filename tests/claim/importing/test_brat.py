"""brat's standoff: attributions in pieces and in one another, several annotators, what does not fit, hostile files."""

import os
from pathlib import Path

import pytest
import yaml

from quoth.claim.importing.article import Misfit
from quoth.corpus.new import lasting_slug
from quoth.errors import UsageError

from .examples import ALL, BELIEVES, LATE, MAPPING, TEXT, WAITED, WARNED, ann, brat, corpus, imported, report

ANNOTATORS = MAPPING + '[files]\nname = "(?P<name>.*)_(?P<annotator>[a-z]+)"\ntext = "{name}.txt"\n'


def document(to: Path, name: str = "ferry") -> dict:  # type: ignore[type-arg]
    loaded: dict = yaml.safe_load((to / "articles" / f"{name}.yaml").read_text("utf-8"))  # type: ignore[type-arg]
    return loaded


def test_attributions_become_claims_in_words_that_the_check_accepts(tmp_path: Path) -> None:
    to = corpus(tmp_path)
    outcome = imported(to, brat(tmp_path / "in", ann(*ALL)))
    assert not outcome.misfits
    assert outcome.claims == {"added": 5}
    found = report(to)
    assert [f for f in found.findings if f.severity == "Violation"] == []
    assert found.claims == 6  # and that the mayor believes something, as Lind's warning has it
    claims = {claim["id"]: claim for claim in document(to)["claims"]}
    late = claims["e1"]
    assert [a["exact"] for a in late["anchor"]] == ["The ferry was late"]
    assert late["attribution"]["source"] == "mara-lind"
    assert late["attribution"]["mention"] == [{"exact": "Mara Lind", "start": 20, "end": 29}]
    assert [a["exact"] for a in claims["e2"]["anchor"]] == ["“We waited,”", "“for hours.”"]
    assert claims["e2"]["attribution"]["speechAct"] == "said"
    assert claims["e3"]["attribution"]["speechAct"] == "warned"
    # Lind is Mara Lind, the mayor of both sentences one source; the innermost claim has both levels.
    assert claims["e3"]["attribution"]["source"] == "mara-lind"
    inner = claims["e4"]["attribution"]
    assert (inner["source"], inner["within"]["source"], "within" in inner["within"]) == ("mayor", "mara-lind", False)
    assert claims["e2"]["attribution"]["source"] == "mayor"
    silent = claims["e5"]
    assert (silent["attribution"]["speechAct"], silent["anchor"][0]["exact"]) == (
        "declinedToComment",
        "declined to comment",
    )
    assert (to / "texts" / "ferry.txt").read_text("utf-8") == TEXT


def test_offsets_are_held_against_the_words_letter_by_letter(tmp_path: Path) -> None:
    wrong = ann(LATE).replace(f"{TEXT.index('said')} {TEXT.index('said') + 4}\tsaid", "3 7\tsaid")
    [misfit] = imported(corpus(tmp_path), brat(tmp_path / "in", wrong)).misfits
    assert misfit.kind == "not at its place"
    assert misfit.detail == f"at 3 the text has “ fer”, not “said”, which is at {TEXT.index('said')}"
    assert misfit.where.endswith("ferry.ann:5")


@pytest.mark.parametrize("offsets", ["5 5", "9 2", "0 99999", "999999999999 999999999999"])
def test_a_span_outside_of_the_text_is_no_claim(offsets: str, tmp_path: Path) -> None:
    wrong = f"T1\tContent {offsets}\nT2\tCue 30 34\tsaid\nE1\tAttribution:T1 Cue:T2 Content:T1\n"
    outcome = imported(corpus(tmp_path), brat(tmp_path / "in", wrong))
    assert [m.kind for m in outcome.misfits] == ["outside of the text"]
    assert not outcome.claims["added"]


def test_several_annotators_are_several_encodings_and_their_agreement_is_counted(tmp_path: Path) -> None:
    to, source = corpus(tmp_path), tmp_path / "in"
    brat(source, ann(LATE, WAITED), name="ferry_anne")
    brat(source, ann(LATE, WARNED), name="ferry_bert")
    outcome = imported(to, source, ANNOTATORS.replace("id/person/coder", "id/person/{annotator}"))
    assert not outcome.misfits
    [agreement] = outcome.agreements
    assert (agreement.encodings, agreement.numbers, agreement.cues, agreement.f1) == (("anne", "bert"), (2, 2), 1, 0.5)
    assert (agreement.sources, agreement.words) == (1, 1.0)
    assert document(to)["encoding"]["attributedTo"] == "id/person/anne"
    other = document(to, "ferry.bert")
    assert (other["encoding"]["id"], other["encoding"]["attributedTo"]) == ("#encoding-bert", "id/person/bert")
    assert [claim["id"] for claim in other["claims"]] == ["bert-e1", "bert-e2"]
    # They mean the same source by the same words, and it is described once.
    assert [source["id"] for source in document(to)["sources"]] == ["mara-lind", "mayor"]
    assert "sources" not in other
    assert [f for f in report(to).findings if f.severity == "Violation"] == []
    again = imported(to, source, ANNOTATORS.replace("id/person/coder", "id/person/{annotator}"))
    assert (again.claims, again.written) == ({"unchanged": 4}, 0)


def test_one_annotator_alone_does_not_write_into_the_encoding_of_another(tmp_path: Path) -> None:
    to, source = corpus(tmp_path), tmp_path / "in"
    brat(source, ann(LATE), name="ferry_anne")
    imported(to, source, ANNOTATORS)
    before = (to / "articles" / "ferry.yaml").read_bytes()
    outcome = imported(to, brat(tmp_path / "later", ann(WAITED), name="ferry_bert"), ANNOTATORS)
    assert not outcome.misfits
    assert (to / "articles" / "ferry.yaml").read_bytes() == before
    assert [claim["id"] for claim in document(to, "ferry.bert")["claims"]] == ["bert-e1"]


def test_what_the_mapping_does_not_know_is_told_and_what_it_leaves_out_is_no_failure(tmp_path: Path) -> None:
    more = "A1\tNegated E1\nT90\tDiscard 0 3\tThe\nE9\tMeeting:T90\nR1\tBefore Arg1:T1 Arg2:T2\n"
    more += "#1\tAnnotatorNotes T1\tsure?\nnonsense\n"
    source = brat(tmp_path / "in", ann(LATE) + more)
    outcome = imported(corpus(tmp_path), source, MAPPING + '[left-out]\nDiscard = "no part"\n')
    kinds = [(m.kind, m.declared) for m in outcome.misfits]
    assert kinds == [
        ("attribute: Negated", False),
        ("left out: Discard", True),
        ("event: Meeting", False),
        ("relation: Before", False),
        ("note", False),
        ("not of brat", False),
    ]


def test_relations_of_the_same_source_join_two_spans(tmp_path: Path) -> None:
    # T1 is the source of the first attribution, T9 that of the third one: “Lind”, by the rule “words” another source.
    rules = MAPPING.replace('sources = "surname"', 'sources = "words"') + '[relations]\nsame = ["Same"]\n'
    written = ann(LATE, BELIEVES, WARNED)
    apart = corpus(tmp_path)
    imported(apart, brat(tmp_path / "in", written), rules)
    sources = {claim["id"]: claim["attribution"]["source"] for claim in document(apart)["claims"]}
    assert (sources["e1"], sources["e3"]) == ("mara-lind", "lind")
    together = corpus_in(tmp_path / "other")
    imported(together, brat(tmp_path / "in", written + "R1\tSame Arg1:T1 Arg2:T9\n"), rules)
    sources = {claim["id"]: claim["attribution"]["source"] for claim in document(together)["claims"]}
    assert (sources["e1"], sources["e3"]) == ("mara-lind", "mara-lind")


def corpus_in(folder: Path) -> Path:
    folder.mkdir()
    return corpus(folder)


@pytest.mark.parametrize(
    "hostile",
    [
        "T1\tContent " + ";".join("0 3" for _ in range(10_000)) + "\tThe",
        "T1\tContent " + "9" * 5000 + " 3\tThe",
        "E1",
        "E1\t",
        "E1\tAttribution",
        "E1\tAttribution:T1 Source: :T1 ::: Cue:T1:T2",
        "R1\t",
        "R1\tSame",
        "A1\t",
        "#\t",
        "*\t",
        "T1\tContent 0 3\t\x1b[31mThe\x00",
        "\x00\x00\x00",
        "\u202eT1\tContent 0 3",
        "E1\tAttribution:E1 Source:E1",
    ],
    ids=range(15),
)
def test_no_line_breaks_the_reader(hostile: str, tmp_path: Path) -> None:
    to = corpus(tmp_path)
    outcome = imported(to, brat(tmp_path / "in", hostile + "\n" + ann(LATE)))
    assert "\x1b" not in "".join(map(str, outcome.misfits))
    assert {f.rule for f in report(to).findings if f.severity == "Violation"} == set()


def test_files_that_cannot_be_read_are_told_and_the_others_imported(tmp_path: Path) -> None:
    source = brat(tmp_path / "in", ann(LATE))
    brat(source, b"T1\tContent 0 3\tTh\xff\n", name="broken")
    os.mkfifo(source / "pipe.ann")
    (source / "pipe.txt").write_text(TEXT, "utf-8")
    (source / "alone.ann").write_text("", "utf-8")
    (source / "loop.ann").symlink_to("loop.ann")
    (source / "loop.txt").write_text(TEXT, "utf-8")
    outcome = imported(corpus(tmp_path), source)
    assert [m.kind for m in outcome.misfits] == ["without a text", "not readable", "not readable", "not readable"]
    assert outcome.claims["added"] == 1


def test_a_folder_without_annotations_is_the_wrong_folder(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=r"no file in it is like \*\*/\*\.ann"):
        imported(corpus(tmp_path), tmp_path / "empty")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('annotations = "/etc/*.ann"', "files.annotations|pattern"),
        ('text = "{nme}.txt"', r"there is no name \{nme\}"),
        ('text = "{name:>999999999}.txt"', r"there is no name \{name\}"),
        ('text = "{name"', "expected '}'"),
        ('name = "(?P<name"', "it is no pattern"),
    ],
)
def test_a_mistake_in_the_mapping_is_told_with_its_line(table: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=message) as told:
        imported(corpus(tmp_path), brat(tmp_path / "in", ann(LATE)), MAPPING + "[files]\n" + table + "\n")
    assert (told.value.where or "").endswith(f":{MAPPING.count(chr(10)) + 2}")


def test_a_deep_nest_of_attributions_has_an_end(tmp_path: Path) -> None:
    text = " ".join(f"s{n} said" for n in range(60)) + " all was well."
    lines = []
    for n in range(60):
        start = text.index(f"s{n} said")
        content = (start + len(f"s{n} said "), len(text) - 1)
        lines.append(f"T{3 * n + 1}\tSource {start} {start + len(f's{n}')}\ts{n}")
        cue = start + len(f"s{n} ")
        lines.append(f"T{3 * n + 2}\tCue {cue} {cue + 4}\tsaid")
        lines.append(f"T{3 * n + 3}\tContent {content[0]} {content[1]}\t{text[content[0] : content[1]]}")
        lines.append(f"E{n + 1}\tAttribution:T1 Source:T{3 * n + 1} Cue:T{3 * n + 2} Content:T{3 * n + 3}")
    outcome = imported(corpus(tmp_path), brat(tmp_path / "in", "\n".join(lines), text))
    kinds = {m.kind for m in outcome.misfits if isinstance(m, Misfit)}
    assert kinds == {"too many levels"}
    assert outcome.claims["added"] == 20


def test_an_event_that_reports_another_has_its_words(tmp_path: Path) -> None:
    to, text = corpus(tmp_path), "Lind said Berg claimed the quay was shut. It rained.\n"
    lines = (
        "T1\tSource 0 4\tLind\nT2\tCue 5 9\tsaid\nT3\tSource 10 14\tBerg\nT4\tCue 15 22\tclaimed\n"
        "T5\tContent 23 40\tthe quay was shut\nE1\tAttribution:T4 Source:T3 Cue:T4 Content:T5\n"
        "E2\tAttribution:T2 Source:T1 Cue:T2 Content:E1\n"
    )
    assert not imported(to, brat(tmp_path / "in", lines, text)).misfits
    inner, outer = document(to)["claims"][1], document(to)["claims"][0]
    assert [a["exact"] for a in outer["anchor"]] == ["Berg claimed the quay was shut"]
    assert (inner["attribution"]["source"], inner["attribution"]["within"]["source"]) == ("berg", "lind")


def test_a_possessive_is_no_part_of_a_source_s_name(tmp_path: Path) -> None:
    to, text = corpus(tmp_path), "Mara Lind’s comment that the ferry is late surprised us.\n"
    imported(to, brat(tmp_path / "in", ann(("Mara Lind’s", "comment", "the ferry is late"), text=text), text))
    assert [s["label"] for s in document(to)["sources"]] == ["Mara Lind"]


def test_what_an_argument_lacks_is_told(tmp_path: Path) -> None:
    lines = ann(LATE) + "E8\tAttribution:T1 Source:T77 Place:T1\n"
    misfits = imported(corpus(tmp_path), brat(tmp_path / "in", lines)).misfits
    assert [m.detail for m in misfits if m.kind.startswith("argument")] == [
        "E8 has Source:T77, which is not in the file",
        "E8 has Place:T1, a role of none",
    ]


def test_texts_in_other_scripts_are_imported(tmp_path: Path) -> None:
    to = corpus(tmp_path)
    for name in ("日本", "中国"):
        folder = brat(tmp_path / "in", ann(LATE), name=name)
    outcome = imported(to, folder)
    assert not outcome.misfits
    assert {p.stem for p in (to / "articles").iterdir()} == {lasting_slug("日本", 80), lasting_slug("中国", 80)}
