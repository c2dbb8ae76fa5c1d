"""Records: rows of tables, items of lists, and like sections with short fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from vasi.knowledge.fulltext import Section, sections
from vasi.language.detection import detect
from vasi.language.rows import cells, is_row
from vasi.language.sentences import sentences
from vasi.language.speakable import spoken_name
from vasi.language.stop_words import STOP_WORDS_OF, Language
from vasi.language.structure import field, item_lists
from vasi.language.terms import stem, words
from vasi.storage.ports import Passage

_MOST_PASSAGES = 3_000
"""Of one document that is read for records."""
_NAMED = 0.6
"""A word that stands in the names of so many records says what they are."""
_TOTAL = re.compile(
    r"(?:grand |sub-? ?|net |gross |overall )?(?:totals?|sums?|averages?|mean)(?: \w+){0,2}:?"
    r"|(?:gesamt|zwischen|end)?summe:?|gesamt|insgesamt|durchschnitt"
    r"|(?:sub)?total(?: general)?|suma|promedio|(?:sous-)?total(?: général)?|somme|moyenne|(?:sub)?totale|somma|media"
    r"|soma|média|totaal|subtotaal|som|gemiddelde|合計|総計|小計|المجموع|الإجمالي",
    re.IGNORECASE,
)
LONGEST_VALUE = 6
"""Words of a cell that is looked for as a whole."""
_LONGEST_CELL = 80  # characters
_CODE = re.compile(r"[A-Z]{0,4}[-_/.#]?\d[\w/.-]*")
"""An article's number names little by itself."""
_NAMING_COLUMNS = 4
_MOSTLY = 0.9
_FEW_CELLS = 0.5
"""A row without a name that has fewer of its table's cells goes on from the one before it."""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that is told of: its name, and its fields by their columns."""

    name: str
    fields: tuple[tuple[str, str], ...]
    passage_id: str

    def value(self, column: str) -> str:
        """What stands in a column; "" if nothing does."""
        return next((value for name, value in self.fields if name == column), "")


@dataclass(frozen=True, eq=False)
class RecordSet:
    """Records of one kind, of one document.

    Attributes:
        title: what stands above or in front of them.
        document: its name.
        records: without rows of totals, and without parts of rows.
        totals: rows that sum up.
        parts: rows that go on from another one.
    """

    title: str
    document: str
    records: tuple[Record, ...]
    totals: tuple[Record, ...] = ()
    parts: tuple[Record, ...] = ()

    @cached_property
    def language(self) -> Language:
        """The one that stems are taken by."""
        first = "\n".join(
            f"{record.name} {' '.join(f'{column} {value}' for column, value in record.fields)}"
            for record in self.records[:12]
        )
        return detect(f"{self.title}\n{first}")

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of columns, in order."""
        return tuple(dict.fromkeys(column for record in self.records for column, _ in record.fields if column))

    @cached_property
    def named(self) -> frozenset[str]:
        """Stems of the words in the names of most records, and in what stands above their names."""
        names = Counter(word for record in self.records for word in set(self.stems(record.name)))
        common = {word for word, count in names.items() if count >= _NAMED * len(self.records) and word.isalpha()}
        first = {column for record in self.records for column, value in record.fields[:2] if value in record.name}
        return frozenset(common | set(self.stems(" ".join(first))))

    @cached_property
    def naming(self) -> frozenset[str]:
        """The columns that the names of most records are made of."""
        held = Counter(
            column for record in self.records for column, value in record.fields[:4] if value and value in record.name
        )
        return frozenset(column for column, count in held.items() if count >= _NAMED * len(self.records))

    @cached_property
    def kind(self) -> frozenset[str]:
        """Stems of the words for what the records are, those of their title and document included."""
        return self.named.union(self.stems(f"{self.title} {spoken_name(self.document)}"))

    @cached_property
    def whole_values(self) -> Mapping[tuple[str, ...], Sequence[tuple[str, str]]]:
        """By the stems of a whole cell, its columns and what stands there, in lower case."""
        found: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        for column, value in dict.fromkeys(cell for record in self.records for cell in record.fields):
            said = words(value) if len(value) <= _LONGEST_CELL else []
            if said and len(said) <= LONGEST_VALUE:
                found.setdefault(tuple(stem(word, self.language) for word in said), []).append((column, value.lower()))
        return found

    @cached_property
    def holders(self) -> Mapping[str, frozenset[int]]:
        """By stem the places of the records that hold it."""
        found: dict[str, set[int]] = {}
        for place, record in enumerate(self.records):
            for one in self.stems_of(record):
                found.setdefault(one, set()).add(place)
        return {one: frozenset(places) for one, places in found.items()}

    def stems_of(self, record: Record) -> list[str]:
        """Those of its name and of all values, in order."""
        return self.stems(" ".join((record.name, *(value for _, value in record.fields))))

    def stems(self, text: str) -> list[str]:
        """The stems of the words of ``text`` that tell something."""
        stop_words = STOP_WORDS_OF[self.language]
        return [stem(word, self.language) for word in words(text) if word not in stop_words]


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
    tables: dict[tuple[str, int], list[tuple[_Cells, str]]] = {}
    columns: list[tuple[str, set[str]]] = []
    """Of each table the heading above it, and the names of its columns."""
    for part in parts:
        at = 0
        for line in part.text.split("\n"):
            if is_row(line):
                fields = tuple(cells(line))
                place = _table_of(part.heading, {column for column, _ in fields}, columns)
                tables.setdefault((part.heading, place), []).append((fields, _passage_at(part, at)))
            at += len(line) + 1
    for (heading, place), rows in tables.items():
        yield _table(heading.rpartition(" > ")[2], document, rows, len(columns[place][1]))


