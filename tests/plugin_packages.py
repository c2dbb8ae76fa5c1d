"""Installs packages for a test: a folder on ``sys.path`` with their modules and metadata, as an installer leaves it."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from vasi import plugins

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "plugin"


@contextmanager
def installed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, entry_points: Mapping[str, Mapping[str, str]], source: str
) -> Iterator[None]:
    """A package ``name`` with one module of the same name, for this process and its children."""
    module = name.replace("-", "_")
    (folder / f"{module}.py").write_text(source, encoding="utf-8")
    metadata = folder / f"{module}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    lines = [
        line
        for group, entries in entry_points.items()
        for line in (f"[{group}]", *(f"{key} = {value}" for key, value in entries.items()))
    ]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    plugins.forget()
    yield
    monkeypatch.undo()
    sys.modules.pop(module, None)
    plugins.forget()


@contextmanager
def example_installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The package that the docs show, with the entry points of its ``pyproject.toml``."""
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    source = (EXAMPLE / "vasi_library.py").read_text(encoding="utf-8")
    (folder / "vasi_library.py").write_text(source, encoding="utf-8")
    with installed(folder, monkeypatch, project["name"], project["entry-points"], source):
        yield
