"""Documents that cannot be read: one line with file, line and remedy, exit code 3; never a traceback or silence."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from quoth.cli import cli
from quoth.errors import QuothError

ENTITY = 'entities:\n  - {id: id/org/heron, type: Organization, label: "Heron"}\n'
CLAIM = "claims:\n  - {id: id/claim/a/b, content: {type: Situation, "
JSON = '{{"@context": "https://w3id.org/quoth/context.jsonld",\n"id": "id/org/heron", "type": "Organization",\n{}}}'
TRIPLE = "<http://a.example/s> <http://a.example/p> {} .\n"

YAML_TRAPS: dict[str, tuple[str, int, str, str]] = {
    "nothing": ("", 1, "a document is a mapping", "keys with values"),
    "a list": ("- a\n", 1, "a document is a mapping", ""),
    "a scalar": ("Heron\n", 1, "a document is a mapping", ""),
    "a key twice": (ENTITY + ENTITY, 3, "the key 'entities' occurs twice", "keep one"),
    "a tab": ("entities:\n\t- id: id/org/heron\n", 2, "there is a tab", "spaces"),
    "a colon in a value": ("entities:\n  - id: id: id/org/heron\n", 2, "a colon", "quotation marks"),
    "an at sign": ("label: @heron\n", 1, "may not begin with @", "quotation marks"),
    "a backtick": ("label: `heron\n", 1, "may not begin with `", "quotation marks"),
    "an unknown alias": ("label: *heron\n", 1, "nothing has the anchor heron", "quotation marks"),
    "a quotation mark left open": ("label: 'heron\n", 2, "a quotation mark is opened", "close it"),
    "a bracket left open": ("label: [heron\n", 2, "is not closed", "close it with ]"),
    "a second document": ("label: a\n---\nlabel: b\n", 2, "a second document", "a file of its own"),
    "a control character": ("label: a\nheadline: b\x07\n", 2, "control character U+0007", "take it out"),
    "a character of half a pair": ("label: \udc80\n", 1, "is not UTF-8", "save it as UTF-8"),
    "a number with a comma": (CLAIM + "quantity: 12,400}}\n", 2, "a comma ends the value 12", '"12,400"'),
    "a number with a comma and a zero": (CLAIM + "quantity: 12,050}}\n", 2, "a comma ends", '"12,050"'),
    "a number with two commas": (CLAIM + "quantity: 1,250,000}}\n", 2, "a comma ends the value 1 here", '"1,250,000"'),
    "a number with equal parts": (CLAIM + "quantity: 1,000,000}}\n", 2, "a comma ends a value here", "1,000,000"),
    "a text with a comma": ("entities:\n  - {id: id/org/a, label: Heron, Ltd}\n", 2, "a comma ends", "Heron, Ltd"),
    "a key that is a number": ("label: a\n5: b\n", 2, "the key 5 is not a word", "quotation marks"),
    "a key that is a list": ("? [a]\n: b\n", 1, "is not a word", "quotation marks"),
    "an id without a scheme": ("entities:\n  - {id: 9x:y, type: Organization, label: x}\n", 2, "not an IRI", "https:"),
    "a keyword for an IRI": ('author: "@type"\n', 1, "is not an IRI", "entities"),
    "an IRI within a path": ("author: id/org/https://e.org/x\n", 1, "is not an IRI", "https:"),
    "two fragments": ('author: "id/org/x#a#b"\n', 1, "is not an IRI", "https:"),
    "a port in letters": ("author: https://e.org:port/\n", 1, "is not an IRI", "https:"),
    "a boolean": ("label: true\n", 1, "true is read as yes or no here", "quotation marks"),
    "a fraction": ("label: 1.5\n", 1, "1.5 is read as a number here", "quotation marks"),
    "infinity": ("label: .inf\n", 1, ".inf is read as a number here", "quotation marks"),
    "a huge number": ("label: 1e400\n", 1, "is read as a number here", "quotation marks"),
    "a key without a colon": (
        "label: a\nb\n",
        3,
        "a line has no colon after its key",
        "write it like label: the ferry",
    ),
    "null": ("label: ~\n", 1, "label has no value", "or delete the key"),
    "no value": ("label:\n", 1, "label has no value", "or delete the key"),
    "a tag": ("label: !heron a\n", 1, "a value with a tag", "take the tag out"),
    "a number that is none": ("label: a\nlength: !!int x\n", 2, "it is not YAML", ""),
    "a day that is none, with a tag": ("created: !!timestamp 2026-02-30\n", 1, "day is out of range", ""),
    "bytes": ("label: !!binary aGk=\n", 1, "a value with a tag", "take the tag out"),
    "a set": ("label: !!set {a}\n", 1, "a value with a tag", "take the tag out"),
    "old booleans": ("%YAML 1.1\n---\nlabel: yes\n", 3, "is read as yes or no here", "quotation marks"),
    "a merge of a text": ("<<: heron\n", 1, "it is not YAML", ""),
    "itself": ("entities: &a [*a]\n", 1, "entities has something without keys", "write it like"),
    "brackets": (f"label: {'[' * 5000}\n", 0, "nested too deep", ""),
    "a map of languages": (
        "entities:\n  - id: id/org/a\n    label: {en: A, de: B}\n",
        3,
        "not a map of languages",
        '"@value"',
    ),
    "a language that is none": (
        'label: {"@value": A, "@language": en_GB}\n',
        1,
        "'en_GB' is not a language tag",
        "write en-GB",
    ),
    "a statement from its object": ('entities:\n  - {"@reverse": {source: x}}\n', 2, "@reverse is not read", "subject"),
    "an index": ('label: {"@value": A, "@index": "1"}\n', 1, "@index is not read", "take it out"),
    "a space in an id": ("entities:\n  - {id: id/org/a b, label: A}\n", 2, "is not an IRI", "space"),
}
JSON_TRAPS: dict[str, tuple[str, int, str, str]] = {
    "nothing": ("", 1, "it is not JSON", ""),
    "a comma too many": (JSON.format('"label": "a",'), 3, "it is not JSON", ""),
    "a number without end": (JSON.format('"scopeNote": 1e400'), 3, "1e400 is not a number", "quotation marks"),
    "infinity": (JSON.format('"scopeNote": Infinity'), 3, "Infinity is not a number", "quotation marks"),
    "minus infinity": (JSON.format('"scopeNote": -Infinity'), 3, "-Infinity is not a number", "quotation marks"),
    "not a number": (JSON.format('"scopeNote": NaN'), 3, "NaN is not a number", "quotation marks"),
    "a very long number": (JSON.format(f'"scopeNote": {"7" * 5000}'), 3, "more digits", "quotation marks"),
    "a key twice": (JSON.format('"label": "a",\n"label": "b"'), 3, "the key 'label' occurs twice", "keep one"),
    "a statement from its object": (JSON.format('"@reverse": {"source": {"id": "x"}}'), 3, "is not read", "subject"),
    "an index": (JSON.format('"label":\n{"@value": "a", "@index": "1"}'), 4, "@index is not", "take it out"),
    "a map of languages": (JSON.format('"label":\n{"en": "a", "ar": "b"}'), 4, "there is no key 'en'", '"@value"'),
    "an unknown key": (JSON.format('"labell": "a"'), 3, "there is no key 'labell'", "dropped"),
    "a language that is none": (
        JSON.format('"label":\n{"@value": "a", "@language": "en_GB"}'), 4, "'en_GB' is not a language", "write en-GB",
    ),
    "an id that is a number": (JSON.format('"memberOf": {\n"id": 5}'), 4, "@id value must be a string", ""),
    "a list for a value": (JSON.format('"label":\n{"@value": ["a"]}'), 4, "@value value must be", ""),
    "a type with a space": (JSON.format('"label":\n{"@value": "a", "@type": "a b"}'), 4, "'a b' must be an IRI", ""),
    "a type and a language": (
        JSON.format('"label":\n{"@value": "a", "@type": "x", "@language": "en"}'), 4, "cannot be used together", "",
    ),
    "a space in an IRI": (JSON.format('"seeAlso": "http://a.example/ b"'), 3, "is not an IRI", "space"),
    "a context elsewhere": ('{"@context": "http://a.example/c"}', 0, "would have to be fetched", "name <https://w3id"),
    "many contexts": (
        JSON.format(f'"entities": [{",".join([JSON.format(chr(34) + "label" + chr(34) + ": 1")] * 200)}]'),
        0, "names its context more than 100 times", "once",
    ),
    "brackets": ("[" * 100_000, 0, "nested too deep", ""),
    "a text": ('"heron"', 0, "it has no statements", ""),
}  # fmt: skip
RDF_TRAPS: dict[str, tuple[str, int, str, str]] = {
    "nothing": ("", 0, "it has no statements", ""),
    "words": ("the heron\n", 1, "it is not", ""),
    "an underscore in a language": (TRIPLE.format('"a"') + TRIPLE.format('"a"@en_GB'), 2, "'en_GB' is", "write en-GB"),
    "a language that is too long": (TRIPLE.format('"a"@abcdefghi'), 1, "'abcdefghi' is not a language", "such as en"),
}  # fmt: skip
TRAPS = {
    **{f"YAML: {name}": ("a.yaml", *trap) for name, trap in YAML_TRAPS.items()},
    **{f"JSON-LD: {name}": ("a.jsonld", *trap) for name, trap in JSON_TRAPS.items()},
    **{
        f"{suffix}: {name}": (f"a.{suffix}", *trap)
        for suffix in ("trig", "ttl", "nq", "nt")
        for name, trap in RDF_TRAPS.items()
    },
}


def check(path: Path) -> tuple[int, str]:
    """The exit code of ``quoth check``, and what it prints."""
    result = CliRunner().invoke(cli, ["check", str(path)], env={"COLUMNS": "1000"})
    if isinstance(result.exception, QuothError):
        return result.exception.exit_code, f"{result.exception}\n"
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.output


@pytest.mark.parametrize(("name", "text", "line", "words", "remedy"), TRAPS.values(), ids=TRAPS)
def test_what_cannot_be_read_is_one_line_with_place_and_remedy(
    name: str, text: str, line: int, words: str, remedy: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    code, output = check(path)
    assert code == 3
    first, *rest = output.splitlines()
    assert first.startswith(f"{path}:{line}: " if line else f"{path}: "), first[:300]
    assert words in first
    assert remedy in first
    assert len(first) < 1000
    assert len([x for x in rest if str(path) in x]) == 0


@pytest.mark.parametrize("suffix", ["trig", "ttl", "nq", "nt", "jsonld"])
def test_a_text_of_17_mib_is_named(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    long = f'"{"a" * 17 * 2**20}"'
    node = f'{{"@id": "http://a.example/s",\n"http://a.example/p": {long}}}'
    path.write_text(node if suffix == "jsonld" else TRIPLE.format('"a"') + TRIPLE.format(long), "utf-8")
    code, output = check(path)
    where = str(path) if suffix == "jsonld" else f"{path}:2"
    assert (code, output.splitlines()[0]) == (
        3,
        f"{where}: a text or an IRI in it is longer than 16 MiB; take it out: no reader of RDF accepts it",
    )


@pytest.mark.parametrize("suffix", ["trig", "ttl", "nq", "nt"])
def test_triples_within_triples_have_an_end(suffix: str, tmp_path: Path) -> None:
    """The parser would run out of its stack, and end the process."""
    path = tmp_path / f"a.{suffix}"
    path.write_text(TRIPLE.format("<<( <http://a.example/s> <http://a.example/p> " * 100_000), "utf-8")
    code, output = check(path)
    assert (code, output.splitlines()[0]) == (3, f"{path}:1: its triples are nested too deeply; name them separately")


@pytest.mark.parametrize("name", ["a.YAML", "a.Yml", "a.TRIG", "a.JSONLD", "a.SSSOM.TSV"])
def test_the_case_of_a_suffix_does_not_count(name: str, tmp_path: Path) -> None:
    texts = {"jsonld": JSON.format('"label": "a"'), "trig": TRIPLE.format("1"), "tsv": "# mapping_set_id: 5\n"}
    path = tmp_path / name
    path.write_text(texts.get(name.lower().rpartition(".")[2], ENTITY), "utf-8")
    code, output = check(tmp_path)
    assert "0 documents" not in output or (code == 3 and "mapping_set_id" in output)


@pytest.mark.parametrize("form", ["utf-8-sig", "crlf", "cr in a text"])
def test_marks_and_line_ends_of_other_systems_are_read(form: str, tmp_path: Path) -> None:
    text = ENTITY.replace("\n", "\r\n") if form == "crlf" else ENTITY
    (tmp_path / "a.yaml").write_bytes(text.encode("utf-8-sig" if form == "utf-8-sig" else "utf-8"))
    code, output = check(tmp_path)
    assert (code, output.count("violation")) == (0, 1), output


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "latin-1", "utf-32"])
@pytest.mark.parametrize("name", ["a.yaml", "a.ttl", "a.jsonld", "a.sssom.tsv"])
def test_other_encodings_are_refused(coding: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes("label: Möwe\n".encode(coding))
    code, output = check(path)
    assert code == 3
    assert output.startswith(f"{path}:1: ")


def test_what_is_no_file_is_named_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "link.yaml").symlink_to("nowhere")
    (tmp_path / "device.ttl").symlink_to("/dev/zero")
    (tmp_path / "loop.nq").symlink_to("loop.nq")
    (tmp_path / "folder.trig").mkdir()
    for path in (tmp_path, *(p for p in tmp_path.iterdir() if p.name != "folder.trig")):
        code, output = check(path)
        assert code == 3
        lines = [x for x in output.splitlines() if x.startswith(str(tmp_path))]
        assert len(lines) == (4 if path == tmp_path else 1), output


def test_binary_rubbish_is_refused_in_every_syntax(tmp_path: Path) -> None:
    for suffix in ("yaml", "ttl", "trig", "nq", "nt", "jsonld", "sssom.tsv"):
        path = tmp_path / f"a.{suffix}"
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
        code, output = check(path)
        assert (code, output.startswith(str(path))) == (3, True), output


# ------------------------------------------------------------------ what a document expands to


def test_an_alias_of_a_long_text_is_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"label: &a {'a' * 2**20}\naltLabel: [{', '.join(['*a'] * 100)}]\n", "utf-8")
    code, output = check(path)
    assert code == 3
    assert output.startswith(f"{path}:2: its texts have more than 67,108,864 characters")


def test_aliases_of_aliases_are_no_bomb(tmp_path: Path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    path = tmp_path / "a.yaml"
    path.write_text("altLabel:\n  - " + "\n  - ".join(line.partition(": ")[2] for line in lines) + "\n", "utf-8")
    code, output = check(path)
    assert (code, "it has more than 500,000 values" in output) == (3, True), output


def test_a_named_level_with_a_long_text_is_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    claims = "\n".join(f"  - {{id: c{n}, level: long, words: a}}" for n in range(100))
    level = f"levels:\n  long: {{source: id/org/a, cue: {'a' * 2**20}}}\n"
    path.write_text(f"id: id/article/a\n{level}claims:\n{claims}\n", "utf-8")
    code, output = check(path)
    assert (code, "its texts have more than 67,108,864 characters" in output) == (3, True), output[:300]


def test_a_long_article_that_each_claim_names_is_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    claims = "\n".join(f"  - {{id: id/claim/a/c{n}, words: a}}" for n in range(100))
    path.write_text(f"id: id/article/{'a' * 2**20}\nclaims:\n{claims}\n", "utf-8")
    code, output = check(path)
    assert (code, output.startswith(f"{path}:1: an id has at most 2,000 characters")) == (3, True), output[:300]


@pytest.mark.parametrize("suffix", ["ttl", "trig"])
def test_a_long_prefix_is_no_bomb(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{suffix}"
    prefix = f"@prefix a: <http://a.example/{'a' * 2**20}/> .\n"
    path.write_text(prefix + "".join(f"a:{n} a:p a:o .\n" for n in range(1000)), "utf-8")
    code, output = check(path)
    assert (code, "its terms are too long altogether" in output) == (3, True), output[:300]


TABLE = "mapping_set_id: http://localhost:8000/id/linkset/register{}\n# curie_map:\n#   a: http://a.example/{}/\n"
ROWS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\n" + "".join(
    f"a:{n}\tskos:exactMatch\ta:b{n}\tsemapv:ManualMappingCuration\n" for n in range(400)
)


@pytest.mark.parametrize(
    ("name", "prefix", "message"),
    [
        ("", "a" * 2**20, "2: the IRI of the prefix a has more than 2,000 characters; write a shorter one"),
        ("-a" * 2**19, "b", " its terms are too long altogether, with their prefixes written out; split it"),
    ],
)
def test_a_table_is_no_bomb(name: str, prefix: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_text("# " + TABLE.format(name, prefix) + ROWS, "utf-8")
    code, output = check(path)
    assert (code, output.startswith(f"{path}:{message}")) == (3, True), output[:300]
    assert len(output) < 1000


def test_a_cell_with_very_many_values_is_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    row = "a:1\tskos:exactMatch\ta:2\tsemapv:ManualMappingCuration\t" + "a:1|" * 10_001
    columns = ROWS.partition("\n")[0] + "\tauthor_id\n"
    path.write_text("# " + TABLE.format("", "b") + columns + row, "utf-8")
    _, output = check(path)
    assert f"{path}:5: author_id: a cell has more than 10,000 values; keep fewer" in output.splitlines(), output[:300]


LONG = "k" * 20_000
LONG_PARTS = {
    "a key": ("a.yaml", f"? {LONG}\n: b\n"),
    "a key of an entry": ("a.yaml", f"entities:\n  - id: id/org/a\n    ? {LONG}\n    : b\n"),
    "an id": ("a.yaml", f"id: id/article/{LONG}\n"),
    "an id with a space": ("a.yaml", f"entities: [{{id: id/org/a b, type: Thing, seeAlso: '{LONG} b'}}]\n"),
    "a level": ("a.yaml", f"id: id/article/a\nclaims: [{{id: b, level: {LONG}, words: a}}]\n"),
    "a default": ("a.yaml", f"id: id/article/a\ndefaults: {{certainty: {LONG}}}\n"),
    "a cut value": ("a.yaml", f"entities: [{{id: id/org/a, label: {LONG[:1000]}, Ltd}}]\n"),
    "a type": ("a.yaml", f"entities: [{{id: id/org/a, type: {LONG}, label: A}}]\n"),
    "a place": ("a.yaml", f"entities: [{{id: id/org/a, type: Organization, label: A, memberOf: {LONG}}}]\n"),
    "a missing id": ("a.yaml", f"entities: [{{id: id/org/a, memberOf: id/org/{LONG}}}]\n"),
    "a date": ("a.yaml", f"id: id/article/a\nlabel: A\ndatePublished: {LONG}\n"),
    "a language": ("a.yaml", f"entities: [{{id: id/org/a, label: {{'@value': A, '@language': {LONG}}}}}]\n"),
    "a key in JSON": ("a.jsonld", JSON.format(f'"{LONG}": 1')),
    "a context": ("a.jsonld", f'{{"@context": "http://a.example/{LONG}"}}'),
    "a number in JSON": ("a.jsonld", JSON.format(f'"quantity": {"1" * 20_000}')),
    "an IRI": ("a.ttl", f"<http://a.example/{LONG}> <http://a.example/p> <id/org/{LONG}> ."),
    "a prefix": ("a.ttl", f"{LONG}:a <http://a.example/p> 1 ."),
    "a literal": ("a.ttl", f"<id/org/a> <http://a.example/p> '{LONG}'^^<http://www.w3.org/2001/XMLSchema#date> ."),
    "a cell": ("a.sssom.tsv", "# " + TABLE.format("", "b") + ROWS + f"{LONG}\tskos:exactMatch\ta:1\ta:1\n"),
    "a column": ("a.sssom.tsv", "# " + TABLE.format("", "b") + f"{LONG}\t" + ROWS),
    "a slot": ("a.sssom.tsv", f"# ? {LONG}\n# : b\n# " + TABLE.format("", "b") + ROWS),
    "the name of a table": ("a.sssom.tsv", "# " + TABLE.format("", "b").replace("http", f"{LONG} http", 1) + ROWS),
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), LONG_PARTS.values(), ids=LONG_PARTS)
def test_messages_repeat_little_of_what_is_long(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    _, output = check(path)
    assert output.startswith(str(path))
    assert "k" * 101 not in output
    assert "1" * 101 not in output


def test_a_long_base_in_json_is_no_bomb(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonld"
    nodes = ", ".join(f'{{"@id": "{n}", "http://a.example/p": 1}}' for n in range(1000))
    path.write_text(f'{{"@context": {{"@base": "http://a.example/{"a" * 2**20}/"}}, "@graph": [{nodes}]}}', "utf-8")
    code, output = check(path)
    assert (code, "an IRI in the context has more than 2,000 characters" in output) == (3, True), output[:300]


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.nq"
    with path.open("wb") as file:
        file.truncate(2**40)  # a sparse file: it takes no room
    code, output = check(path)
    assert (code, output.splitlines()[0]) == (
        3,
        f"{path}: it has more than 256 MiB; split it into several files",
    )
