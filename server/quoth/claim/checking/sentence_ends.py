"""Where sentences end, in any script. PyPI's splitters would be a dependency for one page of rules: the mark, what
closes a quotation after it, and how the next word begins."""

import re
from collections.abc import Iterator

_STOPS = ".!?…‽‼⁇⁈⁉;։՞؟۔।॥።፧។៕"
"""The marks after which a space and another word follow."""
_UNSPACED = "。！？｡"
_CLOSING = r"""(?:["'”’“‘›‹»«)\]}」』）】〉》]|\s[»›])*"""
_END = re.compile(
    # The look behind and the possessive quantifiers keep the time of a search in line with the length of the text.
    rf"(?<![{_STOPS}])[{_STOPS}]++{_CLOSING}(?=\s+(?:[^\w\s{_STOPS}]{{1,4}}\s?)?([^\W_]))\s+"
    # In Japanese, と after a quotation goes on to who said it.
    rf"|(?<![{_UNSPACED}])[{_UNSPACED}]++{_CLOSING}+(?!と)\s*"
    r"|\n\s*\n\s*"
)
_TITLES = (
    "Mr|Mrs|Messrs|Ms|Dr|Prof|Gen|Col|Lt|Sgt|Capt|Maj|Brig|Adm|Cmdr|Supt|Gov|Sens?|Reps?|Hon|Rev|St|Mme|Sra?"
    "|Hr|Fr|Abg|Mag|Ing"
)
_MONTHS = "Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Okt|Dez"
_SHORT = re.compile(rf"(?<!\w)(?:{_TITLES}|{_MONTHS}|No|Nr|vs|etc|bzw|e\.g|i\.e|([^\W\d_]))\.$")
_DATE = re.compile(
    r"(?<=\d)\.\s+(?:Januar|Jänner|Februar|Feber|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
"""A day and its month in German: “am 3. Oktober”."""
_LONGEST = 7
"""Characters of the longest abbreviation, with its full stop."""


def starts(text: str) -> Iterator[int]:
    """The places where a sentence begins after another one; a paragraph's end is a sentence's end, "Mr." is not.

    >>> text = "Mr. Ito left. Élise stayed. 彼は行った。雨が降った。"
    >>> [text[start : start + 2] for start in starts(text)]
    ['Él', '彼は', '雨が']
    """
    for end in _END.finditer(text):
        begins_small = end[1] is not None and end[1].title() != end[1]  # no script without capitals begins small
        if not begins_small and not _is_abbreviation(text, end.start()) and end.end() < len(text):
            yield end.end()


def _is_abbreviation(text: str, place: int) -> bool:
    """Whether the mark at that place is the full stop of a short form, of an initial, or of a day in a date."""
    short = _SHORT.search(text, max(0, place - _LONGEST), place + 1)
    if text[place - 1 : place].isdigit():
        return _DATE.match(text, place) is not None
    return short is not None and (short[1] is None or short[1].isupper())
