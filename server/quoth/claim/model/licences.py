"""Licences by which a text may be passed on as a whole, with what they ask for."""

from collections.abc import Iterable
from dataclasses import dataclass

OPEN = (
    "creativecommons.org/licenses/by/",
    "creativecommons.org/licenses/by-sa/",
    "creativecommons.org/licenses/by-nc/",
    "creativecommons.org/licenses/by-nc-sa/",
    "creativecommons.org/licenses/by-nd/",
    "creativecommons.org/licenses/by-nc-nd/",
    "creativecommons.org/publicdomain/zero/",
    "creativecommons.org/publicdomain/mark/",
    "opendatacommons.org/licenses/by/",
    "opendatacommons.org/licenses/odbl/",
    "opendatacommons.org/licenses/pddl/",
    "www.nationalarchives.gov.uk/doc/open-government-licence/",
    "nationalarchives.gov.uk/doc/open-government-licence/",
    "www.gnu.org/licenses/fdl",
    "rightsstatements.org/vocab/NoC-",
)
"""Beginnings of the IRIs of such licences, without their scheme; each allows copies of the unchanged text."""


def is_open(licence: str, others: Iterable[str] = ()) -> bool:
    """Whether a licence, by its IRI, lets a text be passed on as a whole; ``others`` are beginnings of further IRIs.

    >>> is_open("https://creativecommons.org/licenses/by/4.0/"), is_open("http://rightsstatements.org/vocab/InC/1.0/")
    (True, False)
    """
    scheme, _, rest = licence.partition("://")
    return bool(licence) and (
        (scheme in ("http", "https") and rest.startswith(OPEN)) or licence.startswith(tuple(others))
    )


@dataclass(frozen=True)
class Passages:
    """The share of a text, in percent, that the claims of one article may quote where no licence of the text allows
    more; ``licences`` are beginnings of the IRIs of licences that do, beside OPEN.

    Texts of fewer code points than ``least`` are exempt: of a report of some 20 sentences, in which most attribute
    something, a complete coding quotes nearly all, a few words at a time.
    """

    percent: int = 80
    licences: tuple[str, ...] = ()
    least: int = 4000

    def may_be_whole(self, licence: str) -> bool:
        """Whether whole passages of a text under that licence may be quoted."""
        return is_open(licence, self.licences)


PASSAGES = Passages()
"""The rule for whole passages where a corpus says nothing."""
