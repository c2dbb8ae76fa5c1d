"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from vasi.accounts.principals import LOCAL_OWNER

if TYPE_CHECKING:
    from vasi.config import Settings

OWNER = LOCAL_OWNER
"""Whose documents and notes the command line works on."""

Data: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Where documents and notes are kept (VASI_DATA).")
]
Config: TypeAlias = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Settings file instead of vasi.toml in the data folder (VASI_CONFIG)."),
]
Set: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        "-s",
        metavar="NAME=VALUE",
        help="Change one setting for this call, e.g. -s llm.model=qwen3; may be repeated.",
    ),
]
Language: TypeAlias = Annotated[
    str | None,
    typer.Option(metavar="CODE", help="What you speak, e.g. de; without it, vasi goes by what you say."),
]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Documents: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(metavar="PATH", help="Read these files or folders first, if they changed; may be repeated."),
]


def load_settings(data: Path | None, config: Path | None, assignments: list[str] | None, **flags: Any) -> Settings:
    """Settings with what this command was told. Raises ``ConfigError``."""
    from vasi.config import load_settings as load
    from vasi.errors import ConfigError

    assigned: dict[str, str] = {}
    for assignment in assignments or ():
        name, equals, value = assignment.partition("=")
        if not equals:
            raise ConfigError(f'"--set {assignment}" has no value; write --set {assignment}=VALUE.', param=name)
        assigned[name.strip()] = value
    return load({"data": data, **flags}, assigned=assigned, config=config)
