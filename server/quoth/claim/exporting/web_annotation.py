"""Quotations as Web Annotations (https://www.w3.org/TR/annotation-model/), which ``quoth import web-annotation`` reads
again: a page (§5.2) with an annotation for each claim.

Targets are the words of the claim, in parts if there are several. Tags (§3.1.4) say who says it and by which act. The
first annotation of an article describes it, in terms of schema.org.
Bodies with the purposes ``quoth:cue`` and ``quoth:mention`` are the words of the text that attribute it.
"""

import json
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from quoth.claim.exporting.quotations import Quotation
from quoth.claim.model.claim_summary import Quote
from quoth.claim.model.namespaces import QUOTH, SCHEMA

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"quoth": QUOTH.iri, "schema": SCHEMA.iri}]

TERMS = {"section": "articleSection"}
"""The terms of schema.org whose names are others than ours."""


def written(quotations: Iterable[Quotation]) -> Iterator[str]:
    """The page of annotations, as JSON-LD, one after the other."""
    head = {"@context": CONTEXT, "type": "AnnotationPage", "startIndex": 0}
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "items": ['
    comma, article = "", ""
    for quotation in quotations:
        annotation = _annotation(quotation)
        if quotation.article != article and (targets := annotation.get("target")):
            article = quotation.article
            terms = {f"schema:{TERMS.get(key, key)}": value for key, value in quotation.facts.items()}
            targets[0]["source"] = {"id": article, "type": "schema:Article", **terms}
        yield comma + "\n" + textwrap.indent(json.dumps(annotation, ensure_ascii=False, indent=1), "  ")
        comma = ","
    yield "\n ]\n}\n"


def _annotation(quotation: Quotation) -> dict[str, Any]:
    tags = [f"source:{quotation.source}", *([f"act:{quotation.act}"] if quotation.act else [])]
    body = [{"type": "TextualBody", "purpose": "tagging", "value": tag} for tag in tags]
    for purpose, quotes in (("quoth:cue", quotation.cue), ("quoth:mention", quotation.mention)):
        body += [{"purpose": purpose, **_part(quotation.article, quote)} for quote in quotes]
    annotation = {
        "id": quotation.claim,
        "type": "Annotation",
        "motivation": "identifying",
        "created": f"{quotation.created}T00:00:00Z" if quotation.created else "",
        "rights": quotation.licence,
        "creator": {"id": quotation.encoder, "name": quotation.encoder_label} if quotation.encoder else "",
        "body": body,
        "target": [_part(quotation.article, quote) for quote in quotation.words],
    }
    return {key: value for key, value in annotation.items() if value}


def _part(article: str, quote: Quote) -> dict[str, Any]:
    """A part of an article's text (§4.2): by its words, and by its offsets in code points, if they are known."""
    around = {key: value for key, value in (("prefix", quote.prefix), ("suffix", quote.suffix)) if value}
    selectors: list[dict[str, Any]] = [{"type": "TextQuoteSelector", "exact": quote.exact, **around}]
    if quote.start is not None:
        selectors.append({"type": "TextPositionSelector", "start": quote.start, "end": quote.end})
    return {"type": "SpecificResource", "source": article, "selector": selectors}
