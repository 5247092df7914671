"""The English names of languages, as IANA's registry of language subtags has them (BCP 47)."""

import functools

from language_tags import tags


@functools.lru_cache(maxsize=256)
def language_name(tag: str) -> str:
    """The name of the language of a tag, with the tag where that says more; the tag alone where it has no name.

    >>> language_name("ur"), language_name("en-GB"), language_name("el"), language_name("qqq"), language_name("")
    ('Urdu', 'English (en-GB)', 'Modern Greek', 'qqq', '')
    """
    language = tags.language(tag.partition("-")[0])
    if language is None or not language.description:
        return tag
    name = str(language.description[0]).partition(" (")[0]
    return f"{name} ({tag})" if "-" in tag else name
