"""The table of names: whom the sources of articles may be, proposed to a person and never merged unseen.

``names.tsv`` in the corpus lists each name with the number of its articles and of its claims. Whoever writes the id of an
entity beside one, such as ``id/person/lind``, says that every source of that name is this entity; the next import
makes it so.
"""

import csv
import io
from collections import Counter
from pathlib import Path

from quoth.claim.importing.article import Article
from quoth.claim.importing.sources import is_name
from quoth.errors import UsageError
from quoth.resources import read_text, write

NAME = "names.tsv"
_COLUMNS = ["name", "articles", "claims", "entity"]


class Names:
    """The names of a corpus. Raises UsageError (file:line) for a table that cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._entities: dict[str, str] = {}
        self._articles: Counter[str] = Counter()
        self._claims: Counter[str] = Counter()
        if not self._path.exists():
            return
        rows = csv.reader(io.StringIO(read_text(self._path).removeprefix("\ufeff")), delimiter="\t")
        for number, row in enumerate(rows, 1):
            if row == _COLUMNS or not row:
                continue
            if len(row) != len(_COLUMNS) or (row[3] and not row[3].startswith("id/")):
                remedy = f"write {', '.join(_COLUMNS)}, with tabs between them; an entity is like id/person/lind"
                raise UsageError("it is no row of names", where=f"{self._path}:{number}", remedy=remedy)
            if row[3]:
                self._entities[_key(row[0])] = row[3]

    def entity(self, label: str) -> str | None:
        """The id of the entity that a person has found behind a name."""
        return self._entities.get(_key(label))

    def count(self, article: Article) -> None:
        """Count the names of an article's sources."""
        names = [a.source.label for a in article.attributions if a.source and not a.source.id]
        here = Counter(" ".join(name.split()) for name in names if is_name(name) or self.entity(name))
        self._claims.update(here)
        self._articles.update(here.keys())

    def save(self) -> None:
        """Write the table in one step, the names of most articles first."""
        if not self._articles:
            return
        out = io.StringIO()
        rows = csv.writer(out, delimiter="\t", lineterminator="\n")
        rows.writerow(_COLUMNS)
        for name in sorted(self._articles, key=lambda name: (-self._articles[name], name)):
            rows.writerow([name, self._articles[name], self._claims[name], self.entity(name) or ""])
        write(out.getvalue(), self._path)


def _key(label: str) -> str:
    return " ".join(label.casefold().split())
