"""The build hook: the query editor, which is no Python, is in what is built.

An archive of the sources and a wheel get the built editor. Where it is not built yet, and Node is installed, it is
built; else the wheel is made without the editor, with a warning, and its query page has the plain form.
"""

import importlib.util
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_BUILD = Path(__file__).parent / "server" / "quoth" / "web" / "editor" / "build.py"


class EditorBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the editor where it is missing; an editable installation is left to ``make editor``."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the editor, or say that it is missing."""
        spec = importlib.util.spec_from_file_location("quoth_editor_build", _BUILD)
        assert spec is not None, "the file is there"
        assert spec.loader is not None, "the file is Python"
        editor = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(editor)
        if version == "editable" or (editor.OUTPUT / "editor.js").is_file():
            return
        try:
            editor.build()
        except (editor.NodeMissingError, OSError, subprocess.CalledProcessError) as error:
            self.app.display_warning(f"built without the query editor, so its page has a plain form: {error}")
