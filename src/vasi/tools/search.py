"""``search_knowledge``: the passages that bear on a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from vasi.knowledge import Knowledge
from vasi.protocol.extension import PassageShown
from vasi.tools.arguments import parse, schema_of
from vasi.tools.ports import ToolContext, ToolResult

PASSAGES = 5


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
        """Output: ``{"found": bool, "passages": [{"id", "document", "page", "heading", "text", "score"}]}``."""
        query = parse(arguments, SearchArguments).query
        result = await self._knowledge.search(context.owner, query, limit=PASSAGES, spoken=context.spoken)
        passages = tuple(
            PassageShown(
                id=f"p{scored.passage.id}",
                document=scored.passage.document,
                page=scored.passage.page,
                heading=scored.passage.heading,
                text=scored.passage.text,
                score=round(scored.score, 3),
            )
            for scored in result.passages
        )
        output = msgspec.json.encode({"found": result.found, "passages": passages}).decode()
        return ToolResult(output, passages, result.found)
