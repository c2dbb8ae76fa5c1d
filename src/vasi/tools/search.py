"""``search_knowledge``: the passages that bear on a question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from vasi.knowledge import Knowledge
from vasi.knowledge.places import PlacedPassages
from vasi.knowledge.selection import FoundRecords
from vasi.knowledge.surroundings import follows
from vasi.language.aggregates import asked_aggregate
from vasi.language.places import Place, named_place
from vasi.storage.ports import Passage
from vasi.tools.decorator import tool
from vasi.tools.ports import Computed, FoundPassage, Tool, ToolContext, ToolResult

PASSAGES = 5
RECORDS = 20
"""Records that are named."""
RECORD_PASSAGES = 3
"""Passages of records that are handed over beside those that were found."""
NOTES = "Notes"
"""What stands for a document's name where a passage is of a note."""


class SearchArguments(msgspec.Struct):
    query: Annotated[
        str, Meta(min_length=1, max_length=1000, description="The question in full, with the words that matter.")
    ]


def search_tool(knowledge: Knowledge) -> Tool:
    """The tool that looks in documents and notes.

    Output: ``{"found": bool, "passages": [{"id", "kind", "document", "page", "heading", "text", "score"}]}``, of shared
    documents with the name of their ``"collection"``; where it isn't found, ``passages`` are the nearest, and
    ``"missing": [str]`` are the words asked for that they lack. A passage that goes on from another one names it:
    ``"follows": id``; lists are completed with such passages.

    ``"asked_as"`` is the query with an acronym in place of what it stands for, or the other way round, if it was looked
    up so.

    A query that asks over many records (rows of a table, items, like sections) gets what all of them say: ``"records":
    {"operation", "document", "total", "count", "records": [{"name", "fields", "passage"}]}``: of ``total`` of a kind
    ``count`` fit, the largest, or else first, of which are named. ``"operation"`` is what was made of them: count,
    list, grouped (``"groups"``: how many have each ``"value"`` of a column), largest, smallest, total, average, cell
    (of a ``"column"``, or of those ``"shown"``), yes, no, none (fits) or unclear (their values can't be compared or
    summed); of a sum there are its ``"column"``, ``"value"`` and ``"unit"``.

    A query that names a page or section of a document gets that: ``"place": {"document", "page" or "section"}``, and
    the number of its ``"pages"`` where the document has no such page.
    """

    @tool(
        "search_knowledge",
        "Search the user's own documents and notes. Call it before you answer any question about facts. "
        "If 'found' is false the documents don't hold the answer: say so; 'missing' are the words that the nearest "
        "passages lack. 'records' answers questions over a whole table or list: counts, all that fit, the most, sums. "
        "'collection' is where a document is shared: name it with the document.",
        read_only=True,
    )
    async def search_knowledge(context: ToolContext, arguments: SearchArguments) -> ToolResult:
        owners = await knowledge.collections.readable(context.owner, context.groups)
        result = await knowledge.search(owners, arguments.query, limit=PASSAGES, spoken=context.spoken)
        if (place := named_place(arguments.query)) is not None:
            placed = await knowledge.at_place(owners, place, result)
            if placed is not None and (placed.passages or place.page is not None):
                return _at_place(place, placed)
        scores = {one.passage.id: one.score for one in result.passages}
        found = [one.passage for one in result.passages]
        query = result.asked_as or arguments.query
        around = await knowledge.surroundings(owners, found, query)
        passages = [_found(one, scores.get(one.id, 0.0)) for one in (*found, *around.added)]
        asked = asked_aggregate(query)
        records = await knowledge.records(owners, asked, result) if asked is not None else None
        output: dict[str, object] = {"found": result.found or records is not None}
        if asked is not None and records is not None:
            known = {one.id for one in passages}
            rows = records.records or records.of.records[:1]
            ids = [one for one in dict.fromkeys(row.passage_id for row in rows) if one not in known]
            told = await knowledge.passages(owners, ids[:RECORD_PASSAGES])
            passages += [_found(one, scores.get(one.id, 0.0)) for one in told]
            output["records"] = _records(records)
        elif not result.found:
            output["missing"] = result.missing
        if result.asked_as:
            output["asked_as"] = result.asked_as
        output["passages"] = _for_model(passages, around.follows)
        computed = None if records is None else _computed(records, passages)
        encoded = msgspec.json.encode(output).decode()
        return ToolResult(encoded, tuple(passages), bool(output["found"]), computed=computed)

    return search_knowledge


