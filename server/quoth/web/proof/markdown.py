"""Markdown (CommonMark) out of a template: whatever the template does not write itself is escaped, so that no word of
the data can be a link, markup or HTML. https://spec.commonmark.org/0.31.2/#backslash-escapes"""

import functools
import re
import unicodedata
from typing import Any
from urllib.parse import urljoin

from flask import current_app
from jinja2 import Environment
from markupsafe import Markup

from quoth.web.core.site import current_site
from quoth.web.core.urls import as_uri
from quoth.web.present.claim_view import Ref

_ACTIVE = re.compile(r"[\\`*_{}\[\]<>|~&$#]")
_AT_BEGINNING = re.compile(r"\A( ?)(?:([-+=])|(\d{1,9})([.)]))")
_AUTOLINK = re.compile(r"(?i)(?<=[a-z])(:)(?=//)|(?<=\bwww)(\.)|(?<=\bmailto)(:)|(?<=\bxmpp)(:)")
_BLANK = re.compile(r"\s+")


def escaped(text: str) -> str:
    r"""The text on one line, as Markdown that shows just these characters.

    >>> escaped("[x](javascript:alert(1)) <b>"), escaped("1. a\n- b"), escaped("see https://e.example")
    ('\\[x\\](javascript:alert(1)) \\<b\\>', '1\\. a - b', 'see https\\://e.example')
    """
    line = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    line = _ACTIVE.sub(r"\\\g<0>", _BLANK.sub(" ", line))
    line = _AUTOLINK.sub(r"\\\g<0>", line)
    return _AT_BEGINNING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", line)


def link(ref: Ref) -> Markup:
    """A reference as a link; as text where it leads nowhere. What nobody has reviewed is said to be proposed."""
    named = url_link(ref.href, ref.label) if ref.href else Markup(escaped(ref.label))
    return named + Markup(" (proposed)") if ref.proposed else named


def url_link(url: str, label: str) -> Markup:
    """A link to a URL or a path of this server."""
    target = as_uri(urljoin(current_site().iris.public, url))
    if label == target:
        return Markup(f"<{target}>")
    return Markup(f"[{escaped(label)}]({f'<{target}>' if set('()') & set(target) else target})")


def render(template: str, **variables: Any) -> str:
    """The Markdown that a template makes."""
    return _environment(current_app.jinja_env).get_template(template).render(**variables)


@functools.lru_cache(maxsize=8)
def _environment(environment: Environment) -> Environment:
    """The same environment for Markdown: a value that is no Markup, which macros and links are, is escaped."""
    markdown = environment.overlay(autoescape=True, finalize=_finalized)
    markdown.filters = {**environment.filters, "link": link, "url_link": url_link}
    return markdown


def _finalized(value: Any) -> Markup:
    return value if isinstance(value, Markup) else Markup(escaped(str(value)))
