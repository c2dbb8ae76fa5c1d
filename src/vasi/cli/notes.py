"""``vasi notes``: what it was told to remember."""

from __future__ import annotations

import typer

notes = typer.Typer(no_args_is_help=True, help="Notes: list, add, search, edit, remove, export.")
