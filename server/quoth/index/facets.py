"""The lists of claims, and the one table of facets by which lists and searches are narrowed and counted.

To add a facet, add an entry to ``_TABLE``. FACETS and SEARCHED are derived from this table, and from these every list,
/claims, /search and the counts that publication keeps for long lists. (A page about a thing chooses its facets in
web/present/lists/claim_lists.py.)
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quoth.claim.model.namespaces import ONTOLOGY_IRI

ROLES = {
    "all": "SELECT id AS claim FROM claim",
    "about": "SELECT claim FROM about WHERE entity = :x",
    "concerning": "SELECT claim FROM topic WHERE topic = :x",
    "says": "SELECT claim FROM credit WHERE source = :x AND innermost = 1",
    "relays": "SELECT claim FROM credit WHERE source = :x AND innermost = 0 AND NOT EXISTS"
    " (SELECT 1 FROM credit own WHERE own.source = :x AND own.innermost = 1 AND own.claim = credit.claim)",
    "possibly": "SELECT claim FROM possible WHERE source = :x",
    "credited": "SELECT DISTINCT claim FROM credit WHERE source = :x",
    "quoted": "SELECT id AS claim FROM claim WHERE article = :x",
    "any": "SELECT claim FROM about WHERE entity = :x UNION SELECT claim FROM topic WHERE topic = :x"
    " UNION SELECT claim FROM credit WHERE source = :x UNION SELECT claim FROM possible WHERE source = :x"
    " UNION SELECT id FROM claim WHERE article = :x",
}
"""The claims in which something plays a part, in one role or in any: SQL, in which :x is that thing."""

LISTED = "listed"
"""In place of a role: the claims whose IRIs are in the array :among (JSON)."""
_CHOSEN = {**ROLES, LISTED: "SELECT id AS claim FROM claim WHERE iri IN (SELECT value FROM json_each(:among))"}


@dataclass(frozen=True)
class Facet:
    """A facet of claims: its ``name`` in the index, and its ``title`` on pages.

    The values are in a column of the table of claims, or another ``column`` of each row; or, several for a claim, in
    the ``column`` of a ``table`` in the rows for which a ``condition`` holds.

    - ``parameter`` in addresses, where that is not the name;
    - ``space``: the beginning of the values' IRIs, which addresses leave out; without one, or for a value with a slash,
      that of the dataset;
    - ``kind``: the kind of thing that the values are (sparql/parameters.py); such a value can be given by its name;
    - ``known``: every value that there can be, as addresses have it, where no scheme of the ontology lists them;
    - ``literal``: the values are words, not IRIs; ``words``: they are ours, not an article's, and pages say some of
      them otherwise;
    - ``listed``: whether it is a parameter of /claims, and ``chart``: the place of its chart there; 0: it has none;
    - ``searched``: whether it is a parameter of /search.
    """

    name: str
    title: str
    table: str = ""
    column: str = ""
    condition: str = ""
    parameter: str = ""
    space: str = ""
    kind: str = ""
    known: tuple[str, ...] = ()
    literal: bool = False
    words: Mapping[str, str] | None = None
    listed: bool = True
    chart: int = 0
    searched: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameter", self.parameter or self.name)

    @property
    def value(self) -> str:
        """SQL: the value of the facet for the claim ``c``."""
        return f"facet.{self.column}" if self.table else self.column or f"c.{self.name}"

    @property
    def join(self) -> str:
        """SQL: the table that the value needs. CROSS JOIN keeps SQLite to the order from claims to their parts."""
        condition = f" AND facet.{self.condition}" if self.condition else ""
        return f"CROSS JOIN {self.table} facet ON facet.claim = c.id{condition}" if self.table else ""

    def test(self, value: str) -> str:
        """SQL: whether the claim ``c`` has the value, a parameter of the statement, or none if that is NULL."""
        if not self.table:
            return f"{self.value} IS {value}"
        condition = f" AND {self.condition}" if self.condition else ""
        return f"EXISTS (SELECT 1 FROM {self.table} WHERE {self.column} = {value}{condition} AND claim = c.id)"

    def having(self, value: str) -> str:
        """SQL: the claims, each once, that have the value, a parameter of the statement; empty where no index tells."""
        if not self.table:
            return f"SELECT id AS claim FROM claim WHERE article = {value}" if self.name == "article" else ""
        condition = f" AND {self.condition}" if self.condition else ""
        return f"SELECT DISTINCT claim FROM {self.table} WHERE {self.column} = {value}{condition}"


def _concept(name: str, title: str, chart: int, searched: bool = False, column: str = "") -> Facet:
    scheme = column.rpartition(".")[2].replace("_", "-") or name
    return Facet(name, title, column=column, space=f"{ONTOLOGY_IRI}/{scheme}#", chart=chart, searched=searched)


_TABLE = (
    Facet("speaker", "Who says it", "credit", "source", "innermost = 1", parameter="source", kind="source", chart=1,
          searched=True),
    Facet("memberOf", "Member of, at the time", "affiliation", "organization", kind="entity", chart=2),
    Facet("credited", "Who is credited, at any level", "credit", "source", kind="source"),
    Facet("possibly", "Who else may be credited", "possible", "source", kind="source"),
    Facet("naming", "Named or unnamed source", "naming", "kind", literal=True, chart=3,
          known=("article", "named", "unnamed", "unclear"),
          words={"article": "the article itself", "unclear": "unclear who"}),
    Facet("speechAct", "Speech act", "speech_act", "act", space=f"{ONTOLOGY_IRI}/speech-act#", chart=4),
    Facet("about", "What it is about", "about", "entity", kind="entity", chart=6),
    Facet("topic", "Topic", "topic", "topic", kind="topic", chart=5),
    Facet("eventType", "What is said to happen", "event", "type", space=f"{ONTOLOGY_IRI}/event-type#", chart=8),
    Facet("relation", "How it bears on other claims", "bearing", "kind", space=f"{ONTOLOGY_IRI}#", chart=15,
          known=("contradicts", "inTensionWith", "corroborates")),
    _concept("certainty", "How certain", 7, searched=True),
    _concept("polarity", "Affirmed or negated", 9),
    _concept("realis", "Fact, plan or prediction", 10),
    _concept("tense", "Past, present or future", 11),
    _concept("informationStatus", "Main point or in passing", 12, column="c.information_status"),
    _concept("coding", "How fully it is coded", 13),
    _concept("voice", "Whose voice", 14),
    Facet("article", "Article", kind="article", chart=16, searched=True),
    Facet("published", "Month of publication", column="c.month", literal=True, words={}, chart=17),
    Facet("publisher", "Publisher", "publisher", "publisher", kind="entity", chart=18, searched=True),
    Facet("author", "Author", "author", "author", kind="entity", chart=19, searched=True),
    Facet("section", "Section", "section", "section", literal=True, chart=20, searched=True),
    Facet("language", "Language", literal=True, chart=21, searched=True),
    Facet("status", "Proposed or reviewed", space=f"{ONTOLOGY_IRI}/encoding-status#", chart=22, searched=True),
    # The act by which the thing of a page says something; /claims is about no one thing, so it has no such parameter.
    Facet("act", "Speech act", "act", "act", "source = :x", space=f"{ONTOLOGY_IRI}/speech-act#", listed=False),
)  # fmt: skip
FACETS = {facet.name: facet for facet in _TABLE}
"""The facets of claims by name, in the order of the parameters of /claims and of /search."""

KIND = Facet("kind", "Kind", column="item.kind", literal=True, words={})
"""The facet of all that is searched, claims or not."""

SEARCHED = {facet.name: facet for facet in (KIND, *(facet for facet in _TABLE if facet.searched))}
"""The facets of search results by name."""

ENCODING = Facet("encoding", "Encoding", listed=False)
"""The facet that divides no list, as each has the claims of one encoding of an article unless others are asked for."""

COUNTED, EVERY = "c.counted", "all"
"""SQL: claim ``c`` is of the encoding of its article that is counted; and the value for those of every encoding."""

TESTS = {
    "words": "c.id IN (SELECT item.claim FROM words JOIN item ON item.id = words.rowid WHERE words MATCH :words)",
    "since": "c.published >= :since",
    "until": "c.published <= :until || '~'",
    "acts": "c.act = (:acts = 'only')",
}
"""SQL: claim ``c`` has the words ``:words``, or is of an article published within those days (a day may be cut short:
a tilde comes behind all digits and hyphens), or is of an act, or, where ``:acts`` is not ``only``, of none."""


def of_encoding(encoding: str) -> str:
    """SQL: claim ``c`` is of that encoding, the parameter ``:encoding``: an IRI; EVERY; or, empty, the counted one."""
    return {"": COUNTED, EVERY: "1"}.get(encoding, "c.encoding IS :encoding")


def source(role: str, join: str = "", tests: Iterable[str] = ("1",), having: str = "") -> str:
    """FROM and WHERE for the claims ``c`` of a list, of which the tests hold; ``having``: SQL that finds those of a
    list of all claims for which one of the tests holds."""
    chosen = (
        f"({having if having and role == 'all' else _CHOSEN[role]}) chosen CROSS JOIN claim c ON c.id = chosen.claim"
    )
    return f"FROM {chosen} {join} WHERE {' AND '.join(tests)}"


def value_counts(name: str, source: str) -> str:
    """SQL for the values of a facet and the numbers of their claims; 0 stands for no value."""
    facet = FACETS[name]
    count = "count(DISTINCT c.id)" if facet.table else "count(*)"
    return f"SELECT coalesce({facet.value}, 0) AS value, {count} AS n {source} GROUP BY value"
