"""``search_knowledge``: the passages that bear on a question."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from vasi.knowledge import Knowledge, ScoredPassage
from vasi.tools.decorator import tool
from vasi.tools.ports import FoundPassage, Tool, ToolContext, ToolResult

PASSAGES = 5
NOTES = "Notes"
"""What stands for a document's name where a passage is of a note."""


class SearchArguments(msgspec.Struct):
    query: Annotated[
        str, Meta(min_length=1, max_length=1000, description="The question in full, with the words that matter.")
    ]


def search_tool(knowledge: Knowledge) -> Tool:
    """The tool that looks in documents and notes.

    Output: ``{"found": bool, "passages": [{"id", "kind", "document", "page", "heading", "text", "score"}]}``; where it
    isn't found, ``passages`` are the nearest, and ``"missing": [str]`` are the words asked for that they lack.
    """

    @tool(
        "search_knowledge",
        "Search the user's own documents and notes. Call it before you answer any question about facts. "
        "If 'found' is false the documents don't hold the answer: say so; 'missing' are the words that the nearest "
        "passages lack.",
        read_only=True,
    )
    async def search_knowledge(context: ToolContext, arguments: SearchArguments) -> ToolResult:
        result = await knowledge.search(context.owner, arguments.query, limit=PASSAGES, spoken=context.spoken)
        passages = tuple(map(_found, result.passages))
        output: dict[str, object] = {"found": result.found}
        if not result.found:
            output["missing"] = result.missing
        output["passages"] = [_for_model(one) for one in passages]
        return ToolResult(msgspec.json.encode(output).decode(), passages, result.found)

    return search_knowledge


def _found(scored: ScoredPassage) -> FoundPassage:
    passage = scored.passage
    return FoundPassage(
        id=passage.id,
        document=passage.document if passage.kind == "document" else NOTES,
        page=passage.page,
        heading=passage.heading,
        text=passage.text,
        score=round(scored.score, 3),
        kind=passage.kind,
        source_id=passage.source_id,
        start=passage.start,
        end=passage.end,
    )


def _for_model(passage: FoundPassage) -> dict[str, object]:
    """What a model makes use of; the rest would cost tokens."""
    shown: dict[str, object] = {
        "id": passage.id,
        "kind": passage.kind,
        "document": passage.document,
        "page": passage.page,
        "heading": passage.heading,
        "text": passage.text,
        "score": passage.score,
    }
    return shown | {"note_id": passage.source_id} if passage.kind == "note" else shown
