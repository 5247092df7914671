"""The table of names: whom the sources of articles may be, proposed to a person and never merged unseen.

``names.tsv`` in the corpus lists each name with the numbers of its articles and claims, as last imported. Who writes
the id of an entity beside one, such as ``id/person/lind``, says that every source of that name is this entity; the next
import makes it so.
"""

import re
from collections import Counter
from pathlib import Path

from quoth.claim.authoring.drafting.language import WITHOUT_LISTS, language
from quoth.claim.importing.article import Article
from quoth.claim.importing.sources import is_name, plain
from quoth.errors import UsageError
from quoth.resources import read_text, write

NAME = "names.tsv"
_COLUMNS = ["name", "articles", "claims", "entity"]
_ENTITY = re.compile(r"(id/[a-z]+/[a-z0-9]+(-[a-z0-9]+)*)?")


class Names:
    """The names of a corpus. Raises UsageError (file:line) for a table that cannot be read."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME
        self._rows: dict[str, tuple[int, int, str]] = {}
        self._entities: dict[str, str] = {}
        self._articles: Counter[str] = Counter()
        self._claims: Counter[str] = Counter()
        lines = read_text(self._path).removeprefix("\ufeff").splitlines() if self._path.exists() else []
        for number, line in enumerate(lines, 1):
            match [cell.strip() for cell in line.split("\t")]:
                case _ if line.split("\t") == _COLUMNS or not line.strip():
                    pass
                case [name, articles, claims, entity] if _known(articles, claims, entity):
                    self._rows[name] = int(articles), int(claims), entity
                    if entity:
                        self._entities[_key(name)] = entity
                case _:
                    remedy = f"write {', '.join(_COLUMNS)}, with tabs between them; an entity is like id/person/lind"
                    raise UsageError("it is no row of names", where=f"{self._path}:{number}", remedy=remedy)

    def entity(self, label: str) -> str | None:
        """The id of the entity that a person has found behind a name."""
        return self._entities.get(_key(label))

    def count(self, article: Article) -> None:
        """Count the names of an article's sources."""
        names = [plain(a.source.label) for a in article.attributions if a.source and not a.source.id]
        words = language(article.language) or WITHOUT_LISTS
        here = Counter(name for name in names if is_name(name, words) or self.entity(name))
        self._claims.update(here)
        self._articles.update(here.keys())

    def save(self) -> None:
        """Write the table in one step, the names of most articles first. Names of other imports stay."""
        if not self._articles:
            return
        counted = {name: (self._articles[name], self._claims[name], self.entity(name) or "") for name in self._articles}
        rows = sorted((self._rows | counted).items(), key=lambda row: (-row[1][0], row[0]))
        write("".join("\t".join(map(str, row)) + "\n" for row in (_COLUMNS, *((n, *r) for n, r in rows))), self._path)


def _known(articles: str, claims: str, entity: str) -> bool:
    return f"{articles}{claims}".isdecimal() and bool(articles and claims and _ENTITY.fullmatch(entity))


def _key(label: str) -> str:
    return " ".join(label.casefold().split())
