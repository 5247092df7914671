"""An error as HTTP tells it: a problem document (RFC 9457)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from quoth.errors import Choice, GoneError, Limit, Link, QuerySyntaxError, QuothError
from quoth.http.message import Response

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """The members of a problem document; those after ``type`` are our own (RFC 9457 §3.2)."""

    status: int
    title: str
    detail: str
    remedy: str | None = None
    type: str = "about:blank"
    where: str | None = None
    line: int | None = None
    column: int | None = None
    limit: Limit | None = None
    links: Sequence[Link] = ()
    withdrawal: Mapping[str, object] | None = None
    choices: Sequence[Choice] = ()

    @classmethod
    def of(cls, error: QuothError, guide: str) -> Self:
        """The problem that an error is; ``guide`` is the URL of the page that explains errors."""
        line, column = (error.line, error.column) if isinstance(error, QuerySyntaxError) else (None, None)
        type = f"{guide}#{error.anchor}" if error.anchor else "about:blank"
        place, reading = (type, error.where, line, column), (error.limit, error.links)
        withdrawal = error.withdrawal if isinstance(error, GoneError) else None
        return cls(error.status, error.title, error.detail, error.remedy, *place, *reading, withdrawal, error.choices)

    def members(self) -> dict[str, Any]:
        """The members that have a value, in the order in which they are written."""
        members: dict[str, Any] = {"type": self.type, "title": self.title, "status": self.status, "detail": self.detail}
        members |= {"where": self.where, "line": self.line, "column": self.column, "remedy": self.remedy}
        members["limit"] = {"name": self.limit.name, "value": self.limit.value} if self.limit else None
        members["withdrawal"] = self.withdrawal
        members["choices"] = [asdict(choice) for choice in self.choices]
        members["links"] = [
            {"href": url, "rel": rel, **({"type": media_type} if media_type else {})}
            for url, rel, media_type in self.links
        ]
        return {name: value for name, value in members.items() if value or name == "detail"}

    def document(self) -> str:
        """The document, in JSON."""
        return json.dumps(self.members(), ensure_ascii=False, indent=1) + "\n"

    def response(self, *fields: tuple[bytes, bytes]) -> Response:
        """The document as a response with further fields, for the layers before the application."""
        body = self.document().encode()
        own = ((b"content-type", MEDIA_TYPE.encode()), (b"content-length", b"%d" % len(body)))
        return Response(self.status, (*own, (b"cache-control", b"no-store"), *fields), body)
