"""An import into a corpus: documents, their texts, the entities that they share, and a report of what did not fit.

Articles are read and written one by one. Each file is replaced in one step, and the record after all of them: an import
that was stopped is done again from its beginning, and finds what it has written.
"""

import datetime
import os
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from quoth.claim.importing import agreement, document, merge
from quoth.claim.importing.agreement import Agreement
from quoth.claim.importing.article import Agent, Article, Misfit
from quoth.claim.importing.names import Names
from quoth.claim.importing.record import Record
from quoth.claim.importing.sources import Rule
from quoth.errors import UsageError
from quoth.resources import read_text, write

ENTITIES = "imported-entities.yaml"


@dataclass(frozen=True)
class Target:
    """The folders of a corpus that an import writes into."""

    corpus: Path
    articles: Path
    texts: Path


@dataclass
class Outcome:
    """What an import did: how many documents and claims in which state, what did not fit, and how encodings agree."""

    articles: int = 0
    attributions: int = 0
    claims: Counter[str] = field(default_factory=Counter)
    misfits: list[Misfit] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    written: int = 0


class Import:
    """An import in progress. Nothing is written where ``dry`` is true."""

    def __init__(self, target: Target, rule: Rule, *, dry: bool = False) -> None:
        self.target, self.rule, self.dry = target, rule, dry
        self.record, self.names, self.outcome = Record(target.corpus), Names(target.corpus), Outcome()
        self._entities: dict[str, Agent] = {}
        self._rivals: list[Article] = []
        self._texts: dict[str, str] = {}

    def run(self, found: Iterable[Article | Misfit]) -> Outcome:
        """Import what a reader found. Raises UsageError where a text of another article stands in its place."""
        for each in found:
            if isinstance(each, Misfit):
                self.outcome.misfits.append(each)
            else:
                self._take(each)
        self._compare()
        if self._entities:
            known = sorted(self._entities.values(), key=lambda agent: agent.id)
            self._write(self.target.corpus / ENTITIES, document.of_entities(known), "")
        if not self.dry:
            self.names.save()
            self.record.save()
        return self.outcome

    def _take(self, article: Article) -> None:
        self.outcome.articles += 1
        path = self.target.articles / f"{article.slug}.yaml"
        if article.first and path.exists() and not self.record.of(self._name(path)):
            # Somebody has written that document: what is imported stands beside it, as another encoding.
            if not article.encoding.name:
                article = replace(article, encoding=replace(article.encoding, name="imported"))
            article = replace(article, first=False)
        self.outcome.attributions += len(article.attributions)
        self.names.count(article)
        for agent in article.entities:
            self._entities[agent.id] = agent  # the last article knows most of it
        made, misfits = document.of_article(article, self.rule, self.names.entity)
        self.outcome.misfits += misfits
        name = article.slug if article.first else f"{article.slug}.{article.encoding.name}"
        if article.first:
            self._keep_text(article)
        if self._rivals and self._rivals[0].slug != article.slug:
            self._compare()
        self._rivals.append(article)
        self._write(self.target.articles / f"{name}.yaml", made, article.where)

    def _name(self, path: Path) -> str:
        return os.path.relpath(path, self.target.corpus)

    def _compare(self) -> None:
        self.outcome.agreements += agreement.of_encodings(self._rivals)
        self._rivals.clear()

    def _keep_text(self, article: Article) -> None:
        path = self.target.texts / f"{article.slug}.txt"
        if path.exists():
            if path.read_bytes() != article.text.encode("utf-8"):
                remedy = "move it away, or let quoth recheck compare the documents with the new text"
                raise UsageError("it is another text than the one of the input", where=str(path), remedy=remedy)
        elif not self.dry:
            write(article.text, path)

    def _write(self, path: Path, made: document.Document, where: str) -> None:
        """Write a document, or bring it up to date."""
        digests = self.record.of(self._name(path))
        old = read_text(path) if path.exists() else ""
        if not old:
            made.head = _dated(made.head)
        try:
            merged = merge.merge(old, made, digests)
        except (yaml.YAMLError, ValueError) as error:
            detail = f"it cannot be brought up to its input: {str(error).splitlines()[0]}"
            self.outcome.misfits.append(Misfit("document not readable", str(path), detail, "quoth check says where"))
            return
        self.outcome.claims.update(merged.counts)
        for id in merged.conflicts:
            detail = f"{id} was corrected here, and has changed in the input ({where})"
            self.outcome.misfits.append(Misfit("corrected", str(path), detail, "compare the two: nothing was changed"))
        if merged.text != old:
            self.outcome.written += 1
            if not self.dry:
                write(merged.text, path)


def _dated(head: str) -> str:
    """The head of a new document, encoded today where the input does not say when."""
    today = datetime.date.today().isoformat()
    return (
        head if re.search(r"\bcreated: ", head) else head.replace("encoding: {", f'encoding: {{created: "{today}", ', 1)
    )
