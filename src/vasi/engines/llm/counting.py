"""Answers over records: counts, lists, the largest, sums, single cells."""

from __future__ import annotations

from collections.abc import Sequence

from vasi.engines.llm.outputs import FoundPassage, KnownRecord, KnownRecords
from vasi.engines.llm.wording import sources
from vasi.language.detection import detect
from vasi.language.measures import asked_measure, holds
from vasi.language.replies import Replies, joined
from vasi.language.sentences import sentences

_NAMED = 8
"""Records that are read out."""
_DECIMAL_COMMA = ("de", "es", "fr", "it", "nl", "pt")


def counted(question: str, found: KnownRecords, passages: Sequence[FoundPassage], replies: Replies) -> list[str] | None:
    """What the records say; None if a passage states the number that is asked for."""
    if found.operation == "count" and _is_stated(question, passages):
        return None
    if not found.records and found.operation != "none":
        return None
    ids = {record.passage for record in found.records}
    used = [passage for passage in passages if passage.id in ids]
    if not found.records:
        used = [passage for passage in passages if passage.document == found.document][:1]
    source = [replies.source.format(sources=sources(used, replies))] if used else []
    return [_said(found, replies, question), *source]


def _is_stated(question: str, passages: Sequence[FoundPassage]) -> bool:
    measure = asked_measure(question)
    return measure is not None and any(
        holds(measure, span.text) == 1.0 for passage in passages for span in sentences(passage.text)
    )


def _said(found: KnownRecords, replies: Replies, question: str) -> str:
    match found.operation:
        case "none":
            return replies.none_fits.format(total=found.total)
        case "unclear":
            rows = [_with_value(record, found.column) for record in found.records[:_NAMED]]
            if found.count > len(rows):
                rows.append(replies.more.format(count=found.count - len(rows)))
            return f"{replies.not_summed} {'; '.join(rows)}."
        case "total" | "average" if found.value is not None:
            value = _amount(found, question)
            return replies.summed.format(column=found.column, value=value, count=found.count)
        case "grouped":
            return f"{'; '.join(f'{found.column} {value}: {count}' for value, count in found.groups)}."
        case "cell":
            return _cells(found, replies)
        case "yes" | "no":
            said = replies.yes if found.operation == "yes" else replies.no
            return f"{said}: {_cells(found, replies)}"
        case "largest" | "smallest":
            first = found.records[0].fields.get(found.column)
            best = [record for record in found.records if record.fields.get(found.column) == first]
            return f"{'; '.join(_compared(record, found.column) for record in best[:_NAMED])}."
        case _:
            return _listed(found, replies, english=detect(question) == "en")


def _cells(found: KnownRecords, replies: Replies) -> str:
    """The cells that are asked for: "Price of Rake: 27.50 euros"."""
    said: list[str] = []
    for record in found.records:
        for column in (found.column,) if found.column else found.shown:
            value = record.fields.get(column, "").rstrip(".")
            said.append(replies.cell.format(column=column, key=record.name, value=value) if value else "")
    return _sentence("; ".join(filter(None, dict.fromkeys(said))))


def _listed(found: KnownRecords, replies: Replies, *, english: bool) -> str:
    names = [_shown(record, found.shown) for record in found.records[:_NAMED]]
    if found.count > len(names):
        names.append(replies.more.format(count=found.count - len(names)))
    if found.count == 1:
        return (
            f"{'1: ' if found.operation == 'count' else ''}{_chosen(found.records[0], found.shown, english=english)}."
        )
    return replies.counted.format(count=found.count, names=joined(names, replies.conjunction))


def _shown(record: KnownRecord, columns: Sequence[str]) -> str:
    """A record's name, with what stands in the columns that it was chosen by."""
    values = [value for column in columns if (value := record.fields.get(column, "")) and value not in record.name]
    name = record.name.rstrip(".")
    return f"{name} ({', '.join(values)})" if values else name


def _chosen(record: KnownRecord, columns: Sequence[str], *, english: bool) -> str:
    """The only record with what it was chosen by: "Shed 4: lock K81"."""
    fields = [(column, value) for column in columns if (value := record.fields.get(column, ""))]
    said = ", ".join(f"{_label(column, english=english)} {value}" for column, value in fields)
    return f"{record.name}: {said}".rstrip(".") if said else record.name.rstrip(".")


def _label(column: str, *, english: bool) -> str:
    """In lower case where it isn't an acronym, or a noun of German."""
    return column[:1].lower() + column[1:] if english and (column[1:2].islower() or len(column) == 1) else column


def _with_value(record: KnownRecord, column: str) -> str:
    return f"{record.name}: {record.fields.get(column, '') or '–'}"


def _compared(record: KnownRecord, column: str) -> str:
    return f"{record.name}: {column} {record.fields.get(column, '')}".strip().rstrip(".")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _amount(found: KnownRecords, question: str) -> str:
    number = _number(found.value or 0.0, comma=detect(question) in _DECIMAL_COMMA)
    if not found.unit:
        return number
    space = "" if found.unit_before and not found.unit[-1].isalpha() else " "
    return f"{found.unit}{space}{number}" if found.unit_before else f"{number} {found.unit}"


def _number(value: float, *, comma: bool) -> str:
    """With two decimals if there are any, in the spelling of the language."""
    written = f"{value:,.2f}".removesuffix(".00")
    return written.translate({ord(","): ".", ord("."): ","}) if comma else written
