"""What the commands print: results on stdout, all else on stderr; plain text where no terminal is."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from rich.console import Console

Advance: TypeAlias = Callable[[int, int, str], None]
"""(done, total or 0 if unknown, what is being done) moves a progress bar."""


def stdout() -> Console:
    """For results. Colours only on a terminal, and never with NO_COLOR."""
    from rich.console import Console

    return Console(highlight=False, markup=False, soft_wrap=True)


def stderr() -> Console:
    """For progress, warnings and errors."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def complain(sentence: str) -> None:
    """An error."""
    console = stderr()
    console.print("Error: ", style="bold red", end="")
    console.print(sentence)


def warn(sentence: str) -> None:
    """Something that the user should know, although it went on."""
    console = stderr()
    console.print("Note: ", style="yellow", end="")
    console.print(sentence)


def print_json(value: Any) -> None:
    """One JSON object or list, for programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table on a terminal; lines of tab-separated values in a pipe."""
    console = stdout()
    if not console.is_terminal:
        for row in rows:
            print("\t".join(" ".join(cell.split()) for cell in row))
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
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
            bar.update(task, completed=done, total=total or None, description=what)

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
