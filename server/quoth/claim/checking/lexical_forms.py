"""How a value is written that its datatype does not allow as it stands: the form of XML Schema, where it is clear."""

import datetime
import re

import pyoxigraph as ox

from quoth.claim.model.namespaces import XSD

_DAYS = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"),
    *("%d %B %Y", "%d %b %Y", "%d. %B %Y", "%B %d %Y", "%b %d %Y"),
)
"""Forms in which people write a day (``datetime.strptime``). A day with full stops begins with the day."""

_TIMES = ("%H:%M:%S", "%H:%M", "%I:%M %p", "%I %p")
_MONTHS = ("%Y-%m", "%m/%Y", "%B %Y", "%b %Y", "%Y")
_SHORT_YEAR = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2}")
_ORDINAL = re.compile(
    r"(?<=\d)(?:st|nd|rd|th)\b|\bof\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|,", re.IGNORECASE
)

_EXAMPLES = {
    "date": "a date, like 2026-11-28",
    "dateTime": "a date and time, like 2026-11-28T09:30:00Z",
    "time": "a time, like 09:30:00",
    "gYear": "a year of four digits, like 2026",
    "gYearMonth": "a year and a month, like 2026-11",
    "duration": "a duration, like P1Y2M3D or PT12H30M",
    "integer": "a whole number, like 12",
    "decimal": "a number, like 12.5",
    "boolean": "true or false",
}
"""The local name of a datatype of XML Schema → its values in words."""


def kind(literal: ox.Literal) -> str:
    """The values of the literal's datatype in words, without an example."""
    return _EXAMPLES.get(_local(literal), f"a value of the datatype xsd:{_local(literal)}").partition(",")[0]


def remedy(literal: ox.Literal) -> str:
    """How to write a literal that is not of its datatype: the form that is meant, those that can be, or an example.

    >>> _date = lambda words: ox.Literal(words, datatype=ox.NamedNode(f"{XSD.iri}date"))
    >>> remedy(_date("28.11.2026")), remedy(_date("3/4/2026"))
    ('write 2026-11-28', 'write 2026-03-04 or 2026-04-03, whichever is meant')
    """
    words = " ".join(_ORDINAL.sub(" ", literal.value).split())
    name, meant = _local(literal), sorted(_meant(words, _local(literal)))
    if len(meant) == 1:
        return f"write {meant[0]}"
    if meant:
        return f"write {' or '.join(meant)}, whichever is meant"
    if name in ("date", "dateTime"):
        if any(_parsed(words, form) for form in _MONTHS):
            return "write the whole date with its day, like 2026-11-28, or leave it out"
        if _SHORT_YEAR.fullmatch(words):
            return "write the year in four digits, like 2026-11-28"
        if re.fullmatch(r"\d{4}-\d\d-\d\d", words):
            return "there is no such day: write another"
    return f"write {_EXAMPLES.get(name, 'it as its datatype asks, or give another datatype')}"


def _local(literal: ox.Literal) -> str:
    return literal.datatype.value.removeprefix(XSD.iri)


def _meant(words: str, datatype: str) -> set[str]:
    """The values of the datatype that the words can stand for, in its form."""
    if datatype in ("date", "dateTime"):
        joined = re.sub(r"(?<=\d)T(?=\d)", " ", words)
        times = {t for day in _DAYS for time in _TIMES if (t := _parsed(joined, f"{day} {time}"))}
        days = {t for form in _DAYS if (t := _parsed(words, form))}
        return (
            {f"{t:%Y-%m-%dT%H:%M:%S}" for t in times} if datatype == "dateTime" else {f"{t:%F}" for t in times | days}
        )
    if datatype == "time":
        return {f"{t:%H:%M:%S}" for form in _TIMES if (t := _parsed(words, form))}
    if datatype in ("integer", "decimal") and re.fullmatch(r"[+-]?\d{1,3}([, ]\d{3})+(\.\d+)?", words):
        return {re.sub("[, ]", "", words)}
    return set()


def _parsed(words: str, form: str) -> datetime.datetime | None:
    try:
        return datetime.datetime.strptime(words, form)
    except ValueError:
        return None
