"""The names of voices that every client of the Realtime API may ask for, whatever the engine."""

from __future__ import annotations

from collections.abc import Iterable

from vasi.errors import ConfigError

HOSTED = ("alloy", "ash", "ballad", "coral", "echo", "sage", "shimmer", "verse", "marin", "cedar")
"""An engine that knows one by no such name speaks with its default."""


def unknown(voice: str, known: Iterable[str], hint: str = "") -> ConfigError:
    """The setting ``voice`` names none of ``known``; ``hint`` tells of more that could be chosen."""
    names = ", ".join(dict.fromkeys((*HOSTED, *known)))
    return ConfigError(f"There is no voice '{voice}': choose one of {names}{hint}.", param="voice")
