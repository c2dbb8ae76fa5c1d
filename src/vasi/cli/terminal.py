"""What the commands print: results on stdout, all else on stderr; plain text where no terminal is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from vasi.language.printable import UNSAFE

if TYPE_CHECKING:
    from rich.console import Console

Advance: TypeAlias = Callable[[int, int, str], None]
"""(done, total or 0 if unknown, what is being done) moves a progress bar."""


def clean(text: str) -> str:
    r"""``text`` from outside with nothing in it that a terminal obeys; lines stay.

    >>> clean("a\x1b[2Jb")
    'a\\x1b[2Jb'
    """
    return UNSAFE.sub(lambda found: repr(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """``text`` from outside, such as the name of a file, on one line."""
    return clean(re.sub(r"[\n\t]", lambda found: repr(found[0])[1:-1], text))


def stdout() -> Console:
    """For results. Colours only on a terminal, and never with NO_COLOR."""
    return _console(stderr=False)


def stderr() -> Console:
    """For progress, warnings and errors."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    class CleanConsole(Console):
        """Prints no text that a terminal would obey, wherever it came from."""

        def print(self, *objects: Any, **options: Any) -> None:
            super().print(*(clean(each) if isinstance(each, str) else each for each in objects), **options)

    return CleanConsole(stderr=stderr, highlight=False, markup=False, soft_wrap=True)


def complain(sentence: str) -> None:
    """An error."""
    console = stderr()
    console.print("Error: ", style="bold red", end="")
    console.print(one_line(sentence))


def warn(sentence: str) -> None:
    """Something that the user should know, although it went on."""
    console = stderr()
    console.print("Note: ", style="yellow", end="")
    console.print(one_line(sentence))


def print_json(value: Any) -> None:
    """One JSON object or list, for programs."""
    written = json.dumps(value, ensure_ascii=False, indent=2)
    # json escapes the control characters of ASCII; the rest can only stand in strings, where this means the same.
    print(UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", written))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal; lines of tab-separated values in a pipe."""
    console = stdout()
    if not console.is_terminal:
        for row in rows:
            print("\t".join(one_line(cell) for cell in row))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    console.print(table)


@contextmanager
def progress_bar() -> Generator[Advance]:
    """A progress bar on stderr; nothing where stderr is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = stderr()
    with Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("", total=None)

        def advance(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total or None, description=one_line(what))

        yield advance


@contextmanager
def byte_progress() -> Generator[Advance]:
    """A progress bar of bytes on stderr; nothing where stderr is no terminal."""
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    console = stderr()
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    description = TextColumn("{task.description}", markup=False)
    with Progress(*columns, description, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def advance(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total or None, description=one_line(what))

        yield advance


@contextmanager
def waiting(what: str) -> Generator[None]:
    """A spinner on stderr while something takes its time; nothing where stderr is no terminal."""
    console = stderr()
    if not console.is_terminal:
        yield
        return
    with console.status(what):
        yield
