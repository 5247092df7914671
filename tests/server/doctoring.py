"""What the checks of quoth doctor say."""

from quoth.config import Settings
from quoth.release.open import open_current
from quoth.server.doctor import CHECKS


def found(name: str, settings: Settings) -> list[tuple[str, str]]:
    """The statuses and the details of one check."""
    return [(status, detail) for status, detail, _ in CHECKS[name](settings, open_current)]


def only(name: str, settings: Settings) -> tuple[str, str]:
    """That finding of a check that is not ok."""
    [finding] = [(status, detail) for status, detail in found(name, settings) if status != "ok"]
    return finding
