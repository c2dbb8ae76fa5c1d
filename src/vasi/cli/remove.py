"""``vasi remove``: forget documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import OWNER, Config, Data, Set, load_settings
from vasi.cli.running import run

if TYPE_CHECKING:
    from vasi.config import Settings


def remove(
    documents: Annotated[
        list[str], typer.Argument(metavar="DOCUMENT...", help="Names, paths or ids, as in: vasi sources; or folders.")
    ],
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Forget documents; the files themselves stay where they are.

    Of a folder or a ZIP archive, all that was read of it is forgotten.

    For example:

    [dim]vasi remove handbook.pdf[/dim]
    [dim]vasi remove ~/Documents/manuals[/dim]
    """
    run(_remove(load_settings(data, config, assignments), documents))


async def _remove(settings: Settings, references: list[str]) -> None:
    from vasi.app import Vasi
    from vasi.cli.answer import count
    from vasi.cli.terminal import one_line, stdout

    async with Vasi.open(settings, engines=False) as vasi:
        try:
            for reference in references:
                for removed in await vasi.knowledge.remove_all(OWNER, reference):
                    stdout().print(one_line(f"Removed {removed.name} ({count(removed.passages, 'passage')})."))
        finally:
            await vasi.forget_words()
