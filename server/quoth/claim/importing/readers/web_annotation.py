"""Web Annotations (https://www.w3.org/TR/annotation-model/): those of Recogito, of INCEpTION's export, of our own; and
what the search of Hypothes.is answers (``rows``).

An annotation is a claim whose words are its target (§4.2.4, §4.2.5), in parts if it has several. Tags say the rest:
``source:the harbour office``, ``act:warned``; the mapping may name other beginnings under ``[tags]``. A body that is a
part of the text itself, with the purpose ``quoth:cue`` or ``quoth:mention``, has the words that attribute. The quotation
decides: offsets count what each program counts, and only tell two places of the same words apart.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from quoth.claim.importing.article import UNNAMED, Agent, Article, Attribution, Located, Misfit, Place, Quote
from quoth.claim.importing.mapping import Mapping
from quoth.claim.importing.readers.named_texts import NamedTexts
from quoth.claim.model.ontology import concepts
from quoth.corpus.new import slug_of
from quoth.errors import UsageError
from quoth.resources import read_text

KEYS = {**dict.fromkeys(("tags.source", "tags.act", "tags.id"), str), "texts.*": str}
MAX_DEPTH = 20
CUE, MENTION = "quoth:cue", "quoth:mention"


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The articles of a file, or of the files in a folder, one for each creator of annotations. See ``Reader.read``."""
    files = [path] if path.is_file() else sorted(f for s in ("*.json", "*.jsonld") for f in path.rglob(s))
    if not files:
        raise UsageError("no file in it has the suffix .json or .jsonld", where=str(path), remedy="name a file")
    known, names = NamedTexts(texts), mapping.table("texts")
    found: dict[tuple[str, str], list[tuple[str, dict[str, Any]]]] = {}
    for file in files:
        try:
            data: Any = json.loads(read_text(file).removeprefix("\ufeff"))
        except (ValueError, RecursionError) as error:
            yield Misfit("not JSON", str(file), f"it is not JSON: {error}", "save the annotations as JSON-LD")
            continue
        for number, annotation in enumerate(_annotations(data, 0), 1):
            source = _source(annotation)
            key = (names.get(source, source), _creator(annotation))
            found.setdefault(key, []).append((f"{file}#annotation {number}", annotation))
    seen: set[str] = set()
    for (source, creator), annotations in found.items():
        text = known.get(source)
        if text is None:
            detail = f"there is no text {source!r} in {known.folder}"
            remedy = "save it there under that name, or say under [texts] in the mapping which one it is"
            yield from (Misfit("without a text", where, detail, remedy) for where, _ in annotations)
            continue
        slug, words = text
        article, misfits = _article(annotations, slug, words, creator, mapping)
        yield from misfits
        yield replace(article, first=slug not in seen)
        seen.add(slug)


def _article(
    annotations: list[tuple[str, dict[str, Any]]], slug: str, text: str, creator: str, mapping: Mapping
) -> tuple[Article, list[Misfit]]:
    name = slug_of(creator)
    if "encoding.encoder.id" not in mapping.values and name:
        agent = {
            "encoding.encoder.id": f"id/person/{name}",
            "encoding.encoder.label": creator,
            "encoding.encoder.type": "Person",
        }
        mapping = replace(mapping, values={**mapping.values, **agent})
    attributions, misfits, acts = [], list[Misfit](), concepts("speechAct")
    for where, annotation in annotations:
        tags = dict(_tags(annotation, mapping))
        act = tags.get("act", "")
        words = tuple(_places(annotation.get("target"), text))
        if not words:
            misfits.append(
                Misfit("without a quotation", where, "it has no TextQuoteSelector", "annotate words, not pages")
            )
            continue
        if act and act not in acts:
            misfits.append(Misfit("unknown act", where, f"{act!r} is no speech act", "tag it act: and one of ours"))
            continue
        id = slug_of(
            tags.get("id", "") or str(annotation.get("id", "")).rstrip("/").rpartition("/")[2].rpartition("#")[2]
        )
        parts = {p: tuple(_places(_bodies(annotation, p), text)) for p in (CUE, MENTION)}
        source = None if tags.get("source") == "" else Agent(tags["source"]) if "source" in tags else UNNAMED
        key = id or f"a-{len(attributions) + 1}"
        attributions.append(
            Attribution(f"{name}-{key}" if name else key, where, words, source, parts[CUE], parts[MENTION], act)
        )
    encoding = mapping.encoding({"creator": creator, "name": slug}, name)
    language = mapping.get("defaults.language", "en")
    return Article(slug, annotations[0][0], text, encoding, attributions, language, (("label", slug),)), misfits


