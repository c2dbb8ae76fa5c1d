"""``vasi export`` and ``vasi import``: everything of one user as one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from vasi.cli.accounts import the_user, with_accounts
from vasi.cli.options import OWNER, Config, Data, Set

if TYPE_CHECKING:
    from vasi.app import Vasi
    from vasi.app.imports import ImportReport

_Whose: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--user", metavar="USER", help="Id, e-mail address or name of an account; else what belongs to nobody by name."
    ),
]


def export(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="The ZIP file; must not exist yet.")],
    user: _Whose = None,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Write documents, notes, conversations and preferences into one ZIP file.

    Documents as they are, notes as Markdown, conversations as JSON and Markdown. [dim]vasi import[/dim] takes it in
    again, on any server; so does the app.

    For example:

    [dim]vasi export mine.zip[/dim]
    [dim]vasi export anns.zip --user ann@example.com[/dim]
    """
    from vasi.cli.terminal import stdout
    from vasi.errors import ClientError

    async def written(vasi: Vasi) -> None:
        owner = OWNER if user is None else (await the_user(vasi, user)).id
        try:
            file = to.open("xb")
        except OSError as error:
            raise ClientError(f"{to} can't be written: {error.strerror}.") from None
        try:
            with file:
                async for piece in vasi.transfers.archive(owner):
                    file.write(piece)
        except BaseException:
            to.unlink(missing_ok=True)
            raise

    with_accounts(written, data, config, assignments)
    stdout().print(f"Exported to {to} ({to.stat().st_size / 1e6:.1f} MB).")


def import_archive(
    archive: Annotated[Path, typer.Argument(metavar="FILE", help="A ZIP file that vasi exported.")],
    user: _Whose = None,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Take in a ZIP file that [dim]vasi export[/dim] or the app wrote. What is there already isn't taken twice.

    For example:

    [dim]vasi import mine.zip[/dim]
    """
    from rich.progress import Progress

    from vasi.cli.answer import count
    from vasi.cli.terminal import one_line, stderr, stdout, warn

    async def taken(vasi: Vasi) -> ImportReport:
        owner = OWNER if user is None else (await the_user(vasi, user)).id
        with Progress(console=stderr(), transient=True) as shown:
            task = shown.add_task("Importing", total=None)
            return await vasi.transfers.take(
                owner, archive, lambda done, total: shown.update(task, completed=done, total=total)
            )

    report = with_accounts(taken, data, config, assignments)
    came = (
        count(report.documents, "document"),
        count(report.notes, "note"),
        count(report.conversations, "conversation"),
    )
    known = f" {report.known} things were there already." if report.known else ""
    stdout().print(one_line(f"Imported {', '.join(came)}.{known}"))
    for problem in report.problems:
        warn(problem)
