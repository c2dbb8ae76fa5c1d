"""The app can be built anywhere: its lock file names no place, and holds the programs of every platform."""

from __future__ import annotations

import json
from pathlib import Path

LOCK = json.loads((Path(__file__).resolve().parents[2] / "frontend" / "package-lock.json").read_text())["packages"]


def test_it_names_no_place_to_fetch_from() -> None:
    assert [name for name, package in LOCK.items() if "resolved" in package] == []


def test_it_holds_the_programs_of_every_platform() -> None:
    """npm leaves out what it can't find, and then refuses its own file."""
    held = {name.rpartition("node_modules/")[2] for name in LOCK}
    wanted = {other for package in LOCK.values() for other in package.get("optionalDependencies", {})}
    assert wanted
    assert wanted - held == set()
