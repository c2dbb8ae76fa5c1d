"""What the server's tools answer, read out of their JSON. A tool's output is never trusted to have its shape."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage from ``search_knowledge``.

    ``note`` tells that it is of a note, not of a document, ``note_id`` of which one; ``follows`` is the id of the
    passage that it goes on from; ``collection`` is what the one is called that its document is shared in.
    """

    document: str
    text: str
    heading: str = ""
    page: int | None = None
    score: float = 0.0
    note: bool = False
    note_id: str = ""
    id: str = ""
    follows: str = ""
    collection: str = ""


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place in a document that was asked for; ``pages`` is how many it has where the place isn't among them."""

    document: str
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """A record from ``search_knowledge``: its name, its fields, and the id of its passage."""

    name: str
    fields: Mapping[str, str]
    passage: str


@dataclass(frozen=True, slots=True)
class KnownRecords:
    """What ``search_knowledge`` found out over records.

    ``value`` is None if nothing was summed, ``shown`` are columns whose values belong to the records' names,
    ``groups`` the values of ``column`` with how many records have each.
    """

    operation: str
    document: str
    total: int
    count: int
    column: str
    value: float | None
    records: tuple[KnownRecord, ...]
    shown: tuple[str, ...] = ()
    unit: str = ""
    unit_before: bool = False
    groups: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class KnownNote:
    """A note from any of the note tools; ``created_at`` None if it can't be read."""

    id: str
    text: str
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownDocument:
    """A document from ``list_documents``; ``collection`` as in ``FoundPassage``."""

    name: str
    pages: int | None = None
    added_at: datetime | None = None
    collection: str = ""


@dataclass(frozen=True, slots=True)
class ToolOutput:
    """What one call came to.

    Attributes:
        text: the output as it came.
        fields: the same, if it is a JSON object; else empty.
    """

    text: str
    fields: Mapping[str, Any]

    @property
    def error(self) -> str:
        """The sentence that tells what went wrong, "" if nothing did."""
        error = self.fields.get("error")
        if isinstance(error, Mapping):
            error = cast("Mapping[str, Any]", error).get("message")
        return str(error).strip() if error else ""

    @property
    def interrupted(self) -> bool:
        """The call was cut off: this tells nothing of what it looked for."""
        return self.fields.get("interrupted") is True

    @property
    def found(self) -> bool:
        return self.fields.get("found") is not False and bool(self.passages)

    @property
    def asked_as(self) -> str:
        """The query in the form that was looked up, "" if that is as it was asked."""
        return _text(self.fields.get("asked_as"))

    @property
    def passages(self) -> tuple[FoundPassage, ...]:
        return tuple(
            FoundPassage(
                document=_text(row.get("document")),
                text=_text(row.get("text")),
                heading=_text(row.get("heading")),
                page=_whole(row.get("page")),
                score=_number(row.get("score")),
                note=row.get("kind") == "note",
                note_id=_text(row.get("note_id")),
                id=_text(row.get("id")),
                follows=_text(row.get("follows")),
                collection=_text(row.get("collection")),
            )
            for row in self._rows("passages")
            if _text(row.get("text")).strip()
        )

    @property
    def note(self) -> KnownNote | None:
        row = self.fields.get("note")
        return _note(cast("Mapping[str, Any]", row)) if isinstance(row, Mapping) else None

    @property
    def notes(self) -> tuple[KnownNote, ...]:
        return tuple(_note(row) for row in self._rows("notes"))

    @property
    def undone(self) -> str:
        """What was taken back: "added", "updated" or "removed"; "" if this tells nothing of it."""
        return _text(self.fields.get("undone"))

    @property
    def deleted(self) -> tuple[KnownNote, ...]:
        """The notes that were deleted together."""
        return tuple(_note(row) for row in self._rows("deleted"))

    @property
    def missing(self) -> tuple[str, ...]:
        """What was to be taken off a list and isn't on it."""
        missing = self.fields.get("missing")
        return tuple(_text(text) for text in cast("list[object]", missing)) if isinstance(missing, list) else ()

    @property
    def candidates(self) -> tuple[KnownNote, ...]:
        return tuple(_note(row) for row in self._rows("candidates"))

    @property
    def total(self) -> int:
        """How many notes or documents there are, shown or not."""
        return max(_whole(self.fields.get("total")) or 0, len(self.notes), len(self.documents))

    @property
    def documents(self) -> tuple[KnownDocument, ...]:
        return tuple(
            KnownDocument(
                _text(row.get("name")),
                _whole(row.get("pages")),
                _moment(row.get("added_at")),
                _text(row.get("collection")),
            )
            for row in self._rows("documents")
            if _text(row.get("name"))
        )

    @property
    def headings(self) -> tuple[str, ...]:
        """Of the only document that was listed."""
        headings = self.fields.get("headings")
        return tuple(filter(None, map(_text, cast("list[object]", headings)))) if isinstance(headings, list) else ()

    @property
    def place(self) -> FoundPlace | None:
        """The place in a document that was asked for; None if none was."""
        row = self.fields.get("place")
        if not isinstance(row, Mapping):
            return None
        fields = cast("Mapping[str, Any]", row)
        return FoundPlace(_text(fields.get("document")), _whole(fields.get("pages")))

    @property
    def records(self) -> KnownRecords | None:
        """What is said over many records; None if nothing was asked of them."""
        given = self.fields.get("records")
        if not isinstance(given, Mapping):
            return None
        fields = cast("Mapping[str, Any]", given)
        rows = ToolOutput("", fields)._rows("records")
        records = tuple(
            KnownRecord(_text(row.get("name")), _texts(row.get("fields")), _text(row.get("passage"))) for row in rows
        )
        value = fields.get("value")
        return KnownRecords(
            operation=_text(fields.get("operation")),
            document=_text(fields.get("document")),
            total=_whole(fields.get("total")) or len(records),
            count=_whole(fields.get("count")) or len(records),
            column=_text(fields.get("column")),
            value=_number(value) if isinstance(value, int | float) else None,
            records=records,
            shown=_list_of_texts(fields.get("shown")),
            unit=_text(fields.get("unit")),
            unit_before=fields.get("unit_before") is True,
            groups=tuple(
                (_text(group.get("value")), _whole(group.get("count")) or 0)
                for group in ToolOutput("", fields)._rows("groups")
            ),
        )

    def _rows(self, name: str) -> list[Mapping[str, Any]]:
        rows = self.fields.get(name)
        if not isinstance(rows, list):
            return []
        return [cast("Mapping[str, Any]", row) for row in cast("list[object]", rows) if isinstance(row, Mapping)]


def read_output(text: str) -> ToolOutput:
    """The output of a call, whatever it is."""
    try:
        fields: object = json.loads(text)
    except (ValueError, RecursionError):
        fields = None
    return ToolOutput(text, cast("Mapping[str, Any]", fields) if isinstance(fields, dict) else {})


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> Mapping[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {str(name): _text(text) for name, text in cast("Mapping[object, object]", value).items()}


def _list_of_texts(value: object) -> tuple[str, ...]:
    return tuple(filter(None, map(_text, cast("list[object]", value)))) if isinstance(value, list) else ()


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else 0.0


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _note(row: Mapping[str, Any]) -> KnownNote:
    return KnownNote(str(row.get("id") or ""), _text(row.get("text")).strip(), _moment(row.get("created_at")))


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(_text(value))
    except ValueError:
        return None