def _annotations(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    """The annotations in a JSON value: alone, in a list, a page, a collection, or an answer of Hypothes.is."""
    if depth > MAX_DEPTH:
        return
    if isinstance(data, list):
        for each in data:
            yield from _annotations(each, depth + 1)
    elif isinstance(data, dict) and "target" in data:
        yield data
    elif isinstance(data, dict):
        for key in ("items", "first", "rows", "@graph"):
            yield from _annotations(data.get(key), depth + 1)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _source(annotation: dict[str, Any]) -> str:
    """The address of what is annotated."""
    for target in _listed(annotation.get("target")):
        source = target.get("source") if isinstance(target, dict) else target
        source = source.get("id") if isinstance(source, dict) else source
        if isinstance(source, str):
            return source.partition("#")[0]
    return str(annotation.get("uri", ""))


def _creator(annotation: dict[str, Any]) -> str:
    creator = next(iter(_listed(annotation.get("creator") or annotation.get("user"))), "")
    if isinstance(creator, dict):
        creator = creator.get("name") or creator.get("id") or ""
    return str(creator).removeprefix("acct:").partition("@")[0]


def _tags(annotation: dict[str, Any], mapping: Mapping) -> Iterator[tuple[str, str]]:
    """What the tags of an annotation say, by the key that their beginning stands for."""
    bodies = (b for b in _listed(annotation.get("body")) if isinstance(b, dict) and b.get("purpose") == "tagging")
    written = [*_listed(annotation.get("tags")), *(body.get("value") for body in bodies)]
    for tag in (tag for tag in written if isinstance(tag, str)):
        for key in ("source", "act", "id"):
            if tag.startswith(begin := mapping.get(f"tags.{key}", f"{key}:")):
                yield key, tag.removeprefix(begin).strip()


def _bodies(annotation: dict[str, Any], purpose: str) -> list[Any]:
    return [b for b in _listed(annotation.get("body")) if isinstance(b, dict) and b.get("purpose") == purpose]


def _places(targets: Any, text: str) -> Iterator[Place]:
    """The words of targets: one that stands in the text at its offset is there; any other is looked for."""
    for target in _listed(targets):
        selectors = _listed(target.get("selector")) if isinstance(target, dict) else []
        flat = [
            s
            for each in selectors
            if isinstance(each, dict)
            for s in (each, *_listed(each.get("refinedBy")))
            if isinstance(s, dict)
        ]
        quote = next(
            (s for s in flat if s.get("type") == "TextQuoteSelector" and isinstance(s.get("exact"), str)), None
        )
        position = next((s for s in flat if s.get("type") == "TextPositionSelector"), {})
        if quote is None:
            continue
        exact, start = quote["exact"], position.get("start")
        if isinstance(start, int) and start >= 0 and exact and text.startswith(exact, start):
            yield Located(exact, start)
        else:
            around = (quote.get(key) if isinstance(quote.get(key), str) else "" for key in ("prefix", "suffix"))
            yield _as_in(text, Quote(exact, *around))


def _as_in(text: str, quote: Quote) -> Quote:
    """The quotation without a prefix and a suffix that the text does not have letter by letter, if it needs none."""
    if quote.exact and quote.prefix + quote.exact + quote.suffix not in text and text.count(quote.exact) == 1:
        return Quote(quote.exact)
    return quote
