"""Answers over many records: counts, lists, the largest, sums."""

from __future__ import annotations

from collections.abc import Sequence

from vasi.engines.llm.outputs import FoundPassage, KnownRecord, KnownRecords
from vasi.engines.llm.wording import sources
from vasi.language.measures import asked_measure, holds
from vasi.language.replies import Replies, joined
from vasi.language.sentences import sentences

_NAMED = 8
"""Records that are read out."""


def counted(question: str, found: KnownRecords, passages: Sequence[FoundPassage], replies: Replies) -> list[str] | None:
    """What the records say; None if a passage states the number that is asked for."""
    if not found.records or (found.operation == "count" and _is_stated(question, passages)):
        return None
    used = [passage for passage in passages if passage.id in {record.passage for record in found.records}]
    source = [replies.source.format(sources=sources(used, replies))] if used else []
    return [_said(found, replies), *source]


def _is_stated(question: str, passages: Sequence[FoundPassage]) -> bool:
    measure = asked_measure(question)
    return measure is not None and any(
        holds(measure, span.text) == 1.0 for passage in passages for span in sentences(passage.text)
    )


def _said(found: KnownRecords, replies: Replies) -> str:
    first = found.records[0]
    match found.operation:
        case "total" | "average" if found.value is not None:
            return replies.summed.format(column=found.column, value=_number(found.value), count=found.count)
        case "largest" | "smallest":
            best = [
                record for record in found.records if record.fields.get(found.column) == first.fields.get(found.column)
            ]
            return f"{'; '.join(_compared(record, found.column) for record in best[:_NAMED])}."
        case _:
            names = [record.name.rstrip(".") for record in found.records[:_NAMED]]
            if found.count > len(names):
                names.append(replies.more.format(count=found.count - len(names)))
            if found.count == 1:
                return f"1: {names[0]}."
            return replies.counted.format(count=found.count, names=joined(names, replies.conjunction))


def _compared(record: KnownRecord, column: str) -> str:
    return f"{record.name}: {column} {record.fields.get(column, '')}".strip()


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
