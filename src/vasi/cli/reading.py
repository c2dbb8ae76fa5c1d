"""Reading documents with a progress bar, and one line for each that can't be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vasi.cli.options import OWNER

if TYPE_CHECKING:
    from vasi.app import Vasi
    from vasi.knowledge import IngestReport


async def read(vasi: Vasi, paths: Sequence[Path]) -> IngestReport:
    """Add ``paths`` to the local owner's documents; what couldn't be read is told on stderr."""
    from vasi.cli.terminal import complain, progress_bar, warn

    with progress_bar() as advance:
        report = await vasi.knowledge.add(OWNER, paths, progress=advance)
    for problem in report.warnings:
        warn(problem.message)
    for problem in report.failed:
        complain(problem.message)
    return report
