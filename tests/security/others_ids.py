"""What a user leaves behind that has an id, and requests that are made of the API's own description to try these ids.

A parameter, a field of a body or of an event that nobody has said of what it names fails a test: a new route or event
is tried with the other user's ids as soon as it's there.
"""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CANARY = "quillimarzebu"
"""A word of Anna's things, which Ben asks for."""
SECRET = "vorbelglimm"
"""A word that all of Anna's things hold, and that Ben doesn't know: no answer to him may say it."""

Ids = Mapping[str, Sequence[str]]
"""Ids of the other user's, by what they name."""

NAMES = {
    "collection": "collection",
    "collection_id": "collection",
    "document_id": "document",
    "passage_id": "passage",
    "note_id": "note",
    "conversation_id": "conversation",
    "conversation": "conversation",
    "before": "conversation",
    "item_id": "item",
    "previous_item_id": "item",
    "response_id": "response",
    "call_id": "call",
    "key_id": "key",
    "session_id": "browser_session",
    "user_id": "user",
    "user": "user",
    "invitation_id": "invitation",
    "resume": "resumption",
    "replace": "document",
    "provider": "provider",
    "id": "item",
}
"""What the parameters of routes and the fields of events name that hold an id."""

FREE: Mapping[str, Any] = {
    "q": CANARY,
    "tag": CANARY,
    "limit": 50,
    "format": "json",
    "time_zone": "UTC",
    "last-event-id": "0",
    "return_to": "/",
    "error": "x",
    "code": "x",
    "state": "x",
    "invitation": "x",
}
"""Values of the parameters that name nothing of anybody's."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A request with another user's ids; ``ids`` are those in it."""

    method: str
    path: str
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    json: Any = None
    files: Any = None
    data: Mapping[str, str] = field(default_factory=dict[str, str])
    ids: frozenset[str] = frozenset()

    @property
    def aims(self) -> bool:
        """It names something of the other's in its path: there is nothing that may come of it."""
        return any(one in self.path for one in self.ids)


def attempts(described: Mapping[str, Any], ids: Ids, prefix: str = "/api") -> Iterator[Attempt]:
    """For every operation of an OpenAPI description one for each of the ids that it could be given."""
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            yield from _of_operation(described, method.upper(), prefix + path, operation, ids)


def _of_operation(
    described: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any], ids: Ids
) -> Iterator[Attempt]:
    parameters = operation.get("parameters", ())
    named = [one for one in parameters if one["name"] in NAMES]
    free = [one for one in parameters if one["name"] not in NAMES]
    params = {one["name"]: FREE[one["name"]] for one in free if one["in"] == "query"}
    headers = {one["name"]: str(FREE[one["name"]]) for one in free if one["in"] == "header"}
    bodies = list(_bodies(described, operation, ids))
    required = [one for one in named if one["in"] == "path"]
    optional = [one for one in named if one["in"] != "path"]
    in_path = itertools.product(*(ids[NAMES[one["name"]]] for one in required))
    for values, body in itertools.product(list(in_path), bodies):
        filled = path
        for one, value in zip(required, values, strict=True):
            filled = filled.replace(f"{{{one['name']}}}", value)
        yield Attempt(method, filled, params, headers, **body, ids=frozenset(values) | frozenset(body["data"].values()))
        for one in optional:
            for value in ids[NAMES[one["name"]]]:
                given = {**params, one["name"]: value}
                yield Attempt(method, filled, given, headers, **body, ids=frozenset((*values, value)))


def _bodies(described: Mapping[str, Any], operation: Mapping[str, Any], ids: Ids) -> Iterator[dict[str, Any]]:
    content = operation.get("requestBody", {}).get("content", {})
    nothing: dict[str, Any] = {"json": None, "files": None, "data": {}}
    if not content:
        yield nothing
    for kind, body in content.items():
        match kind:
            case "application/json":
                yield {**nothing, "json": example(described, body["schema"])}
            case "multipart/form-data":
                files = [("files", ("theirs.md", b"Nothing."))]
                fields = set(body["schema"]["properties"]) - {"files"}
                yield {**nothing, "files": files}
                for name in sorted(fields):
                    yield from ({**nothing, "files": files, "data": {name: value}} for value in ids[NAMES[name]])
            case "application/zip":
                yield {**nothing, "files": None}
            case _:
                raise AssertionError(f"No bodies of the type {kind} are made here yet.")


def example(described: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    """A value that fits a schema."""
    if "$ref" in schema:
        return example(described, described["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]])
    if "anyOf" in schema:
        return example(described, schema["anyOf"][0])
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            return {name: example(described, one) for name, one in schema.get("properties", {}).items()}
        case "array":
            return [example(described, schema["items"])]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "string" if schema.get("format") == "date-time":
            return "2030-01-01T00:00:00Z"
        case _:
            return "word"


def fields(structs: Sequence[Any]) -> set[str]:
    """The names of the fields of message structs."""
    return {name for struct in structs for name in struct.__struct_fields__}


def read(content: bytes) -> bytes:
    """What an answer says, unpacked if it's an archive."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return content + b"".join(name.encode() + archive.read(name) for name in archive.namelist())
