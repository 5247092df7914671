"""Web Annotations (https://www.w3.org/TR/annotation-model/): those of Recogito, of INCEpTION, of ``quoth export``; and
what the search of Hypothes.is answers (``rows``).

An annotation is a claim whose words are its target (§4.2.4, §4.2.5), in parts if it has several. Tags say the rest:
``source:the harbour office``, ``act:warned``; the mapping may name other beginnings under ``[tags]``. A body that is a
part of the text itself, with the purpose ``quoth:cue`` or ``quoth:mention``, has the words that attribute.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from quoth.claim.importing.article import UNNAMED, Agent, Article, Attribution, Misfit, Place
from quoth.claim.importing.mapping import Mapping
from quoth.claim.importing.readers import json_files, selectors
from quoth.claim.importing.readers.json_files import address, listed, objects, text
from quoth.claim.importing.readers.named_texts import NamedTexts
from quoth.claim.importing.sources import MAX_LABEL
from quoth.claim.model.ontology import concepts
from quoth.corpus.new import slug_of

KEYS = {**dict.fromkeys(("tags.source", "tags.act", "tags.id"), str), "texts.*": str}
MAX_DEPTH = 20
MAX_ID = 80
CUE, MENTION = "quoth:cue", "quoth:mention"
TAGS = ("source", "act", "id")
ARTICLE = "schema:Article"
FACTS = {"headline": "headline", "url": "url", "datePublished": "datePublished", "section": "articleSection"}
"""A key of an article's description → the term of schema.org by which an export describes it."""
_ENTITY = re.compile(r"id/(?:org|person)/[a-z0-9]+(?:-[a-z0-9]+)*$")


@dataclass(frozen=True)
class _Annotation:
    """An annotation as it was read, and where it is: file, number."""

    where: str
    values: dict[str, Any]


def read(path: Path, mapping: Mapping, texts: Path) -> Iterator[Article | Misfit]:
    """The articles of a file, or of the files in a folder, one for each creator of annotations. See ``Reader.read``."""
    known, names = NamedTexts(texts), mapping.table("texts")
    groups: dict[tuple[str, str], list[_Annotation]] = {}
    for each in json_files.read(path):
        if isinstance(each, Misfit):
            yield each
            continue
        file, data = each
        number = 0
        for number, values in enumerate(_annotations(data, 0), 1):
            source = _source(values) or file.stem
            annotation = _Annotation(f"{file}#annotation {number}", values)
            source = names.get(source, source)
            groups.setdefault((known.slug(source) or source, _creator(values)), []).append(annotation)
        if not number:
            yield Misfit(
                "without annotations", str(file), "it has no annotation with a target", "is it the right file?"
            )
    seen: set[str] = set()
    for (source, creator), annotations in groups.items():
        found = known.get(source)
        if found is None or isinstance(found, Misfit):
            detail = found.detail if found else f"there is no text {source[:200]!r} in {known.folder}"
            remedy = found.remedy if found else "save it there under that name, or say under [texts] which one it is"
            yield from (Misfit("without a text", annotation.where, detail, remedy) for annotation in annotations)
            continue
        slug, words = found
        article, misfits = _article(annotations, slug, words, creator, mapping)
        yield from misfits
        yield replace(article, first=slug not in seen)
        seen.add(slug)


