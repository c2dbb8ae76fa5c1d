"""Answers about the library itself, from ``list_documents``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from vasi.engines.llm.outputs import KnownDocument, ToolOutput
from vasi.engines.llm.wording import in_collection
from vasi.language.dates import spoken_date
from vasi.language.library import LibraryQuestion
from vasi.language.replies import Counted, Replies, joined
from vasi.language.speakable import spoken_name

TOOL = "list_documents"
_NAMED = 8
"""Documents and headings that are read out."""


def arguments(asked: LibraryQuestion) -> Mapping[str, Any]:
    """The arguments of the call that finds out what is asked."""
    found: dict[str, Any] = {}
    if asked.document:
        found["document"] = asked.document
    if asked.period and asked.period.since:
        found["since"] = asked.period.since.isoformat()
    if asked.period and asked.period.until:
        found["until"] = asked.period.until.isoformat()
    return found


def told(
    asked: LibraryQuestion, output: ToolOutput, now: datetime | None, replies: Replies, *, english: bool
) -> list[str]:
    """What is said of the documents that were listed."""
    documents = output.documents
    match asked.form:
        case "count":
            return [_counted(output.total, replies.documents)]
        case "list":
            if not output.total:
                return [replies.added.none if asked.period else replies.documents.none]
            counted = _counted(output.total, replies.added if asked.period else replies.documents)
            return [f"{counted.rstrip('.。')}: {_names(documents, output.total, replies)}."]
        case "added":
            return [
                replies.added_on.format(name=_called(one, replies), date=_day(one, now, english=english))
                for one in documents[:3]
            ]
        case "contents":
            return _contents(documents[0], output, replies)


def _counted(total: int, one: Counted) -> str:
    return one.single if total == 1 else one.several.format(count=total) if total else one.none


def _called(document: KnownDocument, replies: Replies) -> str:
    return in_collection(replies.document.format(name=spoken_name(document.name)), document.collection, replies)


def _names(documents: tuple[KnownDocument, ...], total: int, replies: Replies) -> str:
    names = [in_collection(spoken_name(one.name), one.collection, replies) for one in documents[:_NAMED]]
    if total > len(names):
        names.append(replies.more.format(count=total - len(names)))
    return joined(names, replies.conjunction)


def _day(document: KnownDocument, now: datetime | None, *, english: bool) -> str:
    added = document.added_at
    if added is None:
        return "?"
    local = added.astimezone(now.tzinfo) if now is not None and now.tzinfo else added
    return spoken_date(local) if english else local.date().isoformat()


def _contents(document: KnownDocument, output: ToolOutput, replies: Replies) -> list[str]:
    said = _called(document, replies)
    said = said[:1].upper() + said[1:]
    pages = [replies.has_pages.format(name=said, pages=document.pages)] if document.pages else []
    headings = output.headings
    if not headings:
        return pages or [f"{said}."]
    shown = [*headings[:_NAMED]]
    if len(headings) > _NAMED:
        shown.append(replies.more.format(count=len(headings) - _NAMED))
    return [*pages, replies.has_sections.format(name=said, sections=joined(shown, replies.conjunction))]
