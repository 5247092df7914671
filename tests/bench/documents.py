"""A corpus as documents, of any size: `python -m tests.bench.documents DIR --articles N --depth contents|words`.

Every article, entity and sentence in it is invented (sentences.toml). Article 7 is the same in a corpus of ten and of
ten thousand, so a corpus can be enlarged; files that exist are left as they are. Memory does not grow with the number.
"""

import argparse
import functools
import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path

from tests.bench.article import Article
from tests.bench.sentences import DATA, Cast, Name

DEPTHS = ("contents", "words")
BLOCK, ENTITIES_A_BLOCK, TOPICS_A_BLOCK = 50, 250, 10
"""So many articles bring so many entities and topics that are new, as more texts name more people."""
OUTLETS = 40
_TOPICS, _OUTLETS, _ARTICLES = 1_000_000, 2_000_000, 2_500_000
"""The numbers of names begin there; those of entities at 0."""
_SYLLABLES = DATA["syllables"].split()
_KINDS = ("org", "org", "person", "person", "place")
_SPREAD = 48_271
"""Prime, and no divisor of what it is multiplied in: neighbouring numbers have names that are not alike."""

_CONTEXT = '"@context": https://w3id.org/quoth/context.jsonld\n'
_HEAD = """\
id: id/article/{slug}
type: NewsArticle
headline: {headline}
url: https://news.example/{slug}
publisher: id/org/outlet-{outlet}
datePublished: {date}
section: {section}
language: en
text:
  sha256: "{sha256}"
  length: {length}
  mediaType: text/plain; charset=utf-8

encoding:
  attributedTo: id/org/coding-desk
  created: 2036-01-15
  status: reviewed
  method: Made by a program for measurements; the text is invented.
  licence: https://creativecommons.org/licenses/by/4.0/
"""
_DEFAULTS = """
defaults:
  certainty: certain
  polarity: positive
  realis: actual
  informationStatus: atIssue
  stance: endorses
  scope: explicit
"""
_OFFICE = """\
  - id: id/concept/{0}
    prefLabel: {0}
    definition: The office of a {0}, as somebody names it.
    broader: ns:kind#office
"""


