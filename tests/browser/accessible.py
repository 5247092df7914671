"""Violations that axe-core finds on a page: WCAG 2.1 A and AA, and its best practices."""

from typing import Any

_RUN = """async () => (await axe.run({
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
  })).violations
  .map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 120) + " " + n.any[0]?.message).join(" | ")}`)"""


def violations(page: Any, axe: str) -> list[str]:
    """Each rule that the page breaks, with the first elements that break it; ``axe`` is the text of axe-core."""
    page.evaluate(axe)
    violations: list[str] = page.evaluate(_RUN)
    return violations
