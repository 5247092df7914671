"""The guide: Markdown files beside this one, rendered without raw HTML."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from quoth.config import DEFAULT_BASE
from quoth.errors import NotFoundError
from quoth.formats import HTML
from quoth.web.core.responses import validated
from quoth.web.core.site import WEB, Site, current_site, sitemap_paths
from quoth.web.guide import notebooks

ORDER = (
    *("start", "verifying", "tables", "proof", "querying", "python", "notebook", "formats", "links", "matching"),
    *("reconciling", "assistants", "changes"),
    *("writing", "revising", "importing", "spreadsheets", "annotations", "transcripts", "reviews"),
    *("words", "checking", "model", "alignments", "operating", "servers", "scale", "engines"),
    *("engines/fuseki", "engines/virtuoso", "engines/graphdb", "engines/neptune", "engines/stardog", "engines/qlever"),
    "errors",
)
"""The names of the chapters; those of the parts of a chapter begin with its name and a slash."""

_ROWS, _LINES = 6, 20
"""Rows of a table, and lines of an example, past which it is folded on a phone."""

blueprint = Blueprint("guide", __name__)


@dataclass(frozen=True)
class Chapter:
    """A chapter of the guide; ``html`` is made from our own Markdown with raw HTML switched off. ``sections``: the id
    and the words of its headings of the second level."""

    name: str
    title: str
    summary: str
    html: Markup
    sections: Sequence[tuple[str, str]]

    @property
    def whole(self) -> str:
        """The name of the chapter that this one is a part of, or its own."""
        return self.name.partition("/")[0]

    @property
    def is_part(self) -> bool:
        """Whether the list of chapters has it below another."""
        return self.name != self.whole


@blueprint.get("/guide")
@blueprint.get("/guide/<name>")
@blueprint.get("/guide/<name>/<part>")
@sitemap_paths(lambda site: [f"guide/{name}" for name in ORDER])
def guide(name: str = "", part: str = "") -> Response:
    """The contents, one chapter, or a part of one."""
    site, name = current_site(), f"{name}/{part}" if part else name
    chapters = _chapters(site)
    if name and name not in ORDER:
        raise NotFoundError(f"the guide has no page {name}", remedy=f"see {site.iris.url('guide')}")
    number = ORDER.index(name) + 1 if name else 0
    page = chapters[number - 1] if name else None
    following = chapters[number] if number < len(chapters) else None
    return validated(
        lambda: render_template("guide.html", every=chapters, page=page, following=following),
        site.etag("guide", name),
        HTML.content_type,
    )


@blueprint.get("/guide/<path:name>.ipynb")
@sitemap_paths(None)
def as_notebook(name: str) -> Response:
    """A chapter whose examples run as a notebook. Raises NotFoundError for another one."""
    site = current_site()
    text = _text(site, name) if name in ORDER else ""
    if not notebooks.has_code(text):
        raise NotFoundError(f"the guide has no notebook {name}", remedy=f"see {site.iris.url('guide/notebook')}")
    return validated(lambda: notebooks.notebook(text), site.etag("notebook", name), notebooks.MEDIA_TYPE)


@functools.lru_cache(maxsize=4)
def _chapters(site: Site) -> tuple[Chapter, ...]:
    """Every chapter, in reading order."""
    return tuple(render(name, _text(site, name)) for name in ORDER)


def _text(site: Site, name: str) -> str:
    """The text of a chapter, whose examples name this server instead of the default one."""
    return (WEB / "guide" / f"{name}.md").read_text("utf-8").replace(DEFAULT_BASE, site.iris.public)


def render(name: str, text: str) -> Chapter:
    """Markdown to a chapter: its title is the first heading, its summary the first paragraph."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    title = summary = ""
    sections = []
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            inline = tokens[number + 1].content
            token.attrSet("id", slug(inline))
            title = title or _plain(inline)
            if token.tag == "h2":
                sections.append((slug(inline), _plain(inline)))
        elif token.type == "paragraph_open" and not summary:
            summary = _plain(tokens[number + 1].content)
        elif token.type == "fence":
            # The tests that run the examples read the marks after the language; readers see a file's name as well.
            token.info, _, mark = token.info.partition(" ")
            if mark.startswith("file="):
                token.meta["file"] = mark.removeprefix("file=")
        elif style := token.attrGet("style"):  # of a cell; no page has styles in its text
            token.attrs = {"class": "number"} if style == "text-align:right" else {}
    html = markdown.renderer.render([t for token in tokens for t in _captioned(token)], markdown.options, {})
    return Chapter(name, title, summary, Markup(_scrolling(html)), sections)


def _captioned(token: Token) -> list[Token]:
    if "file" not in token.meta:
        return [token]
    caption = Token("html_block", "", 0, content=f'<p class="filename">{escape(token.meta["file"])}</p>\n')
    return [caption, token]


def _scrolling(html: str) -> str:
    """Wide tables scroll on their own instead of widening a phone's page, where long ones and long examples are folded;
    they and code can be scrolled by keyboard."""

    def folded(words: str, content: str) -> str:
        return f'<details class="long"><summary>{words}</summary>{content}</details>'

    def code(block: re.Match[str]) -> str:
        lines, content = block[0].count("\n"), block[0].replace("<pre><code", '<pre tabindex="0"><code')
        return folded(f"Example: {lines} lines", content) if lines > _LINES else content

    def scrolling(table: re.Match[str]) -> str:
        scrolling = f'<div class="scroll" tabindex="0" role="group" aria-label="Table">{table[0]}</div>'
        rows = table[0].count("<tr>") - 1
        heads = ", ".join(re.sub("<[^>]*>", "", head) for head in re.findall("<th.*?</th>", table[0]))
        return folded(f"{rows} rows: {heads}", scrolling) if rows > _ROWS else scrolling

    html = re.sub("<table>.*?</table>", scrolling, html, flags=re.DOTALL)
    return re.sub("<pre><code.*?</pre>", code, html, flags=re.DOTALL)


def examples(text: str) -> list[Token]:
    """The fenced code blocks of a chapter, with all of their info strings, for tests that run them."""
    return [t for t in MarkdownIt("commonmark").parse(text) if t.type == "fence"]


def slug(heading: str) -> str:
    """The id of a heading."""
    return re.sub(r"[^a-z0-9]+", "-", _plain(heading).lower()).strip("-")


def _plain(inline: str) -> str:
    return re.sub(r"\[([^]]*)\]\([^)]*\)|<(https?:[^>]*)>", r"\1\2", inline).replace("`", "").replace("*", "")
