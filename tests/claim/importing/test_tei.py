"""TEI: speeches, sayings and quotations, their speakers and these people's offices; nothing hostile ends an import."""

from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest

from quoth.claim.importing.article import Span
from quoth.claim.importing.readers.tei_text import TEI

from .runs import ENCODING, corpus, needs_corpora, run, words

HEAD = """<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="de" xml:id="sitting-7.xml"><teiHeader><fileDesc>
<titleStmt><title type="main" xml:lang="de">Protokolle</title><title type="sub" xml:lang="de">7. Sitzung</title>
<title type="sub" xml:lang="en">Sitting 7</title></titleStmt>
<publicationStmt><availability><licence>http://creativecommons.org/licenses/by/4.0/</licence></availability>
</publicationStmt><sourceDesc><bibl><idno type="URI">https://parliament.example/7</idno></bibl></sourceDesc></fileDesc>
<profileDesc><settingDesc><setting><date when="2021-05-04">Tuesday</date></setting></settingDesc></profileDesc>
</teiHeader><text>"""
PEOPLE = """<back><listPerson><person xml:id="P_1">
<persName to="2019-01-01"><surname>Lind</surname><forename>Mara</forename></persName>
<persName from="2019-01-02"><surname>Lind-Tay</surname><forename>Mara</forename><roleName>Dr.</roleName></persName>
<affiliation role="member" ref="#NR" from="2018-10-01" to="2022-09-30"><roleName xml:lang="de">Abgeordnete</roleName>
<roleName xml:lang="en">Member</roleName></affiliation>
<affiliation role="deputyHead" ref="#group.Salt" from="2020-01-01"/>
<affiliation role="member" ref="#group.Salt"/>
<idno type="URI">https://parliament.example/P_1</idno><idno type="URI">javascript:alert(1)</idno>
</person></listPerson></back>"""
REGISTER = """<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><listOrg>
<org xml:id="group.Salt"><orgName full="yes" xml:lang="de">Klub der Salzpartei</orgName>
<orgName full="abb">SALT</orgName></org></listOrg></body></text></TEI>"""
BODY = """<body><div><note type="speaker">Präsidentin Lind:</note>
<u who="#P_1"><seg xml:id="s_a1">Ich eröffne
 die <note type="comment">(Beifall)</note> Sitzung.</seg><seg xml:id="s_a2">Wir beginnen.</seg></u>
<note type="speaker">Abgeordneter Roke:</note><u who="#P_9"><seg xml:id="s_b1">Danke!</seg></u></div></body>"""
MAPPING = ENCODING + '[files]\ndocuments = "*.xml"\nregisters = "*list.xml"\n'


def write(folder: Path, body: str = BODY, people: str = PEOPLE, name: str = "sitting.xml") -> Path:
    (file := folder / "in" / name).parent.mkdir(exist_ok=True)
    file.write_text(f"{HEAD}{body}{people}</text></TEI>", "utf-8")
    return file.parent


def test_each_segment_of_a_speech_is_an_attribution_to_its_speaker(tmp_path: Path) -> None:
    found = run("tei", write(tmp_path))
    assert found.sayings() == {
        "a1": ("Mara Lind-Tay", "Ich eröffne die Sitzung."),
        "a2": ("Mara Lind-Tay", "Wir beginnen."),
        "b1": ("Abgeordneter Roke", "Danke!"),
    }
    article = found.article
    assert article.text == (
        "Präsidentin Lind:\nIch eröffne die Sitzung.\nWir beginnen.\n\nAbgeordneter Roke:\nDanke!\n"
    )
    assert (article.slug, article.language) == ("sitting-7", "de")
    assert dict(article.facts) == {
        "headline": "7. Sitzung",
        "url": "https://parliament.example/7",
        "datePublished": "2021-05-04",
    }
    assert article.text_licence == "https://creativecommons.org/licenses/by/4.0/"


