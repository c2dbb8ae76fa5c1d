"""A command that refuses empty values."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperCommand


class Command(TyperCommand):
    """A command that refuses empty arguments and empty values of its options.

    As a path, "" would be the current folder, which nobody means who writes ``--docs "$FOLDER"``.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Raises ``typer.BadParameter``."""
        options = {name: one for one in self.params if one.param_type_name == "option" for name in one.opts}
        before = ""
        for word in args:
            name, equals, value = word.partition("=")
            if not word and before in options and not getattr(options[before], "is_flag", False):
                raise typer.BadParameter(f"{before} is empty: give it a value, or leave it out.", ctx)
            if not word:
                raise typer.BadParameter("An argument is empty: give it a value, or leave it out.", ctx)
            if equals and not value and name in options:
                raise typer.BadParameter(f"{name} is empty: give it a value, or leave it out.", ctx)
            before = word
        return super().parse_args(ctx, args)
