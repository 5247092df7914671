"""Readers run over small inputs: what they yield, and where its words stand."""

import atexit
import functools
import os
import shutil
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from quoth.claim.importing import mapping as mappings
from quoth.claim.importing import readers, requirements
from quoth.claim.importing.article import Article, Misfit, Place
from quoth.claim.importing.places import Places

ENCODING = """
[encoding]
encoder = {id = "id/org/quoth", label = "Quoth"}
method = "By hand."
licence = "https://creativecommons.org/licenses/by/4.0/"
"""
CORPORA = os.environ.get("QUOTH_CORPORA")
"""The folder of the corpora of others, packed or unpacked, which are not in the repository."""

needs_corpora = pytest.mark.skipif(not CORPORA, reason="QUOTH_CORPORA does not name the folder of the corpora")


@functools.cache
def corpus(name: str) -> Path:
    """The folder of a corpus of others, which is unpacked if it is not yet."""
    folder = Path(CORPORA or "")
    if (folder / name).is_dir():
        return folder / name
    unpacked = Path(tempfile.mkdtemp(prefix="quoth-corpora-"))
    atexit.register(shutil.rmtree, unpacked, ignore_errors=True)
    with tarfile.open(folder / f"{name}.tar.xz") as packed:
        packed.extractall(unpacked, filter="data")
    return unpacked / name if (unpacked / name).is_dir() else unpacked


@dataclass(frozen=True)
class Run:
    """What a reader yielded."""

    articles: Sequence[Article]
    misfits: Sequence[Misfit]

    @property
    def article(self) -> Article:
        """The only article."""
        [article] = self.articles
        return article

    @property
    def told(self) -> list[tuple[str, str]]:
        """The kind of each misfit, and its place without the folder."""
        return [(misfit.kind, Path(misfit.where).name) for misfit in self.misfits]

    def sayings(self) -> dict[str, tuple[str, str]]:
        """The source and the words of each attribution of the only article; its own voice is “(own)”."""
        return {
            a.id: (a.source.label if a.source else "(own)", words(self.article, a.words))
            for a in self.article.attributions
        }


def words(article: Article, places: Sequence[Place]) -> str:
    """The words at places in an article's text, which are verified, with bars between those of several stretches."""
    spans = Places(article.text).spans(places)
    return " | ".join(article.text[span.start : span.end] for span in spans)


def run(format: str, path: Path, mapping: str = ENCODING, texts: Path | None = None) -> Run:
    """Read a file or folder; ``mapping`` is the text of a mapping file, or the name of one that comes with Quoth."""
    reader = readers.get(format)
    if "\n" in mapping:
        (path.parent / "mapping.toml").write_text(mapping, "utf-8")
        mapping = str(path.parent / "mapping.toml")
    read = list(reader.read(path, mappings.read(mapping, reader.KEYS, format), texts or path.parent))
    for article in read:
        if isinstance(article, Article):
            assert requirements.of_article(article) is None
            assert [m for a in article.attributions if (m := requirements.of_attribution(a))] == []
    return Run([a for a in read if isinstance(a, Article)], [m for m in read if isinstance(m, Misfit)])
