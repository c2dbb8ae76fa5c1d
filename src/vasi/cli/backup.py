"""``vasi backup``: a copy of everything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import Config, Data, Set, load_settings
from vasi.cli.running import run

if TYPE_CHECKING:
    from vasi.config import Settings


def backup(
    to: Annotated[Path, typer.Argument(metavar="FOLDER", help="The copy; must not exist yet.")],
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Copy all documents, notes and conversations into a new folder, also while a server is running.

    Files that were sent to the server are in it as well. Of a PostgreSQL database it's a copy of one moment as a
    SQLite file, which [dim]vasi copy[/dim] brings back. The copy is a data folder: look into it with --data.
    To restore, stop vasi and put it in place of the data folder ([dim]vasi doctor[/dim] shows where that is).

    For example:

    [dim]vasi backup vasi-2026-11-22[/dim]
    [dim]vasi sources --data vasi-2026-11-22[/dim]
    """
    from vasi.cli.terminal import stdout, warn

    gone = run(_backup(load_settings(data, config, assignments), to))
    size = sum(file.stat().st_size for file in to.rglob("*") if file.is_file())
    stdout().print(f"Backed up to {to} ({size / 1e6:.1f} MB).")
    for name in gone:
        warn(f"{name}: the file that was sent is gone; what was read of it is in the backup.")


async def _backup(settings: Settings, to: Path) -> list[str]:
    from vasi.app import Vasi

    async with Vasi.open(settings, engines=False) as vasi:
        return await vasi.backup(to)
