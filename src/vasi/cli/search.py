"""``vasi search``: the passages that fit a query."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import OWNER, Config, Data, Json, Set, load_settings

if TYPE_CHECKING:
    from vasi.config import Settings
    from vasi.knowledge import Retrieval


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="A question or some words.")],
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", min=1, max=100, help="Most passages to show.")
    ] = 5,
    json: Json = False,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Show the passages of your documents and notes that fit a query, best first.

    Exits with 3 if nothing fits.

    For example:

    [dim]vasi search "notice period"[/dim]
    [dim]vasi search -n 20 --json warranty[/dim]
    """
    from vasi.cli import NOTHING_FOUND
    from vasi.cli.terminal import print_json, stderr

    retrieval = asyncio.run(_search(load_settings(data, config, assignments), query, limit))
    if json:
        print_json(_as_json(retrieval))
    else:
        _show(retrieval)
    if not retrieval.passages:
        stderr().print(f'Nothing in your documents and notes fits "{query}".')
        raise typer.Exit(NOTHING_FOUND)
