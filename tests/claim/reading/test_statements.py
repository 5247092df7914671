"""The statements of documents by a context that is compiled are those of the processor of JSON-LD, or left to it."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from quoth.claim.model.namespaces import CONTEXT_IRI
from quoth.claim.reading import document, json_ld, n_quads, own_words, yaml_ld
from quoth.claim.reading.statements import Context, Unusual
from quoth.claim.reading.yaml_tree import Node
from quoth.resources import folder, jsonld_context

from ...conftest import BASE, CORPUS

WHOLE = [
    *(CORPUS / name for name in ("harbour.yaml", "vocabulary.yaml")),
    *(folder("data") / name for name in ("articles/army-ttp-talks.yaml", "vocabulary.yaml")),
]
HARBOUR = "harbour.yaml"
MANY = 10**9

VALUES: list[Any] = [
    *("x", "id/org/x", "#x", "a b", "", "?q", "../x", "./x", "/x", "//e.org/x", "a//b", "x/", "#", "-x", "é", "id/é#ü"),
    *("http://e.org/a?b=c#d", "http://e.org", "http://e.org/../a", "HTTP://E/", "http://[", "urn:x", "urn:x:y", "a:b"),
    *("quoth:Claim", "quoth://x", "quoth:a b", "Claim:x", "_:b", "id/a:b", ":x", "a%20b", "a%2", "@id", "@x", "x\ny"),
    *(
        "certain",
        "accepted",
        "place",
        "label",
        "frame",
        "id",
        "claims",
        "Claim",
        "office",
        'a "b" \\',
        "\x00",
        "\u0085",
    ),
    *("\ud800", "http://e.org/\ud800", "😀", "\u00a0", 7, 0, -1, 2**53, True, False, 1.5, None),
    *({"@value": v} for v in ("x", 5, True, None)),
    *({"@value": "x", "@language": tag} for tag in ("de", "DE", "de-CH", "xx-", 5, "english")),
    *({"@value": "5", "@type": type_} for type_ in ("xsd:int", "http://e.org/t")),
    *({"@list": ["x"]}, {"@set": ["x"]}, {"@id": "x"}, {"@graph": []}),
    *(
        {"id": "id/org/y", "label": "y", "type": types}
        for types in ("Group", ["Place", "Group", "X"], [], "quoth:X", 5)
    ),
    *({"id": "id/org/y"}, {"label": "y"}, {"id": 5}, {"id": "id/a b"}, {}, [], ["x", "y"], [["x"]], [{"id": "z"}, "z"]),
    *({"id": "g", "graph": [{"id": "z", "label": "z"}, {"id": "z", "party": "z"}]}, {"graph": []}, {"graph": ["x"]}),
]
KEYS = [*jsonld_context(), "@type", "@index", "unknown", "quoth:stance", "@context"]


def read(text: str) -> Node:
    return yaml_ld.Draft(text, Path(HARBOUR), jsonld_context()).tree


def by_processor(tree: Node, context: Context, base: str = BASE) -> list[str]:
    """The lines of N-Quads that the processor makes, each once."""
    text = json_ld.inline(yaml_ld.plain(tree), context.terms, Path(HARBOUR), base)
    quads = ox.parse(text.encode(), ox.RdfFormat.JSON_LD, base_iri=base)
    return list(dict.fromkeys(n_quads.to_text(quads).split("\n")))[:-1]


def lines(tree: Node, context: Context, base: str = BASE) -> list[str]:
    return [n_quads.line(row).rstrip("\n") for row in context.rows(tree, base, MANY)]


@pytest.fixture(scope="module")
def ours() -> Context:
    return Context(jsonld_context())


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_whole_documents_have_the_statements_of_the_processor(path: Path) -> None:
    text = path.read_text("utf-8")
    vocabularies = own_words.files_for(path)
    context = Context(own_words.context(q for v in vocabularies for q in document.read(v, BASE).quads))
    assert lines(read(text), context) == by_processor(read(text), context)


def test_an_article_named_by_its_whole_iri_keeps_its_claims(tmp_path: Path) -> None:
    short = WHOLE[0].read_text("utf-8")
    path = tmp_path / "harbour.yaml"
    path.write_text(short.replace(" id/article/", f" {BASE}id/article/"), "utf-8")
    assert path.read_text("utf-8") != short
    assert len(document.read(path, BASE).quads) == len(document.read(WHOLE[0], BASE).quads)


def test_documents_need_no_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(json_ld, "inline")
    for path in (WHOLE[0], WHOLE[2]):
        assert document.read(path, BASE).statements == n_quads.rows_of(document.read(path, BASE).text)


def changed(seed: int) -> Node:
    """The fictional document with a few values, keys or nodes put in or taken out somewhere."""
    dice = random.Random(seed)
    tree: Node = json.loads(SMALL)
    for _ in range(dice.randint(1, 3)):
        nodes, left = list[Node](), list[Any]([tree])
        while left:
            value = left.pop()
            if isinstance(value, dict):
                nodes.append(value)
                left += value.values()
            elif isinstance(value, list):
                left += value
        node = dice.choice(nodes)
        key = dice.choice([*node, *node, *node, *KEYS]) if node else dice.choice(KEYS)
        if dice.random() < 0.1:
            node.pop(key, None)
        else:
            value = copy.deepcopy(dice.choice(VALUES))
            node[key] = [node[key], value] if key in node and dice.random() < 0.2 else value
    return tree


SMALL = json.dumps(
    {
        "@context": CONTEXT_IRI,
        "id": "id/article/harbour",
        "type": "NewsArticle",
        "claims": [
            {
                "id": "id/claim/harbour/late",
                "type": ["Claim"],
                "certainty": "certain",
                "label": "late",
                "anchor": [{"selector": [{"exact": "q", "id": "#q", "start": 5}], "id": "#a"}],
                "attribution": {"source": "id/org/x", "within": {"id": "#w", "source": "id/org/y"}, "id": "#at"},
                "content": {
                    "graph": [
                        {"eventType": "correction", "quantity": 5, "kind": "place", "id": "#s", "unstated": "agent"}
                    ],
                    "id": "#c",
                },
                "understoodEntity": ["id/org/x", "id/org/z"],
            }
        ],
        "datePublished": "2026-11-28",
        "url": "https://news.example/x?y=z",
    }
)


def test_whatever_a_document_has_is_read_alike_or_left(ours: Context) -> None:
    number, alike = 2000, 0
    for seed in range(number):
        tree = changed(seed)
        try:
            found = lines(tree, ours)
        except Unusual:
            continue
        assert found == by_processor(tree, ours), f"seed {seed}: {json.dumps(tree)}"
        assert not [*json_ld.problems(tree)], "what the processor would drop is left to it"
        alike += 1
    assert number / 5 < alike < number


@pytest.mark.parametrize(
    "base", ["https://e.org", "https://e.org/a/b", "https://e.org/a/../b/", "urn:x", "http://e.org/a/"]
)
def test_a_base_of_any_form_gives_the_same_iris_or_is_left(base: str, ours: Context) -> None:
    tree = {"@context": CONTEXT_IRI, "id": "id/org/x", "seeAlso": ["y", "#z", "id/y#z"]}
    try:
        found = lines(tree, ours, base)
    except Unusual:
        return
    assert found == by_processor(tree, ours, base)


def test_references_are_told_if_and_only_if_the_processor_drops_them() -> None:
    rng = random.Random(5)
    signs = [*"/:#?[]%@-é'(;~9_ \\|{", "//", "%41", "%4", "_:", "..", "\u200e", "\ue000", "\ufdd0"]
    parts = [*signs, "id/", "org", "@id", "https:", "urn:", "a+b:", "e.org", "8080", "[::1]", "user@", "::"]
    for reference in {"".join(rng.choices(parts, k=rng.randint(1, 5))) for _ in range(5_000)}:
        tree = {"@id": "http://e.org/s", "http://e.org/p": {"@id": reference}}
        kept = [*ox.parse(json.dumps(tree), ox.RdfFormat.JSON_LD, base_iri=BASE)]
        told = [*json_ld.problems(read(json.dumps({"id": reference})))]
        assert bool(kept) != bool(told), f"{reference!r}: {kept or told}"


def test_terms_of_a_line_are_told_apart() -> None:
    node, graph = ox.NamedNode("urn:x"), ox.NamedNode("urn:g")
    objects: list[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple] = [
        *(
            ox.Literal(words, language="en")
            for words in ('a "b" .', "a <urn:g> .", "", "\\", 'x"@de <urn:g> .\n', "\u2028")
        ),
        *(ox.Literal("5"), ox.Literal(5), ox.BlankNode("b"), node, ox.Triple(node, node, ox.Literal(") .\u00a0 >> "))),
    ]
    quads = [ox.Quad(node, node, o, *place) for o in objects for place in ((), (graph,), (ox.BlankNode("g"),))]
    rows = n_quads.rows_of(n_quads.to_text(quads))
    assert [tuple(filter(None, row)) for row in rows] == [
        tuple(
            f"<<( {term} )>>" if isinstance(term, ox.Triple) else str(term)
            for term in quad
            if not isinstance(term, ox.DefaultGraph)
        )
        for quad in quads
    ]
    assert "".join(map(n_quads.line, rows)) == n_quads.to_text(quads)
