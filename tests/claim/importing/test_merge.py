"""Importing again: the same changes nothing, what a person has done stays, what changed in the input is told."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from quoth import resources
from quoth.claim.authoring import fill_offsets
from quoth.claim.authoring.yaml_scalars import scalar
from quoth.claim.checking.anchors import Texts
from quoth.claim.importing import merge
from quoth.claim.importing.article import Agent, Article, Attribution, Misfit, Quote, Span
from quoth.claim.importing.document import HEAD, Document, flow
from quoth.corpus.new import lasting_slug
from quoth.errors import UsageError

from .examples import ALL, BASE, BELIEVES, LATE, MAPPING, TEXT, ann, article, brat, corpus, imported, report, taken


@pytest.fixture
def to(tmp_path: Path) -> Path:
    to = corpus(tmp_path)
    imported(to, brat(tmp_path / "in", ann(*ALL)))
    return to


def files(of: Path) -> dict[str, bytes]:
    return {str(p.relative_to(of)): p.read_bytes() for p in of.rglob("*") if p.is_file() and "in" not in p.parts}


def edit(to: Path, pattern: str, replacement: str, flags: re.RegexFlag = re.MULTILINE) -> bytes:
    path = to / "articles" / "ferry.yaml"
    written, number = re.subn(pattern, replacement, path.read_text("utf-8"), count=1, flags=flags)
    assert number == 1, path.read_text("utf-8")
    path.write_text(written, "utf-8")
    return path.read_bytes()


def test_importing_again_changes_nothing(to: Path) -> None:
    before = files(to)
    outcome = imported(to, to / "in")
    assert (outcome.claims, outcome.written, outcome.misfits) == ({"unchanged": 5}, 0, [])
    assert files(to) == before


def test_nothing_is_written_in_a_dry_run(tmp_path: Path) -> None:
    to = corpus(tmp_path)
    outcome = imported(to, brat(tmp_path / "in", ann(*ALL)), dry=True)
    assert (outcome.claims, outcome.written) == ({"added": 5}, 1)
    assert sorted(files(to)) == ["quoth.toml"]


def test_a_corrected_claim_is_not_overwritten_and_no_conflict_while_the_input_is_the_same(to: Path) -> None:
    corrected = edit(to, 'speechAct: "warned"', 'speechAct: "forecast"')
    outcome = imported(to, to / "in")
    # The level of “warned” stands in two claims; the first of them was corrected.
    assert (outcome.claims, outcome.misfits) == ({"unchanged": 4, "kept": 1}, [])
    assert (to / "articles" / "ferry.yaml").read_bytes() == corrected


def test_a_claim_that_a_person_removed_does_not_come_back(to: Path) -> None:
    removed = edit(to, r'^  - id: "e1"\n(?:    .*\n)+', "")
    outcome = imported(to, to / "in")
    assert outcome.claims == {"unchanged": 4, "left out": 1}
    assert (to / "articles" / "ferry.yaml").read_bytes() == removed


def test_a_document_that_a_person_removed_does_not_come_back(to: Path) -> None:
    path = to / "articles" / "ferry.yaml"
    path.unlink()
    outcome = imported(to, to / "in")
    assert (outcome.removed, outcome.claims, path.exists()) == ([path], {"left out": 5}, False)


def test_an_input_that_changed_updates_what_is_uncorrected_and_tells_of_conflicts(to: Path) -> None:
    edit(to, r'^  - id: "e2"\n', '  - id: "e2"\n    label: "They waited."\n')
    # Other words of two claims: one is as it was imported, the other a person has corrected.
    changed = (("Mara Lind", "said", "The ferry was"), ("the mayor", "told reporters", "“We waited,”"), *ALL[2:])
    brat(to / "in", ann(*changed))
    outcome = imported(to, to / "in")
    assert outcome.claims == {"updated": 1, "kept": 1, "unchanged": 3}
    [conflict] = outcome.misfits
    assert (conflict.kind, conflict.detail.startswith("e2 was corrected here")) == ("corrected", True)
    written = (to / "articles" / "ferry.yaml").read_text("utf-8")
    assert '{exact: "The ferry was", ' in written
    assert "“for hours.”" in written
    assert [f for f in report(to).findings if f.severity == "Violation"] == []
    # Told once; from now on the person's word stands.
    again = imported(to, to / "in")
    assert (again.claims, again.misfits, again.written) == ({"kept": 1, "unchanged": 4}, [], 0)


def test_a_key_of_the_head_is_updated_unless_it_was_corrected(to: Path) -> None:
    edit(to, r"^label: .*", 'headline: "Ferry late"\nsection: "News"')
    edit(to, r"^language: .*", "language: en-GB # British")
    other = MAPPING.replace("By hand, for a test.", "By hand, twice.")
    outcome = imported(to, to / "in", other + 'language = "fr"\n')
    assert [m.detail.partition(" was")[0] for m in outcome.misfits] == ["the key language"]
    head = yaml.safe_load((to / "articles" / "ferry.yaml").read_text("utf-8"))
    assert head["encoding"]["method"] == "By hand, twice."
    assert (head["language"], head["headline"], head.get("label")) == ("en-GB", "Ferry late", None)


def test_claims_that_are_new_in_the_input_are_added_and_those_that_are_gone_told(to: Path) -> None:
    brat(to / "in", ann(LATE) + ann(("the mayor", "told reporters", "“for hours.”"), first=77))
    outcome = imported(to, to / "in")
    assert outcome.claims == {"unchanged": 1, "added": 1}
    assert sorted(m.detail for m in outcome.misfits) == [f"the input has e{n} no longer" for n in (2, 3, 4, 5)]
    assert {m.kind for m in outcome.misfits} == {"gone from the input"}
    assert [f.rule for f in report(to).findings if f.severity == "Violation"] == []


def test_formatting_is_no_correction(to: Path) -> None:
    path = to / "articles" / "ferry.yaml"
    written, _, problems = fill_offsets.fill(path, BASE, Texts(to / "texts"))  # as quoth draft --anchors writes it
    assert not problems
    path.write_text(written, "utf-8")
    assert imported(to, to / "in").claims == {"unchanged": 5}


@pytest.mark.parametrize("indent", [0, 4, 7])
def test_a_document_in_another_layout_is_still_brought_up_to_date(indent: int, to: Path) -> None:
    path = to / "articles" / "ferry.yaml"
    loaded = yaml.safe_load(path.read_text("utf-8"))
    lines = yaml.safe_dump(loaded, allow_unicode=True, sort_keys=False, width=60).splitlines(keepends=True)
    out, inside = ["# a person's comment\n"], False
    for line in lines:
        inside = line.startswith(("-", " ")) if inside or line.startswith("-") else False
        out.append(" " * indent + line if inside else line)
    path.write_text("".join(out) + "# the end\n", "utf-8")
    assert imported(to, to / "in").claims == {"unchanged": 5}
    brat(to / "in", ann(("Mara Lind", "said", "The ferry was"), *ALL[1:]) + ann(BELIEVES, first=9))
    outcome = imported(to, to / "in")
    # The claim that is new has the level of another one, which is named from now on.
    assert (outcome.claims, outcome.misfits) == ({"updated": 2, "unchanged": 3, "added": 1}, [])
    written = path.read_text("utf-8")
    assert "# a person's comment" in written
    assert "# the end" in written
    assert [c["id"] for c in yaml.safe_load(written)["claims"]] == ["e1", "e2", "e3", "e4", "e5", "e9"]


@pytest.mark.parametrize(
    ("pattern", "replacement", "kind"),
    [
        (r"^claims:\n(?s:.*)", "claims: [{id: e1, words: x}]\n", "document not changeable"),
        (r"^language: .*", "language: &a [*a]", "document not readable"),
        (r"^language: .*", "language: {", "document not readable"),
        (r"^language: .*", "language: " + "[" * 3000 + "]" * 3000, "document not readable"),
        (r"\A(?s:.*)\Z", "- a list\n", "document not readable"),
    ],
    ids=["flow", "in itself", "broken", "deep", "no mapping"],
)
def test_a_document_that_cannot_be_changed_in_places_is_left_alone(
    pattern: str, replacement: str, kind: str, to: Path
) -> None:
    before = edit(to, pattern, replacement)
    brat(to / "in", ann(*ALL) + ann(BELIEVES, first=9))
    outcome = imported(to, to / "in")
    assert [m.kind for m in outcome.misfits] == [kind]
    assert (to / "articles" / "ferry.yaml").read_bytes() == before


def test_what_a_person_wrote_is_never_touched(tmp_path: Path) -> None:
    first, to = tmp_path / "first", corpus(tmp_path)
    first.mkdir()
    imported(corpus(first), brat(tmp_path / "in", ann(LATE)))
    (to / "articles").mkdir()
    # A person's document of the same text: a claim and a source have the ids that the import would give.
    own = (
        (first / "articles" / "ferry.yaml").read_text("utf-8").replace("coder", "editor").replace("The ferry", "ferry")
    )
    own = own.replace('exact: "ferry was late", start: 0', 'exact: "ferry was late", start: 4')
    (to / "articles" / "ferry.yaml").write_text(own, "utf-8")
    for _ in range(2):
        outcome = imported(to, to / "in")
        assert not outcome.misfits
        assert (to / "articles" / "ferry.yaml").read_text("utf-8") == own
        beside = yaml.safe_load((to / "articles" / "ferry.imported.yaml").read_text("utf-8"))
        assert beside["encoding"]["id"] == "#encoding-imported"
        assert [claim["id"] for claim in beside["claims"]] == ["imported-e1"]
        assert [source["id"] for source in beside["sources"]] == ["imported-mara-lind"]
        assert [f for f in report(to).findings if f.severity == "Violation"] == []
    assert outcome.claims == {"unchanged": 1}


def test_a_document_of_another_text_is_not_stood_beside(to: Path) -> None:
    (to / "imported.tsv").unlink()
    other = "x" + TEXT
    shutil.rmtree(to / "texts")
    brat(to / "in", ann(LATE, text=other), other)
    [misfit] = imported(to, to / "in").misfits
    assert misfit.kind == "another text"
    assert not (to / "articles" / "ferry.imported.yaml").exists()


def test_another_text_of_that_name_is_left_alone(to: Path) -> None:
    other = "x" + TEXT
    brat(to / "in", ann(LATE, text=other), other)
    before = files(to)
    [misfit] = imported(to, to / "in").misfits
    assert (misfit.kind, "texts/ferry.txt is another text" in misfit.detail) == ("another text", True)
    assert files(to) == before


@pytest.mark.parametrize("at", range(8))
def test_an_import_that_was_stopped_is_done_again(at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped at each of the writes of an import of three articles, as by a kill."""
    whole, to = tmp_path / "whole", tmp_path / "to"
    for folder in (whole, to):
        folder.mkdir()
        corpus(folder)
    for name in ("ferry", "quay", "pier"):
        brat(tmp_path / "in", ann(*ALL), name=name)
    imported(whole, tmp_path / "in")
    writes = 0

    def write(content: str | bytes, path: Path) -> None:
        nonlocal writes
        if writes == at:
            raise KeyboardInterrupt
        writes += 1
        resources.write(content, path)

    monkeypatch.setattr("quoth.claim.importing.imports.write", write)
    if at < 6:
        with pytest.raises(KeyboardInterrupt):
            imported(to, tmp_path / "in")
    monkeypatch.undo()
    outcome = imported(to, tmp_path / "in")
    assert not outcome.misfits
    assert not outcome.claims["kept"] + outcome.claims["left out"]
    assert files(to) == files(whole)


