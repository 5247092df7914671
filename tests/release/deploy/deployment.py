"""A folder of releases that is published with an engine."""

import gzip
from pathlib import Path

import pyoxigraph as ox

from quoth.config import Settings
from quoth.release.deploy import record
from quoth.release.deploy.staging import Staging, staging
from quoth.release.open import open_current
from quoth.release.publish import publish
from quoth.release.release import Release

from ...conftest import BASE
from ..publishing import quads

CLAIMS = "SELECT ?c { ?c a <https://w3id.org/quoth/ns#Claim> }"


def dump(release: Release) -> set[str]:
    """The quads of a release."""
    with release.open_file("claims.nq.gz") as packed, gzip.open(packed) as file:
        return {str(quad) for quad in ox.parse(file.read(), ox.RdfFormat.N_QUADS)}


class Deployment:
    """A folder of releases, published with an engine."""

    def __init__(self, releases: Path, engine: str) -> None:
        self.settings = Settings(releases=releases, public_url=BASE, engine=engine)
        self.notes: list[str] = []

    @property
    def staging(self) -> Staging:
        staged = staging(self.settings, self.notes.append)
        assert staged is not None
        return staged

    def publish(self, claims: int, force: bool = False) -> Release:
        return publish(
            quads(claims),
            releases=self.settings.releases,
            base=BASE,
            report_ttl="",
            report_json="{}",
            force=force,
            stage=self.staging.stage,
        )

    def recorded(self) -> list[int]:
        """The numbers of the releases that the record has."""
        return sorted(number for number, _ in record.read(self.settings.releases).values())

    def claims(self) -> int:
        """How many claims the engine of the current release has."""
        engine, _ = open_current(self.settings)
        try:
            return len(engine.select(CLAIMS))
        finally:
            engine.close()
