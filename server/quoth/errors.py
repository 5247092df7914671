"""The errors that a user can meet, each with an HTTP status and an exit code.

QuothError
├── UsageError            a setting or an argument is wrong                         400 · 2
├── DocumentError         a document cannot be read                                 422 · 3
├── CheckError            documents were read and have findings                     422 · 1
├── QuerySyntaxError      a query does not parse                                    400 · 3
├── QueryRefusedError     a query calls another endpoint, an update is sent          403 · 3
├── QueryTimeoutError     a query ran past its time limit                           503 · 5
├── TextTimeoutError      holding a text against the record took too long        504 · 5
├── QueryTooLargeError    a query, or its result, ran past its memory or size       503 · 5
├── NotFoundError         nothing of that name is published                         404 · 4
├── GoneError             it was withdrawn, or only an earlier release had it         410 · 4
├── NotAcceptableError    no variant fits the Accept header                         406 · 4
├── TooManyRequestsError  a client exceeded its rate limit                          429 · 5
├── ClientLeftError       a client closed the connection, and sees no answer        499 · 5
├── UnavailableError      a release or an engine is missing or down                 503 · 5
└── ReleaseError          a release could not be built, or is damaged               500 · 5
    └── NewerReleaseError  a newer version of Quoth wrote the release               500 · 5

What an operator's messages may not show is what ``masked`` takes out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

Link = tuple[str, str, str | None]
"""A web link (RFC 8288): URL, relation, and media type where it is known."""

_LOGIN = re.compile(r"((?:[\w+.-]+:)?//)[^\s'\"]*@|(?<![^\s'\"(,=])(?!mailto:)[^\s'\"/:]+:[^\s'\"]*@", re.IGNORECASE)
_QUERY = re.compile(r"(//[^\s'\"?]*)\?[^\s'\"]*")


def masked(text: str) -> str:
    """A text without the user, the password and the query string of any URL in it, and of what was meant as one.

    >>> masked("the engine at http://me:pw@db:3030/ds?key=1 is down, me:pw@db is no URL")
    'the engine at http://…@db:3030/ds?… is down, …@db is no URL'
    """
    return _QUERY.sub(r"\1?…", _LOGIN.sub(lambda found: f"{found[1] or ''}…@", text))


def reason(error: object) -> str:
    """An error of the system or of a connection in words.

    >>> reason(ConnectionRefusedError(111, "Connection refused")), reason(TimeoutError())
    ('Connection refused', 'TimeoutError')
    """
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def permission_remedy(error: Exception) -> str | None:
    """The remedy where the system does not let a file be read; None for another error."""
    return "let the user that this runs as read it" if isinstance(error, PermissionError) else None


@dataclass(frozen=True)
class Limit:
    """A limit that a request exceeded: the name of its setting, which has the unit in it, and the value."""

    name: str
    value: float | str


@dataclass(frozen=True)
class Choice:
    """A value that may have been meant: its name for people, and what to give instead."""

    label: str
    value: str


class QuothError(Exception):
    """An error with its message (``detail``), the place (``where``) and what to do about it (``remedy``).

    ``limit`` is set for a limit that was exceeded, ``retry_after_s`` where the time of another attempt is known;
    ``links`` lead to alternatives, ``choices`` are values that may have been meant. ``anchor`` names the section of the
    guide's page of errors that explains the error.
    """

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 5
    title: ClassVar[str] = "Error"
    anchor: ClassVar[str | None] = None

    def __init__(
        self,
        detail: str,
        *,
        where: str | None = None,
        remedy: str | None = None,
        limit: Limit | None = None,
        retry_after_s: float | None = None,
        links: Sequence[Link] = (),
        choices: Sequence[Choice] = (),
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.where = where
        self.remedy = remedy
        self.limit = limit
        self.retry_after_s = retry_after_s
        self.links = links
        self.choices = choices

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.remedy})" if self.remedy else ""
        return f"{place}{self.detail}{advice}"


class UsageError(QuothError):
    status, exit_code, title = 400, 2, "Bad request"


class DocumentError(QuothError):
    """``others`` are further mistakes of the document, which were found independently of this one."""

    status, exit_code, title = 422, 3, "Document cannot be read"
    others: "Sequence[DocumentError]" = ()


class CheckError(QuothError):
    status, exit_code, title = 422, 1, "Documents did not pass the check"


class QuerySyntaxError(QuothError):
    """``line`` and ``column`` count from 1; None where the parser gives none."""

    status, exit_code, title = 400, 3, "Query cannot be read"

    def __init__(
        self, detail: str, *, line: int | None = None, column: int | None = None, remedy: str | None = None
    ) -> None:
        where = None if line is None else f"line {line}" + ("" if column is None else f", column {column}")
        super().__init__(detail, where=where, remedy=remedy)
        self.line = line
        self.column = column


class QueryRefusedError(QuothError):
    status, exit_code, title = 403, 3, "Query refused"


class QueryTimeoutError(QuothError):
    status, exit_code, title = 503, 5, "Query ran out of time"


class TextTimeoutError(QuothError):
    status, exit_code, title = 504, 5, "Text took too long"


class QueryTooLargeError(QuothError):
    status, exit_code, title = 503, 5, "Query ran out of room"


class NotFoundError(QuothError):
    status, exit_code, title = 404, 4, "Not found"


class GoneError(QuothError):
    """``withdrawal``: the members reason, by, date and replacedBy of the notice, where it was withdrawn."""

    status, exit_code, title, anchor = 410, 4, "Gone", "gone"

    def __init__(
        self,
        detail: str,
        *,
        remedy: str | None = None,
        links: Sequence[Link] = (),
        withdrawal: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail, remedy=remedy, links=links)
        self.withdrawal = withdrawal


class NotAcceptableError(QuothError):
    status, exit_code, title, anchor = 406, 4, "Not acceptable", "not-acceptable"


class TooManyRequestsError(QuothError):
    status, exit_code, title = 429, 5, "Too many requests"


class ClientLeftError(QuothError):
    status, exit_code, title = 499, 5, "Client left"


class UnavailableError(QuothError):
    status, exit_code, title = 503, 5, "Unavailable"


class ReleaseError(QuothError):
    status, exit_code, title = 500, 5, "Release failed"


class NewerReleaseError(ReleaseError):
    pass
