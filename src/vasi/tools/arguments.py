"""Typed arguments of tools: one struct gives the JSON Schema for the model and checks what the model wrote."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from vasi.errors import ToolError

A = TypeVar("A")


def schema_of(arguments: type[msgspec.Struct]) -> dict[str, Any]:
    """The JSON Schema object of ``arguments``, without references."""
    _, components = msgspec.json.schema_components([arguments])
    schema = dict(components[arguments.__name__])
    schema.pop("title", None)
    schema.setdefault("required", [])
    schema["additionalProperties"] = False
    return schema


def parse(arguments: str, kind: type[A]) -> A:
    """``arguments`` as ``kind``; unknown fields are ignored, since models invent some.

    Raises:
        ToolError: they don't fit; the message tells the model how.
    """
    try:
        return msgspec.json.decode("{}" if arguments.strip() in {"", "null"} else arguments, type=kind)
    except msgspec.ValidationError as error:
        raise ToolError(f"The arguments don't fit: {error}.") from None
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise ToolError("The arguments aren't valid JSON.") from None
