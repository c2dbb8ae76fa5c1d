"""Defaults stand in the settings alone: nothing below repeats one, and what is handed on is handed on whole."""

from __future__ import annotations

import ast
import dataclasses
import inspect
from collections.abc import Iterator
from pathlib import Path

import vasi
from vasi.app import package_settings
from vasi.config import known_settings

SOURCE = Path(vasi.__file__).parent
OWN = ("config", "cli", "testing", "protocol", "app")
"""Packages with names like those of settings and defaults of their own: options, tests, the Realtime API's."""
ELSEWHERE = {
    "approved",
    "folder",
    "headers",
    "host",
    "images",
    "kind",
    "language",
    "model",
    "offered",
    "prompts",
    "record",
    "scopes",
    "title",
    "turn",
    "url",
}
"""Names of settings that mean something else elsewhere."""
NEUTRAL = {"speed"}
"""What an engine's port takes for no change, whatever the setting is."""


def defaults(source: str) -> Iterator[tuple[str, int]]:
    """The parameters, fields and numbers of ``source`` that have a value, with their lines; an empty one is none."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                positional = [*node.args.posonlyargs, *node.args.args][::-1]
                given = list(zip(positional, node.args.defaults[::-1], strict=False))
                named = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
                given += [(one, value) for one, value in named if value is not None]
                yield from ((one.arg, one.lineno) for one, value in given if not _empty(value))
            case ast.ClassDef():
                fields = [one for one in node.body if isinstance(one, ast.AnnAssign) and one.value is not None]
                yield from ((ast.unparse(one.target), one.lineno) for one in fields if not _empty(one.value))
            case ast.Assign(value=ast.Constant(value=int() | float())):
                yield from ((ast.unparse(one), node.lineno) for one in node.targets if ast.unparse(one).isupper())
            case _:
                pass


def _empty(value: ast.expr | None) -> bool:
    return value is not None and ast.unparse(value) in ("None", "False", "''", "0", "()", "[]", "{}")


def test_nothing_below_the_settings_repeats_a_default() -> None:
    names = {name.rpartition(".")[2] for name in known_settings()} - ELSEWHERE - NEUTRAL
    assert {"barge_in_ms", "input_tokens", "tool_timeout_s", "reconnect_s", "pages"} <= names
    repeated = [
        f"{path.relative_to(SOURCE)}:{line}: {name}"
        for path in sorted(SOURCE.rglob("*.py"))
        if path.relative_to(SOURCE).parts[0] not in OWN
        for name, line in defaults(path.read_text(encoding="utf-8"))
        if name.lower() in names
    ]
    assert repeated == []


def test_a_repeated_default_would_be_found() -> None:
    source = "BARGE_IN_MS = 250\nclass A:\n    pages: int = 3\ndef f(a, voice='alloy', *, speed=1.0, folder=None): ..."
    assert {name for name, _ in defaults(source)} == {"BARGE_IN_MS", "voice", "speed", "pages"}


def test_what_a_package_is_given_has_no_default_that_a_setting_has() -> None:
    makers = [one for name, one in vars(package_settings).items() if name.endswith(("_settings", "_limits"))]
    assert len(makers) >= 5
    for maker in makers:
        tree = ast.parse(inspect.getsource(maker))
        made = next(node for node in ast.walk(tree) if isinstance(node, ast.Call))
        struct = vars(package_settings)[getattr(made.func, "id", "")]
        named = {keyword.arg for keyword in made.keywords}
        given = set(struct.__match_args__[: len(made.args)]) | named
        with_default = {field.name for field in dataclasses.fields(struct) if not _required(field)}
        assert not with_default & given, f"{struct.__name__}: {with_default & given}"


def _required(field: dataclasses.Field[object]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