def test_a_stop_between_a_document_and_its_record_is_no_document_of_a_person(to: Path) -> None:
    whole = files(to)
    record = to / "imported.tsv"
    lines = record.read_text("utf-8").splitlines(keepends=True)
    for kept in (0, 1, 4, len(lines) - 1):
        record.write_text("".join(lines[:kept]) + lines[kept][:9], "utf-8")
        outcome = imported(to, to / "in")
        assert (outcome.claims, outcome.misfits) == ({"unchanged": 5}, [])
        assert files(to) == whole


def test_a_broken_record_is_told_with_its_line(to: Path) -> None:
    (to / "imported.tsv").write_text("document\tlist\tid\tdigest\nx\n", "utf-8")
    with pytest.raises(UsageError, match=r"imported\.tsv:2: it is no record of imports"):
        imported(to, to / "in")


def test_a_link_in_the_place_of_a_document_is_replaced_and_not_followed(tmp_path: Path) -> None:
    to, outside = corpus(tmp_path), tmp_path / "outside.yaml"
    (to / "articles").mkdir()
    (to / "articles" / "ferry.yaml").symlink_to(outside)
    imported(to, brat(tmp_path / "in", ann(LATE)))
    assert not outside.exists()


TEXTS = st.text(st.characters(exclude_categories=()), max_size=40)


