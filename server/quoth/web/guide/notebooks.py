"""Chapters of the guide as notebooks (nbformat 4.5): the text as Markdown, the examples that run as code.

https://nbformat.readthedocs.io/en/latest/format_description.html
"""

import json
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt

MEDIA_TYPE = "application/x-ipynb+json"
RUNS = "python run"
"""The mark of an example that runs: its language, and what the tests do with it."""


def has_code(text: str) -> bool:
    """Whether a chapter has an example that runs, so that it is worth a notebook."""
    return any(kind == "code" for kind, _ in _cells(text))


def notebook(text: str) -> str:
    """A chapter as a notebook. It has no output: whoever runs it gets that of the day."""
    cells: list[dict[str, Any]] = [
        {
            "cell_type": kind,
            "id": f"cell-{number}",
            "metadata": {},
            "source": source,
            **({"execution_count": None, "outputs": []} if kind == "code" else {}),
        }
        for number, (kind, source) in enumerate(_cells(text))
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    members = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return json.dumps(members, ensure_ascii=False, indent=1) + "\n"


def _cells(text: str) -> Iterator[tuple[str, str]]:
    """The kinds of the cells and their texts, in order."""
    lines, last = text.splitlines(keepends=True), 0
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "fence" and token.info == RUNS and token.map:
            begin, end = token.map
            yield from _prose(lines[last:begin])
            yield "code", token.content.rstrip("\n")
            last = end
    yield from _prose(lines[last:])


def _prose(lines: list[str]) -> Iterator[tuple[str, str]]:
    if text := "".join(lines).strip():
        yield "markdown", text
