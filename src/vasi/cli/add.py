"""``vasi add``: give it something to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from vasi.cli.options import Config, Data, Json, Set, load_settings
from vasi.cli.running import run

if TYPE_CHECKING:
    from vasi.config import Settings
    from vasi.knowledge import IngestReport


def add(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", help="Files, folders with all that is in them, or addresses of web pages."),
    ],
    verbose: Annotated[bool, typer.Option("--verbose", help="Name every file that wasn't read.")] = False,
    json: Json = False,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Read documents, so that questions can be answered from them.

    PDF, Word, Excel, PowerPoint, OpenDocument, RTF, EPUB, mails, calendars,
    contacts, HTML, Markdown, LaTeX, JSON, notebooks, plain text, CSV and ZIP
    archives of these.
    A file that is unchanged is skipped, one that changed is read again, and
    one that vanished from an added folder is forgotten. In folders, what is
    hidden, installed packages and virtual environments are left out.

    Says of each file what was read, what wasn't and why. Exits with 1 if a
    document couldn't be read; files in folders that are no documents, such as
    pictures, are named as skipped.

    Of a web page the main part is read, once: add it again to read it anew.

    For example:

    [dim]vasi add handbook.pdf[/dim]
    [dim]vasi add ~/Documents/manuals notes.md[/dim]
    [dim]vasi add https://example.org/handbook[/dim]
    """
    from vasi.cli.reading import stopping

    if not all(path.strip() for path in paths):
        # As a path it would be the current folder, which nobody means.
        raise typer.BadParameter("a path is empty; name a file, a folder or the address of a page.", param_hint="PATH")

    report = run(stopping(_add(load_settings(data, config, assignments), paths)))
    if json:
        _show_json(report)
    else:
        _show(report, verbose=verbose)
    if not report.is_complete:
        raise typer.Exit(1)


async def _add(settings: Settings, paths: list[str]) -> IngestReport:
    from vasi.app import Vasi
    from vasi.cli.reading import read

    async with Vasi.open(settings, engines=False) as vasi:
        return await read(vasi, paths)


def _show_json(report: IngestReport) -> None:
    from vasi.cli.sources import as_json
    from vasi.cli.terminal import print_json

    print_json(
        {
            "added": [as_json(document) for document in report.added],
            "unchanged": [as_json(document) for document in report.unchanged],
            "removed": [as_json(document) for document in report.removed],
            "copies": [{"source": problem.source, "message": problem.message} for problem in report.copies],
            "failed": [{"source": problem.source, "message": problem.message} for problem in report.failed],
            "skipped": [{"source": problem.source, "message": problem.message} for problem in report.skipped],
            "left_out": [{"source": problem.source, "message": problem.message} for problem in report.left_out],
        }
    )


def _show(report: IngestReport, *, verbose: bool) -> None:
    from vasi.cli.answer import count
    from vasi.cli.reading import group
    from vasi.cli.terminal import one_line, stdout

    console = stdout()
    for document in report.added:
        pages = f"{count(document.pages, 'page')}, " if document.pages else ""
        console.print(one_line(f"Read {document.name} ({pages}{count(document.passages, 'passage')})"))
    for document in report.removed:
        console.print(one_line(f"Forgot {document.name}, whose file is gone"))
    counts = [
        (len(report.unchanged), "unchanged"),
        (len(report.failed), "couldn't be read"),
        (len(report.skipped), "skipped"),
        (len(report.left_out), "left out"),
    ]
    others = [f"{number} {what}" for number, what in counts if number]
    if others:
        console.print(", ".join(others), style="dim")
    for line in group("Skipped", report.skipped, verbose=verbose):
        console.print(one_line(line))
    for line in group("Left out", report.left_out, verbose=verbose):
        console.print(one_line(line), style="dim")
    if not (report.added or report.removed or others):
        console.print("There is no file in it.", style="dim")