def _table_of(heading: str, names: set[str], columns: list[tuple[str, set[str]]]) -> int:
    """The table below ``heading`` that a row with these columns is of: empty cells are left out of rows."""
    for place in range(len(columns) - 1, -1, -1):
        above, known = columns[place]
        if above == heading and 2 * len(names & known) > len(names):
            known |= names
            return place
    columns.append((heading, set(names)))
    return len(columns) - 1


_Cells: TypeAlias = tuple[tuple[str, str], ...]


def _table(title: str, document: str, rows: Sequence[tuple[_Cells, str]], width: int) -> RecordSet:
    rows = [(fields, passage_id) for fields, passage_id in rows if any(column != value for column, value in fields)]
    firsts = Counter(fields[0][0] for fields, _ in rows)
    key = firsts.most_common(1)[0][0] if firsts else ""
    naming = _naming_column([fields for fields, _ in rows])
    records: list[Record] = []
    totals: list[Record] = []
    parts: list[Record] = []
    for fields, passage_id in rows:
        record = Record(_name(fields, naming), fields, passage_id)
        if any(_TOTAL.fullmatch(value) for _, value in fields[:2]):
            totals.append(record)
        elif fields[0][0] != key and len(fields) <= _FEW_CELLS * width:
            parts.append(record)
        else:
            records.append(record)
    return RecordSet(title, document, tuple(records), tuple(totals), tuple(parts))


def _naming_column(rows: Sequence[_Cells]) -> str:
    """The first of the first columns whose values are words that (nearly) all differ; "" if there is none."""
    values: dict[str, list[str]] = {}
    for fields in rows:
        for column, value in fields[:_NAMING_COLUMNS]:
            values.setdefault(column, []).append(value)
    for column, found in values.items():
        lettered = [value for value in found if any(c.isalpha() for c in value)]
        if len(lettered) >= _MOSTLY * len(rows) and len(set(lettered)) >= _MOSTLY * len(lettered):
            return column
    return ""


def _name(fields: _Cells, naming: str) -> str:
    """The cell that names a row; else the first with a letter in it. A code is named with what stands behind it."""
    lettered = [(column, value) for column, value in fields if any(letter.isalpha() for letter in value)]
    if not lettered:
        return fields[0][1]
    place = next((at for at, (column, _) in enumerate(lettered) if column == naming), 0)
    name = lettered[place][1]
    behind = lettered[place + 1][1] if place + 1 < len(lettered) else ""
    if _CODE.fullmatch(name) and behind and not any(c.isdigit() for c in behind):
        return f"{behind} ({name})"
    return name


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
