"""Records: rows of tables, items of lists, and like sections with short fields; and what is asked of all of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from vasi.knowledge.fulltext import Section, sections
from vasi.language.aggregates import Aggregate, columns_of
from vasi.language.sentences import sentences
from vasi.language.speakable import spoken_name
from vasi.language.structure import cells, field, is_row, item_lists
from vasi.language.terms import STOP_WORDS, stem, words
from vasi.storage.ports import Passage

_MOST_PASSAGES = 3_000
"""Of one document that is read for records."""
_NAMED = 0.6
"""A word that stands in the names of so many records says what they are."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that is told of: its name, and its fields by their columns."""

    name: str
    fields: tuple[tuple[str, str], ...]
    passage_id: str

    def stems(self) -> list[str]:
        """Of the name and all values, in order."""
        return _stems(" ".join((self.name, *(value for _, value in self.fields))))


@dataclass(frozen=True, slots=True)
class RecordSet:
    """Records of one kind, of one document; ``title`` is what stands above or in front of them."""

    title: str
    document: str
    records: tuple[Record, ...]

    def kind(self) -> frozenset[str]:
        """Stems of the words for what the records are."""
        names = Counter(word for record in self.records for word in set(_stems(record.name)))
        common = {word for word, count in names.items() if count >= _NAMED * len(self.records) and word.isalpha()}
        first = {column for record in self.records for column, value in record.fields if value == record.name}
        return frozenset(common | set(_stems(f"{self.title} {spoken_name(self.document)} {' '.join(first)}")))


@dataclass(frozen=True, slots=True)
class FoundRecords:
    """What is asked of records.

    Attributes:
        of: all of the kind.
        records: those that fit, the first or largest first.
        column: by which they were compared or summed; "" if they were only counted.
        value: the sum or average, as a number.
    """

    of: RecordSet
    records: tuple[Record, ...]
    column: str = ""
    value: float | None = None


# --- reading --------------------------------------------------------------------------------------------------------
def read_records(passages: Sequence[Passage]) -> list[RecordSet]:
    """The records in all ``passages`` of a document, in its order; sets of one record are none."""
    if not passages or len(passages) > _MOST_PASSAGES:
        return []
    document = passages[0].document
    parts = sections(passages)
    headings = {passage.id: passage.heading for passage in passages}
    for part in parts:  # one that begins the text, too
        part.heading = headings[part.spans[0][0]]
    found = [*_rows(parts, document), *_items(parts, document), *_like_sections(parts, document)]
    return [one for one in found if len(one.records) > 1]


def _rows(parts: Sequence[Section], document: str) -> Iterator[RecordSet]:
    tables: dict[tuple[str, str], list[Record]] = {}
    for part in parts:
        at = 0
        for line in part.text.split("\n"):
            if is_row(line):
                fields = tuple(cells(line))
                key = (part.heading, fields[0][0])
                tables.setdefault(key, []).append(Record(_name(fields), fields, _passage_at(part, at)))
            at += len(line) + 1
    for (heading, _), records in tables.items():
        yield RecordSet(heading.rpartition(" > ")[2], document, tuple(records))


def _name(fields: Sequence[tuple[str, str]]) -> str:
    """The first cell with a letter in it: numbers of rows name nothing."""
    return next((value for _, value in fields if any(letter.isalpha() for letter in value)), fields[0][1])


def _items(parts: Sequence[Section], document: str) -> Iterator[RecordSet]:
    for part in parts:
        for one in item_lists(part.text):
            title = one.lead_in.text if one.lead_in else part.heading.rpartition(" > ")[2]
            records = tuple(Record(item.text, (), _passage_at(part, item.start)) for item in one.items)
            yield RecordSet(title, document, records)


def _like_sections(parts: Sequence[Section], document: str) -> Iterator[RecordSet]:
    """Sections below one heading that consist of short fields."""
    groups: dict[str, list[Record]] = {}
    for part in parts:
        above, _, name = part.heading.rpartition(" > ")
        spans = sentences(part.text)
        fields = [found for span in spans if (found := field(span.text)) is not None]
        if name and fields and len(fields) * 2 >= len(spans):
            record = Record(name, tuple((one.label, one.value) for one in fields), part.spans[0][0])
            groups.setdefault(above, []).append(record)
    for above, records in groups.items():
        yield RecordSet(above.rpartition(" > ")[2], document, tuple(records))


def _passage_at(part: Section, position: int) -> str:
    return next((passage_id for passage_id, start, end in part.spans if start <= position < end), part.spans[0][0])


# --- asking ---------------------------------------------------------------------------------------------------------
_LIGHT = frozenset(
    map(
        stem, words("get have has own do belong belongs total listed list name names entry entries record records kind")
    )
)
_MEASURES = frozenset(
    map(stem, words("day days hour hours minute minutes week weeks month months year years percent euro euros dollar"))
)
"""What is measured, not counted: "how many days of leave" asks for a number that stands there."""


