"""Packs the app into the wheel and the source distribution. ``VASI_WEB=skip`` leaves it out."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "scripts"))


class AppHook(BuildHookInterface[Any]):
    """Builds the app before a wheel or a source distribution; an editable install goes without."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable" or os.environ.get("VASI_WEB") == "skip":
            return
        import web

        try:
            web.build()
        except web.CannotBuild as problem:
            sys.exit(f"{problem}\nOr set VASI_WEB=skip for a vasi without its app.")
