"""Texts of the data in Markdown (CommonMark 0.31 and GitHub's), where none of them is markup, a link or HTML.

A template escapes whatever it prints, unless that is Markdown already: so nothing can be forgotten.
"""

import functools
import re
import unicodedata
from urllib.parse import urljoin

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from quoth.claim.model.quotation_marks import quoted
from quoth.web.core.site import WEB, Site
from quoth.web.core.urls import as_uri, is_web
from quoth.web.present import phrases
from quoth.web.present.citation import Citation, text
from quoth.web.present.claim_view import Ref

_MARKUP = re.compile(r"[\\`*_{}\[\]<>&|~$@]|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_AT_THE_START = re.compile(r"(\d{1,9})([.)])(?=\s|\Z)|([#+=:-])")
"""What makes a line a list, a heading, a rule or the line below a heading (CommonMark §4, §5)."""


class Markdown(str):
    """A text that is Markdown already."""


def escaped(value: str) -> Markdown:
    """A text on one line, in which no character is markup.

    >>> escaped("1. <b>*x*</b>\\n# [y](http://z)")
    '1\\\\. \\\\<b\\\\>\\\\*x\\\\*\\\\</b\\\\> # \\\\[y\\\\](http\\\\://z)'
    """
    line = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in value)
    line = _MARKUP.sub(r"\\\g<0>", re.sub(" {2,}", " ", line).strip())
    return Markdown(_AT_THE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", line, count=1)
                    if _AT_THE_START.match(line) else line)  # fmt: skip


def link(words: str, url: str | None) -> Markdown:
    """A link to an address of the web; the words alone for what is none."""
    if not url or not is_web(url):
        return escaped(words)
    return Markdown(f"[{escaped(words)}](<{as_uri(url).replace('<', '%3C').replace('>', '%3E')}>)")


def ref_link(site: Site, ref: Ref) -> Markdown:
    """A reference as a link that leads to this server from anywhere."""
    return link(ref.label, urljoin(site.iris.public, ref.href) if ref.href else None)


def listed(items: list[Markdown]) -> Markdown:
    """Several, as in a sentence."""
    return Markdown(phrases.listed(items))


def snippet(cited: Citation) -> str:
    """A claim to paste into a text: the words, the sentence and the citation, whose address is the link."""
    words = [f"> {escaped(quoted(quote))}\n>\n" for quote in cited.quotes]
    source = text(cited).removesuffix(cited.url).strip()
    return f"{''.join(words)}> — {escaped(source)} {link(cited.url, cited.url)}\n"


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(WEB / "templates"),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: value if isinstance(value, Markdown) else escaped(str(value)),
    )
    environment.filters.update(quoted=quoted, count=phrases.count)
    return environment


def render(template: str, **variables: object) -> str:
    """A template of Markdown; blank lines are single ones."""
    return re.sub(r"\n{3,}", "\n\n", _environment().get_template(template).render(**variables)).strip() + "\n"
