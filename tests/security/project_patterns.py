"""All regular expressions of the project: those compiled while its modules are imported, and those in its functions."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import vasi

ROOT = Path(vasi.__file__).parent
_METHODS = ("match", "fullmatch", "search")
_FUNCTIONS = frozenset({"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"})
_TABLES = {
    "language/places.py": "fullmatch",
    "language/phrase.py:compiled": "fullmatch",
    "language/phrase.py:whole": "match",
}
"""Patterns in tables that aren't looked for everywhere in a text, and the method that they are used with."""


@dataclass(frozen=True, slots=True)
class ProjectPattern:
    """A pattern, where it's written, and the method that it's used with: "finditer" where all of it is looked for."""

    place: str
    pattern: re.Pattern[Any]
    method: str


def source_files() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def imported_patterns() -> list[ProjectPattern]:
    """Those that importing every module compiles. Only in a process that hasn't imported the project's modules yet."""
    found: list[tuple[Path, int, str, re.Pattern[Any]]] = []
    compile_pattern = re.compile

    def recorded(pattern: Any, flags: Any = 0) -> re.Pattern[Any]:
        compiled = compile_pattern(pattern, flags)
        caller = sys._getframe(1)
        while caller.f_code.co_name in ("<genexpr>", "<listcomp>") and caller.f_back is not None:
            caller = caller.f_back
        file = Path(sys._getframe(1).f_code.co_filename)
        if file.is_relative_to(ROOT):
            found.append((file, sys._getframe(1).f_lineno, caller.f_code.co_name, compiled))
        return compiled

    re.compile = recorded
    try:
        for module in pkgutil.walk_packages([str(ROOT)], "vasi."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    finally:
        re.compile = compile_pattern
    return [
        ProjectPattern(f"{file.relative_to(ROOT)}:{line}", pattern, _method(file, line, function))
        for file, line, function, pattern in found
    ]


def literal_patterns() -> Iterator[ProjectPattern]:
    """The literal patterns that functions hand to ``re``."""
    for place, call in _calls_in_functions():
        first = call.args[0]
        if not isinstance(first, ast.Constant):
            continue
        flags = 0
        for node in ast.walk(call):
            if isinstance(node, ast.Attribute) and node.attr.isupper():
                flags |= getattr(re, node.attr)
        called = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        method = called if called in _METHODS else "finditer"
        literal: Any = first.value
        yield ProjectPattern(f"{place}:{call.lineno}", re.compile(literal, flags), method)


def dynamic_patterns() -> set[str]:
    """Functions that make patterns while they run."""
    return {place for place, call in _calls_in_functions() if not isinstance(call.args[0], ast.Constant)}


def hidden_imports() -> list[str]:
    """Modules that import ``re`` so that its calls can't be seen here."""
    return [
        str(file.relative_to(ROOT))
        for file in source_files()
        for node in ast.walk(_tree(file))
        if (isinstance(node, ast.ImportFrom) and node.module == "re")
        or (isinstance(node, ast.Import) and any(name.name == "re" and name.asname for name in node.names))
    ]


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _calls_in_functions() -> Iterator[tuple[str, ast.Call]]:
    for file in source_files():
        for function in ast.walk(_tree(file)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and _is_of_re(call.func):
                        yield f"{file.relative_to(ROOT)}:{function.name}", call


def _is_of_re(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _FUNCTIONS
        and isinstance(function.value, ast.Name)
        and function.value.id == "re"
    )


def _method(file: Path, line: int, function: str) -> str:
    """The method that a pattern is used with, if the module that compiles it keeps it to itself."""
    name = str(file.relative_to(ROOT))
    if found := _TABLES.get(name) or _TABLES.get(f"{name}:{function}"):
        return found
    target = _target(file, line)
    if target is None or not target.startswith("_"):
        return "finditer"
    nodes = list(ast.walk(_tree(file)))
    methods = [n.attr for n in nodes if isinstance(n, ast.Attribute) and _is_name(n.value, target)]
    mentioned = sum(_is_name(node, target) for node in nodes)
    if not methods or mentioned != len(methods) + 1 or not set(methods) <= set(_METHODS):
        return "finditer"
    return "search" if "search" in methods else methods[0]


def _target(file: Path, line: int) -> str | None:
    """The name that the pattern compiled in ``line`` is given by an assignment of the module."""
    for node in _tree(file).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and node.lineno <= line <= (node.end_lineno or 0)
            and isinstance(node.targets[0], ast.Name)
        ):
            return node.targets[0].id
    return None


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
