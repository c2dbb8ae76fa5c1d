"""The commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from vasi.cli import (
    add,
    ask,
    backup,
    check,
    copy,
    doctor,
    download,
    export,
    keys,
    notes,
    prompts,
    remove,
    replay,
    search,
    serve,
    sources,
    talk,
    users,
)
from vasi.cli.command import Command

program = typer.Typer(
    name="vasi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from vasi import __version__

        typer.echo(f"vasi {__version__}")
        raise typer.Exit


@program.callback(
    epilog="Exit codes: 0 done, 1 an error (one sentence on stderr), 2 wrong usage, 3 nothing found, 130 Ctrl-C."
)
def vasi(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Talk with your own documents and notes.

    [dim]vasi add handbook.pdf[/dim]               give it something to read
    [dim]vasi ask "How many days of leave?"[/dim]  ask, by typing
    [dim]vasi ask --wav question.wav[/dim]         ask, by voice
    [dim]vasi serve[/dim]                          serve the OpenAI Realtime API
    """


_READ, _ASK, _ACCOUNTS, _MAINTENANCE = "Documents and notes", "Questions", "Users and keys", "Maintenance"
program.command(cls=Command, rich_help_panel=_ASK)(ask.ask)
program.command(cls=Command, rich_help_panel=_ASK)(talk.talk)
program.command(cls=Command, rich_help_panel=_ASK)(serve.serve)
program.command(cls=Command, rich_help_panel=_READ)(add.add)
program.command(cls=Command, rich_help_panel=_READ)(sources.sources)
program.command(cls=Command, rich_help_panel=_READ)(remove.remove)
program.command(cls=Command, rich_help_panel=_READ)(search.search)
program.add_typer(notes.notes, name="notes", rich_help_panel=_READ)
program.add_typer(keys.keys, name="keys", rich_help_panel=_ACCOUNTS)
program.add_typer(users.users, name="users", rich_help_panel=_ACCOUNTS)
program.command(cls=Command, rich_help_panel=_MAINTENANCE)(prompts.prompts)
program.command(cls=Command, rich_help_panel=_MAINTENANCE)(doctor.doctor)
program.command(cls=Command, rich_help_panel=_MAINTENANCE)(download.download)
program.command(cls=Command, rich_help_panel=_MAINTENANCE)(backup.backup)
program.command(cls=Command, rich_help_panel=_MAINTENANCE)(export.export)
program.command("import", cls=Command, rich_help_panel=_MAINTENANCE)(export.import_archive)
program.command(cls=Command, rich_help_panel=_MAINTENANCE)(copy.copy)
program.command(cls=Command, rich_help_panel=_MAINTENANCE)(replay.replay)
program.command(cls=Command, rich_help_panel=_MAINTENANCE)(check.check)