def _records(found: FoundRecords) -> dict[str, object]:
    """What the records say, with the first of those that fit."""
    output: dict[str, object] = {
        "operation": found.outcome,
        "document": found.of.document,
        "total": len(found.of.records),
        "count": len(found.records),
    }
    if found.column:
        output["column"] = found.column
    if found.shown:
        output["shown"] = list(found.shown)
    if found.value is not None:
        output["value"] = round(found.value, 2)
    if found.groups:
        output["groups"] = [{"value": value, "count": count} for value, count in found.groups]
    if found.unit:
        output["unit"], output["unit_before"] = found.unit, found.unit_before
    output["records"] = [
        {"name": one.name, "fields": dict(one.fields), "passage": one.passage_id} for one in found.records[:RECORDS]
    ]
    return output


def _computed(found: FoundRecords, passages: Sequence[FoundPassage]) -> Computed:
    """What a sentence says that tells the result, and the passages that were handed over of its records."""
    rows = found.records or found.of.records
    there = {passage.id for passage in passages}
    ids = dict.fromkeys(row.passage_id for row in rows if row.passage_id in there)
    terms = [row.name for row in rows[:RECORDS]]
    if found.value is not None:
        terms.append(found.column)
    if not found.records:
        terms.append(str(len(found.of.records)))
    return Computed(tuple(filter(None, terms)), tuple(ids)[:RECORD_PASSAGES])


def _at_place(place: Place, placed: PlacedPassages) -> ToolResult:
    """The passages of a place, or how many pages there are where it has no such page."""
    named: dict[str, object] = {"document": placed.document.name}
    if place.page is None:
        named["section"] = place.section
    elif placed.passages or place.page <= (placed.document.pages or 0):
        named["page"] = placed.passages[0].page if placed.passages else place.page
    else:
        named["pages"] = placed.document.pages
    passages = [_found(one, 1.0) for one in placed.passages]
    shown = _for_model(passages, follows(placed.passages))
    output = {"found": bool(passages), "place": named, "passages": shown}
    return ToolResult(msgspec.json.encode(output).decode(), tuple(passages), bool(passages))


def _found(passage: Passage, score: float) -> FoundPassage:
    return FoundPassage(
        id=passage.id,
        document=passage.document if passage.kind == "document" else NOTES,
        page=passage.page,
        heading=passage.heading,
        text=passage.text,
        score=round(score, 3),
        kind=passage.kind,
        source_id=passage.source_id,
        start=passage.start,
        end=passage.end,
        collection=passage.collection,
    )


def _for_model(passages: Iterable[FoundPassage], before: Mapping[str, str]) -> list[dict[str, object]]:
    """What a model makes use of; the rest would cost tokens."""
    return [_shown(passage, before.get(passage.id)) for passage in passages]


def _shown(passage: FoundPassage, before: str | None) -> dict[str, object]:
    shown: dict[str, object] = {
        "id": passage.id,
        "kind": passage.kind,
        "document": passage.document,
        "page": passage.page,
        "heading": passage.heading,
        "text": passage.text,
        "score": passage.score,
    }
    if passage.collection is not None:
        shown["collection"] = passage.collection.name
    if passage.kind == "note":
        shown["note_id"] = passage.source_id
    if before is not None:
        shown["follows"] = before
    return shown
