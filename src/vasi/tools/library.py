"""``list_documents``: what is in the library, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from vasi.errors import ToolError
from vasi.knowledge import Knowledge
from vasi.knowledge.places import words_of
from vasi.language.speakable import spoken_name
from vasi.language.terms import content_words, stem
from vasi.storage.ports import Document, Passage
from vasi.tools.decorator import tool
from vasi.tools.ports import Tool, ToolContext, ToolResult

LISTED = 20
_HEADINGS = 30
_HEADING_CHARACTERS = 80

DocumentName = Annotated[
    str, Meta(max_length=200, description="A document's name, or words of it; brings its headings, too.")
]
Moment = Annotated[str, Meta(max_length=40, description="ISO 8601 date or time: only documents added in between.")]


class ListDocumentsArguments(msgspec.Struct):
    document: DocumentName | None = None
    since: Moment | None = None
    until: Moment | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = LISTED


def library_tools(knowledge: Knowledge) -> list[Tool]:
    """The tool that tells which documents there are.

    Output: ``{"total": int, "documents": [{"name", "title", "pages", "added_at"}]}``, those added last first, shared
    ones with the name of their ``"collection"``; ``total`` counts all that fit. Of a single document that was named
    also ``"headings": [str]``.
    """

    @tool(
        "list_documents",
        "List the documents in the user's library with their pages and when they were added, newest first. Call it for "
        "questions about the library itself: how many documents there are, which, since when, what is in one of them.",
        read_only=True,
    )
    async def list_documents(context: ToolContext, arguments: ListDocumentsArguments) -> ToolResult:
        owners = await knowledge.collections.readable(context.owner, context.groups)
        since, until = _moment(arguments.since, context.now), _moment(arguments.until, context.now)
        documents = [
            one
            for one in await knowledge.documents(owners)
            if (since is None or one.added_at >= since) and (until is None or one.added_at < until)
        ]
        if arguments.document:
            documents = named(documents, arguments.document)
        documents.sort(key=lambda one: one.name)
        documents.sort(key=lambda one: one.added_at, reverse=True)
        output: dict[str, object] = {
            "total": len(documents),
            "documents": [_shown(one) for one in documents[: arguments.limit]],
        }
        if arguments.document and len(documents) == 1:
            output["headings"] = _headings(await knowledge.document_passages(owners, documents[0].id))
        return ToolResult(msgspec.json.encode(output).decode())

    return [list_documents]


def named(documents: Iterable[Document], reference: str) -> list[Document]:
    """The documents that ``reference`` may name: by their whole name, else those that have all of its words."""
    everything = list(documents)
    lowered = reference.strip().lower()
    exact = [one for one in everything if lowered in map(str.lower, (one.name, spoken_name(one.name), one.title))]
    if exact:
        return exact
    asked = {stem(word) for word in content_words(reference)}
    return [one for one in everything if asked and asked <= words_of(one)]


def _shown(document: Document) -> dict[str, object]:
    shown: dict[str, object] = {
        "name": document.name,
        "title": document.title[:_HEADING_CHARACTERS],
        "pages": document.pages,
        "added_at": document.added_at.isoformat(timespec="seconds"),
    }
    if document.collection is not None:
        shown["collection"] = document.collection.name
    return shown


def _headings(passages: Sequence[Passage]) -> list[str]:
    """The outermost headings that there are several of."""
    paths = [passage.heading.split(" > ") for passage in passages if passage.heading]
    for level in range(3):
        found = list(dict.fromkeys(path[level][:_HEADING_CHARACTERS] for path in paths if len(path) > level))
        if len(found) > 1:
            return found[:_HEADINGS]
    return list(dict.fromkeys(path[-1][:_HEADING_CHARACTERS] for path in paths))[:_HEADINGS]


def _moment(text: str | None, now: datetime) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ToolError(f"'{text}' is not an ISO 8601 date or time.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