@given(TEXTS)
def test_any_text_is_read_as_it_was_written(text: str) -> None:
    plain = re.sub("[\ud800-\udfff]", "\ufffd", text)
    assert yaml.load(f"a: {scalar(text)}\n", Loader=yaml.CBaseLoader) == {"a": plain}
    assert yaml.compose(f"- {flow({'exact': text, 'a b': [text]})}\n", Loader=yaml.CBaseLoader) is not None
    scalar(text).encode("utf-8")


ENTRIES = st.dictionaries(st.from_regex(r"[a-z]{1,3}", fullmatch=True), TEXTS, min_size=1, max_size=5)


def a_document(claims: dict[str, str], sources: dict[str, str], head: str) -> Document:
    def entry(id: str, text: str) -> str:
        return f"  - id: {scalar(id)}\n    anchor:\n      - {flow({'exact': text})}\n"

    return Document(
        {
            HEAD: {"headline": f"headline: {scalar(head)}\n"},
            "sources": {id: f"  - {flow({'id': id, 'label': text})}\n" for id, text in sources.items()},
            "claims": {id: entry(id, text) for id, text in claims.items()},
        }
    )


@given(ENTRIES, ENTRIES, ENTRIES, ENTRIES, TEXTS, TEXTS)
def test_a_document_brought_up_to_its_input_says_what_the_input_says(
    claims: dict[str, str], later: dict[str, str], sources: dict[str, str], others: dict[str, str], head: str, new: str
) -> None:
    first = merge.merge(None, a_document(claims, sources, head), {})
    second = merge.merge(merge.Existing(first.text), a_document(later, others, new), first.digests)
    assert not second.conflicts
    assert set(second.gone) == claims.keys() - later.keys()
    told: dict[str, Any] = yaml.load(second.text, Loader=yaml.CBaseLoader)
    expected: dict[str, Any] = yaml.load(
        str(a_document(claims | later, sources | others, new)), Loader=yaml.CBaseLoader
    )
    for name in ("claims", "sources"):
        assert {e["id"]: e for e in told[name]} == {e["id"]: e for e in expected[name]}
    assert told["headline"] == expected["headline"]
    third = merge.merge(merge.Existing(second.text), a_document(later, others, new), second.digests)
    assert third.text == second.text


