"""``vasi remove``: forget a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import OWNER, Config, Data, Set, load_settings
from vasi.cli.running import run

if TYPE_CHECKING:
    from vasi.app import Vasi
    from vasi.config import Settings


def remove(
    documents: Annotated[
        list[str], typer.Argument(metavar="DOCUMENT...", help="Names, paths or ids, as in: vasi sources.")
    ],
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Forget documents; the files themselves stay where they are. Of a ZIP archive, all that is in it.

    For example:

    [dim]vasi remove handbook.pdf[/dim]
    """
    run(_remove(load_settings(data, config, assignments), documents))


async def _expand(vasi: Vasi, reference: str) -> list[str]:
    """``reference``, or the ids of all documents in the archive that it stands for."""
    if not reference.lower().endswith(".zip"):
        return [reference]
    return [document.id for document in await vasi.knowledge.documents_in(OWNER, reference)] or [reference]


async def _remove(settings: Settings, references: list[str]) -> None:
    from vasi.app import Vasi
    from vasi.cli.answer import count
    from vasi.cli.terminal import one_line, stdout

    async with Vasi.open(settings, engines=False) as vasi:
        try:
            for reference in [one for given in references for one in await _expand(vasi, given)]:
                removed = await vasi.knowledge.remove(OWNER, reference)
                stdout().print(one_line(f"Removed {removed.name} ({count(removed.passages, 'passage')})."))
        finally:
            await vasi.forget_words()