def stem(number: int) -> str:
    """The name of that number, which no other number has."""
    base, length = len(_SYLLABLES), 3
    if number >= base**length:
        number, length = number - base**length, 4
    number = number * _SPREAD % base**length
    return "".join(_SYLLABLES[number // base**n % base] for n in range(length)).capitalize()


@functools.lru_cache(maxsize=20_000)
def entity(number: int) -> Name:
    """An organisation, a person or a place that articles share."""
    kind, own = _KINDS[number % len(_KINDS)], stem(number)
    if kind == "org":
        return Name(kind, f"id/org/{own.lower()}", f"{own} {DATA['bodies'][number // 5 % len(DATA['bodies'])]}", own)
    if kind == "person":
        return Name(kind, f"id/person/{own.lower()}", f"{DATA['given'][number // 5 % len(DATA['given'])]} {own}", own)
    label = DATA["places"][number // 5 % len(DATA["places"])].replace("<name>", own)
    return Name(kind, f"id/place/{own.lower()}", label, label)


def _entity_lines(name: Name) -> str:
    types = {"org": "Organization", "person": "Person", "place": "Place"}
    other = f", altLabel: [{name.short}]" if name.short != name.label else ""
    return f"  - {{id: {name.iri}, type: {types[name.kind]}, label: {name.label}{other}}}\n"


def topic(number: int) -> tuple[str, str]:
    """The IRI and the label of a subject on which claims are compared."""
    own = stem(_TOPICS + number)
    return f"id/topic/{own.lower()}", DATA["matters"][number % len(DATA["matters"])].replace("<name>", own)


def block(number: int) -> str:
    """The document of the entities and topics that a block of articles brings."""
    first = number * ENTITIES_A_BLOCK
    lines = [
        _CONTEXT,
        "entities:\n",
        *(_entity_lines(entity(first + n)) for n in range(ENTITIES_A_BLOCK)),
        "\ntopics:\n",
    ]
    for n in range(TOPICS_A_BLOCK):
        iri, label = topic(number * TOPICS_A_BLOCK + n)
        lines.append(f"  - {{id: {iri}, label: {label}, scopeNote: Whether and how they change.}}\n")
    return "".join(lines)


def _cast(number: int, chance: random.Random) -> Cast:
    """Who and where an article is about. A few entities are in very many articles and most in few."""
    known = (number // BLOCK + 1) * ENTITIES_A_BLOCK
    size = {"org": chance.randint(5, 8), "person": chance.randint(4, 7), "place": chance.randint(3, 6)}
    cast: Cast = {kind: [] for kind in size}
    while size:
        name = entity(int(known * chance.random() ** 3))
        if name.kind in size and name not in cast[name.kind]:
            cast[name.kind].append(name)
            if len(cast[name.kind]) == size[name.kind]:
                del size[name.kind]
    return cast


def slug(number: int) -> str:
    """The name of an article."""
    return stem(_ARTICLES + number).lower()


def article(number: int, depth: str, seed: int = 0, edition: int = 0) -> tuple[str, str]:
    """The document of an article, and its text. Each ``edition`` has a headline of its own; those after 0 have another
    label of the first claim."""
    chance = random.Random(f"{seed} {number}")
    topics = {topic(int((number // BLOCK + 1) * TOPICS_A_BLOCK * chance.random() ** 2))[0] for _ in range(2)}
    written = Article(slug(number), _cast(number, chance), sorted(topics), chance, depth == "contents")
    written.write(chance.randint(25, 34))
    text = str(written.text).rstrip() + "\n"
    head = _HEAD.format(
        slug=slug(number),
        headline=json.dumps(written.headline() + (f", edition {edition}" if edition else ""), ensure_ascii=False),
        outlet=int(OUTLETS * chance.random() ** 2),
        date=f"{2026 + number % 10}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}",
        section=chance.choice(DATA["section"]),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        length=len(text),
    )
    body = written.document(edition > 0)
    return _CONTEXT + head + (_DEFAULTS if depth == "contents" else "") + body, text


def _write(path: Path, text: str) -> None:
    """Write a file that is there as a whole or not at all."""
    unfinished = path.with_name(f".{path.name}.new")
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)


def _shared() -> Iterator[tuple[str, str]]:
    """The files that a corpus has whatever its size."""
    yield "vocabulary.yaml", _CONTEXT + "concepts:\n" + "".join(map(_OFFICE.format, DATA["office"]))
    outlets = "".join(
        f"  - {{id: id/org/outlet-{n}, type: Organization, label: The {stem(_OUTLETS + n)} Courier}}\n"
        for n in range(OUTLETS)
    )
    desk = "  - {id: id/org/coding-desk, type: Organization, label: the coding desk}\n"
    yield "entities/outlets.yaml", _CONTEXT + "entities:\n" + desk + outlets


def write(folder: Path, articles: int, depth: str, seed: int = 0) -> int:
    """Write the files of a corpus that do not exist yet: the number of articles that were written.

    The documents are in ``articles`` and ``entities``, the texts in ``texts``.
    """
    for name in ("articles", "entities", "texts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, content in _shared():
        if not (folder / name).exists():
            _write(folder / name, content)
    written = 0
    for number in range(articles):
        if number % BLOCK == 0 and not (entities := folder / "entities" / f"block-{number // BLOCK:05d}.yaml").exists():
            _write(entities, block(number // BLOCK))
        path = folder / "articles" / f"{slug(number)}.yaml"
        if not path.exists():
            document, text = article(number, depth, seed)
            _write(folder / "texts" / f"{slug(number)}.txt", text)
            _write(path, document)
            written += 1
    return written


def main() -> None:
    """Write a corpus from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, required=True)
    parser.add_argument("--depth", choices=DEPTHS, default="contents")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    written = write(given.folder, given.articles, given.depth, given.seed)
    print(f"{given.folder}: {written} articles written, {given.articles - written} were there")


if __name__ == "__main__":
    main()
