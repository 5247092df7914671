"""The client of the W3C Entity Reconciliation API, versions 0.2 and 1.0 (https://reconciliation-api.github.io/specs/).

A service is hostile until it is read: an identifier becomes an IRI only where it makes one in the target's own space.
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import httpx2
import pyoxigraph as ox

from quoth.errors import UnavailableError
from quoth.link.matching.linkable import TargetDataset
from quoth.link.matching.similarity import LinkCandidate, Subject
from quoth.link.remote.targets import Target
from quoth.link.remote.throttled_client import ThrottledClient

_ACCEPT = {"Accept": "application/json"}
LIMIT = 10
"""Candidates that are asked for, of each entity."""
_TEXT_LIMIT = 500
"""Characters of a text that a service may give."""


class ReconciliationClient:
    """The reconciliation service of one target. The manifest is read before the first question."""

    def __init__(self, target: Target, dataset: TargetDataset, client: ThrottledClient) -> None:
        self._target = target
        self._space = dataset.space
        self._client = client
        self._speaks_1_0: bool | None = None
        self._schema = ""

    def candidates(self, subjects: Sequence[Subject]) -> dict[str, list[LinkCandidate]]:
        """Entity's IRI → the proposals of the service, which is asked about all of them at once.

        Raises UnavailableError for an answer that the specification does not allow.
        """
        if self._speaks_1_0 is None:
            self._read_manifest()
        answers = self._match(subjects) if self._speaks_1_0 else self._queries(subjects)
        if len(answers) != len(subjects):
            raise self._error("not as many results as queries")
        return {s.iri: [c for c in map(self._candidate, a) if c] for s, a in zip(subjects, answers, strict=True)}

    def _read_manifest(self) -> None:
        """Learn the version, which is 1.0 for a service without 0.2: only the latter is finished."""
        manifest = self._json(httpx2.Request("GET", self._target.reconcile, headers=_ACCEPT))
        manifest = manifest if isinstance(manifest, dict) else {}
        versions = manifest.get("versions")
        versions = [str(v) for v in versions] if isinstance(versions, list) else ["0.1"]
        older, newer = (any(v.startswith(start) for v in versions) for start in ("0.", "1."))
        self._speaks_1_0 = newer and not older
        schema = manifest.get("schemaSpace")
        self._schema = schema if isinstance(schema, str) and schema.startswith(("http://", "https://")) else ""

    def _queries(self, subjects: Sequence[Subject]) -> list[list[Any]]:
        """0.2, §4.2: a batch of queries by name, in a form."""
        batch = {f"q{n}": {"query": s.labels[0], "limit": LIMIT, **self._type(s)} for n, s in enumerate(subjects)}
        data = {"queries": json.dumps(batch, ensure_ascii=False)}
        results = self._json(httpx2.Request("POST", self._target.reconcile, headers=_ACCEPT, data=data))
        if not isinstance(results, dict):
            raise self._error("results that are not an object")
        return [self._list(results.get(key), "result") for key in batch]

    def _match(self, subjects: Sequence[Subject]) -> list[list[Any]]:
        """1.0, §4.3: a list of queries, each with its conditions."""
        queries = [
            {"conditions": [{"matchType": "name", "propertyValue": s.labels[0]}], "limit": LIMIT, **self._type(s)}
            for s in subjects
        ]
        url = f"{self._target.reconcile.rstrip('/')}/match"
        answer = self._json(httpx2.Request("POST", url, headers=_ACCEPT, json={"queries": queries}))
        return [self._list(result, "candidates") for result in self._list(answer, "results")]

    def _type(self, subject: Subject) -> dict[str, str]:
        """One class of theirs that fits, where there is just one: a service takes no alternatives."""
        fitting = [t for kind in sorted(subject.types) for t in self._target.types.get(kind, ())]
        spaces = (s for s in (self._schema, self._space) if s and fitting and fitting[0].startswith(s))
        return {"type": fitting[0].removeprefix(next(spaces, ""))} if len(fitting) == 1 else {}

    def _json(self, request: httpx2.Request) -> Any:
        reply = self._client.send(request)
        try:
            return json.loads(reply.data)
        except (ValueError, RecursionError):
            raise self._error(f"{reply.media_type}, which is not JSON") from None

    def _list(self, value: object, key: str) -> list[Any]:
        members = value.get(key) if isinstance(value, dict) else None
        if not isinstance(members, list):
            raise self._error(f"something without {key}")
        return members

    def _error(self, answer: str) -> UnavailableError:
        url = self._target.reconcile
        return UnavailableError(f"{url} answered with {answer}", remedy="is it a reconciliation service?")

    def _candidate(self, answer: object) -> LinkCandidate | None:
        """One candidate of theirs, or None for what cannot be one."""
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            return None
        iri, names, kinds = _iri(answer["id"], self._space), _texts(answer.get("name")), answer.get("type")
        if iri is None or not names:
            return None
        ids = [k.get("id") if isinstance(k, dict) else k for k in kinds] if isinstance(kinds, list) else []
        # Services differ in which of their two spaces classes are of.
        spaces = {self._space, self._schema or self._space}
        types = frozenset(t for i in ids if isinstance(i, str) for s in spaces if (t := _iri(i, s)))
        return LinkCandidate(iri, names, (), types, " ".join(_texts(answer.get("description"))))


def _iri(identifier: str, space: str) -> str | None:
    """The IRI of an identifier in a space, or of one that is given in full."""
    whole = identifier.startswith(("http://", "https://"))
    iri = identifier if whole else space + quote(identifier, safe="/:@!$&'()*+,;=~-._%")
    try:
        return ox.NamedNode(iri).value if 0 < len(identifier) <= _TEXT_LIMIT else None
    except ValueError:
        return None


def _texts(value: object) -> tuple[str, ...]:
    """A text, or texts with their languages (1.0, §3.1)."""
    values = value if isinstance(value, list) else [value]
    texts = [v.get("str") if isinstance(v, dict) else v for v in values]
    return tuple(" ".join(v.split())[:_TEXT_LIMIT] for v in texts if isinstance(v, str) and v.strip())
