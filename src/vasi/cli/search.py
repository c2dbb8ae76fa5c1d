"""``vasi search``: the passages that fit a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import OWNER, Config, Data, Json, Set, load_settings
from vasi.cli.running import run

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

    Exits with 3 if nothing fits. With --json, "found" tells whether the
    passages most likely hold the answer.

    For example:

    [dim]vasi search "notice period"[/dim]
    [dim]vasi search -n 20 --json warranty[/dim]
    """
    from vasi.cli import NOTHING_FOUND
    from vasi.cli.terminal import stderr

    retrieval = run(_search(load_settings(data, config, assignments), query, limit))
    (_show_json if json else _show)(retrieval)
    if not retrieval.passages:
        stderr().print(f'Nothing in your documents and notes fits "{query}".')
        raise typer.Exit(NOTHING_FOUND)


async def _search(settings: Settings, query: str, limit: int) -> Retrieval:
    from vasi.app import Vasi

    async with Vasi.open(settings, engines=False) as vasi:
        return await vasi.knowledge.search(OWNER, query, limit=limit)


def _show_json(retrieval: Retrieval) -> None:
    from vasi.cli.terminal import print_json

    passages = [
        {
            "id": found.passage.id,
            "document": found.passage.document,
            "page": found.passage.page,
            "heading": found.passage.heading,
            "text": found.passage.text,
            "score": found.score,
        }
        for found in retrieval.passages
    ]
    print_json({"found": retrieval.found, "passages": passages})


def _show(retrieval: Retrieval) -> None:
    from vasi.cli.answer import place
    from vasi.cli.terminal import one_line, stdout

    console = stdout()
    for number, found in enumerate(retrieval.passages):
        passage = found.passage
        if number:
            console.print()
        console.print(place(passage.document, passage.page), style="cyan", end="")
        console.print(one_line(f"  {found.score:.2f}  {passage.heading}"), style="dim")
        console.print(passage.text)
