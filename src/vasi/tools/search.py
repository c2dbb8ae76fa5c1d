"""``search_knowledge``: the passages that bear on a question."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from vasi.knowledge import Knowledge
from vasi.tools.decorator import tool
from vasi.tools.ports import FoundPassage, Tool, ToolContext, ToolResult

PASSAGES = 5


class SearchArguments(msgspec.Struct):
    query: Annotated[
        str, Meta(min_length=1, max_length=1000, description="The question in full, with the words that matter.")
    ]


def search_tool(knowledge: Knowledge) -> Tool:
    """The tool that looks in documents and notes.

    Output: ``{"found": bool, "passages": [{"id", "document", "page", "heading", "text", "score"}]}``.
    """

    @tool(
        "search_knowledge",
        "Search the user's own documents and notes. Call it before you answer any question about facts. "
        "If 'found' is false the documents don't hold the answer: say so.",
        read_only=True,
    )
    async def search_knowledge(context: ToolContext, arguments: SearchArguments) -> ToolResult:
        result = await knowledge.search(context.owner, arguments.query, limit=PASSAGES, spoken=context.spoken)
        passages = tuple(
            FoundPassage(
                id=scored.passage.id,
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

    return search_knowledge
