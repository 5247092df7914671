"""Documents with a mistake, made from documents without one."""

from pathlib import Path

from quoth.claim.model.namespaces import PREFIXES


def mutate(written: str, old: str, new: str, path: Path) -> int:
    """Write the text to the path with its first ``old`` as ``new``; return the line of the change, from 1."""
    assert old in written
    path.write_text(written.replace(old, new, 1), "utf-8")
    return written[: written.index(old)].count("\n") + 1


def addition(text: str, folder: Path, **prefixes: str) -> Path:
    """A document in TriG beside others, with the prefixes of the data and more."""
    path = folder / "added.trig"
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in {**PREFIXES, **prefixes}.items())
    path.write_text(head + text, "utf-8")
    return path
