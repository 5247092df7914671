"""LitBank: quotations by numbers of sentences and tokens, each verified in its text."""

from pathlib import Path

from .runs import ENCODING, corpus, needs_corpora, run

TEXT = "“ Is it late ? ” asked Mara .\n“ It is ,\nI fear , ” he said .\n"
ROWS = [
    "QUOTE\tQ1\t0\t0\t0\t5\t“ Is it late ? ”",
    "QUOTE\tQ2\t1\t0\t2\t3\t“ It is , I fear , ”",
    "ATTRIB\tQ1\tMara_Lind-1",
]


def write(folder: Path, *rows: str, name: str = "7_the_ferry_brat") -> Path:
    (folder / "in").mkdir(exist_ok=True)
    (folder / "in" / f"{name}.txt").write_text(TEXT, "utf-8")
    (folder / "in" / f"{name}.ann").write_text("\n".join(rows) + "\n", "utf-8")
    return folder / "in"


def test_quotations_have_their_speakers_and_their_words(tmp_path: Path) -> None:
    found = run("litbank", write(tmp_path, *ROWS), ENCODING + '[files]\nname = "\\\\d+_(?P<name>.*)_brat"\n')
    assert found.sayings() == {
        "q1": ("Mara Lind", "“ Is it late ? ”"),
        "q2": ("an unnamed source", "“ It is ,\nI fear , ”"),
    }
    assert (found.article.slug, dict(found.article.facts)) == ("the-ferry", {"label": "the ferry"})
    assert found.misfits == []


def test_speakers_that_are_described_at_length_are_told_apart_by_their_numbers(tmp_path: Path) -> None:
    long = "a_young_man_who_" + "came_out_of_the_door_of_a_hotel_and_" * 12
    attributions = run("litbank", write(tmp_path, *ROWS[:2], f"ATTRIB\tQ1\t{long}-1", f"ATTRIB\tQ2\t{long}-2")).article
    ids = [a.source.id for a in attributions.attributions if a.source]
    assert [id[-2:] for id in ids] == ["-1", "-2"]
    assert max(map(len, ids)) < 100


def test_a_row_that_does_not_fit_is_told_with_its_line_and_loses_no_other(tmp_path: Path) -> None:
    wrong = [
        "QUOTE\tQ3\t9\t0\t9\t2\tnothing",
        "QUOTE\tQ4\t0\t-1\t0\t2\tnothing",
        "QUOTE\tQ5\tzero\t0\t0\t2\tnothing",
        "QUOTE\tQ1\t0\t0\t0\t1\t“ Is",
        "ATTRIB\tQ8\tRoke",
        "T1\tSource 0 4\tMara",
    ]
    found = run("litbank", write(tmp_path, *ROWS, *wrong))
    assert [*found.sayings()] == ["q1", "q2"]
    name = "7_the_ferry_brat.ann"
    assert found.told == [
        *[("outside of the text", f"{name}:{line}") for line in (4, 5, 6)],
        ("id used twice", f"{name}:7"),
        ("without a quotation", f"{name}:8"),
        ("not of LitBank", f"{name}:9"),
    ]


def test_a_work_without_a_text_and_one_that_is_not_utf_8_lose_no_other(tmp_path: Path) -> None:
    folder = write(tmp_path, *ROWS)
    write(tmp_path, *ROWS, name="b")
    (folder / "b.txt").write_bytes(TEXT.encode("cp1252", "replace"))
    write(tmp_path, *ROWS, name="c")
    (folder / "c.txt").unlink()
    found = run("litbank", folder)
    assert found.told == [("not read", "b.txt:1"), ("without a text", "c.ann")]
    assert len(found.sayings()) == 2


@needs_corpora
def test_every_quotation_of_litbank_is_read_and_verified() -> None:
    found = run("litbank", corpus("litbank"), "litbank")
    assert found.misfits == []
    assert len(found.articles) == 100
    assert sum(len(article.attributions) for article in found.articles) == 1_765
    for article in found.articles:
        for attribution in article.attributions:
            [place] = attribution.words
            assert article.text.startswith(place.exact, place.start)  # type: ignore[union-attr]