def test_speakers_have_their_offices_at_the_time_and_their_pages(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "list.xml").write_text(REGISTER, "utf-8")
    article = run("tei", folder, MAPPING).article
    [lind] = [agent for agent in article.entities if agent.type == "Person"]
    details = dict(lind.details)
    assert lind.id == "id/person/p-1"
    assert details["altLabel"] == ["Mara Lind"]
    assert details["seeAlso"] == ["https://parliament.example/P_1"]
    offices = [
        (m["organization"], m["roleName"], m["startDate"], m["endDate"], m["attributedTo"])
        for m in details["memberships"]  # type: ignore[attr-defined]
    ]
    salt, nr, by = "id/org/group-salt", "id/org/nr", "id/org/quoth"
    assert offices == [
        (salt, ["member"], "", "", by),
        (nr, [{"@value": "Abgeordnete", "@language": "de"}, "Member"], "2018-10-01", "2022-09-30", by),
        (salt, ["deputy head"], "2020-01-01", "", by),
    ]
    bodies = {agent.id: agent for agent in article.entities if agent.type == "Organization"}
    assert bodies["id/org/group-salt"].label == "SALT"
    assert dict(bodies["id/org/group-salt"].details)["altLabel"] == [
        {"@value": "Klub der Salzpartei", "@language": "de"}
    ]
    assert bodies["id/org/nr"].label == "NR"  # no register describes it


def test_bodies_of_one_name_say_what_they_are(tmp_path: Path) -> None:
    folder = write(tmp_path, people=PEOPLE.replace("#NR", "#party.Salt"))
    party = '<org xml:id="party.Salt" role="politicalParty"><orgName full="abb">Salt</orgName></org></listOrg>'
    register = REGISTER.replace("</listOrg>", party).replace('"group.Salt"', '"group.Salt" role="parliamentaryGroup"')
    (folder / "list.xml").write_text(register, "utf-8")
    entities = run("tei", folder, MAPPING).article.entities
    assert {agent.label for agent in entities} == {
        "Mara Lind-Tay",
        "SALT (parliamentary group)",
        "Salt (political party)",
    }
    hidden = [value for agent in entities for value in dict(agent.details).get("hiddenLabel", [])]  # type: ignore[attr-defined]
    assert sorted(value["@value"] if isinstance(value, dict) else value for value in hidden) == ["SALT", "Salt"]


def test_names_in_several_languages_are_labels_in_these(tmp_path: Path) -> None:
    folder = write(tmp_path, people=PEOPLE.replace("#NR", "#AT"))
    names = '<orgName xml:lang="de">Republik</orgName><orgName xml:lang="en">Republic</orgName>'
    (folder / "list.xml").write_text(REGISTER.replace("<listOrg>", f'<listOrg><org xml:id="AT">{names}</org>'), "utf-8")
    [republic] = [agent for agent in run("tei", folder, MAPPING).article.entities if agent.id == "id/org/at"]
    assert dict(republic.details) == {"label": [{"@value": "Republik", "@language": "de"}, "Republic"]}


def test_what_several_texts_say_of_somebody_is_put_together(tmp_path: Path) -> None:
    write(tmp_path, name="a.xml")
    later = PEOPLE.replace('ref="#group.Salt" from="2020-01-01"', 'ref="#GOV" from="2023-01-01"')
    folder = write(tmp_path, people=later, name="b.xml")
    last = run("tei", folder).articles[-1]
    [lind] = [agent for agent in last.entities if agent.type == "Person"]
    bodies = [m["organization"] for m in dict(lind.details)["memberships"]]  # type: ignore[attr-defined]
    assert {*bodies} == {"id/org/nr", "id/org/group-salt", "id/org/gov"}
    assert bodies.count("id/org/nr") == 1


