"""What holds for the whole tree: import direction, no addresses of one machine, no setting that nothing reads."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import vasi
from vasi.config import Settings, known_settings
from vasi.plugins import PARTS

ROOT = Path(__file__).resolve().parents[2]
SOURCE = Path(vasi.__file__).parent
# Put together here, so that this file doesn't hold what it looks for.
REGISTRY = re.compile(r"https?://[^\s\"']*(" + "|".join(["py" + "pi", "pythonho" + "sted", "np" + "mjs"]) + r")\.org")
MACHINE = re.compile(r"(?<![\w.])/(" + "|".join(["wo" + "rk", "ro" + "ot", "fa" + "rm"]) + r")/\w")
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".yml", ".yaml", ".html", ".csv", ""}


def tree() -> list[Path]:
    """The files of the project: what git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (ROOT / line for line in listed.stdout.splitlines())
    return [path for path in paths if path.is_file() and path.suffix in TEXT]


def test_imports_flow_one_way() -> None:
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    run = subprocess.run([sys.executable, "-c", linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    paths = tree()
    assert len(paths) > 50
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in paths
        for pattern in (REGISTRY, MACHINE)
        for match in pattern.finditer(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert found == []


def read_settings(source: str) -> set[str]:
    """What is read, by dotted name: ``settings.host`` is "host", ``settings.llm.model`` is "llm.model"."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = node.value
            table = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            found.add(node.attr if table.strip("_") == "settings" else f"{table}.{node.attr}")
    return found


def test_every_setting_is_read_somewhere() -> None:
    modules = [path for path in SOURCE.rglob("*.py") if path.parent.name != "config"]
    read = set[str]().union(*(read_settings(path.read_text(encoding="utf-8")) for path in modules))
    # Engines are chosen by a table; what guards the address is a method of the settings themselves.
    read |= {f"engines.{part}" for part in PARTS}
    read |= {"insecure"} if "require_safe_bind" in read else set()
    read |= {"auth.mode"} if "auth_mode" in read else set()
    if "server.all_headers" in read:
        read |= {f"mcp.LABEL.{name}" for name in ("url", "authorization", "headers", "offered", "approved")}
    # Users choose the names of these tables, too.
    read |= {f"auth.providers.LABEL.{name.removeprefix('provider.')}" for name in read if name.startswith("provider.")}
    read |= {f"auth.{name}" for name in read if name.startswith("proxy.")}
    read.add("plugins.NAME.KEY")  # by plug-ins: tests/test_plugins.py
    assert [name for name in known_settings() if name not in read] == []


def test_every_setting_tells_what_it_is() -> None:
    known = known_settings()
    assert set(Settings.model_fields) <= {name.partition(".")[0] for name in known}
    assert [name for name, field in known.items() if not field.description] == []
