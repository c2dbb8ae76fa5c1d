"""Reading documents with a progress bar, and one line for each that can't be read."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vasi.cli.options import OWNER

if TYPE_CHECKING:
    from vasi.app import Vasi
    from vasi.knowledge import IngestReport


async def read(vasi: Vasi, paths: Sequence[Path]) -> IngestReport:
    """Add ``paths`` to the local owner's documents; what couldn't be read is told on stderr."""
    from vasi.cli.terminal import complain

    report = await _read(vasi, paths)
    for problem in report.failed:
        complain(problem.message)
    return report


async def read_named(vasi: Vasi, paths: Sequence[Path]) -> None:
    """Add ``paths`` before questions are answered from them; a bad file inside a folder is only told.

    Raises:
        DocumentError: one of ``paths`` itself can't be read.
    """
    from vasi.cli.terminal import complain, warn
    from vasi.errors import DocumentError

    report = await _read(vasi, paths)
    named = {place for path in paths for place in await asyncio.to_thread(_places, path)}
    wrong = [problem.message for problem in report.failed if problem.source in named]
    for problem in report.failed:
        if problem.source not in named:
            warn(problem.message)
    for message in wrong[1:]:
        complain(message)
    if wrong:
        raise DocumentError(wrong[0])


def _places(path: Path) -> set[str]:
    """How a report may name ``path``: as it was given, or as what it leads to."""
    given = path.expanduser().absolute()
    return {os.path.abspath(given), os.path.realpath(given)}


async def _read(vasi: Vasi, paths: Sequence[Path]) -> IngestReport:
    from vasi.cli.terminal import progress_bar, warn

    with progress_bar() as advance:
        report = await vasi.knowledge.add(OWNER, paths, progress=advance)
    for problem in report.warnings:
        warn(problem.message)
    return report
