"""The query string of a request: known parameters, each with one value; a search expression; a format's name."""

from collections.abc import Mapping, Sequence

from flask import request
from werkzeug.datastructures import MultiDict

from quoth.errors import UsageError
from quoth.formats import Format, by_name
from quoth.http import message
from quoth.index import fulltext


def single_valued(args: MultiDict[str, str]) -> dict[str, str]:
    """The parameters of a request. Raises UsageError for a parameter with two values, neither of which may be ignored,
    and for bytes that are not UTF-8, which ``args`` has replaced."""
    message.parameters(request.query_string)
    for name, values in args.lists():
        if len(values) > 1:
            raise UsageError(
                f"the parameter {name[:80]} is given more than once", where=name[:80], remedy="give it once"
            )
    return args.to_dict()


def parameters(args: MultiDict[str, str], names: Sequence[str], where: str) -> dict[str, str]:
    """The parameters that have a value. Raises UsageError for a parameter that is not among ``names``, those of
    ``where``, and for a parameter with two values."""
    values = {name: value for name, value in single_valued(args).items() if value}
    for name in values:
        if name not in names:
            raise UsageError(
                f"there is no parameter {name[:80]!r}", where=where, remedy=f"there are {', '.join(names)}"
            )
    return values


def search_expression(values: Mapping[str, str]) -> str:
    """The words of ``q`` as an expression of the index (fulltext.expression), empty without any. Raises UsageError."""
    text = values.get("q", "")
    if len(text) > fulltext.LONGEST:
        raise UsageError(f"it is longer than {fulltext.LONGEST} characters", where="q", remedy="look for fewer words")
    expression = fulltext.expression(text)
    if text.strip() and not expression:
        raise UsageError("there is no word in it", where="q", remedy="look for a letter or a digit at least")
    return expression


def unknown_value(value: str, parameter: str, known: Sequence[str], more: bool = False) -> UsageError:
    """The error for a value that no claim has. ``known``: the values that claims have, with ``more`` some of them."""
    remedy = f"there are {', '.join(known)}{' …' if more else ''}"
    return UsageError(f"nothing has {value[:200]!r} there", where=parameter, remedy=remedy)


def named_format(name: str, offers: Sequence[Format]) -> Format:
    """The format of that name or suffix. Raises UsageError that lists the formats on offer."""
    format = by_name(offers, name.lower())
    if format is None:
        remedy = "expected is one of " + ", ".join(f.name for f in offers)
        raise UsageError(f"{name[:80]!r} is no format", where="format", remedy=remedy)
    return format
