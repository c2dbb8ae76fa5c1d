"""What is handed out: the app is in it, what it was made with isn't, and whoever installs it needs no Node.js."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from vasi import __version__

pytest.importorskip("hatchling")

ROOT = Path(__file__).resolve().parents[2]
STAMP = "import sys; sys.path.insert(0, 'scripts'); import web; web.STAMP.write_text(web.fingerprint())"
MODELS = "src/vasi/engines/models/models.toml"
APP = {"index.html", "assets/index-1.js", "assets/index-1.css", "sw.js", "manifest.webmanifest"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small vasi with an app that was built of its sources, as this one is packed."""
    tree = tmp_path / "tree"
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore", "scripts/web.py"):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    files = ["src/vasi/__init__.py", "src/vasi/cli.py", MODELS, "frontend/package.json", "frontend/src/main.tsx"]
    files += ["frontend/node_modules/react/index.js", "frontend/screenshots/talk.png", ".venv/bin/python"]
    for name in [*files, *(f"src/vasi/web/dist/{name}" for name in APP)]:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text("")
    subprocess.run([sys.executable, "-c", STAMP], cwd=tree, check=True)
    return tree


def build(tree: Path, kind: str) -> Path:
    """Build on a machine without Node.js."""
    without = {**os.environ, "PATH": ""}
    without.pop("VASI_WEB", None)
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(tree.parent / kind)]
    done = subprocess.run(command, cwd=tree, env=without, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = (tree.parent / kind).iterdir()
    return built


def test_the_wheel_holds_the_app_and_nothing_else_of_it(tree: Path) -> None:
    with zipfile.ZipFile(build(tree, "wheel")) as wheel:
        names = set(wheel.namelist())
    assert {MODELS.removeprefix("src/"), *(f"vasi/web/dist/{name}" for name in APP)} <= names
    assert {name.split("/")[0] for name in names} == {"vasi", f"vasi-{__version__}.dist-info"}
    assert not [name for name in names if "frontend" in name or "node_modules" in name]


def test_a_wheel_is_built_of_the_source_distribution_as_of_the_tree(tree: Path, tmp_path: Path) -> None:
    with tarfile.open(build(tree, "sdist")) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
        packed.extractall(tmp_path / "unpacked", filter="data")
    assert {"frontend/src/main.tsx", "frontend/package.json", "scripts/web.py"} <= names
    assert not [name for name in names if "node_modules" in name or "screenshots" in name or ".venv" in name]
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    with zipfile.ZipFile(build(unpacked, "wheel")) as wheel:
        assert {f"vasi/web/dist/{name}" for name in APP} <= set(wheel.namelist())
