"""Hypothesis strategies for everything that msgspec knows the type of: any event that our codec could read or write."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect as known

LONGEST = 6
"""Items of a list, characters of a text: limits aren't what these strategies look for."""


def of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type, as objects."""
    return _strategy(known.type_info(kind))


def _strategy(info: known.Type) -> st.SearchStrategy[Any]:
    match info:
        case known.StrType(pattern=None, min_length=shortest):
            return st.text(min_size=shortest or 0, max_size=LONGEST)
        case known.StrType(pattern=pattern):
            return st.from_regex(re.compile(str(pattern)), fullmatch=True).filter(lambda text: len(text) < 60)
        case known.IntType(ge=low, le=high):
            return st.integers(low if low is not None else 0, high if high is not None else 2**40)
        case known.FloatType(ge=low, le=high):
            return st.floats(low if low is not None else 0, high if high is not None else 1e6)
        case known.BoolType():
            return st.booleans()
        case known.NoneType():
            return st.none()
        case known.BytesType():
            return st.binary(max_size=LONGEST)
        case known.LiteralType(values=values):
            return st.sampled_from(values)
        case known.ListType(item_type=item, min_length=shortest, max_length=longest):
            return st.lists(_strategy(item), min_size=shortest or 0, max_size=min(longest or 2, 2))
        case known.DictType(key_type=key, value_type=value):
            return st.dictionaries(_strategy(key), _strategy(value), max_size=2)
        case known.AnyType():
            return st.one_of(st.none(), st.booleans(), st.integers(0, 9), st.text(max_size=LONGEST))
        case known.UnionType(types=types):
            return st.one_of(*(_strategy(one) for one in types))
        case known.StructType(cls=cls, fields=fields):
            return _struct(cls, fields)
        case _:
            raise NotImplementedError(f"no strategy for {info}")


def _struct(cls: Any, fields: tuple[known.Field, ...]) -> st.SearchStrategy[Any]:
    required = {field.name: _strategy(field.type) for field in fields if field.required}
    optional = {field.name: _strategy(field.type) for field in fields if not field.required}
    return st.fixed_dictionaries(required, optional=optional).map(lambda values: cls(**values))


def wire(value: msgspec.Struct) -> dict[str, Any]:
    """A value as it stands in JSON."""
    return msgspec.json.decode(msgspec.json.encode(value))
