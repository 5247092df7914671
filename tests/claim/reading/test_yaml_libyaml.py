"""libyaml gives what ruamel.yaml gives of the same text, with the same lines, or leaves the text to it."""

import random
from pathlib import Path
from typing import Any

import pytest

from quoth.claim.reading import document, yaml_libyaml, yaml_syntax
from quoth.claim.reading.yaml_tree import WrittenMapping, WrittenSequence
from quoth.errors import DocumentError
from quoth.resources import folder

from ...conftest import CORPUS

HERE = Path("here.yaml")
WHOLE = [*(CORPUS / name for name in ("harbour.yaml", "vocabulary.yaml")), *folder("data").rglob("*.yaml")]
SAMPLES = [
    'a: Bravo!! Bravo\nb: "Bravo!!"\nc: [x!!, {d: e!!}]\n',
    "a: |\n  x\n   y\n\n  z\nb: >\n  f o\n  g\n\n  h\n   i\n",
    "a: >-\n\n  x\n\n\n  y\nb: |+\n  t\n\nc: 'it''s'\nd: \"a\\n\\x41\\\n   b\"\n",
    "a: &x {b: 1, c: [1, 2]}\nd: *x\ne: x # y\nf: x#y\n",
    "a: [x, y\n , z]\nb: {c: d, 'e': f}\nc: urn:x?a=b\nd: 12,400\ne: 007\nf: no\ng: true\nh: 2026-11-28\n",
    "claims:\n  - id: fog\n    words: the fog\n    quantity: 3\n\n  - id: rain\n    words: [a, b]\n",
]
PIECES = [
    *" \n:-#{}[],&*!|>'\"%@`?~013.ntyN_+/\\",
    *("\n  ", "\n\n", ": ", "- ", "...\n", "---\n", "<<: ", "!!str ", "null", "Yes", "0x1F", "1e3", ".5", " #c\n"),
    *("é", "“", "😀", "\u00a0", "\u2028", "\x85", "\r\n", "\r", "\t", "\ufeff"),
]


def changed(seed: int) -> str:
    """One of the samples with a few characters put in, taken out, or a line moved."""
    dice = random.Random(seed)
    text = dice.choice(SAMPLES)
    for _ in range(dice.randint(1, 4)):
        place = dice.randrange(len(text) + 1)
        piece = dice.choice([dice.choice(PIECES)] * 3 + [""])
        text = text[:place] + piece + text[place + (0 if piece else dice.randint(1, 3)) :]
    return text


def plain(value: Any) -> Any:
    """A tree with the kind of each value and the lines of each key."""
    if isinstance(value, WrittenMapping):
        return {key: (value.lines[key], plain(v)) for key, v in value.items()}
    if isinstance(value, WrittenSequence):
        return [*zip(value.lines, map(plain, value), strict=True)]
    if isinstance(value, dict):
        places: Any = value.lc.data or {}  # type: ignore[attr-defined]
        return {str(key): (places.get(key, (None,))[0], plain(v)) for key, v in value.items()}
    if isinstance(value, list):
        lines = [value.lc.item(number)[0] for number in range(len(value))]  # type: ignore[attr-defined]
        return [*zip(lines, map(plain, value), strict=True)]
    kind = next(kind for kind in (bool, int, str, object) if isinstance(value, kind))
    return kind.__name__, str(value)


def alike(text: str) -> bool:
    """Whether libyaml read the text, which ruamel.yaml then reads alike."""
    try:
        tree = yaml_libyaml.parse(text)
    except yaml_libyaml.Unusual:
        return False
    assert plain(tree) == plain(yaml_syntax.parse(text, HERE)), text
    return True


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: path.name)
def test_whole_documents_are_read_by_libyaml(path: Path) -> None:
    assert alike(path.read_text("utf-8"))


def test_a_plain_document_needs_no_other_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml_syntax, "parse")
    assert document.read(CORPUS / "harbour.yaml", "https://example.org/").quads


def test_texts_of_all_kinds_are_read_alike_or_left() -> None:
    number = 1000
    read = sum(alike(changed(seed)) for seed in range(number))
    assert number / 10 < read < number


LEFT = {
    "a key twice": "a: 1\na: 2",
    "a tag": "a: !place x",
    "a tag of YAML": "a: !!str 7",
    "no value": "a:",
    "a fraction": "a: 1.5",
    "a number for a key": "1: a",
    "a merge": "a: &x {b: c}\nd:\n  <<: *x",
    "an alias in itself": "a: &x [*x]",
    "a list": "- a",
    "two documents": "a: b\n---\nc: d",
    "a version": "%YAML 1.1\n---\na: b",
    "a tab": "a:\tb",
    "a line separator": "a: 'b\u2028c'",
    "no YAML": "a: 'b",
    "nothing": "",
    "a deep nest": "a: " + "[" * 2000,
}


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_what_is_not_plain_is_left_to_the_other_parser(text: str) -> None:
    with pytest.raises(yaml_libyaml.Unusual):
        yaml_libyaml.parse(text)


def test_without_libyaml_everything_is_left_to_the_other_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_libyaml, "CParser", None)
    with pytest.raises(yaml_libyaml.Unusual):
        yaml_libyaml.parse("a: b")


@pytest.mark.parametrize("key", ["[[a]]", "{a: {b: c}}", "&k {a: [b]}"])
def test_a_key_with_parts_is_a_mistake_of_its_line(key: str) -> None:
    with pytest.raises(DocumentError, match=r"here.yaml:2: .* a key is a mapping or a list") as caught:
        yaml_syntax.parse(f"a: b\n? {key}\n: c\n", HERE)
    assert caught.value.remedy
