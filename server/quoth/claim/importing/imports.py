"""An import into a corpus: documents, their texts, the entities that they share, and a report of what did not fit.

Articles are read and written one by one. Each file is replaced in one step, and then recorded: an import that was
stopped is done again from its beginning, and knows what it has written.
"""

import datetime
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from quoth.claim.checking.anchors import MAX_WORDS
from quoth.claim.importing import document, merge, requirements
from quoth.claim.importing.article import Agent, Article, Misfit
from quoth.claim.importing.document import Document
from quoth.claim.importing.merge import Existing
from quoth.claim.importing.names import Names
from quoth.claim.importing.places import Placed, placed
from quoth.claim.importing.record import Record
from quoth.claim.importing.sources import Rule, Sources
from quoth.claim.model.agreement import Agreement, agreements
from quoth.claim.model.licences import PASSAGES, Passages
from quoth.errors import UsageError
from quoth.resources import check_file, read_text, write

ENTITIES = "imported-entities.yaml"
BESIDE = "imported"
"""The name of an encoding that has none, where it stands beside a document that a person has written."""


@dataclass(frozen=True)
class Target:
    """The folders of a corpus that an import writes into, and how much of a text may be quoted there."""

    corpus: Path
    articles: Path
    texts: Path
    passages: Passages = PASSAGES


@dataclass
class Outcome:
    """The outcome of an import: how many documents and claims in which state, what did not fit, how encodings agree.
    ``removed`` are documents that a person has taken out."""

    articles: int = 0
    attributions: int = 0
    claims: Counter[str] = field(default_factory=Counter)
    misfits: list[Misfit] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)
    written: int = 0


class _UnfitError(Exception):
    """An article that cannot be imported, and why."""

    def __init__(self, kind: str, where: str, detail: str, remedy: str) -> None:
        super().__init__(detail)
        self.misfit = Misfit(kind, where, detail, remedy)


@dataclass(frozen=True)
class _Made:
    """A document, the places of its attributions, its sources, and what did not fit."""

    document: Document
    placed: Placed
    sources: Sources
    misfits: list[Misfit]


