"""The packages that hold words, sound, language and mind do no I/O: not even the keyword ``async`` is in them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import vasi

SOURCE = Path(vasi.__file__).parent
PURE = ("protocol", "media", "language", "conversation")
WAITING = (ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith)
INPUT = {"open", "input", "print", "read_text", "read_bytes", "write_text", "write_bytes"}


def faults(source: str) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, WAITING):
            found.append(f"line {node.lineno}: {type(node).__name__}")
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in INPUT:
                found.append(f"line {node.lineno}: {name}()")
    return found


@pytest.mark.parametrize("package", PURE)
def test_a_pure_package_neither_waits_nor_reads(package: str) -> None:
    modules = sorted((SOURCE / package).rglob("*.py"))
    assert modules
    assert {str(path.relative_to(SOURCE)): faults(path.read_text(encoding="utf-8")) for path in modules} == {
        str(path.relative_to(SOURCE)): [] for path in modules
    }


@pytest.mark.parametrize(
    "source", ["async def f(): ...", "def f():\n    open('x')", "def f(path):\n    return path.read_text()"]
)
def test_a_fault_would_be_seen(source: str) -> None:
    assert faults(source)
