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
from quoth.link.matching.linkable import Dataset
from quoth.link.matching.similarity import Candidate, Subject
from quoth.link.remote.targets import Target
from quoth.link.remote.throttled_client import ThrottledClient

_ACCEPT = {"Accept": "application/json"}
LIMIT = 10
"""Candidates that are asked for, of each entity."""
_LONGEST = 500
"""Characters of a text that a service may give."""


class Service:
    """The reconciliation service of one target. Its manifest is read when it is first asked."""

    def __init__(self, target: Target, dataset: Dataset, client: ThrottledClient) -> None:
        self._target = target
        self._space = dataset.space
        self._client = client
        self._versions: tuple[str, ...] | None = None
        self._schema = ""

    def candidates(self, subjects: Sequence[Subject]) -> dict[str, list[Candidate]]:
        """What the service proposes for each entity, by its IRI, asked for in one batch.

        Raises UnavailableError where it does not answer as the specification says.
        """
        answers = self._match(subjects) if self._speaks_1_0() else self._queries(subjects)
        if len(answers) != len(subjects):
            raise self._odd("not as many results as queries")
        return {
            s.iri: [c for c in map(self._candidate, found) if c] for s, found in zip(subjects, answers, strict=True)
        }

    def _speaks_1_0(self) -> bool:
        """Whether the service speaks 1.0 alone: where it can do both, 0.2 is the one that is finished."""
        if self._versions is None:
            manifest = self._asked(httpx2.Request("GET", self._target.reconcile, headers=_ACCEPT))
            versions = manifest.get("versions") if isinstance(manifest, dict) else None
            self._versions = tuple(map(str, versions)) if isinstance(versions, list) else ("0.1",)
            schema = manifest.get("schemaSpace") if isinstance(manifest, dict) else None
            self._schema = schema if isinstance(schema, str) and schema.startswith(("http://", "https://")) else ""
        older = any(v.startswith("0.") for v in self._versions)
        return not older and any(v.startswith("1.") for v in self._versions)

    def _queries(self, subjects: Sequence[Subject]) -> list[list[Any]]:
        """0.2, §4.2: a batch of queries by name, in a form."""
        batch = {f"q{n}": {"query": s.labels[0], "limit": LIMIT, **self._type(s)} for n, s in enumerate(subjects)}
        data = {"queries": json.dumps(batch, ensure_ascii=False)}
        found = self._asked(httpx2.Request("POST", self._target.reconcile, headers=_ACCEPT, data=data))
        if not isinstance(found, dict):
            raise self._odd("results that are no object")
        return [self._list(found.get(key), "result") for key in batch]

    def _match(self, subjects: Sequence[Subject]) -> list[list[Any]]:
        """1.0, §4.3: a list of queries, each with its conditions."""
        queries = [
            {"conditions": [{"matchType": "name", "propertyValue": s.labels[0]}], "limit": LIMIT, **self._type(s)}
            for s in subjects
        ]
        url = f"{self._target.reconcile.rstrip('/')}/match"
        found = self._asked(httpx2.Request("POST", url, headers=_ACCEPT, json={"queries": queries}))
        return [self._list(one, "candidates") for one in self._list(found, "results")]

    def _type(self, subject: Subject) -> dict[str, str]:
        """One class of theirs that fits, where there is just one: a service takes no alternatives."""
        fitting = [t for kind in sorted(subject.types) for t in self._target.types.get(kind, ())]
        spaces = (s for s in (self._schema, self._space) if s and fitting and fitting[0].startswith(s))
        return {"type": fitting[0].removeprefix(next(spaces, ""))} if len(fitting) == 1 else {}

    def _asked(self, request: httpx2.Request) -> Any:
        reply = self._client.send(request)
        try:
            return json.loads(reply.data)
        except (ValueError, RecursionError):
            raise self._odd(f"{reply.media_type}, which is no JSON") from None

    def _list(self, value: object, key: str) -> list[Any]:
        found = value.get(key) if isinstance(value, dict) else None
        if not isinstance(found, list):
            raise self._odd(f"something without {key}")
        return found

    def _odd(self, what: str) -> UnavailableError:
        return UnavailableError(
            f"{self._target.reconcile} answered with {what}", remedy="is it a reconciliation service?"
        )

    def _candidate(self, found: object) -> Candidate | None:
        """One candidate of theirs, or None for what cannot be one."""
        if not isinstance(found, dict) or not isinstance(found.get("id"), str):
            return None
        iri, names = self._iri(found["id"], self._space), _texts(found.get("name"))
        if iri is None or not names:
            return None
        kinds = found.get("type") if isinstance(found.get("type"), list) else []
        ids = [k.get("id") if isinstance(k, dict) else k for k in kinds or []]
        # Services differ in which of their two spaces classes are of.
        spaces = {self._space, self._schema or self._space}
        types = frozenset(t for i in ids if isinstance(i, str) for s in spaces if (t := self._iri(i, s)))
        return Candidate(iri, names, (), types, " ".join(_texts(found.get("description"))))

    @staticmethod
    def _iri(identifier: str, space: str) -> str | None:
        """The IRI of an identifier in a space, or of one that is given in full."""
        whole = identifier.startswith(("http://", "https://"))
        iri = identifier if whole else space + quote(identifier, safe="/:@!$&'()*+,;=~-._%")
        try:
            return ox.NamedNode(iri).value if 0 < len(identifier) <= _LONGEST else None
        except ValueError:
            return None


def _texts(value: object) -> tuple[str, ...]:
    """A text, or texts with their languages (1.0, §3.1)."""
    values = value if isinstance(value, list) else [value]
    found = [v.get("str") if isinstance(v, dict) else v for v in values]
    return tuple(" ".join(v.split())[:_LONGEST] for v in found if isinstance(v, str) and v.strip())
