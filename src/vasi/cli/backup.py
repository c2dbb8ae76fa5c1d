"""``vasi backup``: a copy of everything."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import Config, Data, Set, load_settings

if TYPE_CHECKING:
    from vasi.config import Settings


def backup(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="The copy; must not exist yet.")],
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Copy all documents and notes into one file, also while a server is running.

    To restore, stop vasi and put the file in place of vasi.db in the data folder ([dim]vasi doctor[/dim] shows
    where that is).

    For example:

    [dim]vasi backup vasi-2026-11-22.db[/dim]
    """
    from vasi.cli.terminal import stdout
    from vasi.errors import StoreError

    if to.exists():
        raise StoreError(f"{to} exists already; choose another name or remove it first.")
    if not to.absolute().parent.is_dir():
        raise StoreError(f"There is no folder {to.absolute().parent}; make it first.")
    asyncio.run(_backup(load_settings(data, config, assignments), to))
    stdout().print(f"Backed up to {to} ({to.stat().st_size / 1e6:.1f} MB).")


async def _backup(settings: Settings, to: Path) -> None:
    from vasi.app import Vasi

    async with Vasi.open(settings, engines=False) as vasi:
        await vasi.store.backup(str(to))
