"""A draft proposes the cue, the source and the content of an attribution, in English and in German."""

import pytest
from ruamel.yaml import YAML

from quoth.claim.authoring import draft

MARK = "\N{HORIZONTAL ELLIPSIS} "


def proposed(text: str, language: str = "en") -> list[tuple[str, str, str]]:
    """The source's words, the cue and the content of each claim that has a source, or a cue."""
    written = YAML(typ="safe").load(draft.draft(text, "a", draft.Known(language)))
    found = []
    for claim in written["claims"]:
        if level := claim.get("attribution"):
            anchors = claim["anchor"] if isinstance(claim["anchor"], list) else [claim["anchor"]]
            for anchor in (level["cue"], *anchors, *([level["mention"]] if "mention" in level else [])):
                assert text[anchor["start"] : anchor["end"]] == anchor["exact"]
            mention = level.get("mention", {"exact": ""})["exact"]
            found.append((mention, level["cue"]["exact"], MARK.join(a["exact"] for a in anchors)))
    return found


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        (
            "The ferry was late on Monday, the harbour office said.",
            "the harbour office",
            "said",
            "The ferry was late on Monday",
        ),
        ("Mara Lind said that the pilots were late.", "Mara Lind", "said", "that the pilots were late"),
        ("Mara Lind said the pilots were late.", "Mara Lind", "said", "the pilots were late"),
        ("“We cannot wait,” said Mara Lind.", "Mara Lind", "said", "“We cannot wait,”"),
        (
            "“We cannot wait,” she said. “The boats are old.”",
            "she",
            "said",
            f"“We cannot wait,”{MARK}“The boats are old.”",
        ),
        ("“The boats,” Mara Lind said, “are too old.”", "Mara Lind", "said", f"“The boats,”{MARK}“are too old.”"),
        ("According to Mara Lind, the pilots were late.", "Mara Lind", "According to", "the pilots were late"),
        ("The pilots were late, according to Mara Lind.", "Mara Lind", "according to", "The pilots were late"),
        ("The mayor believes that the mill will close.", "The mayor", "believes", "that the mill will close"),
        ("The mayor wants to sell the mill.", "The mayor", "wants", "to sell the mill"),
        (
            "The police have not confirmed that a boat was missing.",
            "The police",
            "have not confirmed",
            "that a boat was missing",
        ),
        ("Mara Lind told reporters that Gov. Tay left on Jan. 4.", "Mara Lind", "told", "that Gov. Tay left on Jan. 4"),
        (
            "The police would neither confirm nor deny that a boat was missing.",
            "The police",
            "would neither confirm nor deny",
            "that a boat was missing",
        ),
        (
            "The company declined to say whether the ferry would be sold.",
            "The company",
            "declined to say",
            "whether the ferry would be sold",
        ),
        (
            "The captain said he had not confirmed the report.",
            "The captain",
            "said",
            "he had not confirmed the report",
        ),
        ("Mara Lind wrote: “The boats are old.”", "Mara Lind", "wrote:", "“The boats are old.”"),
    ],
)
def test_an_attribution_in_english(text: str, source: str, cue: str, content: str) -> None:
    [found] = proposed(text)
    assert (found[0], found[1].rstrip(":"), found[2]) == (source, cue.rstrip(":"), content)


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        (
            "Die Fähre sei verspätet gewesen, sagte das Hafenamt.",
            "das Hafenamt",
            "sagte",
            "Die Fähre sei verspätet gewesen",
        ),
        ("Mara Lind sagte, dass die Lotsen zu spät kamen.", "Mara Lind", "sagte", "dass die Lotsen zu spät kamen"),
        (
            "Mara Lind sagte, die Lotsen seien am 3. Oktober gekommen.",
            "Mara Lind",
            "sagte",
            "die Lotsen seien am 3. Oktober gekommen",
        ),
        ("„Wir können nicht warten“, sagte sie.", "sie", "sagte", "„Wir können nicht warten“"),
        (
            "Laut Orrin Tay, dem Kapitän, hat die Firma bezahlt.",
            "Orrin Tay, dem Kapitän",
            "Laut",
            "hat die Firma bezahlt",
        ),
        ("Die Firma hat bezahlt, laut Orrin Tay.", "Orrin Tay", "laut", "Die Firma hat bezahlt"),
        ("Nach Angaben von Velm Salz wurde niemand bezahlt.", "Velm Salz", "Nach Angaben von", "wurde niemand bezahlt"),
        ("Dem Hafenamt zufolge war die Fähre verspätet.", "Dem Hafenamt", "zufolge", "war die Fähre verspätet"),
        (
            "Die Polizei hat nicht bestätigt, dass ein Boot fehlt.",
            "Die Polizei",
            "hat nicht bestätigt",
            "dass ein Boot fehlt",
        ),
        ("»Wir warten seit Stunden«, sagte Mara Lind.", "Mara Lind", "sagte", "»Wir warten seit Stunden«"),
        ("„Wir warten seit Stunden“, so Lind.", "Lind", "so", "„Wir warten seit Stunden“"),
        (
            "Das Hafenamt teilte mit, dass die Fähre wieder fährt.",
            "Das Hafenamt",
            "teilte mit",
            "dass die Fähre wieder fährt",
        ),
        ("Das Hafenamt teilte mit, die Fähre fahre wieder.", "Das Hafenamt", "teilte mit", "die Fähre fahre wieder"),
        ("Die Fähre fährt wieder, wie das Hafenamt mitteilte.", "das Hafenamt", "mitteilte", "Die Fähre fährt wieder"),
        (
            "Der Minister räumte ein, dass Fehler gemacht wurden.",
            "Der Minister",
            "räumte ein",
            "dass Fehler gemacht wurden",
        ),
        ("Nach Angaben der Reederei sind die Boote alt.", "der Reederei", "Nach Angaben", "sind die Boote alt"),
        ("Aus Sicht der Lotsen ist das falsch.", "der Lotsen", "Aus Sicht", "ist das falsch"),
        (
            "Die Reederei geht davon aus, dass die Boote alt sind.",
            "Die Reederei",
            "geht davon aus",
            "dass die Boote alt sind",
        ),
        ("Wie das Hafenamt mitteilte, fährt die Fähre wieder.", "das Hafenamt", "mitteilte", "fährt die Fähre wieder"),
        ("Ich bin der Meinung, dass die Boote alt sind.", "Ich", "der Meinung", "dass die Boote alt sind"),
        ("So die Direktorin: Die Boote sind alt.", "die Direktorin", "So", "Die Boote sind alt"),
        ("Die Opposition fordert den Rücktritt.", "Die Opposition", "fordert", "den Rücktritt"),
        ("Die Direktorin weist den Vorwurf zurück.", "Die Direktorin", "weist", "den Vorwurf"),
        ("Die Lotsin hält den Verkauf für falsch.", "Die Lotsin", "hält", "den Verkauf für falsch"),
        (
            "Die Lotsin hält es für falsch, die Fähre zu verkaufen.",
            "Die Lotsin",
            "hält",
            "es für falsch, die Fähre zu verkaufen",
        ),
        ("In dem Bericht heißt es, die Boote seien alt.", "Bericht", "heißt", "die Boote seien alt"),
        ("Im Vertrag steht, dass die Reederei zahlt.", "Vertrag", "steht", "dass die Reederei zahlt"),
        ("Daher glaube ich, dass die Boote alt sind.", "ich", "glaube", "dass die Boote alt sind"),
        ("Die Boote sind alt, behaupte ich.", "ich", "behaupte", "Die Boote sind alt"),
        ("Gestern hat die Lotsin gesagt: Es regnet.", "die Lotsin", "gesagt", "Es regnet"),
        ("Die Boote sind meiner Meinung nach alt.", "meiner", "Meinung nach", f"Die Boote sind{MARK}alt"),
        ("Die Boote sind dem Hafenamt zufolge alt.", "dem Hafenamt", "zufolge", f"Die Boote sind{MARK}alt"),
        ("„Das Schiff“, sagte der Kapitän, „ist alt.“", "der Kapitän", "sagte", f"„Das Schiff“{MARK}„ist alt.“"),
        ("Die Forderung der Lotsen, die Boote zu ersetzen.", "der Lotsen", "Forderung", "die Boote zu ersetzen"),
        (
            "Die Polizei wollte den Bericht weder bestätigen noch dementieren.",
            "Die Polizei",
            "weder bestätigen noch dementieren",
            "den Bericht",
        ),
    ],
)
def test_an_attribution_in_german(text: str, source: str, cue: str, content: str) -> None:
    assert proposed(text, "de") == [(source, cue, content)]


