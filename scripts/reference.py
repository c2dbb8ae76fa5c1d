"""Writes the generated pages of docs/reference/ from the program itself; a test tells when they are out of date."""

from __future__ import annotations

import inspect
import json
import re
from enum import Enum
from pathlib import Path
from typing import Any

import typer.main

from vasi.cli.program import program
from vasi.config import known_settings
from vasi.conversation import tables
from vasi.engines.models import catalogue
from vasi.web.api import described

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
BY_HAND = "<!-- Written by scripts/reference.py; change the help in src/vasi/cli instead. -->"
STATES_BY_HAND = "<!-- Written by scripts/reference.py; change src/vasi/conversation/tables.py instead. -->"
MODELS_BY_HAND = "<!-- Written by scripts/reference.py; change src/vasi/engines/models/models.toml instead. -->"
API_BY_HAND = "<!-- Written by scripts/reference.py; change src/vasi/web/api instead. -->"
SETTINGS_BY_HAND = "<!-- Written by scripts/reference.py; change src/vasi/config/ instead. -->"


def commands() -> str:
    """The command line, one section a command."""
    root: Any = typer.main.get_command(program)
    parts = ["# Command line", BY_HAND, paragraphs(root), plain(root.epilog)]
    for name, command in root.commands.items():
        parts += section(f"vasi {name}", command, 2)
        for inner_name, inner in getattr(command, "commands", {}).items():
            parts += section(f"vasi {name} {inner_name}", inner, 3)
    return "\n\n".join(part for part in parts if part) + "\n"