def ask(asked: Aggregate, sets: Sequence[RecordSet]) -> FoundRecords | None:
    """What the records say to the question; None if they don't: not all that it asks for stands in them."""
    answers = [answer for one in sets if (answer := _of(asked, one)) is not None]
    return max(answers, key=lambda answer: len(answer.of.records), default=None)


def _of(asked: Aggregate, one: RecordSet) -> FoundRecords | None:
    if asked.names:
        return _compared(asked, one)
    kind = one.kind()
    telling = [word for word in _stems(asked.kind) if word not in _LIGHT]
    columns = _columns(one)
    by = _column(asked, telling, columns, kind)
    nouns = [word for word in telling if word in kind]
    if not nouns or (asked.operation == "count" and not _MEASURES.isdisjoint(telling)):
        return None
    known = kind.union(*(_stems(column) for column in columns))
    rest = [word for word in telling if word not in known]
    fitting = [record for record in one.records if _fits(record, rest, telling)]
    if not fitting:
        return None
    match asked.operation:
        case "count" | "list":
            picks_one = len(fitting) == 1 and bool(rest) and set(rest) <= set(_stems(fitting[0].name))
            counted_by_column = any(word in _stems(column) for word in telling for column in columns[1:])
            one_thing = asked.operation == "list" or (rest and counted_by_column)
            if picks_one or (one_thing and len(fitting) == 1):
                return None  # one record is asked for, or a cell of it
            return FoundRecords(one, tuple(fitting))
        case "total" | "average":
            values = _values(fitting, by)
            if not by or len(values) < 2:
                return None
            total = sum(value for _, value in values)
            value = total / len(values) if asked.operation == "average" else total
            return FoundRecords(one, tuple(record for record, _ in values), by, value)
        case _:
            return _ranked(asked, one, fitting, by)


def _compared(asked: Aggregate, one: RecordSet) -> FoundRecords | None:
    chosen: list[Record] = []
    for name in asked.names:
        wanted = {word for word in _stems(name)}
        fitting = [record for record in one.records if wanted and wanted <= set(record.stems())]
        if len(fitting) != 1:
            return None
        chosen += fitting
    by = _column(asked, [word for word in _stems(asked.kind) if word not in _LIGHT], _columns(one), frozenset())
    return _ranked(asked, one, chosen, by)


def _ranked(asked: Aggregate, one: RecordSet, records: Sequence[Record], by: str) -> FoundRecords | None:
    values = _values(records, by)
    if not by or len(values) < 2:
        return None
    by_year = asked.quality in ("old", "young") and "ag" not in _stems(by)  # what is older has the smaller year
    values.sort(key=lambda pair: pair[1], reverse=(asked.operation != "smallest") != by_year)
    return FoundRecords(one, tuple(record for record, _ in values), by)


def _fits(record: Record, rest: Sequence[str], telling: Sequence[str]) -> bool:
    """Whether all of ``rest`` stands in ``record``, numbers behind the word that they stand behind in the question."""
    there = record.stems()
    for word in rest:
        if word not in there:
            return False
        at = telling.index(word)
        behind = word.isdecimal() and at > 0 and telling[at - 1] in rest
        if behind and (telling[at - 1], word) not in pairwise(there):
            return False
    return True


def _columns(one: RecordSet) -> list[str]:
    return list(dict.fromkeys(column for record in one.records for column, _ in record.fields if column))


def _column(asked: Aggregate, telling: Sequence[str], columns: Sequence[str], kind: frozenset[str]) -> str:
    """The column that the question compares or sums by; "" if none does."""
    if asked.quality:
        wanted = {stem(word) for word in columns_of(asked.quality)}
    elif asked.operation in ("count", "list"):
        return ""
    else:
        wanted = set(telling) - kind
    held = [(len(wanted.intersection(_stems(column))), column) for column in columns]
    most = max((count for count, _ in held), default=0)
    return next((column for count, column in held if count == most), "") if most else ""


def _values(records: Sequence[Record], column: str) -> list[tuple[Record, float]]:
    found: list[tuple[Record, float]] = []
    for record in records:
        value = next((number(value) for name, value in record.fields if name == column), None)
        if value is not None:
            found.append((record, value))
    return found


_NUMBER = re.compile(r"-?\d[\d.,'\u00a0\u202f]*+")


_GROUPS = str.maketrans("", "", "'\u00a0\u202f")


def number(text: str) -> float | None:
    """The first number of ``text``, in English or continental spelling; None if there is none."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    digits = found[0].translate(_GROUPS).rstrip(".,")
    last = max(digits.rfind("."), digits.rfind(","))
    if last >= 0:
        mark, behind = digits[last], len(digits) - last - 1
        both = "." in digits and "," in digits
        thousands = behind == 3 and not both and (mark == "," or digits.count(mark) > 1)
        whole = digits if thousands else digits[:last]
        whole = whole.replace(".", "").replace(",", "")
        digits = whole if thousands else f"{whole}.{digits[last + 1 :]}"
    try:
        return float(digits)
    except ValueError:
        return None


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(text) if word not in STOP_WORDS]
