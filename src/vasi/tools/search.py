"""``search_knowledge``: the passages that bear on a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from vasi.knowledge import Knowledge, ScoredPassage
from vasi.protocol.extension import PassageShown
from vasi.tools.arguments import parse, schema_of
from vasi.tools.ports import ToolContext, ToolResult

PASSAGES = 5
NOTES = "Notes"
"""What stands for a document's name where a passage is of a note."""


class SearchArguments(msgspec.Struct):
    query: Annotated[
        str, Meta(min_length=1, max_length=1000, description="The question in full, with the words that matter.")
    ]


class SearchKnowledge:
    """Looks in documents and notes."""

    name = "search_knowledge"
    read_only = True
    description = (
        "Search the user's own documents and notes. Call it before you answer any question about facts. "
        "If 'found' is false the documents don't hold the answer: say so."
    )
    parameters: Mapping[str, Any] = schema_of(SearchArguments)

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    async def run(self, context: ToolContext, arguments: str) -> ToolResult:
        """Output: ``{"found": bool, "passages": [{"id", "kind", "document", "page", "heading", "text", "score"}]}``."""
        query = parse(arguments, SearchArguments).query
        result = await self._knowledge.search(context.owner, query, limit=PASSAGES, spoken=context.spoken)
        passages = tuple(map(_shown, result.passages))
        output = msgspec.json.encode({"found": result.found, "passages": [_for_model(one) for one in passages]})
        return ToolResult(output.decode(), passages, result.found)


def _shown(scored: ScoredPassage) -> PassageShown:
    passage = scored.passage
    return PassageShown(
        id=passage.id,
        kind=passage.kind,
        source_id=passage.source_id,
        document=passage.document if passage.kind == "document" else NOTES,
        page=passage.page,
        heading=passage.heading,
        text=passage.text,
        start=passage.start,
        end=passage.end,
        score=round(scored.score, 3),
    )


def _for_model(passage: PassageShown) -> dict[str, object]:
    """What a model makes use of; the rest would cost tokens."""
    return {
        "id": passage.id,
        "kind": passage.kind,
        "document": passage.document,
        "page": passage.page,
        "heading": passage.heading,
        "text": passage.text,
        "score": passage.score,
    }
