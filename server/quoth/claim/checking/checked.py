"""The check of a corpus, unit by unit: only what changed is checked again, and memory does not grow with all quads.

The result is that of ``check.check``, which has all quads in memory (tests/claim/checking/test_units.py).
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from quoth.claim.checking import check, dataset_index, examiner, judgements, places, readings, shared_ids, workers
from quoth.claim.checking.anchors import Texts
from quoth.claim.checking.causes import causes
from quoth.claim.checking.examiner import Task
from quoth.claim.checking.parts import Parts
from quoth.claim.checking.readings import Reading
from quoth.claim.checking.stored import Stored, stored
from quoth.claim.checking.units import Corpus, Options, Unit
from quoth.claim.checking.validator import Validator
from quoth.claim.checking.verdict import Verdict, same
from quoth.claim.checking.workers import Workers
from quoth.claim.model.licences import PASSAGES, Passages
from quoth.claim.model.report import Finding, Progress, Report
from quoth.claim.reading import document
from quoth.claim.reading.document import Document
from quoth.claim.reading.n_quads import from_text
from quoth.corpus import quoth_toml


@dataclass(frozen=True)
class Checked:
    """A report; the documents that can be read, in their order, one after the other; and the parts of a publication,
    None where that cannot be made of parts. ``proposes`` tells whether anything is only proposed, ``describes`` whether
    documents describe an IRI without a fragment."""

    report: Report
    documents: Callable[[], Iterator[Document]]
    parts: Parts | None
    proposes: bool
    describes: Callable[[str], bool]

    def quads(self) -> list[ox.Quad]:
        """The quads of the documents, each once, in their order."""
        return list(dict.fromkeys(q for each in self.documents() for q in each.quads))

    def names(self, iris: Iterable[str]) -> set[str]:
        """Those of the IRIs that stand in any document."""
        asked = set(iris)
        left = set(asked)
        for each in self.documents() if left else ():
            if any(f"<{iri}>" in each.text for iri in left):  # or its words have it
                left -= {term.value for q in each.quads for term in q if isinstance(term, ox.NamedNode)}
        return asked - left


@dataclass(frozen=True)
class _Reader:
    """Reads documents, in any process."""

    base: str
    kept: Stored

    def __call__(self, file: Path) -> Reading:
        return readings.read(file, self.base, self.kept)


class Check:
    """The check of some documents by ``jobs`` processes, of which ``kept`` has what is known from earlier ones."""

    def __init__(self, options: Options, texts: Texts | None, kept: Stored, tell: Progress, jobs: int) -> None:
        self._options, self._texts, self._kept, self._tell, self._jobs = options, texts, kept, tell, jobs
        self._examiner = examiner.Examiner(options, kept)
        examiner.at_hand[options.texts] = texts  # as they are now

    def run(self, files: Sequence[Path]) -> Checked:
        """The outcome for all files."""
        with workers.Workers(self._jobs) as processes:
            return self._run(files, processes)

    def _run(self, files: Sequence[Path], processes: Workers) -> Checked:
        read: list[Reading] = []
        for reading in processes.shared(_Reader(self._options.base, self._kept), files):
            self._tell("reading", len(read), len(files))
            read.append(reading)
        corpus = Corpus(read)

        def documents() -> Iterator[Document]:
            return (self._document(reading) for reading in read if reading.survey)

        if check.lacks_own_words(f for reading in read for f in reading.findings):
            base, texts = self._options.base, self._texts  # any document may have words that are not known
            how = self._options
            report, _ = check.check(files, base, texts, self._tell, how.reference, how.passages)
            return Checked(report, documents, None, True, lambda iri: iri in corpus.described())
        units = corpus.units(self._options, self._texts)
        report = self._report(corpus, units, self._verdicts(corpus, units, processes))
        self._tell("checked", 1, 1)
        parts = Parts(corpus, units, self._options.base, self._kept)
        return Checked(report, documents, parts, corpus.proposes(), lambda iri: iri in corpus.described())

    def _verdicts(self, corpus: Corpus, units: Sequence[Unit], processes: Workers) -> list[Verdict]:
        known = [self._known(unit) for unit in units]
        unknown = [number for number, verdict in enumerate(known) if verdict is None]
        batches = [unknown[at : at + examiner.BATCH] for at in range(0, len(unknown), examiner.BATCH)]
        tasks = (tuple(self._task(units[number], corpus) for number in batch) for batch in batches)
        least = max(2, workers.LEAST // examiner.BATCH)
        for batch, verdicts in zip(batches, processes.shared(self._examiner, tasks, least), strict=True):
            self._tell("checking", unknown.index(batch[0]), len(unknown))
            for number, verdict in zip(batch, verdicts, strict=True):
                known[number] = verdict or self._examiner.verdict(
                    self._task(units[number], corpus), corpus.described, self._owners(corpus)
                )
        return [verdict for verdict in known if verdict is not None]

    def _known(self, unit: Unit) -> Verdict | None:
        try:
            value = self._kept.get(unit.key)
            return None if value is None else Verdict.from_json(value)
        except (KeyError, TypeError, ValueError):
            return None  # damaged

    def _task(self, unit: Unit, corpus: Corpus) -> Task:
        members = ((n, corpus.readings[n]) for n in unit.members)
        context = tuple((n, Path(corpus.readings[n].path), text) for n, text in unit.context)
        return Task(unit, tuple((n, r.path, r.key) for n, r in members), context)

    def _document(self, reading: Reading) -> Document:
        return readings.loaded(reading.path, reading.key, self._options.base, self._kept)

    def _owners(self, corpus: Corpus) -> Callable[[set[str]], list[tuple[int, Document]]]:
        # One document often has many findings, and its lines are read with it.
        recent = functools.lru_cache(16)(lambda n: self._document(corpus.readings[n]))
        return lambda iris: [(n, recent(n)) for n in corpus.near(iris, self._options.base)]

    def _report(self, corpus: Corpus, units: Sequence[Unit], verdicts: Sequence[Verdict]) -> Report:
        told = [f for reading in corpus.readings for f in reading.findings]
        folders = {Path(reading.path).parent for reading in corpus.readings if reading.survey}
        if len({theirs.folder for folder in folders if (theirs := quoth_toml.find(folder))}) > 1:
            readable = [r for r in corpus.readings if r.survey]
            told += shared_ids.violations(lambda: map(self._document, readable), self._options.base)
        order = {reading.path: number for number, reading in enumerate(corpus.readings)}
        found: dict[str, Finding] = {}
        for key, f in (pair for verdict in verdicts for pair in verdict.findings):
            if key not in found or order.get(f.file, 0) < order.get(found[key].file, 0):
                found[key] = f
        found |= self._of_dataset(corpus, verdicts, found.values())
        judged = [each for verdict in verdicts for each in verdict.judged]
        at = {(f.focus, f.rule): f for _, _, about in judged for f in about.values()}
        located = judgements.judge(found.values(), [(judgement, wording) for judgement, wording, _ in judged])
        findings = (at.get((f.focus, f.rule), f) for f in located)
        others = shared_ids.without_consequences(check.once_for_a_line(findings), told)
        return Report(
            documents=tuple(r.path for r in corpus.readings if r.survey is not None),
            # What other units may have too is counted once.
            quads=sum(v.quads - corpus.common_quads(unit) for unit, v in zip(units, verdicts, strict=True))
            + corpus.common_quads(),
            claims=sum(verdict.claims for verdict in verdicts),
            findings=tuple(sorted([*told, *others], key=check.by_place)),
            coverage=tuple(c for verdict in verdicts for c in verdict.coverage),
            unreadable=any(f.rule == "syntax" for f in told),
            # Where the reference had to judge any of them, that is what is told: its words are longer.
            validator=max((v.validator for v in verdicts), key=len, default=str(Validator(self._options.reference))),
        )

    def _of_dataset(self, corpus: Corpus, verdicts: Iterable[Verdict], others: Iterable[Finding]) -> dict[str, Finding]:
        """The findings of the rules over the whole dataset, but for those that follow from others."""
        quads = (q for verdict in verdicts for q in from_text(verdict.summary))
        found = dict.fromkeys(dataset_index.findings(quads, self._options.base))
        undecided = [f for f in others if f.rule == "undecided"]
        located: dict[str, Finding] = {}
        owners = self._owners(corpus)
        for f in causes([*undecided, *found]) if found else ():
            if f in found:
                near = [d for _, d in owners({f.focus, f.value})]
                [at] = places.locate([f], near, self._options.alone)
                located[same(f)] = check.worded(at, self._options.base)
        return located


@contextmanager
def checked(
    paths: Iterable[Path],
    base: str,
    texts: Texts | None = None,
    progress: Progress | None = None,
    reference: bool = False,
    cache: Path | None = None,
    jobs: int = 1,
    passages: Passages = PASSAGES,
) -> Iterator[Checked]:
    """Check documents, of which what is known is kept in the folder ``cache`` (None: nothing is),
    in ``jobs`` processes.

    ``progress`` is called with (stage, done, total). If ``reference``, pySHACL validates (validator.py). ``passages``
    says how much of a text may be quoted.
    Raises UsageError for a path that does not exist.
    """
    files = document.with_vocabularies(document.files(paths))
    options = Options(base, reference, texts.directory if texts else None, len(files) == 1, passages)
    with stored(cache) as kept:
        yield Check(options, texts, kept, progress or (lambda stage, done, total: None), jobs).run(files)
