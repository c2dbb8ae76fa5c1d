"""``vasi check``: is the database sound?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from vasi.cli.options import Config, Data, Set, load_settings
from vasi.cli.running import run

if TYPE_CHECKING:
    from vasi.config import Settings


def check(data: Data = None, config: Config = None, assignments: Set = None) -> None:
    """Check that the database is sound and its index complete.

    Exits with 1 if it isn't, with one line for each problem.

    For example:

    [dim]vasi check[/dim]
    """
    from vasi.cli.terminal import complain, stdout
    from vasi.storage.choice import shown_place

    settings = load_settings(data, config, assignments)
    problems = run(_check(settings))
    for problem in problems:
        complain(problem)
    if problems:
        raise typer.Exit(1)
    stdout().print(f"{shown_place(settings)} is sound.")


async def _check(settings: Settings) -> list[str]:
    from vasi.app import Vasi

    async with Vasi.open(settings, engines=False) as vasi:
        return await vasi.maintenance.check()