def section(title: str, command: Any, level: int) -> list[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
    usage = " ".join([title, *(argument_usage(p) for p in arguments), *(["[OPTIONS]"] if options else [])])
    rows = [(f"`{argument_usage(p)}`", p.help or "") for p in arguments]
    rows += [(option_usage(p), f"{p.help}{default(p)}") for p in options]
    table = ["| | |", "|---|---|", *(f"| {left} | {right} |" for left, right in rows)]
    heading = f"{'#' * level} {title}"
    usage_block = [] if hasattr(command, "commands") else [f"```\n{usage}\n```"]
    return [heading, *usage_block, paragraphs(command), "\n".join(table) if rows else ""]


def argument_usage(parameter: Any) -> str:
    name = parameter.metavar or parameter.name.upper()
    return name if parameter.required else f"[{name}]"


def option_usage(parameter: Any) -> str:
    value = "" if parameter.is_flag else f" {parameter.metavar or 'VALUE'}"
    return ", ".join(f"`{name}{value}`" for name in parameter.opts)


def default(parameter: Any) -> str:
    shown = None if parameter.is_flag else parameter.default
    return f" Default: {shown}." if shown not in (None, [], ()) else ""


def paragraphs(command: Any) -> str:
    """The help text; the lines in [dim] are a transcript."""
    blocks = inspect.cleandoc(command.help or "").split("\n\n")
    return "\n\n".join(
        "```\n" + plain(block) + "\n```" if "[dim]" in block else " ".join(block.split()) for block in blocks
    )


def plain(text: str | None) -> str:
    return re.sub(r"\[/?dim\]", "", text or "")


def settings() -> str:
    """Every setting with its default and its environment variable."""
    lines = [
        "# Settings",
        "",
        SETTINGS_BY_HAND,
        "",
        "From weakest to strongest: the default, `vasi.toml` in the data folder (or the file that `--config` or",
        "`VASI_CONFIG` names), the environment, the command line (`--set NAME=VALUE`, or an option of its own).",
        "A name or value that is wrong is refused with one sentence that says where it was set.",
        "",
        "The data folder is `~/.local/share/vasi` (Linux), `~/Library/Application Support/vasi` (macOS) or",
        "`%LOCALAPPDATA%\\vasi` (Windows) unless `VASI_DATA` or `--data` says otherwise. `vasi.toml` is never looked",
        "for in the working directory: a folder from somebody else must not decide where your questions are sent.",
        "",
        "```toml",
        "# vasi.toml",
        'voice = "alloy"',
        "",
        "[llm]",
        'base_url = "http://localhost:11434/v1"',
        'model = "qwen3"',
        "```",
        "",
        "MCP servers have a table each, `[mcp.LABEL]`; see [MCP servers](../how-to/mcp.md). So have plug-ins,",
        "`[plugins.NAME]`, with keys of their own; see [plug-ins](../how-to/plugins.md).",
        "",
        "A key can stay in a file of its own: `VASI_LLM__API_KEY_FILE=/run/secrets/key`, `VASI_API_KEYS_FILE` for the",
        "server's own keys.",
        "",
        "| Setting | Environment | Default | |",
        "|---|---|---|---|",
    ]
    for name, field in known_settings().items():
        variable = "VASI_" + name.upper().replace(".", "__")
        lines.append(f"| `{name}` | `{variable}` | {shown_default(name, field)} | {field.description} |")
    return "\n".join(lines) + "\n"


def shown_default(name: str, field: Any) -> str:
    if name == "data":
        return "see above"
    if field.is_required() or field.default_factory is not None or field.default in (None, ()):
        return ""
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def models() -> str:
    """The catalogue of models."""
    lines = [
        "# Models",
        "",
        MODELS_BY_HAND,
        "",
        "What `vasi download` can fetch; see [get better hearing and voices](../how-to/hearing-and-voices.md). Each",
        "file is pinned by a revision, its size and its SHA-256. *Cores* and *memory* are the least that a machine",
        "needs to hold a conversation without waiting. *For*: languages for which a machine of that size should have",
        'the model; "others" are those without one of their own.',
        "",
        "| Model | | Part | Size | Licence | Cores | Memory | For |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for model in catalogue():
        what = f"`{model.name}` | {model.about} | `{model.part}`"
        size = f"{model.bytes / 1e6:,.0f} MB"
        licence = f"[{model.licence}]({model.licence_url})"
        least = f"{model.cores} | {model.memory_mb / 1000:g} GB"
        languages = ", ".join(model.recommended).replace("*", "others") or "by name only"
        lines.append(f"| {what} | {size} | {licence} | {least} | {languages} |")
    return "\n".join(lines) + "\n"


def states() -> str:
    """The conversation's two state machines, drawn from their tables."""
    parts = ["# States of a conversation", STATES_BY_HAND, inspect.cleandoc(tables.__doc__ or "").replace("``", "`")]
    for title, table in (("The user's turn", tables.TURNS), ("A response", tables.PHASES)):
        drawing = ["stateDiagram-v2", f"    [*] --> {state_name(next(iter(table)))}"]
        for state, moves in table.items():
            drawing += [f"    {state_name(state)} --> {state_name(to)}: {cue.value}" for cue, to in moves.items()]
            drawing += [] if moves else [f"    {state_name(state)} --> [*]"]
        parts += [f"## {title}", "\n".join(["```mermaid", *drawing, "```"])]
    return "\n\n".join(parts) + "\n"


def state_name(state: Enum) -> str:
    return str(state.value).replace(" ", "_")


def http_api() -> str:
    """The HTTP API, from its OpenAPI description."""
    description = described()
    parts = ["# HTTP API", API_BY_HAND, description["info"]["description"]]
    parts.append(
        "The same as a page of the server: `/api/docs`; for programs: `/api/openapi.json`. Errors have the shape\n"
        '`{"error": {"message", "type", "param", "code"}}`, and the message says what to do.'
    )
    rows = ["| Request | Given | Answer | |", "|---|---|---|---|"]
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            given = [f"`{one['name']}`" for one in operation.get("parameters", ()) if one["in"] != "path"]
            given += [shape(one["schema"]) for one in operation.get("requestBody", {}).get("content", {}).values()]
            status, answer = next(iter(operation["responses"].items()))
            contents = [shape(one["schema"]) for one in answer.get("content", {}).values() if one.get("schema")]
            text = " ".join(f"{operation['summary']}. {operation.get('description', '')}".split()).replace("|", "\\|")
            rows.append(
                f"| `{method.upper()} /api{path}` | {', '.join(given)} | {' '.join([status, *contents])} | {text} |"
            )
    parts.append("\n".join(rows))
    parts.append("## Shapes")
    for name, schema in description["components"]["schemas"].items():
        fields = [f"| `{field}` | {shape(kind)} |" for field, kind in schema.get("properties", {}).items()]
        parts.append(f"### {name}\n\n{schema.get('description', '')}".rstrip())
        parts.append("\n".join(["| | |", "|---|---|", *fields]))
    return "\n\n".join(parts).replace("``", "`") + "\n"


def shape(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(shape(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f'"{one}"' for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {shape(schema['items'])}"
    if schema.get("type") == "object" and "properties" in schema:
        return ", ".join(f"`{name}`" for name in schema["properties"])
    return str(schema.get("format") or schema.get("type") or "anything")


def openapi() -> str:
    """What the app's client is made of: `npm --prefix frontend run api`."""
    return json.dumps(described(), indent=1, ensure_ascii=False) + "\n"


PAGES = {
    "cli.md": commands,
    "http-api.md": http_api,
    "models.md": models,
    "openapi.json": openapi,
    "settings.md": settings,
    "states.md": states,
}

if __name__ == "__main__":
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for page, text in PAGES.items():
        (REFERENCE / page).write_text(text(), encoding="utf-8")
