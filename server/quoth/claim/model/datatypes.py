"""The lexical spaces of XSD 1.1 (https://www.w3.org/TR/xmlschema11-2/) of which rdflib has others.

rdflib takes other forms for dates, times and numbers, too, and knows the years 1 to 9999 alone.
"""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import partial

import rdflib
from rdflib.term import bind

_YEAR = r"(?P<year>-?(?:[1-9]\d{3,18}|0\d{3}))"
_MONTH, _DAY = r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))"
_DECIMAL = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_FLOAT = rf"{_DECIMAL}(?:[eE][+-]?\d+)?|[+-]?INF|NaN"
_FORMS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(form, re.ASCII)
    for name, form in {
        "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}?",
        "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}?",
        "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
        "gYear": f"{_YEAR}{_ZONE}?",
        "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}?",
        "gMonth": f"--{_MONTH}{_ZONE}?",
        "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}?",
        "gDay": f"---{_DAY}{_ZONE}?",
        "time": f"{_TIME}{_ZONE}?",
        "decimal": _DECIMAL,
        "float": _FLOAT,
        "double": _FLOAT,
    }.items()
}
"""Datatype → the form of its literals. The year 0 is 1 BCE (§D.2.1)."""
_CYCLE = 400
"""Years after which the Gregorian calendar repeats."""
Value = str | Decimal | float | datetime.date | datetime.time


def register() -> None:
    """Give rdflib, and so pySHACL, these forms: a literal of another form is ill-typed."""
    for name in _FORMS:
        bind(rdflib.XSD[name], str, constructor=partial(_value, name), datatype_specific=True)


def _value(name: str, text: str) -> Value:
    """A value of the Python type that pySHACL asks for. Python has no dates before the year 1 or after 9999: the date
    is that of the same place in another cycle of the calendar, good for its type alone. Raises ValueError."""
    match = _FORMS[name].fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no {name}")
    parts = match.groupdict()
    if "day" in parts and "month" in parts:
        year = int(parts.get("year", 0)) % _CYCLE + 5 * _CYCLE
        day = datetime.datetime(year, int(parts["month"]), int(parts["day"]))
        return day.date() if name == "date" else day
    if name == "decimal":
        return Decimal(text)
    return float(text) if name in ("float", "double") else datetime.time() if name == "time" else text