def test_what_is_left_out_is_told_unless_the_mapping_says_why(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert run("tei", folder).told == [("left out: note comment", "sitting.xml")]
    declared = run("tei", folder, ENCODING + '[left-out]\n"note comment" = "of the stenographers"\n')
    assert [(m.detail, m.declared) for m in declared.misfits] == [("1 note comment: of the stenographers", True)]


def test_sayings_within_sayings_and_in_parts(tmp_path: Path) -> None:
    body = """<body><p><said who="#P_1" xml:id="o">She told me <said who="#tay" xml:id="i">it is late</said></said>,
    he said, <said prev="#o">and left.</said></p><p><quote source="#news">No ferry</quote> <said> </said></p></body>"""
    found = run("tei", write(tmp_path, body))
    assert found.sayings() == {
        "i": ("tay", "it is late"),
        "o": ("Mara Lind-Tay", "She told me it is late | and left."),
        "quote-1": ("news", "No ferry"),
    }
    within = {a.id: a.within for a in found.article.attributions}
    assert within == {"i": "o", "o": "", "quote-1": ""}


def test_a_speech_without_segments_is_one_attribution_and_several_speak_as_a_group(tmp_path: Path) -> None:
    body = '<body><u who="#P_1 #roke">We agree.</u><u>Who spoke?</u></body>'
    found = run("tei", write(tmp_path, body))
    assert [*found.sayings().values()] == [("Mara Lind-Tay and roke", "We agree."), ("an unnamed source", "Who spoke?")]


BOMB = '<!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
HOSTILE = {
    "entities within entities": (f"\n{BOMB}<TEI>&b;</TEI>", "not read", 2),
    "an entity from a file": ('<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]><TEI>&x;</TEI>', "not read", 1),
    "a document type from the network": ('<!DOCTYPE TEI SYSTEM "http://evil.example/t.dtd"><TEI/>', "not read", 1),
    "no XML": ("\n<TEI><p></TEI>", "not XML", 2),
    "another root": ("<html/>", "not TEI", 0),
    "no namespace": ("<TEI><text/></TEI>", "not TEI", 0),
    "an encoding that there is not": ('<?xml version="1.0" encoding="x-none"?><TEI/>', "not read", 0),
    "deep nesting": ("<p>" * 50_000 + "</p>" * 50_000, "not read", 0),
    "nothing": ("", "not XML", 1),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_xml_is_one_misfit_and_loses_no_other_text(tmp_path: Path, name: str) -> None:
    written, kind, line = HOSTILE[name]
    folder = write(tmp_path)
    (folder / "hostile.xml").write_text(written, "utf-8")
    found = run("tei", folder)
    [misfit] = [m for m in found.misfits if "hostile.xml" in m.where]
    assert misfit.kind == kind
    assert f"hostile.xml:{line}" in misfit.where or not line
    assert len(found.articles) == 1
    assert "root:" not in found.article.text


def test_inclusions_are_left_out_and_nothing_is_fetched(tmp_path: Path) -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
    found = run("tei", write(tmp_path, f"<body><p>{include}</p><u>Late.</u></body>"))
    assert found.told == [("left out: include", "sitting.xml")]
    assert found.article.text == "Late.\n"


def test_a_huge_attribute_makes_no_huge_name(tmp_path: Path) -> None:
    huge = "x" * 1_000_000
    found = run("tei", write(tmp_path, f'<body><u who="#{huge}" xml:id="{huge}">Late.</u></body>'))
    [attribution] = found.article.attributions
    assert attribution.source
    assert max(map(len, (attribution.id, attribution.source.label))) <= 200
    assert len(attribution.where) < 1000


def spoken(segment: Element) -> str:
    """The words of a segment, without those of notes in it, and without space."""
    inner = (child.tail or "" if child.tag != f"{TEI}quote" else "" for child in segment)
    return "".join("".join([segment.text or "", *inner]).split())


@needs_corpora
@pytest.mark.slow
def test_every_segment_of_parlamint_is_read_and_verified() -> None:
    found = run("tei", corpus("parlamint-at"), "parlamint")
    assert [m for m in found.misfits if not m.declared] == []
    assert len(found.articles) == 122
    segments = 0
    for article in found.articles:
        spans = [span for a in article.attributions for span in a.words if isinstance(span, Span)]
        read = ["".join(article.text[span.start : span.end].split()) for span in spans]
        root = ElementTree.parse(article.where).getroot()
        assert all(map(str.__eq__, read, map(spoken, root.iter(f"{TEI}seg")))), article.where
        assert all(a.source and a.source.id for a in article.attributions)
        segments += len(read)
    assert segments == 70_905


def test_of_a_choice_the_words_of_the_source_are_the_text(tmp_path: Path) -> None:
    body = """<body><u who="#lind">It is <choice><sic>teh</sic><corr>the</corr></choice> <del>old</del> end,
      <choice><reg>colour</reg><orig>color</orig></choice> and <corr>all</corr>.</u></body>"""
    assert str(run("tei", write(tmp_path, body)).article.text) == "It is teh end, color and all.\n"


def test_a_q_that_names_its_speaker_is_a_saying(tmp_path: Path) -> None:
    body = """<body><p><q who="#lind">Late,</q> she said of the <q>ferry</q>.</p></body>"""
    found = run("tei", write(tmp_path, body))
    assert [words(found.article, a.words) for a in found.article.attributions] == ["Late,"]


def test_what_is_left_out_is_counted(tmp_path: Path) -> None:
    body = '<body><u who="#lind">One<note type="time">9</note> two<note type="time">10</note></u></body>'
    [misfit] = [m for m in run("tei", write(tmp_path, body)).misfits if "time" in m.kind]
    assert misfit.number == 2