BAD_IDS = ["../../etc/passwd", "a/b", "", "Å", "a\nb", "a" * 300, "é", "-", "a--b"]


@pytest.mark.parametrize("bad", BAD_IDS)
def test_no_name_of_a_reader_becomes_a_path_or_breaks_a_document(bad: str, tmp_path: Path) -> None:
    to = corpus(tmp_path)
    said = Attribution("q1", "input:2", (Quote("The ferry was late"),), Agent("Lind"))
    wrong = [
        article(said, slug=bad),
        article(Attribution(bad, "input:3", (Span(0, 3),), Agent("Lind"))),
        article(said, facts=((bad, "x"),), slug="quay"),
        article(Attribution("q2", "input:4", (Span(0, 3),), Agent("Lind", type=bad)), slug="pier"),
    ]
    if bad:
        wrong.append(article(Attribution("q3", "input:4", (Span(0, 3),), Agent("Lind", bad)), slug="dock"))
    outcome = taken(to, wrong)
    assert [m.kind for m in outcome.misfits] == ["not in form"] * len(wrong)
    assert not outcome.claims["added"]
    assert {p.parent for p in to.rglob("*") if p.is_file()} <= {to, to / "articles", to / "texts"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [("", "without a text"), (" \n", "without a text"), ("a\0b", "not in form"), ("half \ud800", "not in form")],
)
def test_what_no_file_of_text_has_is_refused(text: str, kind: str, tmp_path: Path) -> None:
    assert [m.kind for m in taken(corpus(tmp_path), [article(text=text)]).misfits] == [kind]


@pytest.mark.parametrize(
    ("key", "given", "written"),
    [
        ("url", "https://news.example/ferry", "https://news.example/ferry"),
        ("url", "news.example/ferry", None),
        ("url", "id/article/ferry", None),
        ("datePublished", "2026-11", None),
        ("datePublished", "2026-11-01 10:30:00", "2026-11-01"),
        ("datePublished", "31.12.2026", None),
        ("datePublished", "2026-02-30", None),
        ("datePublished", "46000", None),
    ],
)
def test_an_address_or_a_date_that_is_none_is_told_and_not_written(
    key: str, given: str, written: str | None, tmp_path: Path
) -> None:
    to, said = corpus(tmp_path), Attribution("q1", "in:1", (Quote("The ferry was late"),), Agent("Lind"))
    outcome = taken(to, [article(said, facts=((key, given), ("headline", "Late")))])
    document = yaml.safe_load((to / "articles" / "ferry.yaml").read_text("utf-8"))
    assert document.get(key) == written
    assert len(outcome.misfits) == (written is None)
    assert [f for f in report(to).findings if f.severity == "Violation"] == []


