"""The file of a history: its tables, and the numbers that stand there for kinds of changes and for roles.

release   the releases, each with its time and its last change
item      every IRI that is named, how many statements describe it, the first and last release that described it
change    what happened to an item in a release, with the reason, and the values before and after; what came after
          the release was made, a redaction, has its time behind the date
tie       what each claim concerns (ROLES), by the number of the statements that say so
concern   the changes by what they concern
seen      labels and links: the first release that had each, and the last where it is gone
"""

from quoth.claim.model.namespaces import LINKING, RDFS, SKOS

HISTORY = "history.sqlite"
"""The name of the file."""

KINDS_OF_CHANGE = ("added", "changed", "withdrawn", "returned")
"""What can happen to an item; ``change.kind`` is the place in this tuple."""
ADDED, CHANGED, WITHDRAWN, RETURNED = range(4)

ROLES = ("article", "entity", "topic", "source")
"""How a claim concerns a thing; ``role`` is the place in this tuple."""
ARTICLE, ENTITY, TOPIC, SOURCE = range(4)

TABLES = """
CREATE TABLE release (number INTEGER PRIMARY KEY, created TEXT NOT NULL, last INTEGER NOT NULL);
CREATE TABLE item (id INTEGER PRIMARY KEY, iri TEXT UNIQUE NOT NULL, kind TEXT, described INTEGER NOT NULL DEFAULT 0,
  first INTEGER, last INTEGER);
CREATE TABLE change (id INTEGER PRIMARY KEY, release INTEGER NOT NULL, item INTEGER NOT NULL, kind INTEGER NOT NULL,
  reason TEXT, by TEXT, date TEXT, what TEXT);
CREATE INDEX change_of_item ON change (item);
CREATE INDEX change_of_kind ON change (kind);
CREATE TABLE tie (item INTEGER, role INTEGER, thing INTEGER, n INTEGER NOT NULL, PRIMARY KEY (item, role, thing))
  WITHOUT ROWID;
CREATE TABLE concern (role INTEGER, thing INTEGER, change INTEGER, PRIMARY KEY (role, thing, change)) WITHOUT ROWID;
CREATE TABLE seen (item INTEGER, property INTEGER, value TEXT, first INTEGER NOT NULL, last INTEGER, n INTEGER NOT NULL,
  PRIMARY KEY (item, property, value)) WITHOUT ROWID;
"""

LABELS = (SKOS.prefLabel, RDFS.label, SKOS.altLabel)
"""The labels of which the first and last release are known, those that name the thing first."""
LINKS = tuple(sorted(LINKING, key=str))
"""The links of which the first and last release are known."""
