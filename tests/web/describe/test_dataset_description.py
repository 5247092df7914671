"""The queries that describe the dataset use terms that exist."""

import re
from typing import Any

import pytest
import rdflib

from quoth.web.describe import dataset_description

from ..rdf import SD_TERMS, descriptions

CLOSED: dict[str, Any] = {
    "void": rdflib.VOID,
    "dcterms": rdflib.DCTERMS,
    "foaf": rdflib.FOAF,
    "schema": rdflib.SDO,
    "sd": SD_TERMS,
}


def test_every_query_belongs_to_a_description() -> None:
    described = [dataset_description.VOID_DESCRIPTION, dataset_description.CATALOG, dataset_description.SERVICE]
    assert {name for description in described for name in description.queries} == set(descriptions())


@pytest.mark.parametrize("name", descriptions())
def test_every_term_is_in_its_vocabulary(name: str) -> None:
    template = descriptions()[name].partition("CONSTRUCT")[2].partition("} WHERE {")[0]
    terms = re.findall(r"\b(void|dcterms|foaf|schema|sd):(\w+)", re.sub(r'"[^"]*"', "", template))
    assert len(terms) > 5
    assert [f"{prefix}:{term}" for prefix, term in terms if term not in CLOSED[prefix]] == []