@pytest.mark.parametrize(
    ("label", "loaded"),
    [
        ("Louise Slaughter", False),
        ("Rep. Louise Slaughter", False),
        ("lawyers of Charlie Spies", False),
        ("Terrorists", True),
        ("Terrorists of Velm", True),
        ("the corrupt mayor", True),
    ],
)
def test_a_part_of_a_name_is_no_loaded_word(label: str, loaded: bool, tmp_path: Path) -> None:
    to, said = corpus(tmp_path), Attribution("q1", "in:1", (Quote("The ferry was late"),), Agent(label))
    taken(to, [article(said)])
    assert ("loaded-words" in {f.rule for f in report(to).findings}) == loaded


@pytest.mark.parametrize(("other", "loaded"), [("Charlie Spies", False), ("Lind", True)])
def test_a_surname_alone_is_a_name_where_somebody_has_it(other: str, loaded: bool, tmp_path: Path) -> None:
    to = corpus(tmp_path)
    said = [
        Attribution(f"q{n}", f"in:{n}", (Quote("The ferry was late"),), Agent(label))
        for n, label in enumerate(("Spies", other), 1)
    ]
    taken(to, [article(*said)])
    assert ("loaded-words" in {f.rule for f in report(to).findings}) == loaded


def test_a_text_of_a_name_without_latin_letters_has_a_slug_always_the_same() -> None:
    assert (lasting_slug("日本", 80), lasting_slug("Ähm 2026", 80)) == ("n-cf2abf0c5b", "ahm-2026")


STRANGE = "He said: [x]{y} & *z* # - ? | > %TAG !!str 'a' \"b\" \\ \u202eevil\u202c \u200fx \x07 \x85 \u2028 end.\n"


def test_strange_words_are_quoted_letter_by_letter(tmp_path: Path) -> None:
    to = corpus(tmp_path)
    source = Agent("\u202e- {evil}: #\x00\ud800 'x' \"y\"\nid: z")
    said = Attribution("q1", "in:1", (Quote(STRANGE[9:-1]),), source, (Quote("said"),))
    outcome = taken(to, [article(said, text=STRANGE, facts=(("headline", STRANGE[:-1]),))])
    assert not outcome.misfits
    document = yaml.safe_load((to / "articles" / "ferry.yaml").read_text("utf-8"))
    assert document["claims"][0]["anchor"][0]["exact"] == STRANGE[9:-1]
    assert document["sources"][0]["label"] == "- {evil}: # 'x' \"y\" id: z"
    assert [f for f in report(to).findings if f.rule.startswith(("anchor", "syntax"))] == []


def test_a_colon_attributes_and_a_headline_is_the_article_s_own_word(tmp_path: Path) -> None:
    to, text = corpus(tmp_path), "Lind: The ferry was late. The mayor: It was not.\n"
    late = Attribution("q1", "in:1", (Quote("The ferry was late"),), Agent("Lind"), (Span(4, 5),), (Span(0, 4),))
    taken(to, [article(late, text=text, facts=(("headline", "Terrorists shut the quay"),))])
    assert not {f.rule for f in report(to).findings} & {"cue-verb", "loaded-words"}
    document = to / "articles" / "ferry.yaml"
    document.write_text(document.read_text("utf-8").replace("headline:", "label:"), "utf-8")
    assert "loaded-words" in {f.rule for f in report(to).findings}


@pytest.mark.parametrize(
    ("cue", "mention", "rules"),
    [
        ("grew wary of", "Mara Lind", set()),  # no list has it, but it may well attribute
        ("Mara", "Mara Lind", {"cue-verb"}),  # the name of a source, and nothing else
        ("told the mayor", "Mara Lind", set()),  # whom she speaks to, beside whom a mention names
    ],
)
def test_a_cue_in_words_is_warned_of_where_nothing_in_it_attributes(
    cue: str, mention: str, rules: set[str], tmp_path: Path
) -> None:
    to, text = corpus(tmp_path), f"{mention} {cue} that the ferry was late. The mayor said that it was not.\n"
    late = Attribution("q1", "in:1", (Quote("the ferry was late"),), Agent(mention), (Quote(cue),), (Span(0, 9),))
    other = Attribution(
        "q2", "in:1", (Quote("it was not"),), Agent("The mayor"), (Quote("said"),), (Quote("The mayor"),)
    )
    if cue == "Mara":
        late = replace(late, cue=(Span(0, 4),), mention=(Span(5, 9),))
    taken(to, [article(late, other, text=text)])
    assert {f.rule for f in report(to).findings if f.severity == "Warning"} & {"cue-verb", "cue-source"} == rules


