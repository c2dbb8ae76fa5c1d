"""``vasi remove``: forget a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import OWNER, Config, Data, Set, load_settings
from vasi.cli.running import run

if TYPE_CHECKING:
    from vasi.config import Settings


def remove(
    documents: Annotated[
        list[str], typer.Argument(metavar="DOCUMENT...", help="Names, paths or ids, as in: vasi sources.")
    ],
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Forget documents; the files themselves stay where they are.

    For example:

    [dim]vasi remove handbook.pdf[/dim]
    """
    run(_remove(load_settings(data, config, assignments), documents))


async def _remove(settings: Settings, references: list[str]) -> None:
    from vasi.app import Vasi
    from vasi.cli.answer import count
    from vasi.cli.terminal import one_line, stdout

    async with Vasi.open(settings, engines=False) as vasi:
        try:
            for reference in references:
                removed = await vasi.knowledge.remove(OWNER, reference)
                stdout().print(one_line(f"Removed {removed.name} ({count(removed.passages, 'passage')})."))
        finally:
            await vasi.forget_words()
