"""Nulls from the wire: where a type has no null, one in an optional field is as good as leaving the field out.

Many clients write every field that they know, the unset ones as null. Which nulls mean something is said by the types
alone: a field of type ``X | None`` keeps its null (``turn_detection`` is off then); any other that may be left out
loses it, and so does one that the type doesn't have. The null of a required field stays, to be refused by name.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from msgspec import inspect

Value = TypeVar("Value")


class _Field(NamedTuple):
    keeps_null: bool
    required: bool
    type: inspect.Type


def without_nulls(value: Value, kind: Any, *, patch: bool = False) -> Value:
    """``value`` without the nulls that are as good as nothing; the same object if it has none.

    Args:
        value: decoded JSON, which is not changed.
        kind: the type that it's to become.
        patch: ``value`` only names what changes in a value of that type, so that none of its fields is required.
    """
    return cast(Value, _stripped(value, _type_info(kind), patch=patch))


def _stripped(value: Any, info: inspect.Type, *, patch: bool = False) -> Any:
    if isinstance(value, dict):
        return _object(cast(dict[str, Any], value), info, patch=patch)
    if isinstance(value, list):
        return _array(cast("list[Any]", value), info)
    return value


def _object(value: dict[str, Any], info: inspect.Type, *, patch: bool) -> dict[str, Any]:
    structs = [one for one in _alternatives(info) if isinstance(one, inspect.StructType)]
    if not structs:
        return value
    # Without its tag it may be any of them.
    tagged = [one for one in structs if one.tag_field is not None and value.get(one.tag_field) == one.tag]
    fields = _fields(tuple(one.cls for one in tagged or structs))
    result: dict[str, Any] = {}
    changed = False
    for name, inner in value.items():
        field = fields.get(name)
        if inner is None:
            keeps = field is not None and (field.keeps_null or (field.required and not patch))
            kept = inner
        else:
            keeps = True
            kept = inner if field is None else _stripped(inner, field.type, patch=patch)
        changed = changed or not keeps or kept is not inner
        if keeps:
            result[name] = kept
    return result if changed else value


def _array(value: list[Any], info: inspect.Type) -> list[Any]:
    kinds = [one.item_type for one in _alternatives(info) if isinstance(one, inspect.ListType)]
    if not kinds:
        return value
    result = [_stripped(inner, kinds[0]) for inner in value]
    return result if any(new is not old for new, old in zip(result, value, strict=True)) else value


def _alternatives(info: inspect.Type) -> tuple[inspect.Type, ...]:
    if isinstance(info, inspect.Metadata):
        return _alternatives(info.type)
    return info.types if isinstance(info, inspect.UnionType) else (info,)


@cache
def _type_info(kind: Any) -> inspect.Type:
    """As msgspec tells it, which takes tens of milliseconds for all client events."""
    return inspect.type_info(kind)


@cache
def _fields(structs: tuple[type, ...]) -> dict[str, _Field]:
    """The fields of these structs; where several have one of a name, any of them may keep its null."""
    fields: dict[str, _Field] = {}
    for struct in structs:
        info = inspect.type_info(struct)
        assert isinstance(info, inspect.StructType), "they are structs"
        for field in info.fields:
            keeps = any(isinstance(one, inspect.NoneType | inspect.AnyType) for one in _alternatives(field.type))
            before = fields.get(field.encode_name, _Field(False, False, field.type))
            fields[field.encode_name] = _Field(
                keeps or before.keeps_null, field.required or before.required, before.type
            )
    return fields
