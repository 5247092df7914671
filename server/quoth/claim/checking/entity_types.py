"""The type that was probably meant by a word that names none: one spelt alike, or the one for things of that kind."""

import difflib

ENTITIES = ("Person", "Group", "Organization", "Document", "Place", "Country", "City", "Region", "Building")
"""The types of entities, as an author may need them; a part of a content can be a Thing, too."""

_OF_KIND = {
    "Person": "man woman child politician minister president mayor journalist author human individual official",
    "Group": "people crowd family team tribe community population crew audience",
    "Organization": "ministry company government party agency police army court council bank university newspaper club"
    " union business corporation institution department parliament committee church ngo militia",
    "Document": "report book letter law treaty contract website film study statement resolution email",
    "Place": "river sea lake mountain harbour port street road field border area location site island",
    "Country": "state nation",
    "City": "town village suburb municipality",
    "Region": "province county district canton territory department",
    "Building": "bridge school hospital station airport museum house tower hotel church factory stadium prison",
    "Situation": "event action activity incident process meeting",
}
"""A type → words for things of its kind, which people write for it."""

_OF_ID = {
    "article": "type: Article, or NewsArticle",
    "claim": "type: Claim",
    "group": "type: Group",
    "org": "type: Organization",
    "person": "type: Person",
    "place": "type: Place, Country, City, Region or Building",
    "source": "type: AnonymousSource, or [AnonymousSource, Group] and the like",
    "topic": "type: Topic",
}
"""A kind of ids → the types of what has one."""

_WRITTEN = (
    *ENTITIES,
    "Thing",
    "AnonymousSource",
    "Source",
    "Topic",
    "Claim",
    "Article",
    "NewsArticle",
    "Situation",
    "TimeExpression",
)
"""The types that authors write."""


def remedy(word: str, part: bool) -> str:
    """The advice about a type that there is not, of an entity or, if ``part``, of a part of a content."""
    kinds = ", ".join(ENTITIES[:-1]) + f" or {ENTITIES[-1]}"
    if near := difflib.get_close_matches(word.lower(), [t.lower() for t in _WRITTEN], 1, 0.75):
        return f"did you mean {next(t for t in _WRITTEN if t.lower() == near[0])}?"
    if meant := [kind for kind, words in _OF_KIND.items() if word.lower() in words.split()]:
        return f"write {' or '.join(meant)}"
    return f"write {kinds}" + ("; for anything else, Thing" if part else "")


def of_kind(kind: str) -> str:
    """The advice about a type that is missing, of what has an id of that kind (``org``)."""
    return f"add {_OF_ID[kind]}" if kind in _OF_ID else "add a type that the guide lists, such as type: Person"
