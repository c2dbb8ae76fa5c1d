"""Reading documents with a progress bar, and one line for each that can't be read."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from vasi.cli.options import OWNER

if TYPE_CHECKING:
    from vasi.app import Vasi
    from vasi.knowledge import FileProblem, IngestReport

Result = TypeVar("Result")
_PATIENCE_S = 1.0
_LEARNED_EVERY_S = 0.5
_NAMES = 5
"""Files of a kind that are named."""
_MOST_KINDS = 12


async def read(vasi: Vasi, places: Sequence[str]) -> IngestReport:
    """Add ``places`` (paths, or addresses of web pages) to the local owner's documents.

    What couldn't be read is told on stderr.
    """
    from vasi.cli.terminal import complain
    from vasi.knowledge.pages import is_address

    addresses = [place for place in places if is_address(place)]
    report = await _read(vasi, [Path(place) for place in places if not is_address(place)], addresses)
    await _learn(vasi)  # the program ends now, and would leave the rest for later
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


def group(verb: str, problems: Sequence[FileProblem], *, verbose: bool) -> list[str]:
    """One line for each kind of files that weren't read, with the first names; ``verbose`` gives one for each file."""
    if verbose:
        return [f"{verb} {problem.source}: {problem.message}" for problem in problems]
    kinds: dict[str, list[FileProblem]] = {}
    for problem in problems:
        kinds.setdefault(problem.kind, []).append(problem)
    by_size = sorted(kinds.items(), key=lambda item: -len(item[1]))
    lines: list[str] = []
    for kind, members in by_size[:_MOST_KINDS]:
        names = ", ".join(os.path.basename(problem.source) for problem in members[:_NAMES])
        more = f" and {len(members) - _NAMES} more" if len(members) > _NAMES else ""
        lines.append(f"{verb} {len(members)} ({kind}): {names}{more}")
    if rest := sum(len(members) for _, members in by_size[_MOST_KINDS:]):
        lines.append(f"{verb} {rest} of other kinds")
    if any(len(members) > _NAMES for members in kinds.values()) or rest:
        lines.append("See all of them with --verbose")
    return lines


def _places(path: Path) -> set[str]:
    """How a report may name ``path``: as it was given, or as what it leads to."""
    given = path.expanduser().absolute()
    return {os.path.abspath(given), os.path.realpath(given)}


async def stopping(work: Coroutine[Any, Any, Result]) -> Result:
    """``work``; if Ctrl-C can't end it at once, since a large document is just being stored, that is said."""
    from vasi.cli.terminal import stderr

    task = asyncio.create_task(work)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=_PATIENCE_S)
        if not done:
            stderr().print("Stopping ...")
            await asyncio.wait([task])
        raise
    return task.result()


async def _learn(vasi: Vasi) -> None:
    """Wait until the documents can be found by their meaning, where there is a model for that."""
    from vasi.cli.terminal import progress_bar, warn

    ready = asyncio.create_task(vasi.knowledge.vectors_ready(OWNER))
    with progress_bar() as advance:
        while not (await asyncio.wait([ready], timeout=_LEARNED_EVERY_S))[0]:
            if (learned := await vasi.knowledge.learned(OWNER)) is not None:
                advance(learned.done, learned.total, "Learning what it means (Ctrl-C leaves that for later)")
    learned = await vasi.knowledge.learned(OWNER)
    if learned is not None and learned.problem:
        warn(f"What {learned.total - learned.done} passages mean is learned later. {learned.problem}")


async def _read(vasi: Vasi, paths: Sequence[Path], addresses: Sequence[str] = ()) -> IngestReport:
    from vasi.cli.terminal import progress_bar, warn
    from vasi.knowledge import FileProblem, IngestReport

    before = {document.id for document in await vasi.knowledge.documents(OWNER)}
    with progress_bar() as advance:
        report = await vasi.knowledge.add(OWNER, paths, progress=advance) if paths else IngestReport()
        if addresses:
            added, unchanged, failed = await vasi.pages.add_all(
                OWNER, addresses, lambda done, address: advance(done, len(addresses), f"Fetching {address}")
            )
            report = replace(
                report,
                added=(*report.added, *added),
                unchanged=(*report.unchanged, *unchanged),
                failed=(*report.failed, *(FileProblem(one.address, one.message) for one in failed)),
            )
    if report.removed or not before.isdisjoint(document.id for document in report.added):
        await vasi.forget_words()
    for problem in (*report.warnings, *report.copies):
        warn(problem.message)
    return report
