"""What happened to a thing in a release, in words: before and after, field by field."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyoxigraph as ox

from quoth.claim.model.excerpts import shortened
from quoth.claim.model.namespaces import OA, QUOTH, RDF, RDFS, SCHEMA, SKOS
from quoth.claim.model.ontology import key_of
from quoth.http import accept_language
from quoth.release.dumps import nquads
from quoth.release.history.changes import Change, Span, Statement, without_notes
from quoth.web.core.archive import archive
from quoth.web.core.site import Site
from quoth.web.present.claim_lookup import ref, words
from quoth.web.present.claim_view import Ref
from quoth.web.present.content_tree import property_ref

EVENTS = {"added": "added", "changed": "changed", "withdrawn": "withdrawn", "returned": "published again"}
"""What can happen → the words for it."""
_FOLLOWS = {
    term.value
    for term in (
        *(RDF.type, RDF.subject, RDF.predicate, RDF.object, RDFS.label, SKOS.prefLabel),
        *(QUOTH.creditedTo, QUOTH.depth, QUOTH.mentionedIn),
    )
}
"""Properties whose change mostly follows from another one: they are said where nothing else is."""
_NAMES = {
    OA.exact.value: "quotation",
    OA.start.value: "start of the quotation",
    OA.end.value: "end of the quotation",
    OA.prefix.value: "words before the quotation",
    OA.suffix.value: "words after the quotation",
    SCHEMA.sha256.value: "SHA-256",
}
"""Properties that readers know by other names than their labels."""


_NAMING = {RDFS.label.value, SKOS.prefLabel.value}
"""Those of them that name a thing: that another one names it is news."""


@dataclass(frozen=True)
class Field:
    """A field that changed: its name, the part of the thing that has it (empty: the thing), the values in words."""

    name: str
    part: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def in_words(self) -> str:
        """``certainty: certain → possible``."""
        before, after = "; ".join(self.before), "; ".join(self.after)
        moved = f"{before} → {after}" if before and after else f"{after} (new)" if after else f"{before} (gone)"
        return f"{self.name}{f' of {self.part}' if self.part else ''}: {moved}"


@dataclass(frozen=True)
class ChangeView:
    """A change for readers. ``thing`` leads to the document about it, that of the last release that had it where the
    current one has not; ``fields`` are empty where the data has no words for what changed."""

    change: Change
    thing: Ref
    article: Ref | None
    by: Ref | None
    fields: tuple[Field, ...]

    @property
    def event(self) -> str:
        return EVENTS[self.change.event]

    @property
    def title(self) -> str:
        """``Changed: The office says that the ferry was late.``"""
        return f"{self.event.capitalize()}: {self.thing.label}"

    @property
    def summary(self) -> str:
        """What changed, and the reason, as sentences; empty where neither is known."""
        said = [f"Reason: {self.change.reason}"] if self.change.reason else []
        if self.by or self.change.date:
            on = f" on {self.change.date}" if self.change.date else ""
            said.append(f"{self.event.capitalize()}{f' by {self.by.label}' if self.by else ''}{on}.")
        return "\n".join([*said, *(field.in_words for field in self.fields)])


def address(site: Site, change: Change) -> str:
    """The IRI of a change, which is its address where the base of the dataset is the address of this server."""
    return f"{site.iris.base}changes/{change.number}"


def views(site: Site, changes: Sequence[Change]) -> list[ChangeView]:
    """The changes for readers, in their order."""
    named = {iri for change in changes for iri in (change.article, change.by) if iri}
    named |= {
        value[1:-1]
        for change in changes
        for statement in change.statements
        for value in (*statement.before, *statement.after, f"<{statement.property}>")
        if value.startswith("<")
    }
    site.labels.fetch(named)
    return [
        ChangeView(
            change,
            thing(site, change),
            then(site, change.article, change.release) if change.article else None,
            then(site, change.by, change.release) if change.by else None,
            fields(site, change),
        )
        for change in changes
    ]


def then(site: Site, iri: str, release: int | None = None) -> Ref:
    """The reference to an IRI by the name that it had in a release (default: the newest), or last, where the history
    has one: what is said of a past change stays the same."""
    past, now = archive().past(), ref(site, iri)
    if past is None or not (label := past.label(iri, release)):
        return now
    name = nquads.term(label.encode())
    language = accept_language.foreign(name.language) if isinstance(name, ox.Literal) else ""
    return replace(now, label=_of_corpus(site, iri, name.value), language=language)


def _of_corpus(site: Site, iri: str, label: str) -> str:
    """The label with the path of the corpus, where that has a base of its own: whether another thing has the same label
    can be otherwise in the next release."""
    corpus = site.iris.corpus(iri)
    return f"{label} ({corpus})" if corpus else label


def thing(site: Site, change: Change) -> Ref:
    """What changed, by the name that the history has, with its document."""
    called = nquads.term(change.label.encode()).value if change.label else ""
    label = _of_corpus(site, change.iri, called) if called else site.iris.shorten(change.iri)
    href, name = site.iris.href(change.iri), site.iris.name(change.iri)
    span = site.past.span(change.iri) if site.past else None
    # What the history of the current release does not know, a later one had that was rolled back.
    last = (span.last if span else change.release) if site.past else None
    if last and name and site.serves(last):
        href = site.iris.path(f"releases/{last}/doc/{name}")
    return Ref(change.iri, label, href)


def fields(site: Site, change: Change) -> tuple[Field, ...]:
    """What changed in words. What only follows from something else is left out, unless there is nothing else; so are
    the links of a thing to its own parts."""
    own = f"<{change.iri}#"

    def told(statements: Iterable[Statement]) -> Iterator[Field]:
        for s in statements:
            before, after = (
                tuple(value(site, term, change.release) for term in side if not term.startswith(own))
                for side in (s.before, s.after)
            )
            if before or after:
                name = _NAMES.get(s.property) or property_ref(site, s.property).label
                yield Field(name, _part(s.part), before, after)

    every = without_notes(change.statements)
    named = change.kind != "claim"  # the label of a claim is a sentence made of the rest
    main = [s for s in every if s.property not in _FOLLOWS or (named and not s.part and s.property in _NAMING)]
    return tuple(dict.fromkeys(told(main))) or tuple(dict.fromkeys(told(every)))


def _part(name: str) -> str:
    """A part of a thing as readers call it.

    >>> _part("#cue-position"), _part("#anchor-quote"), _part("#anchor-2-quote")
    ('cue', '', 'anchor 2')
    """
    name = re.sub("-(quote|position)$", "", name.lstrip("#"))
    if name == "anchor":
        return ""
    return "earlier text" if re.fullmatch("text-[0-9a-f]{12}", name) else name.replace("-", " ")


def as_object(site: Site, view: ChangeView) -> dict[str, Any]:
    """A change as JSON; the terms of its statements are in N-Triples."""
    change = view.change
    return {
        "id": address(site, change),
        "change": change.number,
        "release": change.release,
        "created": change.created,
        "event": change.event,
        "iri": change.iri,
        "kind": change.kind or None,
        "label": view.thing.label,
        "document": site.iris.url(view.thing.href.removeprefix(site.iris.prefix)) if view.thing.href else None,
        "article": change.article or None,
        "reason": change.reason or None,
        "by": change.by or None,
        "date": change.date or None,
        "words": [field.in_words for field in view.fields],
        "statements": [{"key": key_of(s.property), **vars(s)} for s in change.statements],
    }


def span_words(span: Span) -> str:
    """``since release 3``; ``in releases 3 to 7``; ``in release 3 alone``."""
    if span.last is None:
        return f"since release {span.first}"
    return f"in release {span.first} alone" if span.first == span.last else f"in releases {span.first} to {span.last}"


def value(site: Site, written: str, release: int | None = None) -> str:
    """A term in N-Triples in words, as they were in a release (default: the newest)."""
    named = nquads.term(written.encode())
    return then(site, named.value, release).label if isinstance(named, ox.NamedNode) else shortened(str(words(named)))