class Import:
    """An import in progress. Nothing is written where ``dry`` is true."""

    def __init__(self, target: Target, rule: Rule, *, dry: bool = False) -> None:
        self.target, self.rule, self.dry = target, rule, dry
        self.record, self.names, self.outcome = Record(target.corpus), Names(target.corpus), Outcome()
        self._entities: dict[str, Agent] = {}
        self._done: set[Path] = set()
        self._rivals: list[_Made] = []

    def run(self, found: Iterable[Article | Misfit]) -> Outcome:
        """Import what a reader found."""
        for each in found:
            problem = each if isinstance(each, Misfit) else requirements.of_article(each)
            if isinstance(each, Article) and problem is None:
                self._fitting(self._take, each)
            elif problem:
                self.outcome.misfits.append(problem)
        self._compare()
        if self._entities:
            self._fitting(self._keep_entities)
        if not self.dry:
            self.names.save()
            self.record.save()
        return self.outcome

    def _fitting(self, work: Callable[..., None], *arguments: Article) -> None:
        try:
            work(*arguments)
        except _UnfitError as error:
            self.outcome.misfits.append(error.misfit)

    def _take(self, article: Article) -> None:
        judged = [(each, requirements.of_attribution(each)) for each in article.attributions]
        self.outcome.misfits += [problem for _, problem in judged if problem]
        article, unfit = requirements.with_fit_facts(article)
        self.outcome.misfits += unfit
        article = replace(article, attributions=[each for each, problem in judged if not problem])
        if self._rivals and self._rivals[0].placed.article.slug != article.slug:
            self._compare()
        path = self._path(article)
        existing = self._existing(path)
        made = self._made(article, existing)
        if existing and article.first and not self._is_own(path, existing, made):
            # What somebody has written is left alone: this is another encoding beside it.
            article = _beside(article)
            self._check_text(article, existing)
            path = self._path(article)
            existing = self._existing(path)
            made = self._made(article, existing)
        if path in self._done:
            detail = f"another article of this import is {path.name}, too"
            raise _UnfitError("two of one name", article.where, detail, "name them apart")
        self._keep_text(article)
        self.outcome.articles += 1
        self.outcome.attributions += len(article.attributions)
        self.outcome.misfits += made.misfits
        self.names.count(article)
        for agent in article.entities:
            self._entities[agent.id] = agent  # the last article knows most of it
        self._rivals.append(made)
        self._write(path, existing, made.document, article.where)

    def _keep_entities(self) -> None:
        known = sorted(self._entities.values(), key=lambda agent: agent.id)
        path = self.target.corpus / ENTITIES
        self._write(path, self._existing(path), document.of_entities(known), "the entities of all articles")

    def _is_own(self, path: Path, existing: Existing, made: _Made) -> bool:
        """Whether an import has written that document, of this encoding. One that was stopped before it could record
        the document has written all of it."""
        known = {id for name, id in self.record.of(self._name(path)) if name == "claims"}
        claims = made.document.lists["claims"].keys()
        return bool(known & claims or not claims) if known else existing.has(made.document)

    def _path(self, article: Article) -> Path:
        name = article.slug if article.first else f"{article.slug}.{article.encoding.name or BESIDE}"
        return self.target.articles / f"{name}.yaml"

    def _name(self, path: Path) -> str:
        return os.path.relpath(path, self.target.corpus)

    def _existing(self, path: Path) -> Existing | None:
        if not path.exists():
            return None
        try:
            check_file(path)
            return Existing(read_text(path))
        except (ValueError, UsageError) as error:
            detail = f"it cannot be brought up to its input: {getattr(error, 'detail', error)}"
            raise _UnfitError("document not readable", str(path), detail, "quoth check says where") from None

    def _made(self, article: Article, existing: Existing | None) -> _Made:
        """The document of an article, encoded on the day that it has, or else on the day of its first import."""
        dated = existing.scalars.get(("encoding", "created")) if existing else None
        created = article.encoding.created or dated or datetime.date.today().isoformat()
        article = replace(article, encoding=replace(article.encoding, created=created))
        misfits: list[Misfit] = []
        here = placed(article, misfits)
        before = self._rivals[-1].sources if self._rivals else None
        mark = "" if article.first or self._rivals else article.encoding.name
        sources = Sources(article, self.rule, self.names.entity, before, mark)
        most = 0 if self.target.passages.may_be_whole(article.text_licence) else MAX_WORDS
        made, more = document.of_article(here, sources, most)
        return _Made(made, here, sources, [*misfits, *more])

    def _compare(self) -> None:
        rivals = {made.placed.article.encoding.name: made.placed.marks() for made in self._rivals}
        self.outcome.agreements += agreements(self._rivals[0].placed.article.slug, rivals) if self._rivals else []
        self._rivals = []

    def _check_text(self, article: Article, other: Existing) -> None:
        """Raise _UnfitError where a document that a person has written is of another text."""
        sha256 = other.scalars.get(("text", "sha256"), "").lower()
        if sha256 and sha256 != hashlib.sha256(article.text.encode()).hexdigest():
            detail = f"the article {article.slug} of this corpus has another text than that of the input"
            raise _UnfitError("another text", article.where, detail, _OF_TEXTS)

    def _keep_text(self, article: Article) -> None:
        """Keep the text in the folder of texts. Raises _UnfitError where another one has its place."""
        path, text = self.target.texts / f"{article.slug}.txt", article.text.encode()
        if not path.exists():
            if not self.dry:
                write(text, path)
        elif not path.is_file() or path.stat().st_size != len(text) or path.read_bytes() != text:
            detail = f"{path} is another text than that of the input"
            raise _UnfitError("another text", article.where, detail, _OF_TEXTS)

    def _write(self, path: Path, existing: Existing | None, made: Document, where: str) -> None:
        """Write a document, or bring it up to date."""
        self._done.add(path)
        known = self.record.of(self._name(path))
        if existing is None and known:
            self.outcome.removed.append(path)
            self.outcome.claims["left out"] += len(made.lists.get("claims", ()))
            return
        try:
            merged = merge.merge(existing, made, known)
        except ValueError as error:
            detail = f"it cannot be brought up to its input: {error}"
            remedy = "write its lists one entry below the other, as they were imported"
            raise _UnfitError("document not changeable", str(path), detail, remedy) from None
        self.outcome.claims.update(merged.counts)
        for id in merged.conflicts:
            detail = f"{id} was corrected here, and has changed in the input ({where})"
            remedy = "compare the two: it was left as it is here"
            self.outcome.misfits.append(Misfit("corrected", str(path), detail, remedy))
        for id in merged.gone:
            detail = f"the input has {id} no longer"
            remedy = "take the claim out, or withdraw it if it was published"
            self.outcome.misfits.append(Misfit("gone from the input", str(path), detail, remedy))
        changed = existing is None or merged.text != existing.written
        self.outcome.written += changed
        if not self.dry:
            if changed:
                write(merged.text, path)
            if merged.digests != known:
                self.record.add(self._name(path), merged.digests)


_OF_TEXTS = "rename one of them, or let quoth recheck compare the documents with the new text"


def _beside(article: Article) -> Article:
    """The article as another encoding beside the one that somebody has written, with ids of its own."""
    name = article.encoding.name or BESIDE

    def own(id: str) -> str:
        return id if id.startswith(f"{name}-") else f"{name}-{id}"

    attributions = [replace(a, id=own(a.id), within=a.within and own(a.within)) for a in article.attributions]
    return replace(article, first=False, encoding=replace(article.encoding, name=name), attributions=attributions)
