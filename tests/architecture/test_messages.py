"""What messages and help name exists: options, commands, settings, environment variables and extras."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from vasi.cli.program import program
from vasi.config import known_settings

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "vasi"
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
COMMAND = re.compile(r"(?:`|with: |\[dim\])vasi ((?:[a-z]+)(?: [a-z]+)?)")
DOTTED = re.compile(r"(?<![\w./:-])[a-z_]+\.[a-z_]+(?!\w|\.\w|[(/])")
SETTING = re.compile(r"(?:\bsettings? '|-s |--set )([a-z_]+(?:\.[a-z_]+)*)|\b[Ss]et ([a-z]+_[a-z_]+)")
EXAMPLE = re.compile(r"\[dim\]vasi ([a-z]+)(.*?)\[/dim\]")
VARIABLE = re.compile(r"\bVASI_[A-Z_]+")
EXTRA = re.compile(r"\bvasi\[([a-z,]+)\]")
OF_OTHERS = {"pip install --no-deps"}
"""Options of other programs, with what stands before them."""


def commands() -> dict[str, Any]:
    """Every command by its name, subcommands by both."""
    found: dict[str, Any] = {"": typer.main.get_command(program)}
    for name, command in found[""].commands.items():
        found[name] = command
        found |= {f"{name} {inner}": each for inner, each in getattr(command, "commands", {}).items()}
    return found


COMMANDS = commands()
SETTINGS = known_settings()
TABLES = {name.partition(".")[0] for name in SETTINGS if "." in name} - {"mcp"}
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]


def options(module: str) -> set[str]:
    """Those that a message of ``module`` may name: of its own commands, if it has any; else of all."""
    own = [name for name, command in COMMANDS.items() if getattr(command.callback, "__module__", None) == module]
    return options_of(*(own or COMMANDS))


def options_of(*names: str) -> set[str]:
    """Those of some commands."""
    parameters = [parameter for name in names for parameter in COMMANDS[name].params]
    return {option for one in parameters for option in one.opts + one.secondary_opts} | {"--help", "--version"}


def named_by(line: str) -> list[str]:
    """The commands that an example calls: "notes" and "notes export"."""
    return [name for name in COMMANDS if name and f"{line} ".startswith(f"{name} ")]


def texts(tree: ast.AST, *, docstrings: bool) -> Iterator[str]:
    """All texts of a module; what is put into them is "{}"."""
    parts: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and not docstrings:
            parts.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            parts |= {id(value) for value in node.values}
            yield "".join(value.value if isinstance(value, ast.Constant) else "{}" for value in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def wrong(module: str, text: str) -> list[str]:
    """What ``text`` names that isn't there."""
    for others in OF_OTHERS:
        text = text.replace(others, "")
    examples = EXAMPLE.findall(text)
    found = [
        one for name, rest in examples for one in OPTION.findall(rest) if one not in options_of(*named_by(name + rest))
    ]
    found += [option for option in OPTION.findall(EXAMPLE.sub("", text)) if option not in options(module)]
    for command in COMMAND.findall(text):
        first, _, second = command.partition(" ")
        group = first in COMMANDS and hasattr(COMMANDS[first], "commands")
        if first not in COMMANDS or (group and second and command not in COMMANDS):
            found.append(f"vasi {command}")
    found += [name for name in DOTTED.findall(text) if name.partition(".")[0] in TABLES and name not in SETTINGS]
    found += [name for pair in SETTING.findall(text) for name in pair if name and name not in SETTINGS]
    found += [name for name in VARIABLE.findall(text) if not is_variable(name)]
    found += [name for names in EXTRA.findall(text) for name in names.split(",") if name not in EXTRAS]
    return found


def is_variable(name: str) -> bool:
    """Whether it sets a setting, or names a file."""
    key = name.removeprefix("VASI_").lower().replace("__", ".")
    return name in ("VASI_CONFIG", "VASI_") or key in SETTINGS or key.removesuffix("_file") in SETTINGS


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_what_a_message_names_is_there(path: Path) -> None:
    module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    # Docstrings of commands are their help.
    said = texts(tree, docstrings=module.startswith("vasi.cli"))
    # An option alone is an argument of a program, not a message.
    found = {text: named for text in said if not OPTION.fullmatch(text) and (named := wrong(module, text))}
    assert not found


@pytest.mark.parametrize(
    ("module", "text", "named"),
    [
        ("vasi.config", "Use --ear, or --host.", ["--ear"]),
        ("vasi.cli.search", "Add --limit, not --force.", ["--force"]),
        ("vasi.cli.ask", "For example: [dim]vasi search --wav x[/dim] [dim]vasi ask --wav x[/dim]", ["--wav"]),
        ("vasi.app", "See `vasi list` and `vasi notes list` and `vasi notes lost`.", ["vasi list", "vasi notes lost"]),
        ("vasi.app", "Set llm.model and llm.modle; see llm.modle.", ["llm.modle", "llm.modle"]),
        ("vasi.app", "It's in its setting 'records'; set mcp_origin, or -s voice=x.", ["records", "mcp_origin"]),
        ("vasi.app", "Set VASI_LLM__MODEL, VASI_API_KEYS_FILE or VASI_MODEL.", ["VASI_MODEL"]),
        ("vasi.app", "pip install 'vasi[local,extra]' or pip install --no-deps another", ["extra"]),
    ],
)
def test_what_is_not_there_is_noticed(module: str, text: str, named: list[str]) -> None:
    assert wrong(module, text) == named


@pytest.mark.parametrize("name", sorted(name for name in SETTINGS if not name.startswith(("mcp.", "plugins."))))
def test_a_wrong_setting_is_told_as_it_was_given(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from vasi.cli import main

    monkeypatch.setenv("VASI_DATA", str(tmp_path))
    monkeypatch.setattr("sys.argv", ["vasi", "prompts", "--set", f"{name}x=1"])
    with pytest.raises(SystemExit):
        main()
    told = capsys.readouterr().err
    assert f"(option --set {name}x)" in told
    assert not set(OPTION.findall(told)) - options("")
