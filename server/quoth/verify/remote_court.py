"""A server elsewhere that holds texts against its record: POST /verify. What it answers is hostile until it is read."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx2

from quoth import __version__
from quoth.errors import NotAcceptableError, QuothError, TextTimeoutError, UnavailableError, UsageError
from quoth.verify import json_report
from quoth.verify.findings import Report

CONNECT_LIMIT_S, ANSWER_LIMIT_S = 10.0, 60.0
"""Seconds until the server takes the connection, and between two pieces of its answer."""

_ANSWER_BYTES = 64 * 2**20
_ERRORS: Mapping[int, type[QuothError]] = {406: NotAcceptableError, 504: TextTimeoutError}
"""Statuses whose errors are of a kind of their own; others are UsageError below 500 (but for 404, 405, 429), else
UnavailableError."""


class RemoteCourt:
    """The server at a public ``url`` (http or https). Raises UsageError for what is no such URL."""

    def __init__(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            legal = (
                parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and not parts.fragment
            )
            self.where = f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "") + parts.path
        except ValueError:
            legal = False
        if not legal:
            raise UsageError("it is no URL of a server", where="--base", remedy="give one like https://quoth.example/")
        self._url = f"{url.rstrip('/')}/verify"
        self.where = f"{self.where.rstrip('/')}/verify"

    def verify(self, text: str, language: str = "en") -> Report:
        """The report of a text. Raises UsageError for a text that the server refuses, TextTimeoutError for one that
        takes it too long, UnavailableError where no Quoth answers."""
        status, data = self._answer(json.dumps({"text": text, "language": language}, ensure_ascii=False).encode())
        if status != 200:
            raise self._error(status, data)
        try:
            return json_report.read(data)
        except ValueError:
            raise self._no_quoth("its answer is no report of quoth verify") from None

    def _answer(self, body: bytes) -> tuple[int, Any]:
        """The status and the JSON of the answer; None in place of what is no JSON."""
        fields = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": f"quoth/{__version__}",
        }
        limits = httpx2.Timeout(ANSWER_LIMIT_S, connect=CONNECT_LIMIT_S)
        try:
            with (
                httpx2.Client(timeout=limits, follow_redirects=False) as client,
                client.stream("POST", self._url, content=body, headers=fields) as response,
            ):
                data = bytearray()
                for piece in response.iter_bytes():
                    data += piece
                    if len(data) > _ANSWER_BYTES:
                        raise self._no_quoth(f"its answer is longer than {_ANSWER_BYTES >> 20} MB")
                if response.is_redirect:
                    raise self._no_quoth("it sends elsewhere, where the text is not sent")
                status = response.status_code
        except httpx2.TimeoutException:
            detail = f"the server did not answer within {ANSWER_LIMIT_S:g} s"
            raise UnavailableError(detail, where=self.where, remedy="try again later, or a shorter text") from None
        except httpx2.HTTPError as error:
            detail = f"the server cannot be reached: {str(error)[:200] or type(error).__name__}"
            raise UnavailableError(
                detail, where=self.where, remedy="is the address right, and the server on?"
            ) from None
        try:
            return status, json.loads(data)
        except (ValueError, RecursionError):
            return status, None

    def _error(self, status: int, data: Any) -> QuothError:
        """The error that a problem document tells (RFC 9457)."""
        if not isinstance(data, dict) or not isinstance(data.get("detail"), str) or status in (404, 405):
            return self._no_quoth(f"it answers {status}")
        detail = data["detail"][:500]
        remedy = data["remedy"][:500] if isinstance(data.get("remedy"), str) else None
        usual: type[QuothError] = UnavailableError if status >= 500 or status == 429 else UsageError
        return _ERRORS.get(status, usual)(detail, where=self.where, remedy=remedy)

    def _no_quoth(self, why: str) -> QuothError:
        remedy = "give the address of the home page of a server of Quoth 0.2 or newer"
        return UnavailableError(f"no Quoth answers: {why}", where=self.where, remedy=remedy)
