"""Arguments for a tool that the caller insists on: its parameters filled in from the utterance."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from vasi.language.dates import number_of
from vasi.language.grammar import understand
from vasi.language.intents import Question

_DEEPEST = 6


def fill(parameters: Mapping[str, Any], utterance: str, now: datetime | None) -> dict[str, Any]:
    """A value for each required parameter of the JSON Schema ``parameters``.

    Strings get the utterance without its politeness, numbers the number that it names, enumerations the value that it
    names or else their first; what is left gets the plainest value of its type.
    """
    intent = understand(utterance, now)
    said = intent.text if isinstance(intent, Question) else utterance.strip()
    value = _value({**parameters, "type": "object"}, said, now, 0)
    return cast("dict[str, Any]", value)


def _value(schema: Mapping[str, Any], said: str, now: datetime | None, depth: int) -> Any:
    if "const" in schema:
        return schema["const"]
    if "default" in schema and depth:
        return schema["default"]
    if choices := _list(schema.get("enum")):
        return next((choice for choice in choices if str(choice).lower() in said.lower()), choices[0])
    for name in ("anyOf", "oneOf", "allOf"):
        if (options := _list(schema.get(name))) and isinstance(options[0], Mapping) and depth < _DEEPEST:
            return _value(cast("Mapping[str, Any]", options[0]), said, now, depth + 1)
    match _type(schema):
        case "integer":
            return _bounded(schema, _number(said))
        case "number":
            return float(_bounded(schema, _number(said)))
        case "boolean":
            return True
        case "null":
            return None
        case "array":
            count = schema.get("minItems", 0)
            items = schema.get("items")
            if not isinstance(count, int) or not isinstance(items, Mapping) or depth >= _DEEPEST:
                return []
            return [_value(cast("Mapping[str, Any]", items), said, now, depth + 1)] * min(count, 8)
        case "object":
            return _object(schema, said, now, depth)
        case _:
            return _string(schema, said, now)


def _object(schema: Mapping[str, Any], said: str, now: datetime | None, depth: int) -> dict[str, Any]:
    properties = schema.get("properties")
    if not isinstance(properties, Mapping) or depth >= _DEEPEST:
        return {}
    known = cast("Mapping[str, Any]", properties)
    required = [name for name in _list(schema.get("required")) if isinstance(name, str) and name in known]
    return {
        name: _value(cast("Mapping[str, Any]", known[name]), said, now, depth + 1)
        for name in required
        if isinstance(known[name], Mapping)
    }


def _string(schema: Mapping[str, Any], said: str, now: datetime | None) -> str:
    match schema.get("format"):
        case "date" if now:
            return now.date().isoformat()
        case "date-time" if now:
            return now.isoformat()
        case "time" if now:
            return now.time().isoformat(timespec="seconds")
        case _:
            longest = schema.get("maxLength")
            return said[:longest] if isinstance(longest, int) and longest >= 0 else said


def _type(schema: Mapping[str, Any]) -> object:
    kind = schema.get("type")
    kinds = _list(kind)
    if kinds:
        return next((each for each in kinds if each != "null"), "null")
    return "object" if kind is None and "properties" in schema else kind


def _number(said: str) -> int:
    for word in re.findall(r"\d{1,9}|[a-z]+", said.lower()):
        if word not in ("a", "an") and (number := number_of(word)) is not None:
            return number
    return 0


def _bounded(schema: Mapping[str, Any], number: int) -> int:
    low, high = schema.get("minimum"), schema.get("maximum")
    if isinstance(low, int | float):
        number = max(number, int(low) + (int(low) < low))
    if isinstance(high, int | float):
        number = min(number, int(high // 1))
    return number


def _list(value: object) -> Sequence[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []
