"""``vasi replay``: a recorded session once more, against a server or here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import OWNER, Config, Data, Json, Set, load_settings
from vasi.cli.running import run

if TYPE_CHECKING:
    from vasi.cli.trace import Replayed, Traced
    from vasi.config import Settings

_MAX_BYTES = 500_000_000


def replay(
    trace: Annotated[Path, typer.Argument(metavar="TRACE", help="A JSONL file that the app's inspector exported.")],
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Against a running server, e.g. ws://127.0.0.1:8787.")
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Don't wait between events as the recording did.")] = False,
    json: Json = False,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Send again what a client once sent, and show how the answers differ.

    The trace comes from the app: Settings, Under the hood, JSONL. Ids that
    the server makes are translated to those of the new session.

    For example:

    [dim]vasi replay vasi-trace.jsonl[/dim]
    [dim]vasi replay --url ws://127.0.0.1:8787 vasi-trace.jsonl[/dim]
    """
    from vasi.cli.terminal import print_json
    from vasi.cli.trace import answers

    settings = load_settings(data, config, assignments)
    events = _read(trace)
    result = run(_replay(url, settings, events, fast=fast))
    before = answers(each.event for each in events if each.direction == "received")
    if json:
        print_json({"answers": result.said, "recorded": before, "errors": result.errors, "events": result.received})
    else:
        _print(result, before)
    if result.errors:
        raise typer.Exit(1)


def _read(path: Path) -> list[Traced]:
    from vasi.cli.trace import read_trace
    from vasi.errors import ClientError

    try:
        if path.stat().st_size > _MAX_BYTES:
            raise ClientError(f"{path} is too large for a trace: at most {_MAX_BYTES // 1_000_000} MB.")
        with path.open(encoding="utf-8") as lines:
            return read_trace(lines)
    except OSError as error:
        raise ClientError(f"{path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ClientError(f"{path} isn't text; a trace is a JSONL file that the app's inspector exported.") from None


async def _replay(url: str | None, settings: Settings, events: list[Traced], *, fast: bool) -> Replayed:
    import time

    from vasi.cli.terminal import waiting
    from vasi.cli.trace import replay

    if url:
        from vasi.cli.socket_link import connect_to

        async with connect_to(url, settings) as link:
            with waiting("Replaying ..."):
                return await replay(link, events, time.monotonic, fast=fast)
    from vasi.app import Vasi

    async with Vasi.open(settings) as vasi:
        await vasi.ready()
        link = vasi.connect(OWNER)
        try:
            with waiting("Replaying ..."):
                return await replay(link, events, time.monotonic, fast=fast)
        finally:
            await link.close()


def _print(result: Replayed, before: list[str]) -> None:
    from itertools import zip_longest

    from vasi.cli.terminal import stdout

    console = stdout()
    for number, (then, now) in enumerate(zip_longest(before, result.said), 1):
        if then == now:
            console.print(f"{number}. the same: {now}")
        else:
            console.print(f"{number}. then: {then or '(no answer)'}\n   now:  {now or '(no answer)'}")
    for message in result.errors:
        console.print(f"error: {message}")
    if not result.said and not before:
        console.print("Nothing was answered, then or now.")
