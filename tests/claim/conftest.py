"""An excerpt of the fictional encoding, which is checked in less time: a mistake in it is found as in the whole."""

import re
from pathlib import Path

import pytest

IDS = re.compile(r'(?m)\b(?:id|corroborates|contradicts|inTensionWith|presupposes): "?([\w-]+)(?=#|"|$)')
CLAIMS = {"ferry-late", "pilots-ashore", "late-because-ashore", "nobody-hurt", "dockers-late", "on-time-again"}


@pytest.fixture(scope="session")
def excerpt(harbour: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The encoding with a few of its claims, and what is inferred from these."""
    head, claims, inferred = re.split(r"(?<=\nclaims:\n)|(?=\n# What follows is ours)", harbour.read_text("utf-8"))
    claims = "".join(
        entry for entry in re.split(r"(?m)^(?=  - id: )", claims) if set(re.findall(r"^  - id: (\S+)", entry)) <= CLAIMS
    )
    inferred = "".join(entry for entry in re.split(r"(?m)^(?=    - )", inferred) if set(IDS.findall(entry)) <= CLAIMS)
    path = tmp_path_factory.mktemp("excerpt") / "harbour.yaml"
    path.write_text(head + claims + inferred, "utf-8")
    return path
