"""The subject of a proof: a stored question, a topic, an entity, a source or an article, by whatever names it."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox

from quoth.claim.model.namespaces import QUOTH, RDF, kind_of
from quoth.engine.api.interface import Query, Wanted
from quoth.errors import Choice, GoneError, NotFoundError, UsageError
from quoth.formats import OX_RESULTS
from quoth.index.facets import EVERY, LISTED
from quoth.index.selection import Selection
from quoth.index.similarity import folded
from quoth.sparql import parameters
from quoth.sparql.named_queries import NamedQuery
from quoth.sparql.query_form import is_deterministic
from quoth.web.core.site import Site
from quoth.web.core.urls import is_web
from quoth.web.present import phrases, question_form, stored_questions, thing_names, withdrawal_notices
from quoth.web.present.claim_lookup import ref
from quoth.web.present.claim_view import Ref

OF = "of"
"""The parameter that names the subject."""
ROWS_LIMIT = 1000
"""Rows of the answer to a question in which claims are looked for."""
_CHARACTERS = 2_000
_NEAR = 3
_REFUSED = ("claim", "concept", "linkset", "dataset")


@dataclass(frozen=True)
class Subject:
    """What a proof is of: its kind in a word, its name with a link, its IRI (a question's is its address), the
    ``parameters`` by which an address names it, and the claims.

    Of a question: the ``question``, the ``rows`` of its answer that were read, and whether there are ``more``."""

    kind: str
    name: Ref
    iri: str
    parameters: Mapping[str, str]
    selection: Selection
    question: NamedQuery | None = None
    rows: int = 0
    more: bool = False


def read(site: Site, text: str, values: Mapping[str, str]) -> Subject:
    """The subject that a text names: a question by its name, address or title, a thing by its IRI, its address, its
    local id or its label. ``values``: those of a question's parameters.

    Raises UsageError for a text that can mean several, for a thing of another kind and for parameters that are none of
    the question's; NotFoundError, with the nearest names; GoneError for what was withdrawn.
    """
    text = text.strip()
    if len(text) > _CHARACTERS:
        raise UsageError(f"it is longer than {_CHARACTERS:,} characters", where=OF, remedy="give a name or an IRI")
    question = _question(site, text)
    if question is None or not _is_address(site, text):
        try:
            thing = _thing(site, text)
        except NotFoundError as error:
            if question is None:
                raise _missing(site, text, error.choices) from None
        else:
            if question is not None:
                remedy = "choose one of them"
                title = stored_questions.title(site, question)
                choices = [Choice(title, f"queries/{question.name}"), Choice(thing.name.label, thing.iri)]
                raise UsageError(f"{text!r} is both a question and a thing", where=OF, remedy=remedy, choices=choices)
            if values:
                name = min(values)
                remedy = "only questions have parameters of their own: leave it out"
                raise UsageError(
                    f"there is no parameter {name[:80]!r} for {thing.name.label}", where=name, remedy=remedy
                )
            return thing
    assert question is not None
    return _asked(site, question, values)


def _is_address(site: Site, text: str) -> bool:
    return text.startswith(("queries/", site.iris.url("queries/"), site.iris.path("queries/")))


def _question(site: Site, text: str) -> NamedQuery | None:
    """The question of that name, address or title."""
    name = text.removeprefix(site.iris.public).removeprefix(site.iris.prefix).removeprefix("queries/")
    every = stored_questions.questions(site)
    wanted = folded(text)
    titled = (q for q in every if wanted and wanted == folded(stored_questions.title(site, q)))
    return next((q for q in every if q.name == name), None) or next(titled, None)


def _thing(site: Site, text: str) -> Subject:
    try:
        iri = thing_names.resolve(site, "", text, OF)
    except NotFoundError:
        iris = [*filter(is_web, thing_names.own_iris(site, text))]
        if notice := withdrawal_notices.find(site, iris):
            label, reason = site.iris.shorten(notice.iri), notice.reason
            raise GoneError(f"{label} {withdrawal_notices.signed(site, notice)}: {reason}") from None
        raise
    types = {q.object.value for q in site.engine.describe([iri]) if q.predicate == RDF.type}  # type: ignore[union-attr]
    kind = kind_of(types)
    if kind in _REFUSED:
        remedy = "give a question, a topic, an entity, a source or an article"
        raise UsageError(f"{site.labels.label(iri)} is {phrases.indefinite(kind)}", where=OF, remedy=remedy)
    kind = "topic" if QUOTH.Topic.value in types else kind
    return Subject(phrases.kind_word(kind), ref(site, iri), iri, {OF: site.iris.value(iri)}, Selection("any", iri))


def _missing(site: Site, text: str, near: Sequence[Choice]) -> NotFoundError:
    every = {q.name: stored_questions.title(site, q) for q in stored_questions.questions(site)}
    titles = {title.lower(): name for name, title in every.items()}
    close = [
        *difflib.get_close_matches(text.lower(), every, _NEAR),
        *(titles[title] for title in difflib.get_close_matches(text.lower(), titles, _NEAR)),
    ]
    choices = [*near, *(Choice(every[name], f"queries/{name}") for name in dict.fromkeys(close))]
    given = repr(text if len(text) <= 80 else text[:80] + "…")
    return NotFoundError(
        f"this release has no question, topic, entity, source or article {given}",
        where=OF,
        remedy=f"give the name or the IRI of one; a search for words is at {site.iris.url('search')}",
        choices=choices,
    )


def _asked(site: Site, question: NamedQuery, given: Mapping[str, str]) -> Subject:
    """A question with the claims that its answer names. Raises UsageError for a question that can have another answer
    the next time, or whose answer names things that are no claims."""
    values = question_form.terms(site, question, given)
    text = stored_questions.sparql(question, values)
    title = stored_questions.title(site, question, values)
    if not is_deterministic(text):
        detail = f"the answer to “{title}” can be another one each time, so that nobody can sign it off"
        raise UsageError(detail, where=OF, remedy="ask for a question without NOW, RAND and the like")
    query = Query(parameters.paginate(text, ROWS_LIMIT + 1, 1), base_iri=site.iris.base, ours=True)
    with site.engine.answer(query, Wanted("json", None, None), site.caller()) as answer:
        solutions = ox.parse_query_results(b"".join(answer.chunks), OX_RESULTS["json"])
    assert isinstance(solutions, ox.QuerySolutions)
    rows = list(solutions)
    named = {t.value for row in rows[:ROWS_LIMIT] for t in row if isinstance(t, ox.NamedNode)}
    claims = site.claim_index.among(Selection("all", encoding=EVERY), sorted(named))
    if rows and not claims:
        remedy = f"read the answer itself: {site.iris.url(f'queries/{question.name}')}"
        raise UsageError(f"the answer to “{title}” names no claims", where=OF, remedy=remedy)
    address = f"queries/{question.name}{'?' * bool(given)}{urlencode(given)}"
    return Subject(
        "question",
        Ref(site.iris.url(address), title, site.iris.path(address)),
        site.iris.url(address),
        {OF: f"queries/{question.name}", **given},
        Selection(LISTED, encoding=EVERY, among=tuple(sorted(claims))),
        question,
        min(len(rows), ROWS_LIMIT),
        len(rows) > ROWS_LIMIT,
    )
