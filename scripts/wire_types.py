"""Writes the app's types of Realtime events from the structs of ``vasi.protocol``; a test says when to renew them."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import msgspec
from msgspec import NODEFAULT
from msgspec import inspect as types

from vasi.protocol.client_events import ClientEvent
from vasi.protocol.items import Part
from vasi.protocol.mcp import AnyItem
from vasi.protocol.server_events import ServerEvent
from vasi.protocol.session import TurnDetection

WIRE = Path(__file__).resolve().parent.parent / "frontend" / "src" / "protocol" / "wire.ts"
UNIONS: dict[str, Any] = {
    "ServerEvent": ServerEvent,
    "ClientEvent": ClientEvent,
    "AnyItem": AnyItem,
    "Part": Part,
    "TurnDetection": TurnDetection,
}
"""What the file defines, with everything that it consists of."""
HEADING = "/** Written by scripts/wire_types.py; change src/vasi/protocol instead. Bytes are in base64. */\n"


def wire_types() -> str:
    """The TypeScript module: one interface for each struct, and the unions by name."""
    writer = Writer()
    unions = [f"export type {name} = {writer.expression(types.type_info(union))};\n" for name, union in UNIONS.items()]
    return "\n".join([HEADING, *unions, *(writer.interfaces[name] for name in sorted(writer.interfaces))])


class Writer:
    """Collects the interfaces of all structs that the types given to ``expression`` consist of."""

    def __init__(self) -> None:
        self.interfaces: dict[str, str] = {}
        self._structs: dict[str, type[Any]] = {}

    def expression(self, shape: types.Type) -> str:
        """``shape`` in TypeScript.

        Raises:
            NotImplementedError: for a kind of type that the protocol hasn't used so far.
        """
        match shape:
            case types.Metadata(type=inner):
                return self.expression(inner)
            case types.StructType():
                return self._name(shape)
            case types.UnionType(types=members):
                return " | ".join(dict.fromkeys(self.expression(member) for member in members))
            case types.LiteralType(values=values):
                return " | ".join(json.dumps(value) for value in values)
            case types.ListType(item_type=inner):
                item = self.expression(inner)
                return f"({item})[]" if "|" in item else f"{item}[]"
            case types.DictType(value_type=inner):
                return f"Record<string, {self.expression(inner)}>"
            case types.StrType() | types.BytesType():
                return "string"
            case types.IntType() | types.FloatType():
                return "number"
            case types.BoolType():
                return "boolean"
            case types.NoneType():
                return "null"
            case types.AnyType():
                return "unknown"
            case _:
                raise NotImplementedError(f"{shape} has no TypeScript type yet: add it to scripts/wire_types.py")

    def _name(self, shape: types.StructType) -> str:
        name = shape.cls.__name__
        if name not in self._structs:
            self._structs[name] = shape.cls
            self.interfaces[name] = self._interface(name, shape)
        if self._structs[name] is not shape.cls:
            raise NotImplementedError(f"Two structs of the protocol are called {name}: rename one of them")
        return name

    def _interface(self, name: str, shape: types.StructType) -> str:
        lines = [*comment(shape.cls), f"export interface {name} {{"]
        if shape.tag_field is not None:
            lines.append(f"  {shape.tag_field}: {json.dumps(shape.tag)};")
        omits_defaults = shape.cls.__struct_config__.omit_defaults
        sent_by_app = shape.cls.__module__ == "vasi.protocol.client_events"
        for field in shape.fields:
            # Of a field whose default is UNSET, nothing but that it isn't required is left here.
            unset = field.default is NODEFAULT and field.default_factory is NODEFAULT
            absent = not field.required and (unset or omits_defaults or sent_by_app)
            lines.append(f"  {field.encode_name}{'?' if absent else ''}: {self.expression(field.type)};")
        return "\n".join([*lines, "}\n"])


def comment(struct: type[msgspec.Struct]) -> list[str]:
    """The first line of the struct's own docstring."""
    text = inspect.cleandoc(struct.__dict__.get("__doc__") or "").split("\n")[0].replace("``", "`")
    return [f"/** {text} */"] if text else []


if __name__ == "__main__":
    WIRE.write_text(wire_types(), encoding="utf-8")
