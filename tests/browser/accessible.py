"""Violations that axe-core finds on a page, of WCAG 2.2 A and AA and of its best practices; errors in HTML."""

import json
import subprocess
from pathlib import Path
from typing import Any

from ..serving import Server

_HTML_RULES = {
    "extends": ["html-validate:recommended"],
    "rules": {
        "doctype-style": "off",
        "no-trailing-whitespace": "off",
        "long-title": "off",
        "form-dup-name": ["error", {"shared": ["radio", "checkbox", "button", "reset", "submit"]}],
    },
}
"""All that html-validate recommends, but for the case of the doctype, spaces at the ends of lines and long titles;
and the checkboxes of a group share their name, as radio buttons do."""

_RUN = """async () => (await axe.run({
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  })).violations
  .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 120) + " " + n.any[0]?.message).join(" | ")}`)"""


def violations(page: Any, axe: str) -> list[str]:
    """Each rule that the page breaks, with the first elements that break it; ``axe`` is the text of axe-core."""
    page.evaluate(axe)
    violations: list[str] = page.evaluate(_RUN)
    return violations


def html_errors(paths: list[str], server: Server, program: Path, folder: Path) -> list[str]:
    """Each error in the HTML of those pages: path, line, rule and message; ``folder`` is empty, for copies of them."""
    (folder / ".htmlvalidate.json").write_text(json.dumps({"root": True, **_HTML_RULES}), "utf-8")
    names = {}
    for number, path in enumerate(paths):
        names[str(folder / f"{number}.html")] = path
        (folder / f"{number}.html").write_bytes(server.get(f"/{path}", {"Accept": "text/html"}).body)
    found = folder / "found.json"  # not a pipe: the program ends before it has written more than one holds
    with found.open("w") as out:
        subprocess.run([program, "--formatter", "json", *names], stdout=out, check=False)
    return [
        f"{names[file['filePath']]}:{error['line']}: {error['ruleId']}: {error['message']}"
        for file in json.loads(found.read_text("utf-8"))
        for error in file["messages"]
    ]