def _article(
    annotations: list[_Annotation], slug: str, words: str, creator: str, mapping: Mapping
) -> tuple[Article, list[Misfit]]:
    # Our own export says which entity the creator is.
    ours = _ENTITY.search(_creator(annotations[0].values, "id"))
    encoding = mapping.of_creator(creator, {"creator": creator, "name": slug}, ours[0] if ours else "")
    attributions, misfits = list[Attribution](), list[Misfit]()
    for annotation in annotations:
        made = _attribution(annotation, words, encoding.name, mapping)
        (misfits if isinstance(made, Misfit) else attributions).append(made)  # type: ignore[arg-type]
    first = annotations[0].values
    titles = (title for document in objects(first.get("document")) for title in listed(document.get("title")))
    facts = [("headline", text(next(titles, ""))[:MAX_LABEL]), ("url", address(_source(first)))]
    sources = (s for a in annotations for t in objects(a.values.get("target")) for s in objects(t.get("source")))
    if described := [source for source in sources if source.get("type") == ARTICLE]:
        facts = [(key, text(described[0].get(f"schema:{term}"))) for key, term in FACTS.items()]
    article = Article(
        slug,
        annotations[0].where,
        words,
        encoding,
        attributions,
        mapping.get("defaults.language", "en"),
        tuple((key, value) for key, value in facts if value) or (("label", slug),),
        text_licence=mapping.get("defaults.text-licence"),
    )
    return article, misfits


def _attribution(annotation: _Annotation, words: str, creator: str, mapping: Mapping) -> Attribution | Misfit:
    where, values = annotation.where, annotation.values
    tags = dict(_tags(values, mapping))
    if (act := tags.get("act", "")) and act not in concepts("speechAct"):
        return Misfit("unknown act", where, f"{act[:60]!r} is no speech act", "tag it act: and one of ours")
    places = tuple(selectors.places(values.get("target"), words))
    if not places:
        detail = "it has no words (TextQuoteSelector): offsets alone, and a whole page, cannot be verified"
        return Misfit("without a quotation", where, detail, "annotate words")
    parts: dict[str, tuple[Place, ...]] = {
        purpose: tuple(selectors.places([b for b in _bodies(values) if b.get("purpose") == purpose], words))
        for purpose in (CUE, MENTION)
    }
    own = tags.get("id") or text(values.get("id")).rstrip("/").rpartition("/")[2].rpartition("#")[2]
    # An id of the program is one in the world; a number is one of the file, and of one creator.
    id = slug_of(own)[:MAX_ID].strip("-") or "-".join(filter(None, (creator, slug_of(where.rpartition("#")[2]))))
    source = UNNAMED
    if "source" in tags:
        source = Agent(tags["source"][:MAX_LABEL])
    return Attribution(id, where, places, source if source.label else None, parts[CUE], parts[MENTION], act)


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
        for key in ("items", "first", "rows", "annotations", "@graph"):
            yield from _annotations(data.get(key), depth + 1)


def _source(annotation: dict[str, Any]) -> str:
    """The address of what is annotated, without what names a part of it."""
    for target in listed(annotation.get("target")):
        source = target.get("source") if isinstance(target, dict) else target
        source = source.get("id") if isinstance(source, dict) else source
        if isinstance(source, str):
            return source.partition("#")[0]
    return text(annotation.get("uri"))


def _creator(annotation: dict[str, Any], key: str = "name") -> str:
    creator = next(iter(listed(annotation.get("creator") or annotation.get("user"))), "")
    if isinstance(creator, dict):
        creator = creator.get(key) or creator.get("id")
    return text(creator).removeprefix("acct:").partition("@")[0]


def _bodies(annotation: dict[str, Any]) -> list[dict[str, Any]]:
    return [*objects(annotation.get("body")), *objects(annotation.get("bodies"))]


def _tags(annotation: dict[str, Any], mapping: Mapping) -> Iterator[tuple[str, str]]:
    """The statements of an annotation's tags, by the key that their beginning stands for, in capitals or not. A body
    without a purpose has the motivation of the annotation (§3.3.5), and may be a text alone (§3.2.5)."""
    motivation = annotation.get("motivation")
    tagging = [body.get("value") for body in _bodies(annotation) if body.get("purpose", motivation) == "tagging"]
    if motivation == "tagging":
        tagging.append(annotation.get("bodyValue"))
    for tag in (*listed(annotation.get("tags")), *tagging):
        for key in TAGS:
            begin = mapping.get(f"tags.{key}", f"{key}:")
            if isinstance(tag, str) and tag[: len(begin)].casefold() == begin.casefold():
                yield key, tag[len(begin) :].strip()
