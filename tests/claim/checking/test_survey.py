"""The survey of a document: what other documents depend on, out of its statements as text."""

from quoth.claim.checking.survey import COMMON, Survey
from quoth.claim.reading.n_quads import rows_of

from ...conftest import BASE

PREFIXES = {
    "rdf:": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs:": "http://www.w3.org/2000/01/rdf-schema#",
    "skos:": "http://www.w3.org/2004/02/skos/core#",
    "schema:": "https://schema.org/",
    "adms:": "http://www.w3.org/ns/adms#",
    "quoth:": "https://w3id.org/quoth/ns#",
    "status:": "https://w3id.org/quoth/ns/encoding-status#",
    "id/": f"{BASE}id/",
}
CLAIM = "<id/claim/harbour/late>"


def text(*statements: str) -> str:
    """Statements as N-Quads, of which IRIs may be abbreviated."""
    for prefix, space in PREFIXES.items():
        statements = tuple(statement.replace(f"<{prefix}", f"<{space}") for statement in statements)
    return "".join(f"{statement} .\n" for statement in statements)


def survey(*statements: str) -> Survey:
    return Survey.of(rows_of(text(*statements)), BASE)


def test_an_article_is_a_tangle_and_what_it_names_is_listed() -> None:
    found = survey(f"{CLAIM} <rdfs:seeAlso> <id/org/x#part>", f'{CLAIM} <rdfs:label> "id/org/y <id/org/z> ."@en')
    assert (found.tangles, found.described) == (("/harbour",), (f"{BASE}id/claim/harbour/late",))
    assert found.names == {f"{BASE}id/org/x"}
    assert not found.shared
    assert not found.common


def test_what_is_asserted_about_a_thing_is_shared_and_all_of_it_is_common() -> None:
    said = ['<id/org/x> <rdfs:label> "x"@en', "<id/org/x#a> <rdfs:seeAlso> <id/org/y>"]
    found = survey(*said, "<id/org/x> <rdfs:seeAlso> <id/org/z> <id/graph/g>", said[0])
    assert found.shared == {f"{BASE}id/org/x": text(*said)}
    assert found.described == (f"{BASE}id/org/x",)
    assert (found.tangles, len(found.common)) == ((f"{BASE}id/graph/g",), 3)
    assert found.names == {f"{BASE}id/{name}" for name in ("org/x", "org/y", "org/z", "graph/g")}


def test_what_is_withdrawn_is_told_at_the_notice() -> None:
    notice = "<id/org/x#gone> <quoth:withdraws> <id/org/y>"
    found = survey(notice)
    assert found.shared == {f"{BASE}id/org/x": text(notice), f"{BASE}id/org/y": text(notice)}
    assert found.described == (f"{BASE}id/org/y",)


def test_structure_joins_parts_and_linksets_are_compared_with_all_others() -> None:
    assert survey("<id/org/x> <quoth:within> <id/part/p#a>").tangles == (f"{BASE}id/part/p#a",)
    linked = survey("<id/org/x> <skos:exactMatch> <http://e.org/x>")
    assert (linked.tangles, linked.shared, linked.described) == ((COMMON,), {}, ())
    assert survey('_:b <rdfs:label> "x"').tangles == (COMMON,)


def test_words_texts_and_proposals_are_told() -> None:
    concept = survey("<id/concept/c> <rdf:type> <skos:Concept>")
    assert concept.words == {f"{BASE}id/concept/c"}
    article = survey(
        "<id/article/harbour> <schema:encoding> <id/article/harbour#text>",
        '<id/article/harbour#text> <schema:sha256> "ab\\"c"',
    )
    assert (article.texts, article.proposed) == (((f"{BASE}id/article/harbour", 'ab"c'),), False)
    assert survey("<id/article/harbour#encoding> <adms:status> <status:proposed>").proposed
