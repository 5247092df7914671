"""The file of a release is filled on the disk of the releases alone."""

import contextlib
import os
import sqlite3
from pathlib import Path

from quoth.index.database import writing

_BYTES = 200


def test_indexes_are_sorted_beside_the_file_and_not_in_the_folder_for_temporary_files(tmp_path: Path) -> None:
    seen: set[str] = set()

    def look() -> int:
        for file in os.listdir("/proc/self/fd"):
            with contextlib.suppress(OSError):
                seen.add(os.readlink(f"/proc/self/fd/{file}"))
        return 0

    folder = tmp_path / "the editor's"
    folder.mkdir()
    with writing(folder / "lists.sqlite") as connection:
        connection.execute("CREATE TABLE word (text)")
        connection.executemany("INSERT INTO word VALUES (?)", ((os.urandom(_BYTES),) for _ in range(60_000)))
        connection.set_progress_handler(look, 1000)
        connection.execute("CREATE INDEX by_text ON word (text)")
        connection.set_progress_handler(None, 0)
    temporary = [Path(path.removesuffix(" (deleted)")) for path in seen if path.endswith(" (deleted)")]
    assert {path.parent for path in temporary if path.name.startswith("etilqs")} == {folder}
    with contextlib.closing(sqlite3.connect(":memory:")) as other:
        assert other.execute("PRAGMA temp_store_directory").fetchone() is None, "it holds until the file is whole"
