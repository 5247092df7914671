"""What a request gives in the query string of a list: parameters that there are, words to look for, a format's name."""

from collections.abc import Mapping, Sequence

from flask import request
from werkzeug.datastructures import MultiDict

from quoth.errors import UsageError
from quoth.formats import Format, by_name
from quoth.http import forms
from quoth.index import fulltext


def once(args: MultiDict[str, str]) -> dict[str, str]:
    """The parameters of a request. Raises UsageError for one that is given twice: neither value would be the right one
    to pass over; and for what is not UTF-8, which ``args`` has replaced."""
    forms.parameters(request.query_string)
    for name, values in args.lists():
        if len(values) > 1:
            raise UsageError(
                f"the parameter {name[:80]} is given more than once", where=name[:80], remedy="give it once"
            )
    return args.to_dict()


def parameters(args: MultiDict[str, str], names: Sequence[str], where: str) -> dict[str, str]:
    """The parameters that have a value. Raises UsageError for one that is not among ``names``, those of ``where``, and
    for one that is given twice."""
    given = {name: value for name, value in once(args).items() if value}
    for name in given:
        if name not in names:
            raise UsageError(
                f"there is no parameter {name[:80]!r}", where=where, remedy=f"there are {', '.join(names)}"
            )
    return given


def words(given: Mapping[str, str]) -> str:
    """What ``q`` looks for, as the index takes it (search.expression); empty where nothing is. Raises UsageError."""
    text = given.get("q", "")
    if len(text) > fulltext.LONGEST:
        raise UsageError(f"it is longer than {fulltext.LONGEST} characters", where="q", remedy="look for fewer words")
    found = fulltext.expression(text)
    if text.strip() and not found:
        raise UsageError("there is no word in it", where="q", remedy="look for a letter or a digit at least")
    return found


def unknown(value: str, parameter: str, known: Sequence[str], more: bool = False) -> UsageError:
    """The error for a value that nothing has; ``known`` are those that there are, or with ``more`` some of them."""
    remedy = f"there are {', '.join(known)}{' …' if more else ''}"
    return UsageError(f"nothing has {value[:200]!r} there", where=parameter, remedy=remedy)


def format(name: str, offers: Sequence[Format]) -> Format:
    """The format that is named so, by its name or its suffix. Raises UsageError that lists those on offer."""
    found = by_name(offers, name.lower())
    if found is None:
        remedy = "expected is one of " + ", ".join(f.name for f in offers)
        raise UsageError(f"{name[:80]!r} is no format", where="format", remedy=remedy)
    return found
