"""The pronouncing dictionary that the pocketsphinx package brings along, if it is installed."""

from __future__ import annotations

import importlib.util
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

_PLACE = Path("model", "en-us", "cmudict-en-us.dict")


def find_dictionary() -> CmuDictionary | None:
    """The dictionary of the installed pocketsphinx, which is not imported; None if there is none."""
    spec = importlib.util.find_spec("pocketsphinx")
    for folder in (spec and spec.submodule_search_locations) or ():
        if (path := Path(folder) / _PLACE).is_file():
            return CmuDictionary(path)
    return None


class CmuDictionary:
    """A dictionary file in CMU format (``word PH ON ES``), read at the first look-up.

    Kept as sorted lines rather than a dict of words: a tenth of the memory for a few microseconds a word.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def version(self) -> str:
        """Tells this dictionary from another one."""
        return f"{self._path.stem}:{self._path.stat().st_size}"

    @cached_property
    def _lines(self) -> list[bytes]:
        return sorted(self._path.read_bytes().splitlines())

    def get(self, word: str, /) -> Sequence[str] | None:
        """Phones of the first pronunciation of ``word``; None if unknown."""
        key = word.encode() + b" "
        lines = self._lines
        place = bisect_left(lines, key)
        if place == len(lines) or not lines[place].startswith(key):
            return None
        return lines[place].decode("ascii").split()[1:]
