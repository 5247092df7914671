"""A call of a tool: what it is asked with, and who and what its arguments mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from quoth.engine.api.client import Caller
from quoth.errors import Choice, GoneError, NotFoundError, UsageError
from quoth.mcp.answers import Answer
from quoth.mcp.claim_records import SCHEME
from quoth.mcp.cursors import MOST_CHARACTERS
from quoth.mcp.statuses import NothingFoundError, Status
from quoth.web.core.site import Site
from quoth.web.core.urls import is_web
from quoth.web.present import thing_names, withdrawal_notices

PAGE, MOST = 5, 25
"""Items on a page unless others are asked for, and the most that may be."""


class Arguments(BaseModel):
    """The arguments of a tool: of just these names and types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Paged(Arguments):
    """The arguments of a tool whose answer has pages."""

    limit: int = Field(default=PAGE, ge=1, le=MOST, description="Items on a page.")
    cursor: str = Field(default="", max_length=MOST_CHARACTERS, description="nextCursor of the page before.")


@dataclass(frozen=True)
class Call:
    """A call: the site, who calls, and the number of the first item of the page that is asked for, from 0."""

    site: Site
    caller: Caller
    first: int = 0


def name_of(text: str) -> str:
    """A name or an IRI without what makes it the URI of a resource."""
    return text.strip().removeprefix(SCHEME)


def thing(site: Site, text: str, kinds: Sequence[str], where: str) -> str:
    """The IRI of the first of those kinds of things (parameters.KINDS) that a name or an IRI names.

    Raises UsageError for a name of several things, GoneError for what was withdrawn, NotFoundError for what the corpus
    does not know, and NothingFoundError for what is of another kind."""
    name = name_of(text)
    _refuse_foreign(site, name)
    near: list[Choice] = []
    other: NothingFoundError | None = None
    for kind in kinds:
        try:
            return thing_names.resolve(site, kind, name, where)
        except UsageError as error:
            if error.choices:
                raise
            other = NothingFoundError(error.detail, remedy=error.remedy)
        except NotFoundError as error:
            near += error.choices
    _raise_withdrawn(site, name)
    what = " or ".join(filter(None, kinds)) or "thing"
    raise other or NotFoundError(
        f"this corpus has no {what} of that name", where=where, remedy="give a name or an IRI", choices=near
    )


def claim(site: Site, text: str) -> str:
    """The IRI of the claim that a name, an IRI or an address names. Raises as ``thing`` does."""
    name = name_of(text)
    _refuse_foreign(site, name)
    try:
        return thing_names.resolve(site, "claim", name, "claim")
    except NotFoundError as error:
        _raise_withdrawn(site, name)
        raise NothingFoundError(error.detail, remedy=error.remedy, choices=error.choices) from None


def _refuse_foreign(site: Site, name: str) -> None:
    """Raises NotFoundError for an IRI that neither is of the dataset nor identifies one of its things elsewhere."""
    foreign = is_web(name) and site.iris.name(name) is None and not name.startswith(site.iris.public)
    if foreign and not thing_names.identified(site, name):
        remedy = f"its IRIs begin with {site.iris.base}id/; search by words"
        raise NotFoundError("this corpus has no such IRI", remedy=remedy)


def _raise_withdrawn(site: Site, name: str) -> None:
    iris = thing_names.own_iris(site, name)
    if notice := withdrawal_notices.find(site, iris):
        raise GoneError(f"it {withdrawal_notices.signed(site, notice)}")
    if former := next((iri for iri in iris if iri in site.gone), None):
        raise GoneError(f"release {site.gone[former]} was the last that had it")


def none(site: Site, kind: type[Answer], detail: str, **members: Any) -> Answer:
    """The answer that nothing was found, which says where."""
    searched = f"searched: release {site.release.number}, with {site.release.manifest.claims:,} claims"
    return kind.of(Status.NOTHING_FOUND, f"{detail} ({searched})", **members)
