"""``vasi copy``: everything from one store into another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import Config, Data, Set, load_settings
from vasi.cli.running import run

if TYPE_CHECKING:
    from vasi.config import Settings
    from vasi.storage.exchange import Copied


def copy(
    to: Annotated[
        str, typer.Option("--to", metavar="STORE", help="sqlite, or postgresql://USER@HOST/DATABASE; an empty one.")
    ],
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Copy everything from the store that is set into another one, and compare both in the end.

    Stop the server first: what is stored while this runs isn't copied. If it's interrupted, run it again: it goes on
    where it was. Uploaded files stay in the data folder, where both stores find them. Afterwards set the new store
    (VASI_STORE, or store in vasi.toml) and start the server.

    For example:

    [dim]vasi copy --to postgresql://vasi@localhost/vasi[/dim]
    [dim]vasi copy -s store=postgresql://vasi@localhost/vasi --to sqlite[/dim]
    """
    from vasi.cli.terminal import stdout
    from vasi.errors import ConfigError
    from vasi.storage.choice import shown_place

    settings = load_settings(data, config, assignments)
    target = settings.model_copy(update={"store": to})
    if shown_place(settings) == shown_place(target):
        raise ConfigError("That is the store itself; name another one with --to.", param="to")
    done = run(_copy(settings, target))
    rows = sum(done.rows.values())
    stdout().print(
        f"Copied to {shown_place(target)}: {done.rows['documents']} documents, {done.rows['notes']} notes,"
        f" {done.rows['conversations']} conversations; {rows} rows, {done.written} of them new. Both are alike"
        f" (SHA-256 {done.digest[:16]}…)."
    )


async def _copy(settings: Settings, target: Settings) -> Copied:
    from vasi.cli.terminal import progress_bar
    from vasi.errors import StoreError
    from vasi.knowledge.index import TextAnalyser
    from vasi.storage import exchange
    from vasi.storage.choice import make_store

    analyser = TextAnalyser()
    stores = [make_store(one, analyser, lambda: None) for one in (settings, target)]
    try:
        for store in stores:
            await store.open()
        one, other = stores
        if not isinstance(one, exchange.Exchange) or not isinstance(other, exchange.Exchange):
            raise StoreError("One of the stores comes from a package and can't be copied.")
        with progress_bar() as advance:
            return await exchange.copy(one, other, lambda what, done, total: advance(done, total, what))
    finally:
        for store in stores:
            await store.close()
