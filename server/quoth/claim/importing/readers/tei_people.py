"""The people and the bodies that texts in TEI describe (``person``, ``org``): what all of these say of each."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.etree.ElementTree import Element

from quoth.claim.importing.article import UNNAMED, Agent
from quoth.claim.importing.mapping import Mapping
from quoth.claim.importing.readers.tei_text import MAX_ID, TEI, XML, words
from quoth.claim.importing.sources import MAX_LABEL
from quoth.claim.model import language_tag
from quoth.corpus.new import lasting_slug

_ADDRESS = re.compile(r'https?://[^\s<>"{}|\\^`]+')


class _Office(NamedTuple):
    """A membership in a body, in a role with its names in their languages, from a first day, which may be empty."""

    body: str
    role: tuple[tuple[str, str], ...]
    start: str


@dataclass
class _Known:
    """Somebody or a body, as texts describe them: names with their languages, pages, offices with their last days.
    ``kind`` says what a body is, in words: parliamentary group."""

    type: str
    kind: str = ""
    names: list[tuple[str, str]] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    offices: dict[_Office, str] = field(default_factory=dict)


class People:
    """Those whom the texts describe, by their ids. What one text says of somebody adds to what others say."""

    def __init__(self, mapping: Mapping) -> None:
        self._spaces = {
            "Person": mapping.get("entities.person", "id/person/{id}"),
            "Organization": mapping.get("entities.org", "id/org/{id}"),
        }
        self._by = mapping.get("encoding.encoder.id")
        self._known: dict[str, _Known] = {}
        self._named: dict[str, set[str]] = {}
        self._speakers: dict[str, None] = {}

    def learn(self, root: Element) -> None:
        """Add what a text or a register says."""
        for org in root.iter(f"{TEI}org"):
            self._add(org, "Organization", _names(org, "orgName")).kind = _in_words(org.get("role", ""))
        for person in root.iter(f"{TEI}person"):
            known = self._add(person, "Person", _names(person, "persName"))
            for affiliation in person.findall(f"{TEI}affiliation"):
                office = _office(affiliation)
                if office.body:
                    known.offices[office] = known.offices.get(office) or _day(affiliation.get("to", ""))

    def _add(self, element: Element, type: str, names: list[tuple[str, str]]) -> _Known:
        id = element.get(f"{XML}id", "")
        known = self._known.setdefault(id, _Known(type))
        known.names += [name for name in names if name not in known.names]
        for name, _ in names:
            self._named.setdefault(name.casefold(), set()).add(id)
        pages = (words(idno) for idno in element.findall(f"{TEI}idno") if idno.get("type") in ("URI", "URL"))
        known.pages += [page for page in pages if _ADDRESS.fullmatch(page) and page not in known.pages]
        return known

    def speaker(self, who: str, note: str) -> Agent:
        """The one whom ``@who`` names. One who is not described has the words of the ``note`` before the speech;
        several are a group with all their names."""
        ids = [reference.rpartition("#")[2] for reference in who.split()]
        described = [id for id in ids if id in self._known]
        self._speakers |= dict.fromkeys(described)
        if len(ids) == 1 and described:
            return self._agent(ids[0])
        names = [self._label(id) if id in described else id.replace("_", " ") for id in ids]
        label = note if note and not described else " and ".join(filter(None, names))
        return Agent(label[:MAX_LABEL], type="Group" if len(ids) > 1 else "Agent") if label.strip() else UNNAMED

    def spoken(self) -> list[Agent]:
        """Those who spoke since the last call, and the bodies in which they were, as far as is known now."""
        speakers, self._speakers = self._speakers, {}
        bodies = {o.body for id in speakers for o in self._known[id].offices}
        return [self._agent(id) for id in (*speakers, *sorted(bodies - speakers.keys()))]

    def _names(self, known: _Known) -> list[tuple[str, str]]:
        """The names with their languages. Of bodies of one name, as a party and its group, each says what it is."""
        return [
            (f"{name} ({known.kind})" if known.kind and len(self._named[name.casefold()]) > 1 else name, language)
            for name, language in known.names
        ]

    def _label(self, id: str) -> str:
        names = self._names(self._known[id]) if id in self._known else []
        return names[0][0] if names else re.sub(r"[_.]", " ", id)

    def _agent(self, id: str) -> Agent:
        known = self._known.get(id, _Known("Organization"))
        names, label = self._names(known), self._label(id)
        labels = {language: name for name, language in reversed(names) if language} if names and names[0][1] else {}
        others = [_in(*name) for name in names if name[0] not in {label, *labels.values()}]
        details = {
            "label": [_in(name, language) for language, name in sorted(labels.items())],
            "altLabel": others,
            # Who looks for the plain name of one of several bodies finds each.
            "hiddenLabel": [_in(*plain) for plain, told in zip(known.names, names, strict=True) if plain != told],
            "seeAlso": known.pages,
            "memberships": list(self._memberships(known)),
        }
        return Agent(label, self._id(id, known.type), known.type, tuple((k, v) for k, v in details.items() if v))

    def _id(self, id: str, type: str) -> str:
        return str(self._spaces[type]).replace("{id}", lasting_slug(id, MAX_ID))

    def _memberships(self, known: _Known) -> Iterator[dict[str, object]]:
        """The offices in their order. One without a day is left out where the same one has days."""
        dated = {(o.body, o.role) for o in known.offices if o.start}
        for office, end in sorted(known.offices.items(), key=lambda item: (item[0].start, item[0])):
            if office.start or (office.body, office.role) not in dated:
                yield {
                    "organization": self._id(office.body, "Organization"),
                    "roleName": [_in(name, language) for name, language in office.role],
                    "startDate": office.start,
                    "endDate": end if end >= office.start else "",
                    "attributedTo": self._by,
                }


def _in(name: str, language: str) -> object:
    """A name as a value of a document: text in English, or text with its language."""
    return {"@value": name, "@language": language} if language not in ("", "en") else name


def _names(element: Element, tag: str) -> list[tuple[str, str]]:
    """The names with their languages (BCP 47): the shortest one of a body first, the last one of a person."""
    found = element.findall(TEI + tag)
    if tag == "orgName":
        found.sort(key=lambda name: name.get("full") != "abb")
    else:
        found.sort(key=lambda name: name.get("to", "9999"), reverse=True)
    return list(dict.fromkeys((name, language) for e in found for name, language in [_name(e)] if name))


def _name(element: Element) -> tuple[str, str]:
    parts = [part for tag in ("forename", "nameLink", "surname") for part in element.findall(TEI + tag)]
    name = " ".join(map(words, parts)) if parts else words(element)
    language = element.get(f"{XML}lang", "")
    return name[:MAX_LABEL], language if language_tag.is_valid(language) else ""


def _office(affiliation: Element) -> _Office:
    roles = dict.fromkeys(_name(role) for role in affiliation.findall(f"{TEI}roleName"))
    role = tuple((name, language) for name, language in roles if name)
    if not role and (code := affiliation.get("role", "")):
        role = ((_in_words(code), "en"),)
    return _Office(affiliation.get("ref", "").rpartition("#")[2], role, _day(affiliation.get("from", "")))


def _in_words(code: str) -> str:
    """A code as words: ``parliamentaryGroup`` is a parliamentary group."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", code)[:MAX_LABEL].lower()


def _day(written: str) -> str:
    """The day (ISO 8601), or nothing where a day is not said."""
    try:
        return datetime.date.fromisoformat(written[:10]).isoformat()
    except ValueError:
        return ""