@pytest.mark.parametrize(
    "text", ["Die neue Fähre haben Sie nicht gesehen.", "Meine Damen und Herren, das Boot ist alt."]
)
def test_german_without_a_word_that_attributes_has_none(text: str) -> None:
    assert proposed(text, "de") == []


def test_a_quotation_may_have_several_sentences() -> None:
    text = "“The boats are old. The crews are tired. Nobody helps us,” said Mara Lind."
    assert proposed(text) == [("Mara Lind", "said", "“The boats are old. The crews are tired. Nobody helps us,”")]


def test_two_cues_share_a_source() -> None:
    text = "Officials said that the strike would end on Friday, and added that talks were under way."
    assert [(source, cue) for source, cue, _ in proposed(text)] == [("Officials", "said"), ("Officials", "added")]


def test_a_level_within_another_is_a_claim_of_its_own() -> None:
    text = "Mara Lind said that the pilots had warned that a boat was missing."
    [outer, inner] = YAML(typ="safe").load(draft.draft(text, "a"))["claims"]
    assert outer["attribution"]["mention"]["exact"] == "Mara Lind"
    assert inner["attribution"]["mention"]["exact"] == "the pilots"
    assert inner["anchor"]["exact"] == "that a boat was missing"
    assert inner["attribution"]["within"]["cue"]["exact"] == "said"
    assert inner["attribution"]["within"]["source"] == outer["attribution"]["source"]


def test_a_long_content_is_several_anchors_of_whole_sentences() -> None:
    sentence = "The boats are old and the crews are tired of waiting for the new ones."
    text = f"“{' '.join([sentence] * 4)},” said Mara Lind.".replace(".,”", ",”")
    [claim] = YAML(typ="safe").load(draft.draft(text, "a"))["claims"]
    assert [len(anchor["exact"].split()) <= 30 for anchor in claim["anchor"]] == [True] * len(claim["anchor"])
    assert len(claim["anchor"]) > 1
    assert all(anchor["exact"].endswith((".", ",”")) for anchor in claim["anchor"])


def test_a_language_without_lists_says_so() -> None:
    written = draft.draft("Mara Lind a dit que les pilotes étaient en retard.", "a", draft.Known("fr"))
    assert "# there are no word lists for fr: no sources, cues or acts are proposed\n" in written
    [claim] = YAML(typ="safe").load(written)["claims"]
    assert "attribution" not in claim
