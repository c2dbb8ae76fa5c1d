"""What records say to a question: which fit, which is the most, how much together, what stands in a cell.

They say it only if all that is asked for is among them: each telling word of the question is a word for what they are,
the name of a column, or a value; and each condition has its column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from vasi.knowledge.comparing import compared_with, grouped, named_record
from vasi.knowledge.conditions import Test, bound_test, has, is_of, is_there, value_tests
from vasi.knowledge.meaning import Meaning, Vocabulary
from vasi.knowledge.record_columns import Column, columns_of
from vasi.knowledge.records import Record, RecordSet
from vasi.language.aggregate_phrases import Interrogative
from vasi.language.aggregates import Aggregate, Bound, is_unit
from vasi.language.columns import Concept, asked_by
from vasi.language.terms import stem, words

Outcome: TypeAlias = Literal[
    "count", "grouped", "list", "largest", "smallest", "total", "average", "cell", "none", "unclear", "yes", "no"
]
"""``cell`` is one value of few records; ``none``: no record fits; ``unclear``: values can't be compared or summed;
``yes`` and ``no``: a record is so, or isn't; ``grouped``: how many have each value of a column."""

_FEW = 3
"""Records of which one cell is told."""
_UNIT_PRICE = frozenset(map(stem, words("unit each piece single stück einzelpreis unidad unité unitario unitaire")))
"""Columns that tell what one costs, where another tells what all of them do."""
_SEVERAL = 3
"""Records of which it may be said that none fits."""
_NUMBERS = frozenset(
    map(stem, words("number count quantity total anzahl nombre número cantidad numero quantité aantal"))
)
"""Columns that say how many there are of something."""
_BY_ASKING: dict[Interrogative, tuple[Concept, ...]] = {
    "who": ("person",), "when": ("begin", "time", "end"), "where": ("place",),
    "amount": ("price", "pay", "spending"), "which": (), "what": (),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundRecords:
    """What is asked of records.

    Attributes:
        of: all of the kind.
        records: those that fit, the first or largest first.
        outcome: what was made of them.
        column: by which they were compared or summed, or whose cell is told; "" if none.
        shown: columns of conditions, whose values belong to the answer; or several whose cells are told.
        value: the sum or average, as a number.
        unit: of the sum, with ``unit_before`` telling its side.
        told: a row of the table itself says the sum.
        groups: the values of a column, with the number of records that have each.
    """

    of: RecordSet
    records: tuple[Record, ...]
    outcome: Outcome
    column: str = ""
    shown: tuple[str, ...] = ()
    value: float | None = None
    unit: str = ""
    unit_before: bool = False
    told: Record | None = None
    groups: tuple[tuple[str, int], ...] = ()


def ask(asked: Aggregate, sets: Sequence[RecordSet]) -> FoundRecords | None:
    """What the records say to the question; None if they don't: not all that it asks for stands in them."""
    best: tuple[float, FoundRecords] | None = None
    for one in sets:
        answer = _Selection(asked, one).answer()
        if answer is not None and (best is None or answer[0] > best[0]):
            best = answer
    return best[1] if best else None


class _Selection:
    def __init__(self, asked: Aggregate, one: RecordSet) -> None:
        self._asked = asked
        self._set = one
        self._columns = columns_of(one)
        self._vocabulary = Vocabulary(one, self._columns, asked.language)

    def answer(self) -> tuple[float, FoundRecords] | None:
        """How much of the question was understood, and the answer."""
        if self._asked.names:
            return self._compare()
        meant = self._vocabulary.meaning(self._asked.kind)
        without = self._vocabulary.meaning(self._asked.without) if self._asked.without else None
        if meant is None or (self._asked.without and without is None):
            return None
        bounds = self._with_columns(meant)
        if bounds is None:
            return None
        compared = [
            compared_with(self._set, bound, meant.columns, self._columns) for bound in self._asked.bounds if bound.name
        ]
        beside = [one for one in compared if one is not None]
        if len(beside) < len(compared):
            return None
        tests = [*self._tests(meant), *(bound_test(column, bound) for column, bound in bounds)]
        tests += [test for _, test in beside]
        bounds += [
            (column, bound)
            for (column, _), bound in zip(beside, (b for b in self._asked.bounds if b.name), strict=True)
        ]
        used = [column for column, _ in bounds]
        if without is not None:
            tests.append(self._lacking(without))
        answer = self._told(meant, tests, used, negated=without is not None)
        return None if answer is None else (meant.understood + len(bounds) + meant.nouns, answer)

    # --- conditions -------------------------------------------------------------------------------------------------
    def _with_columns(self, meant: Meaning) -> list[tuple[Column, Bound]] | None:
        """The column of each condition; None if one has none, or may have several."""
        found: list[tuple[Column, Bound]] = []
        for bound in self._asked.bounds:
            if bound.name:
                continue
            fitting = [column for column in self._columns if column.fits(bound)]
            named = [column for column in fitting if column in meant.columns]
            by_concept = [column for column in fitting if column.concepts & bound.concepts]
            by_unit = [column for column in fitting if is_of(column, bound)]
            chosen = named or by_concept or by_unit or fitting
            if bound.concepts and not by_concept:
                return None
            if not chosen or (len(chosen) > 1 and chosen is fitting):
                return None
            found.append((chosen[0], bound))
        return found

    def _tests(self, meant: Meaning) -> list[Test]:
        tests: list[Test] = []
        if meant.values:
            tests += value_tests(meant)
        for one in meant.loose:
            tests.append(lambda record, one=one: has(self._set, record, one))
        for column, positive in meant.states:
            tests.append(lambda record, column=column, positive=positive: is_there(column, record) is positive)
        return tests

    def _lacking(self, without: Meaning) -> Test:
        """That a record doesn't have what stands behind a "not"."""
        tests = self._tests(without)
        told = [column for column in without.columns if not without.values and not without.loose]

        def lacks(record: Record) -> bool | None:
            if tests:
                return not all(test(record) for test in tests)
            return all(is_there(column, record) is False for column in told) if told else None

        return lacks

    # --- answers ----------------------------------------------------------------------------------------------------
    def _told(self, meant: Meaning, tests: list[Test], used: list[Column], *, negated: bool) -> FoundRecords | None:
        asked = self._asked
        conditions = meant.conditions or bool(used) or negated
        free = [column for column in meant.columns if column not in used and column.name not in meant.values]
        if asked.operation == "check":
            return self._checked(meant, tests, used, negated=negated)
        summing = asked.operation in ("total", "average", "count") and bool(free)
        if not (meant.nouns or meant.people or conditions or summing or asked.asks in ("who", "amount")):
            return None
        match asked.operation:
            case "largest" | "smallest":
                return self._most(meant, tests, free)
            case "total" | "average":
                return self._summed(tests, free, asked.operation, used)
            case _:
                pass
        cell = self._asked_cell(meant, free, used)
        if (
            asked.operation == "amount"
            and cell is not None
            and any(one is not cell for one in self._named(meant, free))
        ):
            return None  # something else is asked for
        if asked.operation == "amount" and (conditions or cell is not None):
            return self._amount(tests, cell, used)
        if asked.operation == "count":
            return self._count(meant, tests, free, used, conditions=conditions)
        if cell is not None and conditions and not (asked.asks in ("which", "who") and self._is_presence(meant, cell)):
            return self._cell(tests, cell)
        if asked.operation != "list" and asked.asks not in ("which", "who", "what"):
            return None
        if not (meant.nouns or meant.people or asked.asks == "who") or (asked.asks == "what" and not used):
            return None
        if asked.asks == "who" and self._vocabulary.person() is None:
            return None
        tests = [*tests, *self._presence(free)]
        if asked.operation != "list" and not (conditions or free):
            return None
        return self._listed("list", meant, tests, [*used, *free])

    def _checked(
        self, meant: Meaning, tests: Sequence[Test], used: list[Column], *, negated: bool
    ) -> FoundRecords | None:
        """Whether the one record that is named is so; None if it doesn't say."""
        first = self._set.naming
        named = {column: values for column, values in meant.values.items() if column in first}
        words_of_names = [one for one in meant.loose if one in self._name_stems()]
        if not (named or words_of_names) or negated:
            return None
        of_name = [*value_tests(Meaning(values=named))] if named else []
        of_name += [self._named_so(one) for one in words_of_names]
        records = _different(self._fitting(of_name)[0])
        if len(records) != 1:
            return None
        yes_or_no = [column for column in meant.columns if column.type == "yes/no"]
        rest: list[Test] = [*tests, *(column.says for column in yes_or_no)]
        others = {column for column in meant.values if column not in first}
        if not (others or meant.states or used or yes_or_no):
            return None
        results = [test(records[0]) for test in rest]
        if None in results:
            return None
        shown = [*(column.name for column in used), *others, *(column.name for column, _ in meant.states)]
        shown += [column.name for column in yes_or_no]
        outcome: Outcome = "yes" if all(results) else "no"
        return FoundRecords(self._set, records, outcome, shown=tuple(dict.fromkeys(shown)))

    def _named_so(self, one: str) -> Test:
        return lambda record: one in self._set.stems(record.name)

    def _name_stems(self) -> frozenset[str]:
        return frozenset(one for record in self._set.records for one in self._set.stems(record.name))

    def _asked_cell(self, meant: Meaning, free: Sequence[Column], used: Sequence[Column]) -> Column | None:
        """The column whose cell is asked for; None if none is, or several are."""
        wanted = _BY_ASKING[self._asked.asks]
        fitting = [column for column in free if not wanted or column.concepts & set(wanted)] or list(free)
        if not fitting:
            others = [column for column in self._columns if column not in used and column.name not in meant.values]
            for concept in wanted:
                held = [column for column in others if concept in column.concepts]
                if len(held) == 1 and not (self._asked.asks == "who" and held[0] is self._columns[0]):
                    return held[0]
            if self._asked.asks == "amount":
                fitting = [column for column in others if column.money]
        if len(fitting) > 1 and self._asked.asks == "amount":
            fitting = [column for column in fitting if column.stems & _UNIT_PRICE] or fitting
        return fitting[0] if len(fitting) == 1 else None

    def _named(self, meant: Meaning, free: Sequence[Column]) -> list[Column]:
        """The columns that are asked for by their names."""
        said = set(self._vocabulary.telling(self._asked.kind))
        return [column for column in free if column.stems and column.stems <= said and column in meant.columns]

    def _is_presence(self, meant: Meaning, cell: Column) -> bool:
        """Whether a column is asked for as something that records have: "which rooms have a bath"."""
        if cell.type == "yes/no":
            return True
        named = self._names_one(meant)
        return (
            not named and bool(meant.nouns or meant.people) and cell in meant.columns and cell.stems <= self._set.kind
        )

    def _names_one(self, meant: Meaning, record: Record | None = None) -> bool:
        """Whether a record is asked for by its name."""
        if {column.name for column in self._columns[:2]} & set(meant.values):
            return True
        return record is not None and bool(meant.loose) and set(meant.loose) <= set(self._set.stems(record.name))

    def _presence(self, free: Sequence[Column]) -> list[Test]:
        return [
            lambda record, column=column: is_there(column, record) is not False
            for column in free
            if column is not self._columns[0]
        ]

    def _fitting(self, tests: Iterable[Test]) -> tuple[tuple[Record, ...], bool]:
        """The records that pass all tests, and whether each could be told."""
        kept: list[Record] = []
        certain = True
        for record in self._set.records:
            results = [test(record) for test in tests]
            if all(results):
                kept.append(record)
            elif not any(result is False for result in results):
                certain = False
        return tuple(kept), certain

    def _listed(
        self, outcome: Outcome, meant: Meaning, tests: Sequence[Test], shown: Sequence[Column]
    ) -> FoundRecords | None:
        records, certain = self._fitting(tests)
        if not records:
            sure = (
                certain and bool(tests) and len(self._set.records) >= _SEVERAL and (meant.people or self._is_counted())
            )
            return FoundRecords(self._set, (), "none") if sure else None
        names = [column.name for column in shown if column.ordered]
        if len(records) == 1:  # what it was chosen by
            fields = records[0].fields
            names += [column for column, value in fields if value.lower() in meant.values.get(column, ())]
            names += [column for column, value in fields if set(meant.loose) & set(self._set.stems(value))]
            names = [name for name in names if records[0].value(name) not in records[0].name]
        return FoundRecords(self._set, records, outcome if certain else "list", shown=tuple(dict.fromkeys(names)))

    def _count(
        self, meant: Meaning, tests: list[Test], free: list[Column], used: list[Column], *, conditions: bool
    ) -> FoundRecords | None:
        counted = [column for column in free if column.type == "number" and not column.stems <= self._set.kind]
        counted = [column for column in self._named(meant, free) if column in counted] or counted
        if self._asked.group:
            return self._grouped(meant, tests, free)
        if len(free) == 1 and self._names_one(meant):
            return self._cell(tests, free[0])
        if len(counted) == 1 and not (meant.people or self._counts_records(meant, counted[0])):
            records, _ = self._fitting(tests)
            if len(records) == 1:
                return FoundRecords(self._set, records, "cell", counted[0].name)
            return self._summed(tests, counted, "total", used)
        if not (meant.nouns or meant.people):
            return None
        if any(is_unit(word) for word in words(self._asked.kind)[:1]):
            return None
        tests = [*tests, *self._presence(free)]
        numbers = [column for column in self._columns if column.type == "number" and column.stems & _NUMBERS]
        if numbers and not (meant.people or self._is_counted()):  # the table has counted already
            records, _ = self._fitting(tests)
            chosen = len(records) == 1 and len(numbers) == 1 and conditions
            return FoundRecords(self._set, records, "cell", numbers[0].name) if chosen else None
        answer = self._listed("count", meant, tests, used)
        if answer is None or (len(answer.records) == 1 and self._names_one(meant, answer.records[0])):
            return None  # one record is asked for
        return answer

    def _grouped(self, meant: Meaning, tests: Sequence[Test], free: Sequence[Column]) -> FoundRecords | None:
        """How many records there are for each value of a column."""
        others = [column for column in free if column.type != "number"]
        if not (meant.nouns or meant.people or others):
            return None
        records, certain = self._fitting([*tests, *self._presence(others)])
        found = grouped(self._set, self._asked.group, self._columns, records) if certain else None
        return None if found is None else FoundRecords(self._set, records, "grouped", found[0].name, groups=found[1])

    def _is_counted(self) -> bool:
        """Whether what is to be counted is what each record is, and not only in the title above them."""
        said = [
            self._vocabulary.stem(word) for word in words(self._asked.kind) if word not in self._vocabulary.stop_words
        ]
        return not self._set.named.isdisjoint(said)

    def _counts_records(self, meant: Meaning, column: Column) -> bool:
        """Whether the first telling word is what the records are, and not the name of the column."""
        first = next(
            (
                self._vocabulary.stem(word)
                for word in words(self._asked.kind)
                if word not in self._vocabulary.stop_words
            ),
            "",
        )
        return first in self._set.kind and first not in column.stems

    def _cell(self, tests: Sequence[Test], cell: Column) -> FoundRecords | None:
        records, _ = self._fitting(tests)
        records = _different(record for record in records if record.value(cell.name))
        if not records or len(records) > _FEW:
            return None
        return FoundRecords(self._set, records, "cell", cell.name)

    def _amount(self, tests: Sequence[Test], cell: Column | None, used: Sequence[Column]) -> FoundRecords | None:
        """One cell, or the sum of what was spent or earned."""
        records, certain = self._fitting(tests)
        if len(alike := _different(records)) == 1:
            records = alike
        if cell is None and len(records) == 1:
            prices = tuple(one.name for one in self._columns if one.money and records[0].value(one.name))
            return FoundRecords(self._set, records, "cell", shown=prices) if len(prices) > 1 else None
        if cell is None or not records:
            return None
        if len(records) == 1:
            return FoundRecords(self._set, records, "cell", cell.name)
        spent = any("spending" in (of := asked_by(word)) and "price" not in of for word in words(self._asked.kind))
        if spent and cell.type == "number":
            return self._summed(tests, [cell], "total", used)
        return FoundRecords(self._set, records, "cell", cell.name) if certain and len(records) <= _FEW else None

    def _summed(
        self,
        tests: Sequence[Test],
        free: Sequence[Column],
        operation: Literal["total", "average"],
        used: Sequence[Column],
    ) -> FoundRecords | None:
        columns = [column for column in free if column.type == "number"]
        if not columns and self._asked.asks == "amount":
            columns = [column for column in self._columns if column.type == "number" and column.money]
        if len(columns) != 1:
            return None
        column = columns[0]
        records, certain = self._fitting(tests)
        if not records:
            return None
        unclear = FoundRecords(self._set, records, "unclear", column.name)
        if not certain or self._spans_years(records, used):
            return unclear
        quantities = [column.quantity(record) for record in records]
        held = [one for one in quantities if one is not None]
        if len(held) < len(quantities) - sum(not record.value(column.name) for record in records) or not held:
            return unclear
        if len({one.kind for one in held}) > 1 or not all(one.plain for one in held):
            return unclear
        if any(part.value(column.name) for part in self._set.parts):
            return unclear
        total = sum(one.value for one in held) / held[0].factor
        if operation == "average":
            total /= len(held)
        answered = FoundRecords(self._set, records, operation, column.name, (), total, held[0].unit, held[0].before)
        stated = self._stated(column) if operation == "total" and not tests else None
        if stated is None or abs(stated[0] - total) < 0.01:
            return answered
        return replace(unclear, told=stated[1])

    def _spans_years(self, records: Sequence[Record], used: Sequence[Column]) -> bool:
        """Whether "in May" is that of several years."""
        if not any(bound.value.date is not None and not bound.value.date.year for bound in self._asked.bounds):
            return False
        days = [day for column in used if column.type == "date" for record in records if (day := column.date(record))]
        return len({day.year for day in days}) > 1

    def _stated(self, column: Column) -> tuple[float, Record] | None:
        """The sum that a row of the table states."""
        for record in self._set.totals:
            quantity = column.quantity(record)
            if quantity is not None:
                return quantity.value / quantity.factor, record
        return None

    def _most(self, meant: Meaning, tests: Sequence[Test], free: Sequence[Column]) -> FoundRecords | None:
        column = self._compared_column(free)
        if column is None or not (meant.nouns or meant.people or self._asked.asks == "who" or column in free):
            return None
        if self._asked.asks == "who" and self._vocabulary.person() is None:
            return None
        tests = [*tests, *self._presence([one for one in free if one is not column and one.type == "yes/no"])]
        records, _ = self._fitting(tests)
        return self._in_order(records, column)

    def _compared_column(self, free: Sequence[Column]) -> Column | None:
        concepts = self._asked.concepts
        ordered = [column for column in self._columns if column.ordered]
        named = [column for column in free if column.ordered]
        if not concepts:
            return named[0] if named else None
        both = [column for column in named if column.concepts & concepts]
        if both:
            return both[0]
        if "price" in concepts and "height" in concepts and named:  # the highest price
            return named[0]
        held = [column for column in ordered if column.concepts & concepts]
        if len(held) > 1 and (several := [column for column in held if len(column.concepts & concepts) > 1]):
            held = several
        if held:
            return held[0]
        if "price" in concepts and len(priced := [column for column in ordered if column.money]) == 1:
            return priced[0]
        if "time" in concepts and len(dated := [column for column in ordered if column.type in ("date", "time")]) == 1:
            return dated[0]
        return named[0] if len(named) == 1 and "grade" not in concepts else None

    def _in_order(self, records: Sequence[Record], column: Column) -> FoundRecords | None:
        keyed = [(key, record) for record in records if (key := column.key(record)) is not None]
        if len(keyed) < 2:
            return None
        kinds = {quantity.kind for _, record in keyed if (quantity := column.quantity(record))}
        if column.type == "number" and len(kinds) > 1:
            return FoundRecords(self._set, tuple(record for _, record in keyed), "unclear", column.name)
        largest = self._asked.operation == "largest"
        if "age" in self._asked.concepts and "age" not in column.concepts:
            largest = not largest  # what is older has the smaller year
        keyed.sort(key=lambda pair: pair[0], reverse=largest)
        outcome: Outcome = "largest" if self._asked.operation == "largest" else "smallest"
        return FoundRecords(self._set, tuple(record for _, record in keyed), outcome, column.name)

    def _compare(self) -> tuple[float, FoundRecords] | None:
        named = [named_record(self._set, name) for name in self._asked.names]
        chosen = [record for record in named if record is not None]
        if len(chosen) < len(named):
            return None
        meant = self._vocabulary.meaning(self._asked.kind)
        if meant is None or meant.conditions:
            return None
        column = self._compared_column(meant.columns)
        answer = self._in_order(chosen, column) if column is not None else None
        return None if answer is None else (2.0 + meant.understood, answer)


def _different(records: Iterable[Record]) -> tuple[Record, ...]:
    """``records`` without those that say the same as another one."""
    return tuple({record.fields or record.name: record for record in reversed([*records])}.values())[::-1]