def test_two_articles_of_one_name_are_not_put_together(tmp_path: Path) -> None:
    said = Attribution("q1", "in:1", (Quote("The ferry was late"),), Agent("Lind"))
    found: list[Article | Misfit] = [article(said), article(said)]
    outcome = taken(corpus(tmp_path), found)
    assert [m.kind for m in outcome.misfits] == ["two of one name"]


def test_what_is_not_verbatim_is_refused_with_the_nearest_words(tmp_path: Path) -> None:
    said = Attribution("q1", "in:1", (Quote("The ferry was lates"),), Agent("Lind"))
    twice = Attribution("q2", "in:2", (Quote("the mayor"),), Agent("Lind"))
    misfits = taken(corpus(tmp_path), [article(said, twice)]).misfits
    assert [m.kind for m in misfits] == ["not verbatim", "ambiguous"]
    assert "at 0" in misfits[0].detail
    assert "The ferry was late" in misfits[0].detail


def test_an_outer_level_that_is_not_there_is_told(tmp_path: Path) -> None:
    lost = Attribution("q1", "in:1", (Quote("The ferry was late"),), Agent("Lind"), within="nobody")
    ring = [
        Attribution(id, "in:2", (Quote(words),), Agent("Lind"), within=other)
        for id, words, other in (("a", "We waited", "b"), ("b", "for hours", "a"))
    ]
    misfits = taken(corpus(tmp_path), [article(lost, *ring)]).misfits
    assert [m.kind for m in misfits] == ["without its outer level", "too many levels", "too many levels"]


def named(to: Path, words: str, *more: Attribution) -> Article:
    """An article of which two attributions, and ``more``, are a speech of one person, who is named once."""
    lind = Agent("Mara Lind", "id/person/lind", "Person")
    spoken = [
        Attribution(f"s{n}", "in:1", (Quote(w),), lind, mention=(Span(20, 29),)) for n, w in enumerate([words, "He"])
    ]
    return article(*spoken, *more, entities=(lind,))


def test_a_level_that_several_claims_have_is_written_once(to: Path) -> None:
    own, where = to / "own", "articles/ferry.yaml"
    own.mkdir()
    corpus_of = corpus(own)
    apart = Attribution("s9", "in:1", (Quote("We waited"),), Agent("the mayor"))
    taken(corpus_of, [named(to, "The ferry was late", apart)])
    loaded = yaml.safe_load((own / where).read_text("utf-8"))
    level = {
        "source": "id/person/lind",
        "mention": [{"exact": "Mara Lind", "start": 20, "end": 29}],
        "speechAct": "said",
    }
    assert loaded["levels"] == {"lind-s0": level}
    assert [claim.get("level") for claim in loaded["claims"]] == ["lind-s0", "lind-s0", None]
    assert [f.rule for f in report(own).findings if f.severity == "Violation"] == []
    assert taken(corpus_of, [named(to, "The ferry was late", apart)]).written == 0


def test_a_corrected_level_stays_and_one_that_was_taken_out_comes_back_with_its_claims(to: Path) -> None:
    own = to / "own"
    own.mkdir()
    taken(corpus(own), [named(to, "The ferry was late")])
    path = own / "articles" / "ferry.yaml"
    corrected = path.read_text("utf-8").replace('speechAct: "said"', 'speechAct: "warned"')
    path.write_text(corrected, "utf-8")
    assert taken(own, [named(to, "The ferry was late")]).claims == {"unchanged": 2}
    assert path.read_text("utf-8") == corrected
    path.write_text(re.sub(r"levels:\n  .*\n", "", corrected), "utf-8")
    assert taken(own, [named(to, "The ferry was")]).claims == {"updated": 1, "unchanged": 1}
    assert yaml.safe_load(path.read_text("utf-8"))["levels"]["lind-s0"]["speechAct"] == "said"
    assert [f.rule for f in report(own).findings if f.severity == "Violation"] == []
