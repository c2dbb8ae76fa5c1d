"""``vasi add``: give it something to read."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import Config, Data, Json, Set, load_settings

if TYPE_CHECKING:
    from vasi.config import Settings
    from vasi.knowledge import IngestReport


def add(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, or folders with all that is in them.")],
    json: Json = False,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Read documents, so that questions can be answered from them.

    PDF, Word (.docx), PowerPoint (.pptx), HTML, Markdown, plain text and CSV.
    A file that is unchanged is skipped, one that changed is read again. Exits
    with 1 if any couldn't be read, with one line for each.

    For example:

    [dim]vasi add handbook.pdf[/dim]
    [dim]vasi add ~/Documents/manuals notes.md[/dim]
    """
    asyncio.run(_add(load_settings(data, config, assignments), paths, json))


async def _add(settings: Settings, paths: list[Path], json: bool) -> None:
    from vasi.app import Vasi
    from vasi.cli.reading import read

    async with Vasi.open(settings, engines=False) as vasi:
        report = await read(vasi, paths)
