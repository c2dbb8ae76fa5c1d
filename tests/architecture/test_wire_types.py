"""The app's types of Realtime events are those of the structs that write the events."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import UNSET, Meta, UnsetType

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("wire_types", ROOT / "scripts" / "wire_types.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_written_types_are_fresh(generator: ModuleType) -> None:
    written = generator.WIRE.read_text(encoding="utf-8")
    assert written == generator.wire_types(), "renew them: .venv/bin/python scripts/wire_types.py"


class Inner(msgspec.Struct, omit_defaults=True):
    a: int = 0
    b: list[int | None] = []


class Outer(msgspec.Struct, tag_field="type", tag="outer"):
    """What it is. More.

    And more.
    """

    always: Annotated[str, Meta(max_length=3)] = ""
    made: list[Inner] = msgspec.field(default_factory=list[Inner])
    sound: bytes | None = None
    maybe: Literal["x", "y"] | UnsetType = UNSET
    anything: dict[str, Any] | UnsetType | None = UNSET


def test_a_field_may_be_missing_only_where_the_encoder_leaves_it_out(generator: ModuleType) -> None:
    writer = generator.Writer()
    assert writer.expression(msgspec.inspect.type_info(Outer | None)) == "Outer | null"
    assert writer.interfaces["Outer"] == (
        "/** What it is. More. */\n"
        "export interface Outer {\n"
        '  type: "outer";\n'
        "  always: string;\n"
        "  made: Inner[];\n"
        "  sound: string | null;\n"
        '  maybe?: "x" | "y";\n'
        "  anything?: Record<string, unknown> | null;\n"
        "}\n"
    )
    assert writer.interfaces["Inner"] == "export interface Inner {\n  a?: number;\n  b?: (number | null)[];\n}\n"
    assert msgspec.to_builtins(Outer()).keys() == {"type", "always", "made", "sound"}
    assert msgspec.to_builtins(Inner()) == {}


def test_a_type_that_has_no_counterpart_is_refused(generator: ModuleType) -> None:
    with pytest.raises(NotImplementedError, match="TypeScript"):
        generator.Writer().expression(msgspec.inspect.type_info(tuple[int, str]))
