"""Reading what is submitted to /verify: a text by POST, in any of a few media types, or one quotation in the address.

Neither is in the log, and no cache keeps it: the parameters are decoded anew, past the cache that others have.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.http import parse_options_header

from quoth.errors import UsageError
from quoth.http import message
from quoth.http.message import FORM
from quoth.verify.quotations import quotations
from quoth.verify.verify import MAX_CHARACTERS
from quoth.web.core.problem_details import HttpError

QUOTE_CHARACTERS = 1_000
"""Characters of a quotation in an address."""

TEXTS = ("text/plain", "text/markdown", "text/html")
JSON_TYPE = "application/json"
POSTED = (*TEXTS, JSON_TYPE, FORM)
_CHARSETS = ("utf-8", "utf8", "us-ascii")
_IN_ADDRESS, _IN_BODY = ("quote", "language", "format"), ("text", "language")


@dataclass(frozen=True)
class Submission:
    """A text with its language (BCP 47); ``whole``: it is one quotation. ``format``: the name of one that is asked
    for, else empty; ``quote``: the quotation as it stands in the address, None for a text that was posted."""

    text: str
    language: str
    format: str = ""
    whole: bool = False
    quote: str | None = None


def quoted() -> Submission | None:
    """The quotation in the address; None without any. Raises UsageError for a longer one than QUOTE_CHARACTERS."""
    values = _single(message.decoded(request.query_string), _IN_ADDRESS)
    quote = values.get("quote")
    if quote is None:
        return None
    if len(quote) > QUOTE_CHARACTERS:
        detail = f"it is longer than {QUOTE_CHARACTERS:,} characters"
        raise UsageError(detail, where="quote", remedy="send the text by POST")
    if not any(character.isalnum() for character in quote):
        raise UsageError("it has no words", where="quote", remedy="give the words of the quotation")
    # With marks of its own it is a text, as “We will go”, he said; without any it is the quotation.
    return Submission(
        quote, values.get("language") or "en", values.get("format", ""), whole=not quotations(quote), quote=quote
    )


def posted() -> Submission:
    """The text that was posted. Raises UsageError, and HttpError (413, 415)."""
    in_address = _single(message.decoded(request.query_string), _IN_ADDRESS[1:])
    media_type, options = parse_options_header(request.headers.get("Content-Type"))
    media_type = media_type.lower()
    if media_type not in POSTED:
        raise _unsupported(f"{media_type[:80] or 'a body without a Content-Type'} is not read here")
    if (coding := request.headers.get("Content-Encoding", "identity")).lower() != "identity":
        raise _unsupported(f"the content coding {coding[:80]!r} is not read here")
    if (charset := options.get("charset", "utf-8")).lower() not in _CHARSETS:
        raise _unsupported(f"the charset {charset[:80]!r} is not read here")
    body = request.get_data(cache=False)
    if media_type == FORM:
        values = _single(message.decoded(body), (*_IN_BODY, "format"))
        if "text" not in values:
            raise UsageError("the form has no text", where="text", remedy="give a field text")
        # A browser sends the lines of a text area with both characters of a line end (HTML §4.10.22.4).
        values["text"] = values["text"].replace("\r\n", "\n")
    elif media_type == JSON_TYPE:
        values = _members(body)
    else:
        values = {"text": _utf8(body)}
    if len(values["text"]) > MAX_CHARACTERS:
        detail = f"the text has {len(values['text']):,} characters, more than {MAX_CHARACTERS:,}"
        raise HttpError(413, "Content too large", detail, "split it")
    language = values.get("language") or in_address.get("language") or "en"
    return Submission(values["text"], language, values.get("format") or in_address.get("format", ""))


def _single(parameters: Mapping[str, Sequence[str]], known: Sequence[str]) -> dict[str, str]:
    """The parameters that are known, each of which may be given once. Raises UsageError."""
    message.refuse_misspelt(parameters, known)
    for name in known:
        if len(parameters.get(name, ())) > 1:
            raise UsageError(f"the parameter {name} is given more than once", where=name, remedy="give it once")
    return {name: parameters[name][0] for name in known if name in parameters}


def _members(body: bytes) -> dict[str, str]:
    """The text and the language in an object of JSON. Raises UsageError, whose message has nothing of the body."""
    remedy = 'send an object like {"text": "…", "language": "en"}'
    try:
        value = json.loads(_utf8(body))
    except (ValueError, RecursionError) as error:
        place = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(f"the body is not JSON{place}", remedy=remedy) from None
    if not isinstance(value, dict) or "text" not in value:
        raise UsageError("the body is no object with a text", where="text", remedy=remedy)
    if value.keys() - {*_IN_BODY}:
        raise UsageError(f"the object has other members than {' and '.join(_IN_BODY)}", remedy=remedy)
    if value.get("language") is None:
        value.pop("language", None)
    for name, member in value.items():
        if not isinstance(member, str):
            raise UsageError("it is no string", where=name, remedy=remedy)
    return value


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"the text is not UTF-8 (byte {error.start})", remedy="send UTF-8") from None


def _unsupported(why: str) -> HttpError:
    return HttpError(415, "Unsupported media type", why, f"send {', '.join(POSTED)}, in UTF-8")
