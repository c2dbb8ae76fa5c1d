"""``vasi notes``: what it was told to remember."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias, TypeVar

import typer

from vasi.cli.command import Command
from vasi.cli.options import OWNER, Config, Data, Json, Set, load_settings
from vasi.cli.running import run

if TYPE_CHECKING:
    from vasi.notes import Notes
    from vasi.storage.ports import Note

Result = TypeVar("Result")
_Reference: TypeAlias = Annotated[
    str, typer.Argument(metavar="NOTE", help='Its id, "last", or words of it that no other note has.')
]


class Format(StrEnum):
    """What an export is written in."""

    MARKDOWN = "markdown"
    JSON = "json"


notes = typer.Typer(no_args_is_help=True)


@notes.callback()
def about() -> None:
    """List, add, search, edit, remove and export notes.

    For example:

    [dim]vasi notes add "The spare filter is in the blue box."[/dim]
    [dim]vasi notes search filter[/dim]
    """


@notes.command("list", cls=Command)
def show(
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", min=1, help="Most notes to show.")] = 100,
    json: Json = False,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """List notes, newest first.

    For example:

    [dim]vasi notes list -n 10[/dim]
    """
    from vasi.cli.terminal import stderr

    found = _with_notes(lambda kept: kept.list(OWNER, limit=limit), data, config, assignments)
    _print(found, json)
    if not found and not json:
        stderr().print('No notes yet; write one with: vasi notes add "..."')


@notes.command(cls=Command)
def add(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What to remember.")],
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Write a note down.

    For example:

    [dim]vasi notes add "The spare filter is in the blue box."[/dim]
    """
    from vasi.cli.terminal import stdout

    note = _with_notes(lambda kept: kept.add(OWNER, text, _now()), data, config, assignments)
    stdout().print(f"Noted as {note.id}.")


@notes.command(cls=Command)
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="Words of the note.")],
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", min=1, help="Most notes to show.")] = 10,
    json: Json = False,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Search the notes, best first. Exits with 3 if nothing fits.

    For example:

    [dim]vasi notes search filter[/dim]
    """
    from vasi.cli import NOTHING_FOUND
    from vasi.cli.terminal import stderr

    found = _with_notes(lambda kept: kept.search(OWNER, query, limit=limit), data, config, assignments)
    _print(found, json)
    if not found:
        stderr().print(f'No note matches "{query}".')
        raise typer.Exit(NOTHING_FOUND)


@notes.command(cls=Command)
def edit(
    reference: _Reference,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What it says from now on.")],
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Give a note another text.

    For example:

    [dim]vasi notes edit last "The spare filter is in the red box."[/dim]
    """
    from vasi.cli.terminal import stdout

    async def change(kept: Notes) -> Note:
        note = await _the_one(kept, reference)
        return await kept.update(OWNER, note.id, text, _now())

    note = _with_notes(change, data, config, assignments, forgetting=True)
    stdout().print(f"Changed {note.id}: {note.text}")


@notes.command(cls=Command)
def remove(reference: _Reference, data: Data = None, config: Config = None, assignments: Set = None) -> None:
    """Remove a note.

    For example:

    [dim]vasi notes remove "spare filter"[/dim]
    """
    from vasi.cli.terminal import stdout

    async def drop(kept: Notes) -> Note:
        note = await _the_one(kept, reference)
        return await kept.remove(OWNER, note.id)

    note = _with_notes(drop, data, config, assignments, forgetting=True)
    stdout().print(f"Removed {note.id}: {note.text}")


@notes.command(cls=Command)
def export(
    to: Annotated[Path | None, typer.Argument(metavar="FILE", help="Where to; standard output if not given.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace FILE if it exists.")] = False,
    form: Annotated[Format, typer.Option("--format", metavar="markdown|json", help="What to write.")] = Format.MARKDOWN,
    data: Data = None,
    config: Config = None,
    assignments: Set = None,
) -> None:
    """Write all notes out, oldest first.

    For example:

    [dim]vasi notes export notes.md[/dim]
    [dim]vasi notes export --format json > notes.json[/dim]
    """
    if to is not None and to.exists() and not force:
        from vasi.errors import StoreError

        raise StoreError(f"{to} exists already; choose another name, or add --force to replace it.")
    written = _with_notes(lambda kept: kept.export(OWNER, form.value), data, config, assignments)
    if to is None:
        print(written, end="")
    else:
        to.write_text(written, encoding="utf-8")


def _with_notes(
    work: Callable[[Notes], Awaitable[Result]],
    data: Path | None,
    config: Path | None,
    assignments: list[str] | None,
    *,
    forgetting: bool = False,
) -> Result:
    settings = load_settings(data, config, assignments)

    async def opened() -> Result:
        from vasi.app import Vasi

        async with Vasi.open(settings, engines=False) as vasi:
            result = await work(vasi.notes)
            if forgetting:
                await vasi.forget_words()
            return result

    return run(opened())


async def _the_one(kept: Notes, reference: str) -> Note:
    """The note that ``reference`` means. Raises ``NotFoundError`` if none or several fit."""
    from vasi.errors import NotFoundError

    found = await kept.resolve(OWNER, reference)
    if not isinstance(found, list):
        return found
    if not found:
        raise NotFoundError(f'No note matches "{reference}"; vasi notes list shows them all.')
    ids = ", ".join(note.id for note in found)
    raise NotFoundError(f'Several notes fit "{reference}": {ids}; give one of these ids.')


def _print(found: Sequence[Note], json: bool) -> None:
    from vasi.cli.terminal import print_json, print_table

    if json:
        from vasi.notes import shown

        print_json([shown(note) for note in found])
    elif found:
        rows = ((note.id, f"{note.created_at.astimezone():%Y-%m-%d %H:%M}", note.text) for note in found)
        print_table(("Id", "Written", "Note"), rows)


def _now() -> datetime:
    return datetime.now(UTC)
